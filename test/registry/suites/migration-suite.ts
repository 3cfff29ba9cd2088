import { sql } from 'kysely';
import { afterEach, describe, expect, it } from 'vitest';
import { createRegistry } from '../../../src/registry/create-registry.ts';
import { migrate } from '../../../src/registry/migrate.ts';
import { firstTables } from '../../../src/registry/migrations/0001-first-tables.ts';
import { plans } from '../../../src/registry/migrations/0002-plans.ts';
import { migrations } from '../../../src/registry/migrations/index.ts';
import { openDatabase, openRegistry, type RegistryLocation } from '../../../src/registry/open-registry.ts';
import type { RegistryDatabase } from '../../../src/registry/registry-database.ts';

/** What brings a registry from the version before this one to today's. */
const versionsFrom = (first: number) =>
  migrations.map(({ version }) => version).filter((version) => version >= first);

export function migrationSuite(createLocation: () => Promise<RegistryLocation>): void {
  describe('migrations', () => {
    const opened: RegistryDatabase[] = [];
    const open = async (location: RegistryLocation): Promise<RegistryDatabase> => {
      const database = await openDatabase(location);
      opened.push(database);
      return database;
    };
    afterEach(async () => {
      await Promise.all(opened.splice(0).map((database) => database.close()));
    });
    const one = {
      version: 1,
      name: 'one',
      statements: ['create table one (a int)', 'create table uno (a int)'],
    };
    const two = { version: 2, name: 'two', statements: ['alter table one add b int'] };

    it('run once, in order, and only those that are missing', async () => {
      const database = await open(await createLocation());
      expect(await migrate(database)).toEqual(versionsFrom(1));
      expect(await migrate(database)).toEqual([]);
    });

    it('bring an older registry up to date', async () => {
      const database = await open(await createLocation());
      expect(await migrate(database, [one])).toEqual([1]);
      expect(await migrate(database, [one, two])).toEqual([2]);
      await database.query((db) => sql`select a, b from one`.execute(db));
    });

    it('leave nothing behind when one of them fails', async () => {
      const database = await open(await createLocation());
      const wrong = { version: 2, name: 'wrong', statements: ['create table two (a int)', 'creat table'] };
      await expect(migrate(database, [one, wrong])).rejects.toMatchObject({ code: 'REGISTRY_FAILED' });
      expect(await migrate(database, [one, two])).toEqual([1, 2]);
    });

    it('refuse a registry that is newer than the program', async () => {
      const database = await open(await createLocation());
      await migrate(database, [one, two]);
      await expect(migrate(database, [one])).rejects.toMatchObject({
        code: 'REGISTRY_NEWER_THAN_PROGRAM',
        retryable: false,
        facts: { registryVersion: 2, programVersion: 1 },
      });
    });

    it('keep what accounts were told last when plans come to an older registry', async () => {
      const database = await open(await createLocation());
      await migrate(database, [firstTables]);
      // Columns of that version only: the store of today knows more.
      const person = (id: string, applied: string | null) => sql`
        insert into persons (person_id, person_order, given_name, family_name, observation, outcome, digest,
          applied_outcome, applied_digest, had_contracts, looked_number)
        values (${id}, ${id}, 'Ada', 'Rossi', '{"number": 2}'::jsonb, 'found', 'B',
          case when ${applied}::text is not null then 'found' end, ${applied}, true, 2)`;
      const look = sql`
        insert into observations (number, person_id, at, outcome, digest, ties, source)
        values (1, 'older', 7, 'found', 'A', '[]', 'sync'), (2, 'older', 8, 'found', 'B', '[]', 'sync')`;
      await database.query((db) => person('newest', 'B').execute(db));
      await database.query((db) => person('older', 'A').execute(db));
      await database.query((db) => person('never', null).execute(db));
      await database.query((db) => look.execute(db));
      expect(await migrate(database)).toEqual(versionsFrom(2));
      const registry = createRegistry(database);
      expect((await registry.person('newest'))?.applied).toEqual({ number: 2 });
      expect((await registry.person('older'))?.applied).toEqual({
        number: 1,
        personId: 'older',
        outcome: 'found',
        ties: [],
        at: 7,
      });
      expect((await registry.person('never'))?.applied).toBeNull();
    });

    it('keep what admins decided when decisions stand apart from plans', async () => {
      const database = await open(await createLocation());
      await migrate(database, [firstTables, plans]);
      const plan = (id: string, state: string) => sql`
        insert into plans (plan_id, state, created_at, settled_at, looks, verdict, actor, decision_reason, decided_at)
        values (${id}, ${state}, 1, 1, '{}'::jsonb, 'rejected', 'admin', 'so', 5)`;
      const row = (id: string, personId: string, state: string, at: number) => sql`
        insert into plan_rows (plan_id, person_id, person_order, kind, reason, before, after, before_number, number,
          after_outcome, after_digest, state, at)
        values (${id}, ${personId}, ${personId}, 'loss', 'so', '{}'::jsonb, '{}'::jsonb, 1, 2, 'found', ${`of-${id}`},
          ${state}, ${at})`;
      const statements = [
        ...[plan('old', 'rejected'), plan('new', 'rejected'), plan('dry', 'dryRun')],
        ...[row('old', 'a', 'rejected', 5), row('new', 'a', 'approved', 6), row('dry', 'a', 'rejected', 9)],
        ...[row('old', 'b', 'rejected', 5), row('new', 'b', 'applied', 7)],
      ];
      for (const statement of statements) await database.query((db) => statement.execute(db));
      expect(await migrate(database)).toEqual(versionsFrom(3));
      const { rows } = await database.query((db) =>
        sql`select person_id, verdict, after_digest, decided_at from decisions order by person_id`.execute(
          db,
        ),
      );
      expect(rows).toEqual([
        { person_id: 'a', verdict: 'approved', after_digest: 'of-new', decided_at: 6 },
        { person_id: 'b', verdict: 'rejected', after_digest: 'of-old', decided_at: 5 },
      ]);
    });

    it('give every account that is there a number of its own', async () => {
      const database = await open(await createLocation());
      await migrate(database, migrations.slice(0, 5));
      const account = (id: string) => sql`
        insert into accounts (account_id, kind, login, login_key, person_id, created_at, stage, state, state_sequence,
          note_sequence)
        values (${id}, 'service', ${id}, ${id}, '1', 0, 'active', '{}'::jsonb, 0, 0)`;
      for (const id of ['a', 'b', 'c']) await database.query((db) => account(id).execute(db));
      await migrate(database);
      const numbers = (await createRegistry(database).accounts({})).map(({ uidNumber }) => uidNumber);
      expect([...numbers].sort()).toEqual([100_000, 100_001, 100_002]);
    });

    it('make a registry that opens', async () => {
      const { registry, close } = await openRegistry({ location: await createLocation() });
      expect(await registry.accounts({})).toEqual([]);
      expect(await registry.cutPersons({ size: 100 })).toEqual([{ upTo: null, expected: 0 }]);
      await close();
      await expect(registry.accounts({})).rejects.toMatchObject({ code: 'REGISTRY_CLOSED', retryable: true });
    });
  });
}
