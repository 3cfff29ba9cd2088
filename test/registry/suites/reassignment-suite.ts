import { beforeAll, describe, expect, it } from 'vitest';
import type { ReassignmentDecision } from '../../../src/contracts/reassignment.ts';
import { MOST_ACCOUNTS } from '../../../src/policy/account-requests.ts';
import type { HandoverFacts } from '../../../src/registry/registry.ts';
import {
  accountStateOf,
  NEW_YEAR,
  newAccountOf,
  observationRowOf,
  personRowOf,
} from '../../support/registry.ts';
import type { Use } from './backend.ts';

export function reassignmentSuite(use: Use): void {
  let nextId = 0;

  /** A service account of somebody. */
  const robotOf = async (personId: string): Promise<string> => {
    nextId += 1;
    const accountId = `rb-${String(nextId)}`;
    await use().registry.createAccount(newAccountOf({ accountId, personId, kind: 'service' }));
    return accountId;
  };
  const owned = ({ accounts, coming }: HandoverFacts) =>
    accounts.filter(({ kind }) => kind === 'service').length + coming;
  const askOf = (accountId: string, newOwner: string, requestId = `ask-${accountId}`) => ({
    ...{ requestId, accountId, newOwner, actor: 'ada', reason: 'tests' },
  });
  const open = (accountId: string, newOwner: string, requestId?: string) =>
    use().registry.openReassignment<string>({
      ...{ ask: askOf(accountId, newOwner, requestId), at: NEW_YEAR, lapsesAt: NEW_YEAR + 14 },
      judge: ({ account, isOpen }) => (account === null ? 'unknown' : isOpen ? 'open' : null),
    });
  const decide = (
    accountId: string,
    verdict: ReassignmentDecision['verdict'],
    against: string | null = null,
  ) =>
    use().registry.decideReassignment({
      ...{ requestId: `ask-${accountId}`, decision: { verdict, by: '2', why: 'so' }, at: NEW_YEAR + 1 },
      judge: () => against,
    });
  const ownerOf = async (accountId: string) => (await use().registry.account(accountId))?.personId;

  describe('requests to re-assign an account', () => {
    beforeAll(async () => {
      for (const [index, personId] of ['ra-1', 'ra-2', 'ra-full'].entries()) {
        const number = 8_000 + index;
        await use().registry.storeObservation({
          observation: observationRowOf({ personId, number }),
          person: personRowOf({ personId, number }),
        });
      }
    });

    it('of many at once for one account one is opened; the same one twice is one', async () => {
      const accountId = await robotOf('ra-1');
      const outcomes = await Promise.all(
        Array.from({ length: 12 }, (_, index) => open(accountId, 'ra-2', `rush-${String(index % 6)}`)),
      );
      const opened = outcomes.flatMap((one) => ('reassignment' in one ? [one.reassignment.requestId] : []));
      expect(new Set(opened).size).toBe(1);
      expect(opened.length).toBe(2);
      expect(await use().registry.reassignments(accountId)).toHaveLength(1);
    });

    it('nothing is written of one that is refused', async () => {
      expect(await open('rb-none', 'ra-2')).toEqual({ refused: 'unknown' });
      expect(await use().registry.reassignment('ask-rb-none')).toBeNull();
    });

    it('the first word counts, and stands in the audit log with who said it', async () => {
      const accountId = await robotOf('ra-1');
      await open(accountId, 'ra-2');
      expect(await decide(accountId, 'rejected')).toMatchObject({ status: 'rejected', decidedBy: '2' });
      expect(await decide(accountId, 'approved')).toMatchObject({ status: 'rejected' });
      const trail = await use().registry.auditTrail({ accountId });
      expect(trail.map(({ what, actor, commandId }) => [what, actor, commandId])).toEqual([
        ['account created', 'system', null],
        ['re-assignment asked', 'ada', `ask-${accountId}`],
        ['re-assignment rejected', '2', `ask-${accountId}`],
      ]);
      expect(await ownerOf(accountId)).toBe('ra-1');
    });

    it('an approval that a rule is against by now is a rejection by the system, with the reason', async () => {
      const accountId = await robotOf('ra-1');
      await open(accountId, 'ra-2');
      expect(await decide(accountId, 'approved', 'they have left')).toMatchObject({
        ...{ status: 'rejected', decidedBy: 'system', decidedWhy: 'they have left' },
      });
    });

    it('an approval stands in what the account is started again from, a rejection does not', async () => {
      const [agreed, rejected] = [await robotOf('ra-1'), await robotOf('ra-1')];
      for (const accountId of [agreed, rejected]) await open(accountId, 'ra-2');
      await decide(agreed, 'approved');
      await decide(rejected, 'rejected');
      const stateOf = async (accountId: string) => (await use().registry.account(accountId))?.state;
      expect((await stateOf(agreed))?.reassign).toEqual({
        ...{ requestId: `ask-${agreed}`, newOwner: 'ra-2', at: NEW_YEAR + 1 },
      });
      expect(await stateOf(rejected)).not.toHaveProperty('reassign');
    });

    it('hands the account on once, and only when it was approved', async () => {
      const accountId = await robotOf('ra-1');
      await open(accountId, 'ra-2');
      const complete = (at: number) =>
        use().registry.completeReassignment({ requestId: `ask-${accountId}`, at });
      expect(await complete(NEW_YEAR + 2)).toMatchObject({ status: 'open', doneAt: null });
      expect(await ownerOf(accountId)).toBe('ra-1');
      await decide(accountId, 'approved');
      expect(await complete(NEW_YEAR + 3)).toMatchObject({ status: 'approved', doneAt: NEW_YEAR + 3 });
      expect(await complete(NEW_YEAR + 4)).toMatchObject({ doneAt: NEW_YEAR + 3 });
      expect(await ownerOf(accountId)).toBe('ra-2');
      expect(
        (await use().registry.ownership(accountId)).map(({ personId, until }) => [personId, until]),
      ).toEqual([
        ['ra-1', NEW_YEAR + 3],
        ['ra-2', null],
      ]);
      await expect(
        use().registry.completeReassignment({ requestId: 'never', at: NEW_YEAR }),
      ).rejects.toMatchObject({ code: 'NO_REASSIGNMENT' });
    });

    it('takes it from whoever got it when the owner left meanwhile', async () => {
      const accountId = await robotOf('ra-1');
      await open(accountId, 'ra-2');
      await decide(accountId, 'approved');
      await use().registry.transferOwnership({
        ...{ accountId, from: 'ra-1', to: 'ra-3', at: NEW_YEAR + 5, reason: 'the owner left' },
      });
      await use().registry.completeReassignment({ requestId: `ask-${accountId}`, at: NEW_YEAR + 6 });
      expect(await ownerOf(accountId)).toBe('ra-2');
    });

    it('one that is approved and not carried out keeps others from the account, until it is', async () => {
      const accountId = await robotOf('ra-1');
      await open(accountId, 'ra-2');
      await decide(accountId, 'approved');
      expect(await open(accountId, 'ra-1', 'next')).toEqual({ refused: 'open' });
      await use().registry.completeReassignment({ requestId: `ask-${accountId}`, at: NEW_YEAR + 7 });
      expect(await open(accountId, 'ra-1', 'next')).toMatchObject({ reassignment: { owner: 'ra-2' } });
    });

    it('thirty requests and approvals at once leave one person with exactly as many as the rules', async () => {
      const most = MOST_ACCOUNTS.service;
      const robots = await Promise.all(Array.from({ length: 15 }, () => robotOf('ra-1')));
      for (const robot of robots) await open(robot, 'ra-full');
      const approvals = robots.map((robot) =>
        use().registry.decideReassignment({
          ...{ requestId: `ask-${robot}`, decision: { verdict: 'approved', by: 'ra-full', why: 'so' } },
          at: NEW_YEAR + 8,
          judge: (facts) => (owned(facts) >= most ? 'too many' : null),
        }),
      );
      const requests = Array.from({ length: 15 }, (_, index) =>
        use().registry.requestAccount<string>({
          ...{ accountId: `rf-${String(index)}`, requestId: `rf-${String(index)}`, personId: 'ra-full' },
          ...{ kind: 'service', login: `rf-${String(index)}`, actor: 'ada', reason: 'tests', at: NEW_YEAR },
          judge: ({ accounts, coming }) => {
            const has = accounts.filter(({ kind }) => kind === 'service').length + coming;
            if (has >= most) return { refused: 'too many' };
            const accountId = `rf-${String(index)}`;
            return { state: accountStateOf({ accountId, personId: 'ra-full', kind: 'service' }) };
          },
        }),
      );
      await Promise.all([...approvals, ...requests]);
      for (const robot of robots) {
        await use().registry.completeReassignment({ requestId: `ask-${robot}`, at: NEW_YEAR + 9 });
      }
      expect(await use().registry.accounts({ personId: 'ra-full', kind: 'service' })).toHaveLength(most);
    });
  });
}
