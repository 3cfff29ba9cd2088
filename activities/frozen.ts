import type { StepAction } from '../src/contracts/step.ts';
import { frozenError } from '../src/errors.ts';
import type { StepContext } from './step-context.ts';

/** What a frozen deployment does not do, by calendar or by HR. Manual disabling goes on. */
const STOPPED: ReadonlySet<StepAction> = new Set<StepAction>(['block', 'delete', 'transfer']);

/** Whether a freeze stops the step. */
export function isStoppedByFreeze({ input }: StepContext): boolean {
  return STOPPED.has(input.step.action);
}

/**
 * Throws, to be retried, while the deployment is frozen and the step is one of those that a freeze stops. To be asked
 * right before anything is done. Rule: "The freeze".
 */
export async function refuseWhileFrozen(context: StepContext): Promise<void> {
  if (!isStoppedByFreeze(context)) return;
  const freeze = await context.deps.registry.frozen();
  if (freeze) throw frozenError(freeze);
}
