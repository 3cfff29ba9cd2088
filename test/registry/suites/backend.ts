import { createRegistry } from '../../../src/registry/create-registry.ts';
import { migrate } from '../../../src/registry/migrate.ts';
import { openDatabase, type RegistryLocation } from '../../../src/registry/open-registry.ts';
import type { RegistryDatabase } from '../../../src/registry/registry-database.ts';
import type { Registry } from '../../../src/registry/registry.ts';
import { findPostgres, mayBeSkipped, startPostgres } from '../../support/postgres.ts';
import { embeddedLocation } from '../../support/registry.ts';

/** A registry and the database under it, for what the interface does not offer. */
export interface OpenBackend {
  readonly registry: Registry;
  readonly database: RegistryDatabase;
}

/** One kind of database, running. */
export interface RunningBackend {
  /** Where a new, empty database is. */
  createLocation(): Promise<RegistryLocation>;
  close(): Promise<void>;
}

/** One kind of database that the suites run on. */
export interface Backend {
  readonly name: string;
  /** Why it is left out here; `null` = it is not. */
  readonly skipped: string | null;
  start(): Promise<RunningBackend>;
}

/** What a suite gets: its own registry is open while a test runs. */
export type Use = () => OpenBackend;

const embedded: Backend = {
  name: 'PGlite',
  skipped: null,
  start: () =>
    Promise.resolve({
      createLocation: () => embeddedLocation(null),
      close: () => Promise.resolve(),
    }),
};

function postgres(): Backend {
  const source = findPostgres();
  const missing = source.type === 'missing' ? source.reason : null;
  return {
    name: 'Postgres',
    skipped: mayBeSkipped ? missing : null,
    async start() {
      const server = await startPostgres(source);
      return {
        createLocation: async () => ({ type: 'postgres' as const, url: await server.createDatabase() }),
        close: () => server.close(),
      };
    },
  };
}

/** Both databases, with their names as test titles: one that is missing is skipped by name and reason. */
export const backends: readonly (readonly [title: string, backend: Backend])[] = [embedded, postgres()].map(
  (backend) => [backend.skipped === null ? backend.name : `${backend.name} (${backend.skipped})`, backend],
);

/** Opens a database, migrated. */
export async function openBackend(location: RegistryLocation): Promise<OpenBackend> {
  const database = await openDatabase(location);
  await migrate(database);
  return { database, registry: createRegistry(database) };
}
