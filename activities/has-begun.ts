import { effectKey } from './effect-key.ts';
import type { StepContext } from './step-context.ts';

/** Whether an attempt of this step announced an effect at any target, and so may have acted there. */
export async function hasBegun(context: StepContext): Promise<boolean> {
  const { accountId, epoch, action, lastDay } = effectKey(context, '');
  const effects = await context.deps.registry.effects(accountId);
  return effects.some(
    (effect) => effect.epoch === epoch && effect.action === action && effect.lastDay === lastDay,
  );
}
