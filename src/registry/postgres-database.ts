import { Kysely, PostgresDialect, sql } from 'kysely';
import pg, { TypeOverrides } from 'pg';
import { RegistryError } from '../errors.ts';
import { columnParsers } from './column-parsers.ts';
import { registryErrorFrom } from './database-errors.ts';
import { createRegistryDatabase, type RegistryDatabase } from './registry-database.ts';
import type { Tables } from './tables.ts';

/** `unique nulls not distinct` came with it. */
const OLDEST_SERVER = 150_000;

/** How the pool behaves. Milliseconds are real ones. */
export interface PostgresOptions {
  /** Connections at most. */
  readonly poolSize: number;
  /** How long a call waits for a connection, a free one or a new one. */
  readonly connectTimeoutMs: number;
  /** How long the server works on one statement at most. */
  readonly statementTimeoutMs: number;
}

export const POSTGRES_DEFAULTS: PostgresOptions = {
  poolSize: 10,
  connectTimeoutMs: 10_000,
  statementTimeoutMs: 30_000,
};

/**
 * Opens a pool and asks the server once whether it will do.
 *
 * @throws RegistryError `REGISTRY_URL`, `REGISTRY_UNREACHABLE` (retryable), `REGISTRY_LOGIN_REFUSED`,
 *   `REGISTRY_SERVER_TOO_OLD`
 */
export async function openPostgresDatabase(
  url: string,
  options: Partial<PostgresOptions> = {},
): Promise<RegistryDatabase> {
  assertUrl(url);
  const { poolSize, connectTimeoutMs, statementTimeoutMs } = { ...POSTGRES_DEFAULTS, ...options };
  // A reader of types of this pool alone: other users of the driver in the process keep theirs.
  const types = new TypeOverrides();
  for (const [type, parse] of Object.entries(columnParsers)) types.setTypeParser(Number(type), parse);
  const pool = new pg.Pool({
    connectionString: url,
    max: poolSize,
    connectionTimeoutMillis: connectTimeoutMs,
    statement_timeout: statementTimeoutMs,
    idle_in_transaction_session_timeout: 2 * statementTimeoutMs,
    keepAlive: true,
    application_name: 'account-lifecycle',
    types,
  });
  // A connection that breaks is dropped by the pool, and the query on it fails; without a listener, for idle
  // connections and for busy ones, it would end the process as well.
  pool.on('error', () => undefined);
  pool.on('connect', (client) => client.on('error', () => undefined));
  const kysely = new Kysely<Tables>({ dialect: new PostgresDialect({ pool }) });
  const database = createRegistryDatabase({ kysely });
  try {
    await assertServer(database);
    return database;
  } catch (error) {
    await database.close();
    throw openingError(error);
  }
}

function assertUrl(url: string): void {
  const protocol = URL.canParse(url) ? new URL(url).protocol : '';
  if (protocol === 'postgres:' || protocol === 'postgresql:') return;
  throw new RegistryError({
    code: 'REGISTRY_URL',
    // The URL itself may hold a password.
    message: "The registry's URL cannot be read. Write postgres://user:password@host:port/database.",
    retryable: false,
  });
}

async function assertServer(database: RegistryDatabase): Promise<void> {
  const { rows } = await database.query((db) =>
    sql<{ version: number }>`select current_setting('server_version_num')::int as version`.execute(db),
  );
  const version = rows[0]?.version ?? 0;
  if (version >= OLDEST_SERVER) return;
  throw new RegistryError({
    code: 'REGISTRY_SERVER_TOO_OLD',
    message: `The registry needs Postgres 15 or newer; this server is ${Math.floor(version / 10_000)}.`,
    retryable: false,
    facts: { version },
  });
}

/** At the start a refused login is a mistake in the configuration: waiting would not mend it. */
function openingError(error: unknown): unknown {
  const translated = registryErrorFrom(error);
  if (translated.code !== 'REGISTRY_LOGIN_REFUSED') return translated;
  return new RegistryError({
    code: translated.code,
    message: translated.message,
    retryable: false,
    facts: translated.facts,
  });
}
