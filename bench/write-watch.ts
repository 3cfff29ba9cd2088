import { sql } from 'kysely';
import { migrate } from '../src/registry/migrate.ts';
import { openDatabase, type RegistryLocation } from '../src/registry/open-registry.ts';
import type { RegistryDatabase } from '../src/registry/registry-database.ts';

/** The tables of which an unchanged person must cost no write. */
const WATCHED = ['accounts', 'persons'];

async function withDatabase<T>(
  location: RegistryLocation,
  work: (database: RegistryDatabase) => Promise<T>,
): Promise<T> {
  const database = await openDatabase(location);
  try {
    return await work(database);
  } finally {
    await database.close();
  }
}

/**
 * Makes a new registry in which the database itself notes every row of accounts and persons that is inserted, updated
 * or deleted, and when. Before the deployment opens it.
 */
export function watchWrites(location: RegistryLocation): Promise<void> {
  return withDatabase(location, async (database) => {
    await migrate(database);
    const statements = [
      `create table bench_writes (written text not null, at double precision not null)`,
      `create function bench_note() returns trigger language plpgsql as $$
       begin
         insert into bench_writes values (tg_table_name, extract(epoch from clock_timestamp()) * 1000);
         return null;
       end $$`,
      ...WATCHED.map(
        (table) => `create trigger bench_noted after insert or update or delete on ${table}
          for each row execute function bench_note()`,
      ),
    ];
    for (const statement of statements) await database.query((db) => sql.raw(statement).execute(db));
  });
}

/** Rows written in a stretch of real time (ms), and over all; after the deployment has closed. */
export function countWrites(
  location: RegistryLocation,
  stretch: { readonly from: number; readonly until: number },
): Promise<{ readonly within: number; readonly all: number }> {
  return withDatabase(location, async (database) => {
    const { rows } = await database.query((db) =>
      sql<{ within: number; all: number }>`
        select count(*) filter (where at between ${stretch.from} and ${stretch.until})::int as within,
               count(*)::int as "all"
        from bench_writes`.execute(db),
    );
    const [row] = rows;
    if (!row) throw new Error('a count has one row');
    return row;
  });
}
