import { PGlite } from '@electric-sql/pglite';
import { Kysely } from 'kysely';
import { columnParsers } from '../../src/registry/column-parsers.ts';
import { migrate } from '../../src/registry/migrate.ts';
import { createPGliteDialect } from '../../src/registry/pglite-dialect.ts';
import { createRegistryDatabase, type RegistryDatabase } from '../../src/registry/registry-database.ts';
import type { Tables } from '../../src/registry/tables.ts';
import { embeddedTemplate } from './embedded-template.ts';

/** A database in memory that can be made as new: making another one costs seconds, and every test wants its own. */
interface Reusable {
  readonly pglite: PGlite;
  /** Its tables, functions, triggers and columns, in one text. */
  readonly shape: string;
  /** Statements that make its contents those of a new one. */
  readonly renew: string;
}

/** Which no test of this process uses at the moment. */
const idle: Reusable[] = [];

/** An empty database in memory, with its tables. Closed, it serves the next test. */
export async function openMemoryDatabase(): Promise<RegistryDatabase> {
  const reusable = idle.pop() ?? (await create());
  const { pglite } = reusable;
  const dialect = createPGliteDialect({
    query: (sql, parameters) => pglite.query(sql, parameters),
    close: () => giveBack(reusable),
  });
  return createRegistryDatabase({ kysely: new Kysely<Tables>({ dialect }) });
}

async function create(): Promise<Reusable> {
  const pglite = await PGlite.create({
    parsers: { ...columnParsers },
    loadDataDir: await embeddedTemplate(),
  });
  // Only its contents are its own: it is closed with the process.
  const database = createRegistryDatabase({
    kysely: new Kysely<Tables>({ dialect: createPGliteDialect(pglite) }),
  });
  await migrate(database);
  return { pglite, shape: await shapeOf(pglite), renew: await renewalOf(pglite) };
}

async function giveBack(reusable: Reusable): Promise<void> {
  const { pglite, shape, renew } = reusable;
  await pglite.exec('discard all');
  // A test that changes tables to make them fail has spoilt it for all others.
  if ((await shapeOf(pglite)) !== shape) {
    await pglite.close();
    return;
  }
  await pglite.exec(renew);
  idle.push(reusable);
}

async function shapeOf(pglite: PGlite): Promise<string> {
  const { rows } = await pglite.query<{ shape: string }>(`
    select string_agg(what, ' ' order by what) as shape from (
      select 'column ' || attrelid::regclass || '.' || attname || ' ' || atttypid || ' ' || attnotnull as what
        from pg_attribute join pg_class on pg_class.oid = attrelid
        where relnamespace = 'public'::regnamespace and attnum > 0 and not attisdropped
      union all select 'trigger ' || tgrelid::regclass || '.' || tgname || ' ' || tgenabled::text from pg_trigger
        where not tgisinternal
      union all select 'constraint ' || conrelid::regclass || '.' || conname from pg_constraint
        where connamespace = 'public'::regnamespace
      union all select 'rule ' || ev_class::regclass || '.' || rulename from pg_rewrite
        join pg_class on pg_class.oid = ev_class where relnamespace = 'public'::regnamespace
      union all select 'function ' || oid::regprocedure || ' ' || md5(prosrc) from pg_proc
        where pronamespace = 'public'::regnamespace
    ) as parts`);
  return rows[0]?.shape ?? '';
}

/** By what the migrations left: rows of some tables, and where numbers begin. */
async function renewalOf(pglite: PGlite): Promise<string> {
  const tables = await pglite.query<{ name: string }>(
    `select quote_ident(tablename) as name from pg_tables where schemaname = 'public' order by 1`,
  );
  const names = tables.rows.map(({ name }) => name);
  const kept: string[] = [];
  await pglite.exec('create schema pristine');
  for (const name of names) {
    const { rows } = await pglite.query(`select 1 from public.${name} limit 1`);
    if (rows.length === 0) continue;
    await pglite.exec(`create table pristine.${name} as table public.${name}`);
    kept.push(`insert into public.${name} overriding system value select * from pristine.${name}`);
  }
  const sequences = await pglite.query<{ name: string; last: string | null; start: string }>(
    `select quote_ident(sequencename) as name, last_value::text as last, start_value::text as start
       from pg_sequences where schemaname = 'public'`,
  );
  const numbers = sequences.rows.map(
    ({ name, last, start }) =>
      `select setval('public.${name}', ${last ?? start}, ${last === null ? 'false' : 'true'})`,
  );
  return [
    'begin',
    // Some tables refuse to be emptied.
    'set local session_replication_role = replica',
    `truncate ${names.map((name) => `public.${name}`).join(', ')} restart identity cascade`,
    ...kept,
    ...numbers,
    'commit',
  ].join(';\n');
}
