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

/**
 * What the worker's log says of an error. Of one that is not ours it tells where it comes from, not its message, which
 * may hold what must not stand in a log.
 */
export function errorFacts(error: unknown): Readonly<Record<string, unknown>> {
  if (!(error instanceof Error)) return { error: typeof error };
  const code = 'code' in error ? String(error.code) : null;
  if (error instanceof LifecycleError) return { error: error.name, code };
  const frames = (error.stack ?? '').split('\n').filter((line) => /^\s+at /.test(line));
  return { error: error.name, code, frames: frames.map((line) => line.trim()) };
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
