import type { Observation } from '../../src/contracts/affiliation.ts';
import { HELD_KINDS } from '../../src/contracts/plan.ts';
import { LifecycleError } from '../../src/errors.ts';
import { accountDate } from '../../src/policy/facts.ts';
import { differenceOf } from '../../src/policy/sync-diff.ts';
import type { StepContext, StepResult } from '../step-context.ts';

/**
 * Refuses a step because HR, read afresh, objects; the account then plans anew from what HR said. Throws, to be
 * retried, when that would take something from the account besides: a loss or shortening waits for the plan of the next
 * synchronisation, and its safeguard. Rule: "A fresh look".
 */
export function refusedByHr(context: StepContext, observation: Observation): StepResult {
  const { state, policy } = context.input;
  const { kind, reason } = differenceOf({
    applied: state.observation,
    newest: observation,
    today: accountDate(state, policy, context.now),
    accounts: [state],
  });
  if (HELD_KINDS.some((held) => held === kind)) {
    throw new LifecycleError({
      code: 'HR_LOSS_WAITS',
      message: `HR, read afresh, takes something away (${reason}); waiting for the next synchronisation`,
      retryable: true,
    });
  }
  return { result: 'refused', why: { code: 'observation', observation } };
}
