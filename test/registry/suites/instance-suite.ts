import { sql } from 'kysely';
import { beforeEach, describe, expect, it } from 'vitest';
import type { InstanceRow } from '../../../src/registry/instance-registry.ts';
import { NEW_YEAR, newAccountOf, observationRowOf, personRowOf } from '../../support/registry.ts';
import type { Use } from './backend.ts';
import { planBench } from './plan-builder.ts';
import { projectionOf } from './projection-builder.ts';

/** An account of the instance that is there and that nobody follows yet. */
export function instanceRowOf(overrides: Partial<InstanceRow> & { externalId: string }): InstanceRow {
  const { externalId } = overrides;
  return {
    accountId: null,
    personId: '1',
    nameless: false,
    presence: 'there',
    suspendedBy: null,
    snapshot: {
      user: {
        id: externalId,
        userName: `user-${externalId}`,
        active: true,
        givenName: 'Ada',
        familyName: 'Rossi',
        email: null,
        endTime: null,
      },
      labels: [{ prefix: 'hr.cern', name: 'cern_person_id', value: '1' }],
    },
    number: 1,
    at: NEW_YEAR,
    participationSightings: null,
    isStamped: false,
    ...overrides,
  };
}

export function instanceSuite(use: Use): void {
  const registry = () => use().registry;
  let serial = 0;
  beforeEach(async () => {
    await use().database.query((db) => sql`truncate instance_accounts, expiry_traces, unheard`.execute(db));
  });
  const account = (personId: string, over: Parameters<typeof newAccountOf>[0] | object = {}) => {
    serial += 1;
    const accountId = `experiment-${serial}`;
    return newAccountOf({ accountId, kind: 'experiment', personId, experiment: 'CMS', ...over });
  };
  /** An account of the instance, and ours that follows it. */
  const adopt = async (
    externalId: string,
    personId: string,
    over: Partial<InstanceRow> & { instead?: string } = {},
  ) => {
    const { instead = null, ...rest } = over;
    const own = account(personId);
    const row = instanceRowOf({ externalId, personId, accountId: own.accountId, ...rest });
    const adopted = await registry().adoptAccount({ account: own, row, instead });
    return { adopted, row, accountId: own.accountId };
  };
  const end = (accountId: string, personId: string) =>
    registry().project(projectionOf(accountId, { kind: 'experiment', personId, stage: 'released' }));

  describe('accounts of an instance', () => {
    it('come back with every field as they were stored, to the instance’s id and to ours', async () => {
      const { row, accountId } = await adopt('all', '7', {
        nameless: true,
        presence: 'released',
        suspendedBy: 'admin',
        number: 12,
        participationSightings: { count: 2, lastRun: 'run-1' },
        isStamped: true,
      });
      expect(await registry().instanceRow('all')).toEqual(row);
      expect(await registry().instanceRowOf(accountId)).toEqual(row);
      expect(await registry().instanceRow('nobody')).toBeNull();
      expect(await registry().instanceRowOf('nobody')).toBeNull();
    });

    it('are stored many at a time, and of two looks the newer counts, whichever comes first', async () => {
      const many = Array.from({ length: 3_000 }, (_, index) =>
        instanceRowOf({ externalId: `m-${String(index).padStart(4, '0')}`, number: 5 }),
      );
      await registry().storeInstance(many);
      await registry().storeInstance([]);
      await registry().storeInstance([
        instanceRowOf({ externalId: 'm-0000', number: 4, personId: 'older' }),
        instanceRowOf({ externalId: 'm-0001', number: 5, personId: 'the same' }),
        instanceRowOf({ externalId: 'm-0002', number: 6, personId: 'newer' }),
        instanceRowOf({ externalId: 'm-0003', number: 8, personId: 'twice, newer' }),
        instanceRowOf({ externalId: 'm-0003', number: 7, personId: 'twice, older' }),
      ]);
      const rows = await registry().instanceRows({ after: null, upTo: null, limit: 5_000 });
      expect(rows).toHaveLength(3_000);
      expect(rows.slice(0, 5).map((row) => row.personId)).toEqual([
        ...['1', 'the same', 'newer', 'twice, newer', '1'],
      ]);
    });

    it('keep what a synchronisation decided when an account’s own look comes beside it', async () => {
      const { row } = await adopt('beside', '7', { number: 5 });
      const decided = {
        ...row,
        ...{ number: 6, personId: '8', presence: 'released' as const, isStamped: true },
        participationSightings: { count: 1, lastRun: 'run-2' },
      };
      await registry().storeInstance([decided]);
      const snapshot = { ...row.snapshot, labels: [] };
      const look = { externalId: 'beside', snapshot, suspendedBy: 'admin' as const, at: NEW_YEAR + 7 };
      const after = { ...decided, snapshot, suspendedBy: 'admin', number: 7, at: NEW_YEAR + 7 };
      expect(await registry().storeInstanceLook({ ...look, number: 7 })).toEqual(after);
      const older = { ...look, suspendedBy: null, number: 4 };
      expect(await registry().storeInstanceLook(older)).toEqual(after);
      expect(await registry().instanceRow('beside')).toEqual(after);
      expect(await registry().storeInstanceLook({ ...look, externalId: 'nobody', number: 8 })).toBeNull();
    });

    it('bear traces of IAM’s own task until those were told, each once', async () => {
      for (const externalId of ['b', 'a', 'b'])
        await registry().noteExpiryTrace({ externalId, at: NEW_YEAR });
      expect(await registry().expiryTraces()).toEqual(['a', 'b']);
      await registry().forgetExpiryTraces(['b']);
      await registry().forgetExpiryTraces([]);
      expect(await registry().expiryTraces()).toEqual(['a']);
    });

    it('are paged in the order of their ids, within a part', async () => {
      const ids = ['a', 'B', 'c', 'd', 'e'];
      await registry().storeInstance(ids.map((externalId) => instanceRowOf({ externalId })));
      const page = async (after: string | null, upTo: string | null, limit = 10) =>
        (await registry().instanceRows({ after, upTo, limit })).map((row) => row.externalId);
      expect(await page(null, null)).toEqual(['B', 'a', 'c', 'd', 'e']);
      expect(await page('a', 'd')).toEqual(['c', 'd']);
      expect(await page('a', null, 2)).toEqual(['c', 'd']);
    });

    it('are cut into parts without a gap, the last of which has no end', async () => {
      expect(await registry().cutInstance({ size: 2 })).toEqual([{ after: null, upTo: null }]);
      const ids = ['a', 'b', 'c', 'd', 'e'];
      await registry().storeInstance(ids.map((externalId) => instanceRowOf({ externalId })));
      expect(await registry().cutInstance({ size: 2 })).toEqual([
        { after: null, upTo: 'b' },
        { after: 'b', upTo: 'd' },
        { after: 'd', upTo: null },
      ]);
      expect(await registry().cutInstance({ size: 5 })).toEqual([{ after: null, upTo: null }]);
    });

    it('are told with what became of the account that follows them', async () => {
      const heard = await adopt('heard', '1');
      await registry().project({
        ...projectionOf(heard.accountId, { kind: 'experiment', personId: '1' }),
        nextStep: 'wait',
      });
      const ended = await adopt('ended', '2');
      await end(ended.accountId, '2');
      await adopt('new', '3');
      await registry().storeInstance([instanceRowOf({ externalId: 'alone' })]);
      const followed = await registry().followedRows(['new', 'heard', 'nobody', 'ended', 'alone']);
      expect(followed.map(({ row, account: own }) => [row.externalId, own])).toEqual([
        ['alone', null],
        ['ended', { personId: '2', hasEnded: true, isUnheardOf: expect.any(Boolean) }],
        ['heard', { personId: '1', hasEnded: false, isUnheardOf: false }],
        ['new', { personId: '3', hasEnded: false, isUnheardOf: true }],
      ]);
    });
  });

  describe('adopting an account of an instance', () => {
    it('makes account, ownership and row together', async () => {
      const { accountId, adopted } = await adopt('together', '9');
      expect(adopted).toBe(true);
      expect(await registry().account(accountId)).toMatchObject({ kind: 'experiment', personId: '9' });
      expect(await registry().ownership(accountId)).toMatchObject([{ personId: '9', until: null }]);
      expect((await registry().instanceRow('together'))?.accountId).toBe(accountId);
    });

    it('is refused, and leaves nothing, when another account follows it by now or a newer look stands there', async () => {
      const first = await adopt('one', '1', { number: 5 });
      const second = await adopt('one', '1', { number: 6 });
      const wrong = await adopt('one', '1', { number: 6, instead: 'somebody else' });
      const unknown = await adopt('none', '1', { instead: 'somebody' });
      const older = await adopt('one', '1', { number: 4, instead: first.accountId });
      for (const { adopted, accountId } of [second, wrong, unknown, older]) {
        expect(adopted).toBe(false);
        expect(await registry().account(accountId)).toBeNull();
      }
      expect((await registry().instanceRow('one'))?.accountId).toBe(first.accountId);
      const next = await adopt('one', '1', { number: 6, instead: first.accountId });
      expect(next.adopted).toBe(true);
      expect((await registry().instanceRow('one'))?.accountId).toBe(next.accountId);
      expect(await registry().instanceRowOf(first.accountId)).toBeNull();
    });

    it('succeeds once when several try at the same moment', async () => {
      const results = await Promise.allSettled([1, 2, 3, 4].map(() => adopt('raced', '1')));
      const won = results.filter((result) => result.status === 'fulfilled' && result.value.adopted);
      expect(won).toHaveLength(1);
      for (const result of results) {
        if (result.status === 'rejected') {
          expect(result.reason).toMatchObject({ code: 'REGISTRY_BUSY', retryable: true });
        }
      }
      expect(await registry().accounts({ personId: '1', kind: 'experiment' })).toContainEqual(
        expect.objectContaining({ accountId: (await registry().instanceRow('raced'))?.accountId }),
      );
    });
  });

  describe('accounts that depart', () => {
    const departing = async (...personIds: string[]) =>
      (await registry().departing(personIds)).map((row) => row.externalId);

    it('are those that are gone, let go or re-pointed while ours has not ended, by whom ours belongs to', async () => {
      await adopt('stays', 'd1');
      const gone = await adopt('gone', 'd1', { presence: 'deletedOutside' });
      await adopt('released', 'd2', { presence: 'released' });
      const moved = await adopt('moved', 'd2');
      await registry().storeInstance([{ ...moved.row, personId: 'd3' }]);
      await registry().storeInstance([instanceRowOf({ externalId: 'not ours', presence: 'released' })]);
      expect(await departing('d1')).toEqual(['gone']);
      expect(await departing('d1', 'd2')).toEqual(['gone', 'moved', 'released']);
      expect(await departing('d3')).toEqual([]);
      expect(await departing()).toEqual([]);
      await end(gone.accountId, 'd1');
      expect(await departing('d1', 'd2')).toEqual(['moved', 'released']);
    });

    it('belong to the other person once their workflow says so, and depart no more', async () => {
      const { row, accountId } = await adopt('follows', 'f1');
      await registry().storeInstance([{ ...row, personId: 'f2' }]);
      expect(await departing('f1')).toEqual(['follows']);
      const state = { kind: 'experiment', personId: 'f2', sequence: 3 } as const;
      await registry().project(projectionOf(accountId, state));
      expect(await departing('f1', 'f2')).toEqual([]);
      expect((await registry().account(accountId))?.personId).toBe('f2');
      expect(await registry().ownership(accountId)).toMatchObject([
        { personId: 'f1', until: NEW_YEAR },
        { personId: 'f2', until: null },
      ]);
      // One that comes late says nothing more.
      await registry().project(projectionOf(accountId, { ...state, personId: 'f1', sequence: 2 }));
      expect((await registry().account(accountId))?.personId).toBe('f2');
    });
  });

  describe('persons who are to be asked for', () => {
    it('are known from then on, without a fact, and whoever was there stays as they are', async () => {
      const number = await registry().nextObservationNumber();
      const person = personRowOf({ personId: '70001', number });
      await registry().storeObservation({
        observation: observationRowOf({ personId: '70001', number }),
        person,
      });
      await registry().expectPersons(['70001', '70002', '70002', '070']);
      await registry().expectPersons(['70002']);
      await registry().expectPersons([]);
      expect(await registry().person('70001')).toEqual(person);
      expect(await registry().person('70002')).toMatchObject({
        observation: null,
        digest: null,
        applied: null,
      });
      const page = await registry().persons({ after: '70000', limit: 2 });
      expect(page.map((row) => row.personId)).toEqual(['70001', '70002']);
    });

    it('take any first answer of HR, are expected to answer only after it, and have no primary account to get before', async () => {
      const expected = async () =>
        (await registry().cutPersons({ size: 100_000 })).reduce((sum, range) => sum + range.expected, 0);
      const before = await expected();
      await registry().expectPersons(['80001']);
      expect(await expected()).toBe(before);
      const joiners = await registry().personsWithoutPrimary({
        today: '2027-01-01',
        after: '80000',
        limit: 1,
      });
      expect(joiners.map((row) => row.personId)).not.toContain('80001');
      const number = await registry().nextObservationNumber();
      await registry().storeObservation({
        observation: observationRowOf({ personId: '80001', number }),
        person: personRowOf({ personId: '80001', number, givenName: 'Zoë' }),
      });
      expect((await registry().person('80001'))?.givenName).toBe('Zoë');
      expect(await expected()).toBe(before + 1);
    });
  });

  describe('persons unheard of in a run', () => {
    it('are told for that run only, and noting them twice changes nothing', async () => {
      await registry().addUnheard({ run: 'r1', personIds: ['1', '2', '2'] });
      await registry().addUnheard({ run: 'r1', personIds: ['2', '3'] });
      await registry().addUnheard({ run: 'r2', personIds: ['9'] });
      await registry().addUnheard({ run: 'r2', personIds: [] });
      expect(await registry().unheard({ run: 'r1', personIds: ['1', '3', '9'] })).toEqual(
        new Set(['1', '3']),
      );
      expect(await registry().unheard({ run: 'r3', personIds: ['1'] })).toEqual(new Set());
      expect(await registry().unheard({ run: 'r1', personIds: [] })).toEqual(new Set());
      await registry().removeUnheard({ run: 'r1', personIds: ['3', '9'] });
      await registry().removeUnheard({ run: 'r1', personIds: [] });
      expect(await registry().unheard({ run: 'r1', personIds: ['1', '3'] })).toEqual(new Set(['1']));
      expect(await registry().unheard({ run: 'r2', personIds: ['9'] })).toEqual(new Set(['9']));
    });

    it('are forgotten with plans, but for those of the newest run', async () => {
      const { open, clear } = planBench(use);
      await clear();
      await open('older', [], { at: NEW_YEAR });
      await open('newest', [], { at: NEW_YEAR + 1 });
      await registry().addUnheard({ run: 'older', personIds: ['1'] });
      await registry().addUnheard({ run: 'newest', personIds: ['1'] });
      await registry().forgetPlans({ before: NEW_YEAR - 1 });
      expect(await registry().unheard({ run: 'older', personIds: ['1'] })).toEqual(new Set());
      expect(await registry().unheard({ run: 'newest', personIds: ['1'] })).toEqual(new Set(['1']));
      await clear();
    });
  });
}
