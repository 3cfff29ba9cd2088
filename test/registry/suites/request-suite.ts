import { beforeAll, describe, expect, it } from 'vitest';
import { MOST_ACCOUNTS, type RequestedKind } from '../../../src/policy/account-requests.ts';
import { isFinal } from '../../../src/policy/facts.ts';
import type { ApplicantFacts, RequestOutcome } from '../../../src/registry/registry.ts';
import {
  accountStateOf,
  NEW_YEAR,
  newAccountOf,
  observationRowOf,
  personRowOf,
} from '../../support/registry.ts';
import type { Use } from './backend.ts';
import { projectionOf } from './projection-builder.ts';

export function requestSuite(use: Use): void {
  const ask = (input: {
    readonly id: string;
    readonly personId: string;
    readonly kind?: RequestedKind;
    readonly login?: string;
    readonly seen?: (facts: ApplicantFacts) => void;
  }): Promise<RequestOutcome<string>> => {
    const { id, personId, kind = 'secondary', login = id, seen } = input;
    const asked = { accountId: id, requestId: `request-${id}`, personId, kind, login };
    return use().registry.requestAccount<string>({
      ...{ ...asked, actor: 'ada', reason: 'for tests', at: NEW_YEAR },
      judge: (facts) => {
        seen?.(facts);
        const has = facts.accounts.filter((one) => one.kind === kind && !isFinal(one.state.stage)).length;
        if (facts.isUsed) return { refused: 'used' };
        if (has >= MOST_ACCOUNTS[kind]) return { refused: `has ${String(has)}` };
        return { state: accountStateOf({ accountId: id, personId, kind, stage: 'pending' }) };
      },
    });
  };

  describe('requests for accounts', () => {
    beforeAll(async () => {
      for (const [index, personId] of ['rq-1', 'rq-2', 'rq-3', 'rq-4'].entries()) {
        const number = 7_000 + index;
        await use().registry.storeObservation({
          observation: observationRowOf({ personId, number }),
          person: personRowOf({ personId, number }),
        });
      }
    });

    it.each([
      ['secondary', 'rq-1', 5],
      ['service', 'rq-2', 20],
    ] as const)(
      'thirty at once for a %s account give one person exactly as many as the rules',
      async (kind, personId, most) => {
        const outcomes = await Promise.all(
          Array.from({ length: 30 }, (_, index) =>
            ask({ id: `${personId}-${String(index)}`, personId, kind }),
          ),
        );
        expect(outcomes.filter(({ outcome }) => outcome === 'made')).toHaveLength(most);
        expect(outcomes.filter(({ outcome }) => outcome === 'refused')).toHaveLength(30 - most);
        expect(await use().registry.accounts({ personId, kind })).toHaveLength(most);
      },
    );

    it('gives one login to exactly one of many persons who ask for it at once', async () => {
      const results = await Promise.allSettled(
        Array.from({ length: 12 }, (_, index) =>
          ask({
            id: `rq-same-${String(index)}`,
            personId: `rq-${String(3 + (index % 2))}`,
            login: 'rq-Same',
          }),
        ),
      );
      const made = results.filter((one) => one.status === 'fulfilled' && one.value.outcome === 'made');
      expect(made).toHaveLength(1);
      for (const one of results) {
        if (one.status === 'rejected') expect(one.reason).toMatchObject({ code: 'LOGIN_TAKEN' });
      }
    });

    it('a request that comes twice makes one account, and says so', async () => {
      expect(await ask({ id: 'rq-twice', personId: 'rq-4' })).toMatchObject({ outcome: 'made' });
      expect(await ask({ id: 'rq-twice', personId: 'rq-4' })).toMatchObject({
        outcome: 'known',
        account: { accountId: 'rq-twice', personId: 'rq-4', kind: 'secondary' },
      });
      expect(await use().registry.ownership('rq-twice')).toHaveLength(1);
      await expect(ask({ id: 'rq-twice', personId: 'rq-4', login: 'other' })).rejects.toMatchObject({
        code: 'ACCOUNT_EXISTS',
      });
      await expect(ask({ id: 'rq-twice', personId: 'rq-3' })).rejects.toMatchObject({
        code: 'ACCOUNT_EXISTS',
      });
    });

    it('says who asked and why in the audit log', async () => {
      await ask({ id: 'rq-told', personId: 'rq-4' });
      const trail = await use().registry.auditTrail({ accountId: 'rq-told' });
      expect(trail).toEqual([
        expect.objectContaining({
          ...{ what: 'account created', actor: 'ada', reason: 'for tests', commandId: 'request-rq-told' },
        }),
      ]);
    });

    it('a login that was used once, by an account that is over, in another letter case, is seen as used', async () => {
      const gone = newAccountOf({ accountId: 'rq-gone', login: 'Rq-Gone', personId: 'rq-4' });
      await use().registry.createAccount(gone);
      await use().registry.project(projectionOf('rq-gone', { stage: 'deleted', sequence: 5 }));
      expect(await ask({ id: 'rq-new', personId: 'rq-4', login: 'rq-gone' })).toMatchObject({
        refused: 'used',
      });
      expect(await use().registry.account('rq-new')).toBeNull();
    });

    it('who is not known to HR is judged as nobody', async () => {
      const seen: ApplicantFacts[] = [];
      await ask({ id: 'rq-nobody', personId: 'rq-none', seen: (facts) => seen.push(facts) });
      expect(seen).toEqual([{ person: null, accounts: [], coming: 0, isUsed: false }]);
    });
  });
}
