import { ApplicationFailure, CancelledFailure } from '@temporalio/common';
import { LifecycleError } from '../src/errors.ts';

/**
 * Turns any error into the failure Temporal gets, with the decision whether to retry: the one place. Of an error that
 * is not ours only the name goes on: its message may hold what must not stand in a history.
 */
export function failureOf(error: unknown): Error {
  if (error instanceof ApplicationFailure || error instanceof CancelledFailure) return error;
  if (error instanceof LifecycleError) {
    return ApplicationFailure.create({
      type: error.code,
      message: error.message,
      nonRetryable: !error.retryable,
      details: [error.facts],
    });
  }
  const name = error instanceof Error ? error.name : typeof error;
  return ApplicationFailure.create({
    type: 'UNEXPECTED',
    message: `unexpected ${name}; see the worker's log`,
  });
}

/** Throws one error for all that were rejected, if any was: a retryable one as soon as a retry may mend any of them. */
export function throwRejected(results: readonly PromiseSettledResult<unknown>[]): void {
  const errors = results.flatMap((result): unknown[] =>
    result.status === 'rejected' ? [result.reason] : [],
  );
  if (errors.length === 0) return;
  const retryable = errors.find((error) => !(error instanceof LifecycleError) || error.retryable);
  const error = retryable ?? errors[0];
  throw error instanceof Error ? error : new TypeError('something that is no error was thrown');
}
