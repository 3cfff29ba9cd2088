import type { Kysely, Transaction } from 'kysely';
import { registryErrorFrom } from './database-errors.ts';
import type { Tables } from './tables.ts';

/**
 * The database under the registry and the embedded directory. Everything thrown by it is a `LifecycleError`:
 * what the work itself throws passes through, what the driver throws is translated.
 *
 * Inside `transaction` use only the `trx` given: the embedded database has one connection, and a query beside the
 * transaction would wait for it for ever.
 */
export interface RegistryDatabase {
  /** For work that is a single statement. */
  query<T>(work: (db: Kysely<Tables>) => Promise<T>): Promise<T>;
  /** All or nothing. */
  transaction<T>(work: (trx: Transaction<Tables>) => Promise<T>): Promise<T>;
  close(): Promise<void>;
}

/** Wraps kysely; `onClosed` runs after the connections are closed, also when closing failed. */
export function createRegistryDatabase(input: {
  kysely: Kysely<Tables>;
  onClosed?: () => Promise<void>;
}): RegistryDatabase {
  const { kysely, onClosed } = input;
  let closing: Promise<void> | undefined;
  return {
    query: (work) => translated(() => work(kysely)),
    transaction: (work) => translated(() => kysely.transaction().execute(work)),
    close() {
      closing ??= kysely.destroy().finally(() => onClosed?.());
      return closing;
    },
  };
}

async function translated<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    throw registryErrorFrom(error);
  }
}
