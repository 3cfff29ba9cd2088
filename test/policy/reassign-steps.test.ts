import { describe, expect, it } from 'vitest';
import type { AccountState } from '../../src/contracts/account.ts';
import type { AccountEvent } from '../../src/contracts/event.ts';
import { decide } from '../../src/policy/decide.ts';
import { nextStep } from '../../src/policy/next-step.ts';
import { parseReassigned } from '../../src/policy/parse-message.ts';
import { beginStep } from '../support/lives.ts';
import { account, at, contract, found, policyFor } from '../support/policy-builders.ts';

const NOW = at('2027-03-01 12:00');
const POLICY = policyFor('service');
const FACT = { requestId: 'r-1', newOwner: '2' };
const APPROVED: AccountEvent = { type: 'reassigned', at: NOW, fact: FACT };

function robot(over: Partial<AccountState> = {}): AccountState {
  return account({ kind: 'service', ...over });
}

function actionAt(state: AccountState, now: number): string {
  const next = nextStep(state, POLICY, now);
  return next.type === 'act' ? next.step.action : next.type;
}

describe('a service account whose proposed owner agreed', () => {
  it('hands itself on at once, and then follows the new owner’s facts', () => {
    const told = decide(robot(), APPROVED, POLICY);
    const { state, step } = beginStep(told, POLICY, NOW, 'reassign');
    const newOwner = found(9, [contract(null, '2028-01-31')], { personId: '2' });
    const outcome = { result: 'done', at: NOW, note: '', recorded: 0, newOwner } as const;
    const after = decide(state, { type: 'stepEnded', at: NOW, step, outcome }, POLICY);
    expect(after).toMatchObject({ personId: '2', observation: newOwner, epoch: told.epoch + 1 });
    expect(after).not.toHaveProperty('reassign');
    expect(actionAt(after, at('2027-04-01 12:00'))).not.toBe('transfer');
  });

  it('is told once, however often', () => {
    const told = decide(robot(), APPROVED, POLICY);
    expect(decide(told, APPROVED, POLICY)).toBe(told);
  });

  it('goes on as before when nothing came of it', () => {
    const { state, step } = beginStep(decide(robot(), APPROVED, POLICY), POLICY, NOW, 'reassign');
    const outcome = { result: 'done', at: NOW, note: 'nothing', recorded: 0 } as const;
    const after = decide(state, { type: 'stepEnded', at: NOW, step, outcome }, POLICY);
    expect(after.personId).toBe(state.personId);
    expect(after).not.toHaveProperty('reassign');
  });

  it('does so before the transfer at leaving, and while it is ignored', () => {
    const ignored = { until: null, actor: 'a', at: NOW, reminded: false };
    const late = at('2027-04-02 12:00');
    for (const hold of [null, ignored]) {
      const holds = { ignored: hold, disabledManually: null, excluded: null };
      expect(actionAt(decide(robot({ holds }), { ...APPROVED, at: late }, POLICY), late)).toBe('reassign');
    }
  });

  it('a personal account is never re-assigned, whoever says so', () => {
    for (const kind of ['primary', 'secondary'] as const) {
      const state = account({ kind });
      const told = decide(state, APPROVED, policyFor(kind));
      expect(told).not.toHaveProperty('reassign');
      expect(told.handledCommands).toEqual([]);
    }
  });

  it.each([
    null,
    'r-1',
    {},
    { requestId: 'r-1' },
    { requestId: 1, newOwner: '2' },
    { requestId: '', newOwner: '2' },
  ])('takes no rubbish: %j', (payload) => {
    expect(parseReassigned(payload).ok).toBe(false);
  });
});
