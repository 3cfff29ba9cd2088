import { expect, it } from 'vitest';
import { decide } from '../../src/policy/decide.ts';
import { account, at, LAST_DAY, look, policyFor } from '../support/policy-builders.ts';

it('a block that no retry mends keeps the delete waiting, for years, and with no days between the two', () => {
  const policy = policyFor('primary', { deleteAfterBlockDays: 0 });
  const named = { lastDay: LAST_DAY, dueAt: at('2027-01-30 08:00') };
  const told = Object.fromEntries([-60, -27, -7].map((day) => [day, { lastDay: LAST_DAY, times: 1 }]));
  let state = account({ stage: 'grace', activeStatus: 'Inactive', named, told });

  for (const now of [at('2027-09-28 00:00'), at('2027-09-29 12:00'), at('2029-01-01 12:00')]) {
    const next = look(state, policy, now);
    expect(next).toMatchObject({ type: 'act', step: { action: 'block' } });
    if (next.type !== 'act') return;
    const failed = {
      type: 'stepFailed',
      at: now,
      step: next.step,
      code: 'GONE',
      message: 'as told',
    } as const;
    state = decide(state, failed, policy);
    expect(look(state, policy, now)).not.toMatchObject({ step: { action: 'delete' }, type: 'act' });
    expect(look(state, policy, now + 3_600_000)).not.toMatchObject({
      step: { action: 'delete' },
      type: 'act',
    });
  }
});
