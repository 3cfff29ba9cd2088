import fc from 'fast-check';
import { sql } from 'kysely';
import { describe, expect, it } from 'vitest';
import type { AccountKind, AccountState } from '../../../src/contracts/account.ts';
import type { Tie } from '../../../src/contracts/affiliation.ts';
import type { CalendarDate } from '../../../src/contracts/time.ts';
import { addDays } from '../../../src/policy/calendar.ts';
import { governing } from '../../../src/policy/governing.ts';
import { migrate } from '../../../src/registry/migrate.ts';
import { migrations } from '../../../src/registry/migrations/index.ts';
import { createRegistry } from '../../../src/registry/create-registry.ts';
import { openDatabase, type RegistryLocation } from '../../../src/registry/open-registry.ts';
import type { IdentityCondition } from '../../../src/registry/identity-registry.ts';
import type { PersonRow } from '../../../src/registry/registry.ts';
import { newAccountOf, observationOf, observationRowOf, personRowOf } from '../../support/registry.ts';
import type { Use } from './backend.ts';
import { projectionOf } from './projection-builder.ts';

const tie = (start: CalendarDate | null, end: CalendarDate | null): Tie => ({
  ...{ kind: 'contract', start, end, excluded: false, experiment: null },
});

/** Begins in March 2027 and ends with it. */
const MARCH = [tie('2027-03-01', '2027-03-31')];

export function identitySuite(use: Use, createLocation: () => Promise<RegistryLocation>): void {
  /** What HR says of the person is stored, and told to every account. */
  const tell = async (personId: string, ties: readonly Tie[], person: Partial<PersonRow> = {}) => {
    const number = await look(personId, ties, person);
    const digest = `digest-${String(number)}`;
    await use().registry.markApplied({ personId, digest, number });
    return number;
  };
  const look = async (personId: string, ties: readonly Tie[], person: Partial<PersonRow> = {}) => {
    const number = await use().registry.nextObservationNumber();
    const observation = observationOf({ personId, number, ties });
    await use().registry.storeObservation({
      observation: observationRowOf({ personId, number, ties }),
      person: personRowOf({ personId, number, observation, ...person }),
    });
    return number;
  };
  const add = async (
    login: string,
    kind: AccountKind,
    personId: string,
    state: Partial<AccountState> = {},
  ) => {
    await use().registry.createAccount(newAccountOf({ accountId: login, kind, personId, state }));
    return login;
  };
  const project = (login: string, state: Partial<AccountState>) =>
    use().registry.project(projectionOf(login, state));
  const on = async (login: string, today: CalendarDate) => {
    const row = await use().registry.identityByLogin({ login, today });
    if (!row) throw new Error(`there is no identity ${login}`);
    return row;
  };
  const active = async (login: string, today: CalendarDate) => (await on(login, today)).activeUser;
  const listed = async (today: CalendarDate, ...conditions: readonly IdentityCondition[]) => {
    const page = { after: null, offset: 0, limit: 1000 };
    const rows = await use().registry.identities({ today, conditions, ...page });
    expect(await use().registry.countIdentities({ today, conditions })).toBe(rows.length);
    return rows.map(({ login }) => login);
  };
  const of = (personId: string): IdentityCondition => ({ field: 'personId', equals: personId });

  describe('identities', () => {
    it('are active from the first to the last day of what accounts were told, without anything being written', async () => {
      await tell('id-march', MARCH);
      await add('march', 'primary', 'id-march');
      const days = ['2027-02-28', '2027-03-01', '2027-03-31', '2027-04-01'];
      expect(await Promise.all(days.map((day) => active('march', day)))).toEqual([false, true, true, false]);
      const flips = await Promise.all(days.map(async (day) => (await on('march', day)).lastFlip));
      expect(flips).toEqual([null, '2027-03-01', '2027-03-01', '2027-04-01']);
    });

    it('show what was applied, and not what HR says meanwhile', async () => {
      await tell('id-held', MARCH);
      await add('held', 'primary', 'id-held');
      const { modifiedAt } = await on('held', '2027-03-15');
      await look('id-held', [tie('2027-03-01', '2027-03-10')]);
      expect(await on('held', '2027-03-15')).toMatchObject({ activeUser: true, modifiedAt });
    });

    it('know what the account itself was told first, and never go back behind it', async () => {
      await tell('id-own', MARCH);
      await add('own', 'primary', 'id-own');
      const number = await use().registry.nextObservationNumber();
      const ties = [tie('2027-03-01', '2027-05-31')];
      const observation = observationOf({ personId: 'id-own', number, ties });
      await project('own', { personId: 'id-own', sequence: 1, observation });
      expect(await active('own', '2027-04-15')).toBe(true);
      const old = observationOf({ personId: 'id-own', number: number - 1, ties: [] });
      await project('own', { personId: 'id-own', sequence: 2, observation: old });
      expect(await active('own', '2027-04-15')).toBe(true);
      await tell('id-own', MARCH);
      expect(await active('own', '2027-04-15')).toBe(false);
    });

    it('do not go back when what was applied to all is older than what the account knows', async () => {
      await tell('id-late', MARCH);
      await add('late', 'primary', 'id-late');
      const older = await look('id-late', MARCH);
      const number = await use().registry.nextObservationNumber();
      const observation = observationOf({ personId: 'id-late', number, ties: [tie(null, null)] });
      await project('late', { personId: 'id-late', sequence: 1, observation });
      await use().registry.markApplied({
        personId: 'id-late',
        digest: `digest-${String(older)}`,
        number: older,
      });
      expect(await active('late', '2027-04-15')).toBe(true);
    });

    it('begin with what the account is told when it is made', async () => {
      const number = await use().registry.nextObservationNumber();
      const observation = observationOf({ personId: 'id-new', number, ties: MARCH });
      await add('new', 'primary', 'id-new', { observation });
      expect(await active('new', '2027-03-15')).toBe(true);
      expect((await on('new', '2027-03-15')).person).toBeNull();
      await look('id-new', MARCH, { givenName: 'Nora', email: 'nora@cern.example' });
      expect((await on('new', '2027-03-15')).person).toMatchObject({ givenName: 'Nora' });
    });

    it('are active no more once the account is over, whatever HR says', async () => {
      await tell('id-over', [tie(null, null)]);
      await add('over', 'primary', 'id-over');
      expect(await active('over', '2027-03-15')).toBe(true);
      await project('over', { personId: 'id-over', sequence: 1, stage: 'deleted' });
      expect(await active('over', '2027-03-15')).toBe(false);
      await tell('id-over', MARCH);
      expect(await on('over', '2027-04-15')).toMatchObject({ activeUser: false, lastFlip: null });
    });

    it('of service accounts are neither active nor not, and go by no calendar', async () => {
      await tell('id-robot', MARCH);
      await add('robot', 'service', 'id-robot');
      await add('spare', 'secondary', 'id-robot');
      expect(await on('robot', '2027-04-15')).toMatchObject({ activeUser: null, lastFlip: null });
      expect(await on('spare', '2027-04-15')).toMatchObject({ activeUser: false, lastFlip: '2027-04-01' });
      const isActive = (equals: boolean): IdentityCondition => ({ field: 'activeUser', equals });
      expect(await listed('2027-03-15', of('id-robot'), isActive(true))).toEqual(['spare']);
      expect(await listed('2027-04-15', of('id-robot'), isActive(false))).toEqual(['spare']);
      expect(await listed('2027-04-15', of('id-robot'), { field: 'kind', equals: 'service' })).toEqual([
        'robot',
      ]);
    });

    it('follow a service account to its new owner', async () => {
      await tell('id-heir', MARCH);
      await add('handed', 'service', 'id-giver');
      const { modifiedAt } = await on('handed', '2027-03-15');
      const change = { accountId: 'handed', from: 'id-giver', to: 'id-heir', at: 7, reason: 'left' };
      await use().registry.transferOwnership(change);
      const row = await on('handed', '2027-03-15');
      expect(row).toMatchObject({ personId: 'id-heir', activeUser: null });
      expect(row.modifiedAt).toBeGreaterThanOrEqual(modifiedAt);
    });

    it('show a person by the newest primary account; an older one is found by its login alone', async () => {
      await tell('id-again', [tie(null, null)]);
      await add('again1', 'primary', 'id-again', { stage: 'deleted' });
      expect(await listed('2027-03-15', of('id-again'))).toEqual(['again1']);
      await add('again2', 'primary', 'id-again');
      expect(await listed('2027-03-15', of('id-again'))).toEqual(['again2']);
      expect(await active('again1', '2027-03-15')).toBe(false);
      expect(await active('again2', '2027-03-15')).toBe(true);
    });

    it('leave out accounts of an INDIGO IAM instance', async () => {
      await add('cms', 'experiment', 'id-cms');
      expect(await use().registry.identityByLogin({ login: 'cms', today: '2027-03-15' })).toBeNull();
      expect(await listed('2027-03-15', of('id-cms'))).toEqual([]);
    });

    it('are found by their login in any letter case', async () => {
      await add('CaseLogin', 'primary', 'id-case');
      expect((await on('caselogin', '2027-03-15')).login).toBe('CaseLogin');
      expect(await listed('2027-03-15', { field: 'login', equals: 'CASELOGIN' })).toEqual(['CaseLogin']);
    });

    it('are narrowed down by what HR says of the person', async () => {
      const attributes = {
        department: 'IT',
        group: 'PW',
        section: 'AM',
        institute: 'CERN',
        email: 'X@cern.example',
      };
      await tell('id-it', MARCH, attributes);
      await tell('id-ep', MARCH, { department: 'EP' });
      for (const id of ['it', 'ep']) await add(`of-${id}`, 'primary', `id-${id}`);
      for (const field of ['department', 'group', 'section', 'institute', 'email'] as const) {
        const equals = attributes[field].replace('X@', 'x@');
        expect(await listed('2027-03-15', { field, equals }), field).toEqual(['of-it']);
      }
      expect(await listed('2027-03-15', of('id-it'), { field: 'nothing' })).toEqual([]);
      const isAccount = { field: 'accountId', equals: 'of-ep' } as const;
      expect(await listed('2027-03-15', isAccount)).toEqual(['of-ep']);
    });

    it('say when they were modified, and nothing else moves it', async () => {
      const before = Date.now();
      await tell('id-mod', MARCH);
      await add('mod', 'primary', 'id-mod');
      const stamp = async () => (await on('mod', '2027-03-15')).modifiedAt;
      const made = await stamp();
      expect(made).toBeGreaterThanOrEqual(before);
      const changed = async (work: () => Promise<unknown>): Promise<boolean> => {
        await use().database.query((db) =>
          sql`update identities set modified_at = 1 where account_id = 'mod'`.execute(db),
        );
        await work();
        const now = await stamp();
        expect(now === 1 || now >= made).toBe(true);
        return now !== 1;
      };
      expect(await changed(() => tell('id-mod', MARCH, { supervisorId: '17' }))).toBe(false);
      expect(await changed(() => project('mod', { personId: 'id-mod', sequence: 1, stage: 'grace' }))).toBe(
        false,
      );
      expect(await changed(() => tell('id-mod', MARCH, { familyName: 'Bianchi' }))).toBe(true);
      expect(
        await changed(() => tell('id-mod', [tie('2027-03-01', '2027-04-30')], { familyName: 'Bianchi' })),
      ).toBe(true);
      expect(await changed(() => project('mod', { personId: 'id-mod', sequence: 2, stage: 'deleted' }))).toBe(
        true,
      );
    });

    it('are found as modified by a write or by the calendar, however long ago', async () => {
      await tell('id-flip', [tie('2027-03-01', '2027-03-31'), tie('2027-06-01', null)]);
      await add('flip', 'primary', 'id-flip');
      await use().database.query((db) =>
        sql`update identities set modified_at = 1000 where account_id = 'flip'`.execute(db),
      );
      const since = async (day: CalendarDate, today: CalendarDate, at = Date.parse(day)) => {
        const [found, not] = await Promise.all(
          (['since', 'before'] as const).map((is) =>
            listed(today, of('id-flip'), { field: 'modified', is, at, day }),
          ),
        );
        expect([...(found ?? []), ...(not ?? [])]).toEqual(['flip']);
        return found?.length === 1;
      };
      expect(await since('2027-04-01', '2027-04-01')).toBe(true);
      expect(await since('2027-04-02', '2027-05-31')).toBe(false);
      expect(await since('2027-04-01', '2027-03-31')).toBe(false);
      expect(await since('2027-04-02', '2027-06-01')).toBe(true);
      expect(await since('2027-02-01', '2027-04-30')).toBe(true);
      expect(await since('2027-02-01', '2027-02-28')).toBe(false);
      expect(await since('2027-06-02', '2030-01-01')).toBe(false);
      expect(await since('2027-02-01', '2027-02-28', 1000)).toBe(true);
      expect(await since('2027-02-01', '2027-02-28', 1001)).toBe(false);
    });

    it('keep their place in the list, and whoever comes later comes last', async () => {
      for (const name of ['z', 'a', 'm']) await add(`order-${name}`, 'primary', `id-order-${name}`);
      const today = '2027-03-15';
      const all = await use().registry.identities({
        today,
        conditions: [],
        after: null,
        offset: 0,
        limit: 1000,
      });
      const mine = all.filter(({ login }) => login.startsWith('order-'));
      expect(mine.map(({ login }) => login)).toEqual(['order-z', 'order-a', 'order-m']);
      const [first, second] = mine;
      const rest = { today, conditions: [], limit: 1 };
      const after = await use().registry.identities({ ...rest, after: first?.number ?? 0, offset: 0 });
      expect(after).toEqual([second]);
      const skipped = await use().registry.identities({
        ...rest,
        after: null,
        offset: all.findIndex((row) => row === second),
      });
      expect(skipped).toEqual([second]);
    });

    it('agree with the rule of which affiliation governs, on every day', async () => {
      const day = fc.integer({ min: 0, max: 40 }).map((days) => addDays('2027-03-01', days));
      const edge = fc.constantFrom<CalendarDate | null>(null, '0000-05-05', '0001-01-01', '9999-12-31');
      const end = fc.oneof({ weight: 5, arbitrary: day }, edge);
      const ties = fc.array(
        fc.tuple(end, end).map(([start, last]) => tie(start, last)),
        { maxLength: 6 },
      );
      const { database } = use();
      await fc.assert(
        fc.asyncProperty(ties, async (found) => {
          const observation = observationOf({ personId: 'x', number: 1, ties: found });
          const { rows } = await database.query((db) =>
            sql<{ day: string; valid: boolean; flips: number }>`
              select day::date as day, valid_days_of(${JSON.stringify(observation)}::jsonb) @> day::date as valid,
                (select count(*) from unnest(flip_days_of(valid_days_of(${JSON.stringify(observation)}::jsonb))) as flip
                 where flip > '2027-02-26' and flip <= day::date) as flips
              from generate_series(date '2027-02-26', date '2027-04-15', interval '1 day') as day`.execute(
              db,
            ),
          );
          let changes = 0;
          let before: boolean | null = null;
          for (const row of rows) {
            const facts = governing({ kind: 'primary', experiment: null, observation, today: row.day });
            const isMember = facts.standing === 'member';
            if (before !== null && before !== isMember) changes += 1;
            before = isMember;
            expect([row.day, row.valid, row.flips]).toEqual([row.day, isMember, changes]);
          }
        }),
        { numRuns: 60 },
      );
    });

    it('are there for accounts made before there were any', async () => {
      const database = await openDatabase(await createLocation());
      try {
        await migrate(
          database,
          migrations.filter(({ version }) => version < 7),
        );
        const ties = JSON.stringify(observationOf({ personId: 'p', number: 5, ties: MARCH }));
        const statements = [
          sql`insert into persons (person_id, person_order, given_name, family_name, applied_observation, had_contracts,
                looked_number) values ('p', 'p', 'Ada', 'Rossi', ${ties}::jsonb, true, 5)`,
          ...[
            { id: 'second', kind: 'secondary', at: 2, stage: 'active' },
            { id: 'first', kind: 'primary', at: 1, stage: 'deleted' },
            { id: 'third', kind: 'primary', at: 3, stage: 'active' },
            { id: 'cms', kind: 'experiment', at: 4, stage: 'active' },
          ].map(
            ({ id, kind, at, stage }) => sql`
              insert into accounts (account_id, kind, login, login_key, person_id, created_at, stage, state,
                state_sequence, note_sequence)
              values (${id}, ${kind}, ${id}, ${id}, 'p', ${at}, ${stage}, '{"observation": null}'::jsonb, 0, 0)`,
          ),
        ];
        for (const statement of statements) await database.query((db) => statement.execute(db));
        await migrate(database);
        const registry = createRegistry(database);
        const page = { today: '2027-03-15', conditions: [], after: null, offset: 0, limit: 10 };
        const rows = await registry.identities(page);
        expect(rows.map(({ login, activeUser }) => [login, activeUser])).toEqual([
          ['second', true],
          ['third', true],
        ]);
        expect(await registry.identityByLogin({ login: 'first', today: '2027-03-15' })).toMatchObject({
          activeUser: false,
        });
      } finally {
        await database.close();
      }
    });

    it('have a key that the first who asks proposes', async () => {
      const ask = (proposed: string) => use().registry.deploymentKey({ name: 'k', proposed });
      const answers = await Promise.all(['a', 'b', 'c'].map(ask));
      expect(new Set(answers).size).toBe(1);
      expect(await ask('d')).toBe(answers[0]);
    });
  });
}
