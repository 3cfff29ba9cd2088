import type { Directory } from '../src/connectors/directory.ts';
import { virtualNow } from '../src/contracts/time.ts';
import { isStoppedByFreeze } from './frozen.ts';
import { effectKey } from './effect-key.ts';
import { throwRejected } from './failures.ts';
import type { StepContext } from './step-context.ts';

/**
 * Carries out an effect at one target, once: announces the intent, which a freeze refuses, looks right before the call
 * whether a newer attempt has taken over, acts, and marks it done. Answers the note of the effect.
 */
export async function effectOnce(
  context: StepContext,
  target: string,
  act: () => Promise<string | null>,
): Promise<string | null> {
  const { registry } = context.deps;
  const key = effectKey(context, target);
  const { fence, now } = context;
  // An intent that a freeze kept from being acted on would be taken for a delete that has begun, and finished.
  const row = await registry.intend({ key, fence, at: now, unlessFrozen: isStoppedByFreeze(context) });
  if (row.state === 'done') return row.note;
  await registry.claim(fence);
  const note = await act();
  // An attempt may wait for HR for long: what counts is when it was done.
  const at = virtualNow(context.input.clock, Date.now());
  await registry.effectDone({ key, fence, at, note });
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
