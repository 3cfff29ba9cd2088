import { sql, type Transaction } from 'kysely';
import { RegistryError } from '../errors.ts';
import { migrations as allMigrations } from './migrations/index.ts';
import type { Migration } from './migrations/migration.ts';
import type { RegistryDatabase } from './registry-database.ts';
import type { Tables } from './tables.ts';

/** Any number will do, as long as every version of this program uses the same one. */
const ADVISORY_LOCK = 7_205_531;

/**
 * Brings the tables to the version of this program, in one transaction. Several workers may start at once: the
 * first one migrates, the others wait for it and find nothing left to do. Answers the versions applied.
 *
 * @throws RegistryError `REGISTRY_NEWER_THAN_PROGRAM` when a newer program has migrated it already.
 */
export async function migrate(
  database: RegistryDatabase,
  migrations: readonly Migration[] = allMigrations,
): Promise<readonly number[]> {
  const latest = migrations.at(-1)?.version ?? 0;
  return database.transaction(async (trx) => {
    // Waiting for another worker's migration may take longer than a query of ours ever should.
    await sql`set local statement_timeout = 0`.execute(trx);
    await sql`select pg_advisory_xact_lock(${ADVISORY_LOCK}::bigint)`.execute(trx);
    const current = await currentVersion(trx);
    if (current > latest) {
      throw new RegistryError({
        code: 'REGISTRY_NEWER_THAN_PROGRAM',
        message:
          `The registry is at version ${current}, this program knows versions up to ${latest}. ` +
          'Start a release at least as new as the one that last ran here, or restore a backup from before it.',
        retryable: false,
        facts: { registryVersion: current, programVersion: latest },
      });
    }
    const missing = migrations.filter((migration) => migration.version > current);
    for (const migration of missing) await apply(trx, migration);
    return missing.map((migration) => migration.version);
  });
}

async function currentVersion(trx: Transaction<Tables>): Promise<number> {
  await sql`
    create table if not exists schema_migrations (
      version integer primary key,
      name text not null,
      applied_at timestamptz not null default now()
    )`.execute(trx);
  const { rows } = await sql<{ version: number | null }>`
    select max(version) as version from schema_migrations`.execute(trx);
  return rows[0]?.version ?? 0;
}

async function apply(trx: Transaction<Tables>, migration: Migration): Promise<void> {
  for (const statement of migration.statements) await sql.raw(statement).execute(trx);
  await sql`insert into schema_migrations (version, name) values (${migration.version}, ${migration.name})`.execute(
    trx,
  );
}
