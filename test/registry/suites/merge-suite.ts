import { sql } from 'kysely';
import { beforeAll, describe, expect, it } from 'vitest';
import type { MergeAsk, MergeMoves } from '../../../src/contracts/merge.ts';
import type { MergeFacts } from '../../../src/registry/merge-registry.ts';
import {
  NEW_YEAR,
  newAccountOf,
  observationOf,
  observationRowOf,
  personRowOf,
} from '../../support/registry.ts';
import type { Use } from './backend.ts';

const NOTHING: MergeMoves = { accounts: [], guests: [], reassignments: [] };

export function mergeSuite(use: Use): void {
  let next = 0;
  let nextNumber = 90_000;

  /** A person whom HR has shown, and whose accounts were told so. */
  const personOf = async (): Promise<string> => {
    next += 1;
    nextNumber += 1;
    const number = nextNumber;
    const personId = `mp-${String(next)}`;
    const { registry } = use();
    const person = personRowOf({ personId, number, externalEmail: `${personId}@elsewhere.example` });
    await registry.storeObservation({ observation: observationRowOf({ personId, number }), person });
    await registry.markApplied({ personId, digest: person.digest, number });
    return personId;
  };
  const accountOf = async (
    personId: string,
    over: Partial<Parameters<typeof newAccountOf>[0]> = {},
  ): Promise<string> => {
    next += 1;
    const accountId = `ma-${String(next)}`;
    const observation = observationOf({ personId, number: nextNumber });
    await use().registry.createAccount(
      newAccountOf({ accountId, personId, ...over, state: { observation, ...over.state } }),
    );
    return accountId;
  };
  const askOf = (fromPerson: string, toPerson: string, requestId = `merge-${fromPerson}`): MergeAsk => ({
    ...{ requestId, fromPerson, toPerson, actor: 'admin-7', reason: 'ticket 12' },
  });
  const merge = (ask: MergeAsk, moves: (facts: MergeFacts) => Partial<MergeMoves> = () => ({})) =>
    use().registry.mergePersons<string>({
      ...{ ask, at: NEW_YEAR + 10 },
      judge: (facts) => ({ moves: { ...NOTHING, ...moves(facts) } }),
    });
  const allAccounts = ({ fromAccounts, toAccounts }: MergeFacts): Partial<MergeMoves> => ({
    accounts: fromAccounts.map(({ accountId, kind, state: { stage } }) => ({
      ...{ accountId, kind, stage },
      newKind: kind === 'primary' && toAccounts.some((one) => one.kind === 'primary') ? 'secondary' : kind,
    })),
  });
  const account = async (accountId: string) => {
    const row = await use().registry.account(accountId);
    if (row === null) throw new Error('the account is not there');
    return row;
  };

  describe('merging two persons', () => {
    let from = '';
    let to = '';
    let primary = '';
    let robot = '';
    let gone = '';
    let theirs = '';
    beforeAll(async () => {
      from = await personOf();
      to = await personOf();
      gone = await accountOf(from, { state: { stage: 'deleted' } });
      primary = await accountOf(from);
      robot = await accountOf(from, { kind: 'service' });
      theirs = await accountOf(to);
      await use().registry.openGuest({
        ...{ guestId: `guest-${from}`, personId: from, accountId: primary, at: NEW_YEAR },
        identity: { provider: 'email', subject: `${from}@elsewhere.example`, email: null },
      });
    });

    it('moves every account at once, and each is to follow at its next step', async () => {
      const ask = askOf(from, to);
      const merged = await merge(ask, (facts) => ({
        ...allAccounts(facts),
        guests: facts.guests.map(({ guestId }) => ({
          ...{ guestId, accountId: theirs, wasOpen: true, isOpen: false },
        })),
      }));
      expect(merged).toMatchObject({ isNew: true, merge: { ...ask, toldAt: null } });
      for (const accountId of [primary, robot, gone]) expect((await account(accountId)).personId).toBe(to);
      expect(await account(primary)).toMatchObject({
        ...{ kind: 'secondary', state: { merge: { requestId: ask.requestId, toPerson: to } } },
      });
      expect((await account(theirs)).kind).toBe('primary');
      expect((await account(gone)).state).not.toHaveProperty('merge');
      expect((await use().registry.ownership(robot)).map(({ personId, until }) => [personId, until])).toEqual(
        [
          [from, NEW_YEAR + 10],
          [to, null],
        ],
      );
      expect(await use().registry.guests(from)).toEqual([]);
      expect(await use().registry.guests(to)).toMatchObject([
        { isOpen: false, since: NEW_YEAR + 10, accountId: theirs },
      ]);
      expect(await use().registry.person(from)).toMatchObject({ mergedInto: to });
      expect(await use().registry.merge(ask.requestId)).toMatchObject({ accounts: [{}, {}, {}] });
    });

    it('says who did it and why, of each account and of both persons', async () => {
      const commandId = askOf(from, to).requestId;
      for (const [filter, what] of [
        [{ accountId: primary }, 'moved with its person’s id'],
        [{ accountId: robot }, 'moved with its person’s id'],
        [{ personId: from }, 'persons merged'],
        [{ personId: to }, 'persons merged'],
      ] as const) {
        expect(await use().registry.auditTrail(filter)).toContainEqual(
          expect.objectContaining({ what, actor: 'admin-7', reason: 'ticket 12', commandId }),
        );
      }
    });

    it('a second time changes nothing and answers the first, under whatever request', async () => {
      const before = await use().registry.auditTrail({ personId: to });
      for (const requestId of [undefined, 'another']) {
        expect(await merge(askOf(from, to, requestId))).toMatchObject({
          ...{ isNew: false, merge: { requestId: `merge-${from}` } },
        });
      }
      expect(await use().registry.auditTrail({ personId: to })).toEqual(before);
    });

    it('a request id of another merge is refused', async () => {
      const [one, other] = [await personOf(), await personOf()];
      await expect(merge(askOf(one, other, `merge-${from}`))).rejects.toMatchObject({ code: 'MERGE_EXISTS' });
    });

    it('notes once that everyone was told', async () => {
      const requestId = `merge-${from}`;
      for (const at of [NEW_YEAR + 20, NEW_YEAR + 30]) await use().registry.mergeTold({ requestId, at });
      expect(await use().registry.merge(requestId)).toMatchObject({ toldAt: NEW_YEAR + 20 });
    });

    it('from then on no account is made for the id, and none is handed to it', async () => {
      await expect(accountOf(from)).rejects.toMatchObject({ code: 'PERSON_MERGED', retryable: false });
      await expect(accountOf(from, { kind: 'service' })).rejects.toMatchObject({ code: 'PERSON_MERGED' });
      const transferred = use().registry.transferOwnership({
        ...{ accountId: robot, from: to, to: from, at: NEW_YEAR + 40, reason: 'tests' },
      });
      await expect(transferred).rejects.toMatchObject({ code: 'PERSON_MERGED', retryable: true });
      // Whose an account of an instance is, its label says.
      await accountOf(from, { kind: 'experiment', experiment: 'CMS' });
    });

    it('from then on no guest account is opened or shut for the id, by whoever has not heard yet', async () => {
      const { registry } = use();
      const before = await registry.guests(to);
      const of = { personId: from, accountId: primary, at: NEW_YEAR + 50 };
      const identity = { provider: 'email', subject: 'late@elsewhere.example', email: null };
      for (const acting of [
        () => registry.openGuest({ ...of, guestId: 'late', identity }),
        () => registry.reopenAssociated(of),
        () => registry.shutGuests(of),
      ]) {
        await expect(acting()).rejects.toMatchObject({ code: 'PERSON_MERGED', retryable: true });
      }
      expect(await registry.guests(from)).toEqual([]);
      expect(await registry.guests(to)).toEqual(before);
    });

    it('what HR says of the id later does not undo it', async () => {
      const number = 99_999;
      await use().registry.storeObservation({
        observation: observationRowOf({ personId: from, number }),
        person: personRowOf({ personId: from, number }),
      });
      expect(await use().registry.person(from)).toMatchObject({ mergedInto: to });
    });

    it('nothing is written of one that is refused', async () => {
      const [one, other] = [await personOf(), await personOf()];
      const accountId = await accountOf(one);
      const refused = await use().registry.mergePersons<string>({
        ...{ ask: askOf(one, other), at: NEW_YEAR },
        judge: () => ({ refused: 'no' }),
      });
      expect(refused).toEqual({ refused: 'no' });
      expect((await account(accountId)).personId).toBe(one);
      expect(await use().registry.person(one)).toMatchObject({ mergedInto: null });
      expect(await use().registry.merge(`merge-${one}`)).toBeNull();
    });

    it('an account that cannot be moved leaves everything as it was', async () => {
      const [one, other] = [await personOf(), await personOf()];
      const accountId = await accountOf(one);
      await accountOf(other);
      // Two living primary accounts of one person: the database refuses, and the robot stays, too.
      const servant = await accountOf(one, { kind: 'service' });
      const moving = merge(askOf(one, other), ({ fromAccounts }) => ({
        accounts: fromAccounts.map(({ accountId: id, kind }) => ({
          ...{ accountId: id, kind, newKind: kind, stage: 'active' },
        })),
      }));
      await expect(moving).rejects.toMatchObject({ code: 'REGISTRY_VALUE_REFUSED' });
      for (const id of [accountId, servant]) expect((await account(id)).personId).toBe(one);
      expect(await use().registry.person(one)).toMatchObject({ mergedInto: null });
    });

    it('whoever was merged into the one that goes is passed on', async () => {
      const [first, second, third] = [await personOf(), await personOf(), await personOf()];
      await merge(askOf(first, second));
      await merge(askOf(second, third));
      expect(await use().registry.person(first)).toMatchObject({ mergedInto: third });
      expect(await use().registry.person(second)).toMatchObject({ mergedInto: third });
    });

    it('requests to re-assign an account follow, those that are over stay as they were', async () => {
      const [one, other, owner] = [await personOf(), await personOf(), await personOf()];
      const [open, over, own] = [
        await accountOf(owner, { kind: 'service' }),
        await accountOf(owner, { kind: 'service' }),
        await accountOf(one, { kind: 'service' }),
      ];
      const { registry } = use();
      const asked = async (accountId: string, newOwner: string) => {
        await registry.openReassignment({
          ask: { requestId: `r-${accountId}`, accountId, newOwner, actor: 'ada', reason: 'tests' },
          ...{ at: NEW_YEAR, lapsesAt: NEW_YEAR + 14, judge: () => null },
        });
        return `r-${accountId}`;
      };
      const ids = [await asked(open, one), await asked(over, one), await asked(own, owner)];
      await registry.decideReassignment({
        ...{ requestId: ids[1] ?? '', at: NEW_YEAR + 1, judge: () => null },
        decision: { verdict: 'withdrawn', by: 'admin-7', why: 'tests' },
      });
      await merge(askOf(one, other), allAccounts);
      const rows = await Promise.all(ids.map((id) => registry.reassignment(id)));
      expect(rows.map((row) => [row?.owner, row?.newOwner])).toEqual([
        [owner, other],
        [owner, one],
        [other, owner],
      ]);
    });

    it('of two merges of one id at once one is made', async () => {
      const [one, left, right] = [await personOf(), await personOf(), await personOf()];
      const judge = ({ from: person }: MergeFacts) =>
        person?.mergedInto === null ? { moves: NOTHING } : { refused: 'merged' };
      const results = await Promise.all(
        [left, right].map((other) =>
          use().registry.mergePersons<string>({ ask: askOf(one, other, `m-${other}`), at: NEW_YEAR, judge }),
        ),
      );
      expect(results.filter((result) => 'merge' in result)).toHaveLength(1);
      expect(results.filter((result) => 'refused' in result)).toEqual([{ refused: 'merged' }]);
    });

    it('the id is expected of HR no more, is sighted no more, and lacks no primary account', async () => {
      const { registry } = use();
      const [one, other] = [await personOf(), await personOf()];
      await accountOf(one);
      await accountOf(other);
      nextNumber += 1;
      const number = nextNumber;
      const known = await registry.person(one);
      if (known === null) throw new Error('the person is not there');
      await registry.storeObservation({
        observation: observationRowOf({ personId: one, number, outcome: 'no-person' }),
        person: { ...known, noPersonSightings: { count: 1, firstAt: NEW_YEAR, lastRun: 'run-1' } },
      });
      const expected = async () =>
        (await registry.cutPersons({ size: 100_000 })).reduce((sum, cut) => sum + cut.expected, 0);
      const lacking = async () =>
        (await registry.personsWithoutPrimary({ today: '2027-01-01', after: null, limit: 10_000 })).map(
          ({ personId }) => personId,
        );
      const before = await expected();
      expect(await registry.sightedOwners({ after: null, limit: 10_000 })).toContain(one);
      await merge(askOf(one, other), allAccounts);
      expect(await expected()).toBe(before - 1);
      expect(await registry.sightedOwners({ after: null, limit: 10_000 })).not.toContain(one);
      expect(await lacking()).not.toContain(one);
      expect(await registry.holdersAmong([one, other])).toEqual(new Set([other]));
    });

    it('its address is no other person’s any more', async () => {
      const [one, other] = [await personOf(), await personOf()];
      const accountId = await accountOf(other);
      const openAs = () =>
        use().registry.openGuest({
          ...{ guestId: `guest-${other}`, personId: other, accountId, at: NEW_YEAR },
          identity: { provider: 'email', subject: `${one}@elsewhere.example`, email: null },
        });
      expect(await openAs()).toBeNull();
      await merge(askOf(one, other));
      expect(await openAs()).toMatchObject({ personId: other });
    });

    it('the identity follows: a secondary account of the other id, and its living primary account stays listed', async () => {
      const { registry, database } = use();
      const today = '2027-01-01';
      const [one, other] = [await personOf(), await personOf()];
      await accountOf(other, { state: { stage: 'deleted' } });
      const oldest = await accountOf(other);
      const moved = await accountOf(one);
      const over = await accountOf(one, { state: { stage: 'active' } }).catch(() => null);
      expect(over).toBeNull();
      await merge(askOf(one, other), allAccounts);
      const row = await registry.identityByLogin({ login: moved, today });
      expect(row).toMatchObject({ kind: 'secondary', personId: other, activeUser: true });
      const listed = await registry.identities({
        ...{ today, after: null, offset: 0, limit: 100 },
        conditions: [{ field: 'personId', equals: other }],
      });
      expect(listed.map(({ accountId }) => accountId).sort()).toEqual([oldest, moved].sort());
      const { rows } = await database.query((db) =>
        sql<{ count: number }>`select count(*) as count from identities where person_id = ${one}`.execute(db),
      );
      expect(rows[0]?.count).toBe(0);
    });

    it('a primary account that is over and younger hides none that lives', async () => {
      const { registry } = use();
      const [one, other] = [await personOf(), await personOf()];
      const living = await accountOf(one);
      const over = await accountOf(other, { state: { stage: 'deleted' } });
      await merge(askOf(one, other), ({ fromAccounts }) => ({
        accounts: fromAccounts.map(({ accountId, kind }) => ({
          ...{ accountId, kind, newKind: kind, stage: 'active' },
        })),
      }));
      const listed = await registry.identities({
        ...{ today: '2027-01-01', after: null, offset: 0, limit: 100 },
        conditions: [{ field: 'personId', equals: other }],
      });
      expect(listed.map(({ accountId }) => accountId)).toEqual([living]);
      expect(over).not.toBe(living);
    });
  });
}
