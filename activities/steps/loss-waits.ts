import { LifecycleError } from '../../src/errors.ts';

/** HR, read afresh, takes something away: that waits for the plan of the next synchronisation, and its safeguard. */
export function lossWaits(reason: string): LifecycleError {
  return new LifecycleError({
    code: 'HR_LOSS_WAITS',
    message: `HR, read afresh, takes something away (${reason}); waiting for the next synchronisation`,
    retryable: true,
  });
}
