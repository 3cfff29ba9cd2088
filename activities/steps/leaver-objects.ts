import type { Observation } from '../../src/contracts/affiliation.ts';
import { accountDate, factsOn } from '../../src/policy/facts.ts';
import { isBackSoon } from '../../src/policy/return-soon.ts';
import type { PersonRow } from '../../src/registry/registry.ts';
import { freshLook } from '../fresh-look.ts';
import type { StepContext } from '../step-context.ts';

/**
 * What HR, read afresh, says against taking a person for gone: they are valid after all, their last day has moved on, or
 * they are back so soon that what follows their leaving waits. `objection` `null` = nothing.
 * Rule: "Which affiliation governs".
 */
export async function leaverObjects(
  context: StepContext,
): Promise<{ readonly objection: Observation | null; readonly person: PersonRow | null }> {
  const { step, policy } = context.input;
  const { observation, person } = await freshLook(context, context.input.state.personId);
  const state = { ...context.input.state, observation };
  const { lastDay, valid } = factsOn(state, accountDate(state, policy, context.now));
  const moved = lastDay.type === 'on' && step.lastDay !== null && lastDay.date > step.lastDay;
  const isBack = step.lastDay !== null && isBackSoon(state, policy, step.lastDay, context.now);
  return { objection: valid || moved || isBack ? observation : null, person };
}
