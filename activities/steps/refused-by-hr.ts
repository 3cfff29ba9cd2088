import type { Observation } from '../../src/contracts/affiliation.ts';
import { HELD_KINDS } from '../../src/contracts/plan.ts';
import { accountDate } from '../../src/policy/facts.ts';
import { differenceOf } from '../../src/policy/sync-diff.ts';
import type { StepContext, StepResult } from '../step-context.ts';
import { lossWaits } from './loss-waits.ts';

/**
 * Refuses a step with what HR, read afresh, said, which this account hears before the others. The registry notes that
 * first: else HR's going back to what all were told before would be no news to any synchronisation, and the account
 * would keep for ever what HR said for a moment. Rule: "A fresh look".
 */
export async function tellingApart(context: StepContext, observation: Observation): Promise<StepResult> {
  const { personId, number } = observation;
  await context.deps.registry.toldApart({ personId, number });
  return { result: 'refused', why: { code: 'observation', observation } };
}

/**
 * Refuses a step because HR, read afresh, objects; the account then plans anew from what HR said. Throws, to be
 * retried, when that would take something from the account besides: a loss or shortening waits for the plan of the next
 * synchronisation, and its safeguard. Rule: "A fresh look".
 */
export async function refusedByHr(context: StepContext, observation: Observation): Promise<StepResult> {
  const { state, policy } = context.input;
  const { kind, reason } = differenceOf({
    applied: state.observation,
    newest: observation,
    today: accountDate(state, policy, context.now),
    accounts: [state],
  });
  if (HELD_KINDS.some((held) => held === kind)) {
    throw lossWaits(reason);
  }
  return tellingApart(context, observation);
}
