import {
  createEmbeddedDirectory,
  type EmbeddedDirectory,
} from '../connectors/embedded-directory/embedded-directory.ts';
import { createRegistry } from './create-registry.ts';
import { openEmbeddedDatabase } from './embedded-database.ts';
import { migrate } from './migrate.ts';
import { openPostgresDatabase, type PostgresOptions } from './postgres-database.ts';
import type { RegistryDatabase } from './registry-database.ts';
import type { Registry } from './registry.ts';

/** Where a registry lives. */
export type RegistryLocation =
  | { readonly type: 'postgres'; readonly url: string; readonly options?: Partial<PostgresOptions> }
  /** `folder` `null` = in memory, gone when closed. `template`: the dump of an empty database to begin from. */
  | { readonly type: 'embedded'; readonly folder: string | null; readonly template?: Blob };

export interface OpenedRegistry {
  readonly registry: Registry;
  /** The embedded directory of that name, kept in the same database. */
  directory(name: string): EmbeddedDirectory;
  /** Closes the database, once the calls under way have ended. */
  close(): Promise<void>;
}

/**
 * Opens the registry and brings its tables up to date.
 *
 * @throws RegistryError `REGISTRY_UNREACHABLE` (retryable), `REGISTRY_LOGIN_REFUSED`, `REGISTRY_URL`,
 *   `REGISTRY_SERVER_TOO_OLD`, `REGISTRY_IN_USE`, `REGISTRY_FOLDER`, `REGISTRY_NEWER_THAN_PROGRAM`
 */
export async function openRegistry(input: { readonly location: RegistryLocation }): Promise<OpenedRegistry> {
  const database = await openDatabase(input.location);
  try {
    await migrate(database);
  } catch (error) {
    await database.close();
    throw error;
  }
  return {
    registry: createRegistry(database),
    directory: (name) => createEmbeddedDirectory({ database, name }),
    close: () => database.close(),
  };
}

/** The database alone, not migrated. */
export function openDatabase(location: RegistryLocation): Promise<RegistryDatabase> {
  return location.type === 'postgres'
    ? openPostgresDatabase(location.url, location.options)
    : openEmbeddedDatabase(location.folder, location.template);
}
