import type { Directory } from '../src/connectors/directory.ts';
import { virtualNow } from '../src/contracts/time.ts';
import type { EffectKey } from '../src/registry/registry.ts';
import { throwRejected } from './failures.ts';
import type { StepContext } from './step-context.ts';

/** The effect of a step at a target. Its epoch makes the second block of a returner a new effect. */
export function effectKey(context: StepContext, target: string): EffectKey {
  const { state, step } = context.input;
  // Access is given under the epoch that begins with it.
  const epoch = step.action === 'giveAccess' ? state.epoch + 1 : state.epoch;
  // One last day sees several statuses, and the same one again after a date moved there and back: each is an effect of
  // its own, as is each reason to give access.
  const status = `${String(step.activeStatus)}#${state.sequence}`;
  const detail = step.action === 'status' ? status : step.giveAccess;
  const action = detail === null ? step.action : `${step.action}:${detail}`;
  return { accountId: state.accountId, epoch, action, target, lastDay: step.lastDay };
}

/**
 * Carries out an effect at one target, once: announces the intent, looks right before the call whether a newer attempt
 * has taken over, acts, and marks it done. Answers the note of the effect.
 */
export async function effectOnce(
  context: StepContext,
  target: string,
  act: () => Promise<string | null>,
): Promise<string | null> {
  const { registry } = context.deps;
  const key = effectKey(context, target);
  const row = await registry.intend({ key, fence: context.fence, at: context.now });
  if (row.state === 'done') return row.note;
  await registry.claim(context.fence);
  const note = await act();
  // An attempt may wait for HR for long: what counts is when it was done.
  const at = virtualNow(context.input.clock, Date.now());
  await registry.effectDone({ key, fence: context.fence, at, note });
  return note;
}

/** Acts on every directory, each apart: one that fails keeps no other from being done, and alone is tried again. */
export async function onEveryDirectory(
  context: StepContext,
  act: (directory: Directory) => Promise<string | null>,
): Promise<readonly string[]> {
  const results = await Promise.allSettled(
    context.deps.directories.map((directory) => effectOnce(context, directory.name, () => act(directory))),
  );
  throwRejected(results);
  return results.flatMap((result) => (result.status === 'fulfilled' && result.value ? [result.value] : []));
}
