import type { Context } from '@temporalio/activity';
import { ApplicationFailure, CancelledFailure } from '@temporalio/common';

/**
 * Ends an activity that was told to stop: throws what Temporal must hear, or returns when it was not told. Called off
 * by its workflow, that is a cancellation. Its worker stopping is none: it is tried again elsewhere, while a
 * cancellation would make the workflow undo half a block.
 */
export async function throwIfStopped(context: Context): Promise<void> {
  if (!context.cancellationSignal.aborted) return;
  try {
    await context.cancelled;
  } catch (error) {
    if (!(error instanceof CancelledFailure) || error.message !== 'WORKER_SHUTDOWN') throw error;
    throw ApplicationFailure.retryable('the worker stopped; another one goes on', 'WORKER_STOPPED');
  }
}
