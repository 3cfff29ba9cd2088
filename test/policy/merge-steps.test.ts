import { describe, expect, it } from 'vitest';
import type { AccountState } from '../../src/contracts/account.ts';
import type { AccountEvent } from '../../src/contracts/event.ts';
import type { Followed } from '../../src/contracts/merge.ts';
import type { Policy } from '../../src/contracts/policy.ts';
import type { Instant } from '../../src/contracts/time.ts';
import { decide } from '../../src/policy/decide.ts';
import { policyAfter } from '../../src/policy/merge-steps.ts';
import { nextStep, planAhead, stepsInPlan } from '../../src/policy/next-step.ts';
import { parsePersonsMerged } from '../../src/policy/parse-message.ts';
import { beginStep } from '../support/lives.ts';
import {
  account,
  at,
  commanded,
  command,
  contract,
  found,
  LAST_DAY,
  observed,
  policyFor,
  policyWithGuest,
} from '../support/policy-builders.ts';

const NOW = at('2027-02-20 12:00');
const FACT = { requestId: 'm-1', toPerson: '2' };
const POLICIES = {
  primary: policyWithGuest(),
  secondary: policyFor('secondary'),
  service: policyFor('service'),
};

function merged(instant: Instant, fact = FACT): AccountEvent {
  return { type: 'merged', at: instant, fact };
}

/** What the registry says of it: a secondary account of the other id, unless told otherwise. */
function followed(over: Partial<Followed> = {}): Followed {
  const kind = over.kind ?? 'secondary';
  return {
    ...{ personId: '2', kind, departure: 0, adminDate: null, disabledManually: null },
    policy: kind === 'primary' || kind === 'service' ? POLICIES[kind] : POLICIES.secondary,
    observation: found(9, [contract('2024-01-01', '2028-01-31')], { personId: '2' }),
    ...over,
  };
}

/** The account, once it is told and has followed. */
function after(
  before: AccountState,
  over: Partial<Followed> = {},
  input: { readonly policy?: Policy; readonly now?: Instant } = {},
): { readonly state: AccountState; readonly policy: Policy } {
  const { policy = POLICIES.primary, now = NOW } = input;
  const { state, step } = beginStep(decide(before, merged(now), policy), policy, now, 'merge');
  const outcome = { result: 'done', at: now, note: '', recorded: 99, followed: followed(over) } as const;
  const ended = { type: 'stepEnded', at: now, step, outcome } as const;
  return { state: decide(state, ended, policy), policy: policyAfter(ended, policy) };
}

function actionAt({ state, policy }: { state: AccountState; policy: Policy }, now: Instant): string {
  const next = nextStep(decide(state, { type: 'woke', at: now }, policy), policy, now);
  return next.type === 'act' ? next.step.action : next.type;
}

describe('an account whose person was merged', () => {
  it('goes over at once, and is ruled by the policy of its new kind', () => {
    const { state, policy } = after(account({ activeStatus: 'Active' }));
    expect(state).toMatchObject({
      personId: '2',
      kind: 'secondary',
      stage: 'active',
      epoch: 1,
      activeStatus: null,
    });
    expect(state).not.toHaveProperty('merge');
    expect(policy).toBe(POLICIES.secondary);
    expect(stepsInPlan(state, policy, NOW).map(({ action }) => action)).not.toContain('notice');
    expect(planAhead(state, policy, NOW).map(({ step }) => step.lastDay)).toContain('2028-01-31');
  });

  it('is told once, however often, and an account of an instance never', () => {
    const told = decide(account(), merged(NOW), POLICIES.primary);
    expect(decide(told, merged(NOW), POLICIES.primary)).toBe(told);
    const experiment = account({ kind: 'experiment' });
    expect(decide(experiment, merged(NOW), policyFor('experiment'))).toBe(experiment);
  });

  it('goes on as before when the registry says that it is still theirs', () => {
    const policy = POLICIES.primary;
    const { state, step } = beginStep(decide(account(), merged(NOW), policy), policy, NOW, 'merge');
    const outcome = { result: 'done', at: NOW, note: '', recorded: 0 } as const;
    const gone = decide(state, { type: 'stepEnded', at: NOW, step, outcome }, policy);
    expect(gone).toMatchObject({ kind: 'primary', personId: state.personId, epoch: 0 });
    expect(gone).not.toHaveProperty('merge');
  });

  it('whose person is merged once more while it follows, follows once more', () => {
    const policy = POLICIES.primary;
    const { state, step } = beginStep(decide(account(), merged(NOW), policy), policy, NOW, 'merge');
    const again = { requestId: 'm-2', toPerson: '3' };
    const told = decide(state, merged(NOW + 1, again), policy);
    const outcome = { result: 'done', at: NOW + 2, note: '', recorded: 99, followed: followed() } as const;
    const ended = { type: 'stepEnded', at: NOW + 2, step, outcome } as const;
    const after = decide(told, ended, policy);
    expect(after).toMatchObject({ personId: '2', merge: again });
    expect(actionAt({ state: after, policy: policyAfter(ended, policy) }, NOW + 3)).toBe('merge');
  });

  it('nothing else is done by the facts of the id that went until it follows, but what an admin decided', () => {
    const late = at('2027-10-20 12:00');
    const policy = POLICIES.primary;
    const told = decide(account(), merged(late), policy);
    expect(actionAt({ state: told, policy }, late)).toBe('merge');
    const { state, step } = beginStep(told, policy, late, 'merge');
    const failed = { type: 'stepFailed', at: late, step, code: 'TARGET_DOWN', message: 'down' } as const;
    const waiting = decide(state, failed, policy);
    // Only the note of the failure is recorded.
    expect(actionAt({ state: waiting, policy }, late)).toBe('record');
    const recorded = { ...waiting, unrecorded: [] };
    expect(actionAt({ state: recorded, policy }, late)).toBe('wait');
    const disabled = decide(recorded, commanded(late, command('disable')), policy);
    expect(actionAt({ state: disabled, policy }, late)).toBe('disable');
  });

  it('calls off a block that is being retried', () => {
    const late = at('2027-06-20 12:00');
    const policy = POLICIES.primary;
    const state = account({
      stage: 'grace',
      named: { lastDay: LAST_DAY, dueAt: NOW },
      activeStatus: 'Inactive',
    });
    const guest = { departure: 0, state: 'open' } as const;
    expect(actionAt({ state: { ...state, guest }, policy }, late)).toBe('block');
    expect(actionAt({ state: decide({ ...state, guest }, merged(late), policy), policy }, late)).toBe(
      'merge',
    );
  });

  it('a delete that has begun is finished all the same', () => {
    const state = account({ stage: 'blocked', deleteBegun: true, blocked: { lastDay: LAST_DAY, at: NOW } });
    const told = decide(state, merged(NOW), POLICIES.primary);
    expect(actionAt({ state: told, policy: POLICIES.primary }, NOW)).toBe('delete');
  });

  it('keeps its stage, its holds and its dates', () => {
    const holds = {
      ignored: { until: null, actor: 'a', at: NOW, reminded: false },
      ...{ disabledManually: null, excluded: null },
    };
    const adminDate = { until: '2027-09-30', actor: 'a', at: NOW, reminded: false };
    const { state } = after(account({ holds, adminDate }));
    expect(state).toMatchObject({ holds, adminDate, stage: 'active', managedSince: at('2026-01-01') });
  });

  it('has the later of two dates of admins', () => {
    const dateOf = (until: string) => ({ until, actor: 'a', at: NOW, reminded: false });
    for (const [own, theirs, later] of [
      ['2027-09-30', '2027-10-31', '2027-10-31'],
      ['2027-10-31', '2027-09-30', '2027-10-31'],
    ] as const) {
      const { state } = after(account({ adminDate: dateOf(own) }), { adminDate: dateOf(theirs) });
      expect(state.adminDate?.until).toBe(later);
    }
  });

  it('of somebody whom an admin disabled is turned off, under whichever id that was', () => {
    const disabledManually = { actor: 'a', at: NOW };
    const theirs = after(account(), { disabledManually });
    expect(theirs.state.holds.disabledManually).toEqual(disabledManually);
    expect(actionAt(theirs, NOW)).toBe('disable');
    const holds = { ignored: null, disabledManually, excluded: null };
    expect(after(account({ holds, access: 'off' })).state.holds).toEqual(holds);
  });

  it('that had left comes back, as a secondary account without a mail of its own', () => {
    for (const stage of ['grace', 'blocked'] as const) {
      const left = account({
        ...{
          stage,
          access: stage === 'blocked' ? 'off' : 'on',
          told: { '-7': { lastDay: LAST_DAY, times: 1 } },
        },
        ...{ guest: { departure: 0, state: 'open' }, named: { lastDay: LAST_DAY, dueAt: NOW } },
        ...(stage === 'blocked' && { blocked: { lastDay: LAST_DAY, at: NOW } }),
      });
      const now = at('2027-06-20 12:00');
      const back = after(left, {}, { now });
      // The other id's primary account has the guest accounts.
      expect(back.state).not.toHaveProperty('guest');
      const { state, step } = beginStep(back.state, back.policy, now, 'giveAccess');
      expect(step.giveAccess).toBe('returned');
      const done = {
        type: 'stepEnded',
        at: now,
        step,
        outcome: { result: 'done', at: now, note: '', recorded: 99 },
      } as const;
      const active = decide(state, done, back.policy);
      expect(active).toMatchObject({ stage: 'active', access: 'on', allClear: null });
      expect(stepsInPlan(active, back.policy, now).filter(({ dueAt }) => dueAt <= now)).toEqual([]);
    }
  });

  it('a primary account that stays one counts its leavings on, and keeps its guest account', () => {
    const guest = { departure: 1, state: 'open' } as const;
    const told = { '-7': { lastDay: LAST_DAY, times: 1 } };
    const before = account({ stage: 'grace', departure: 1, guest, told });
    const observation = found(9, [contract('2024-01-01', LAST_DAY)], { personId: '2' });
    const { state, policy } = after(
      before,
      { kind: 'primary', departure: 4, observation },
      { now: at('2027-04-20 12:00') },
    );
    expect(state).toMatchObject({
      kind: 'primary',
      departure: 4,
      guest: { departure: 4, state: 'open' },
      told,
    });
    expect(stepsInPlan(state, policy, at('2027-04-20 12:00')).map(({ action }) => action)).not.toContain(
      'shutGuest',
    );
  });

  it('a service account follows its owner’s other id, and is not handed to a supervisor', () => {
    const robot = account({ kind: 'service' });
    const moved = after(robot, { kind: 'service' }, { policy: POLICIES.service });
    expect(moved.state).toMatchObject({ personId: '2', kind: 'service', epoch: 1 });
    expect(actionAt(moved, at('2027-04-02 12:00'))).not.toBe('transfer');
  });

  it('takes what HR says of the other id, and nothing more of the one that went', () => {
    const { state, policy } = after(account());
    expect(decide(state, observed(NOW, found(50, [])), policy)).toBe(state);
    const news = found(51, [contract('2024-01-01', '2028-06-30')], { personId: '2' });
    expect(decide(state, observed(NOW, news), policy).observation).toEqual(news);
  });

  it.each([
    null,
    'm-1',
    {},
    { requestId: 'm-1' },
    { requestId: 1, toPerson: '2' },
    { requestId: '', toPerson: '2' },
  ])('takes no rubbish: %j', (payload) => {
    expect(parsePersonsMerged(payload).ok).toBe(false);
  });
});
