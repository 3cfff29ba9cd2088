import { describe, expect, it } from 'vitest';
import type { AccountState } from '../../src/contracts/account.ts';
import type { Step } from '../../src/contracts/step.ts';
import type { Instant } from '../../src/contracts/time.ts';
import {
  account,
  at,
  bareStep,
  contract,
  done,
  fold,
  found,
  LAST_DAY,
  look,
  noPerson,
  observed,
  policyFor,
} from '../support/policy-builders.ts';

const policy = policyFor('primary');

function refused(state: AccountState, step: Step, now: Instant, begun: boolean, end: string | null) {
  const observation = found(50, [contract('2024-01-01', end)]);
  const outcome = {
    result: 'refused',
    at: now,
    recorded: Number.MAX_SAFE_INTEGER,
    begun,
    why: { code: 'observation', observation },
  } as const;
  return fold(state, policy, { type: 'stepEnded', at: now, step, outcome });
}

describe('a step whose first attempt acted and whose second was refused', () => {
  const now = at('2027-05-31');
  const inGrace = account({ stage: 'grace', activeStatus: 'Inactive' });

  it.each([
    ['block', inGrace],
    ['exclude', account()],
  ] as const)('%s: access is given back where it was taken', (action, state) => {
    const after = refused(state, bareStep(action, { lastDay: LAST_DAY }), now, true, '2027-05-20');
    expect(after.access).toBe('partial');
    expect(look(after, policy, now)).toMatchObject({ type: 'act', step: { action: 'giveAccess' } });
  });

  it('block: nothing is undone where nothing was done', () => {
    const after = refused(inGrace, bareStep('block', { lastDay: LAST_DAY }), now, false, '2027-05-20');
    expect(after.access).toBe('on');
  });

  it('activate: what was made is turned off, and made anew under an epoch of its own', () => {
    const pending = account({ stage: 'pending', access: 'none', activeStatus: null });
    const after = refused(pending, bareStep('activate'), now, true, '2027-05-20');
    expect(after).toMatchObject({ access: 'partial', epoch: pending.epoch + 1 });
  });

  it('activate, of a joiner who by then will never come: turned off before the account ends', () => {
    const pending = account({ stage: 'pending', access: 'none', activeStatus: null });
    const gone = fold(pending, policy, observed(now, noPerson(40)));
    expect(gone.stage).toBe('neverJoined');
    const after = refused(gone, bareStep('activate'), now, true, '2027-01-01');
    expect(after).toMatchObject({ stage: 'pending', access: 'partial' });
    expect(look(after, policy, now)).toMatchObject({ type: 'act', step: { action: 'disable' } });
  });
});

describe('an all-clear takes back the warning too', () => {
  it('a date that comes back after it blocks nobody who was not warned anew', () => {
    const warned = account({
      told: { '-60': { lastDay: LAST_DAY, times: 1 } },
      named: { lastDay: LAST_DAY, dueAt: at('2027-01-30 08:00') },
    });
    const open = fold(warned, policy, observed(at('2027-02-10 10:00'), found(50, [contract('2024-01-01')])));
    const clear = look(open, policy, at('2027-02-11 08:00'));
    if (clear.type !== 'act') throw new Error('no all-clear is due');
    expect(clear.step.action).toBe('allClear');
    const told = fold(open, policy, {
      type: 'stepEnded',
      at: at('2027-02-11 08:00'),
      step: clear.step,
      outcome: done(at('2027-02-11 08:00')),
    });

    const late = at('2027-06-10 10:00');
    const back = fold(told, policy, observed(late, found(60, [contract('2024-01-01', LAST_DAY)])));
    const left = fold(back, policy, {
      type: 'stepEnded',
      at: late,
      step: bareStep('leaving', { lastDay: LAST_DAY, activeStatus: 'Inactive' }),
      outcome: done(late),
    });
    const next = look(left, policy, late);
    expect(next).toMatchObject({ type: 'wait', until: at('2027-06-11 08:00'), step: { action: 'notice' } });
  });
});
