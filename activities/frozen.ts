import type { StepAction } from '../src/contracts/step.ts';
import { LifecycleError } from '../src/errors.ts';
import type { StepContext } from './step-context.ts';

/** What a frozen deployment does not do, by calendar or by HR. Manual disabling goes on. */
const STOPPED: ReadonlySet<StepAction> = new Set<StepAction>(['block', 'delete', 'transfer']);

/**
 * Throws, to be retried, while the deployment is frozen and the step is one of those that a freeze stops. To be asked
 * right before anything is done. Rule: "The freeze".
 */
export async function refuseWhileFrozen(context: StepContext): Promise<void> {
  if (!STOPPED.has(context.input.step.action)) return;
  const freeze = await context.deps.registry.frozen();
  if (!freeze) return;
  throw new LifecycleError({
    code: 'FROZEN',
    message: `the deployment is frozen by ${freeze.actor} (${freeze.reason}); waiting for unfreeze`,
    retryable: true,
  });
}
