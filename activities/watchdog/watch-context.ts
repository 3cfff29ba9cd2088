import { Context } from '@temporalio/activity';
import { isGrpcServiceError } from '@temporalio/client';
import type { ClockAnchor } from '../../src/contracts/time.ts';
import { virtualNow } from '../../src/contracts/time.ts';
import { LifecycleError } from '../../src/errors.ts';
import type { ActivityDependencies } from '../dependencies.ts';
import { errorFacts, failureOf } from '../failures.ts';
import type { SyncContext } from '../sync-activities.ts';
import type { AccountWatch } from './account-watch.ts';

/** What watchdog and reconcile work with: everything activities have, and a view of the workflows from outside. */
export interface WatchDependencies extends ActivityDependencies {
  readonly watch: AccountWatch;
}

/** How many accounts are looked at side by side. */
export const SIDE_BY_SIDE = 8;

export interface WatchContext extends SyncContext {
  readonly deps: WatchDependencies;
  /** What an attempt before this one had done, from its last beat. */
  readonly resumeFrom: unknown;
}

/** Beats so many times within the time-out that it has for it. */
const BEATS_PER_TIMEOUT = 3;
const DEFAULT_HEARTBEAT_MS = 30_000;

/** Runs the body of an activity of the watchdog or of reconcile: beats while it works, turns errors into failures. */
export async function inWatchContext<T>(
  deps: WatchDependencies,
  clock: ClockAnchor,
  body: (context: WatchContext) => Promise<T>,
): Promise<T> {
  const context = Context.current();
  let details: unknown = context.info.heartbeatDetails;
  const everyMs = (context.info.heartbeatTimeoutMs ?? DEFAULT_HEARTBEAT_MS) / BEATS_PER_TIMEOUT;
  const timer = setInterval(() => {
    context.heartbeat(details);
  }, everyMs);
  try {
    return await body({
      deps,
      clock,
      signal: context.cancellationSignal,
      now: () => virtualNow(clock, Date.now()),
      beat: (next) => {
        details = next;
        context.heartbeat(next);
      },
      resumeFrom: details,
    });
  } catch (error) {
    if (context.cancellationSignal.aborted) await context.cancelled;
    const { activityType: activity, attempt } = context.info;
    deps.log.warn('accounts not looked at', { activity, attempt, ...errorFacts(error) });
    throw failureOf(error);
  } finally {
    clearInterval(timer);
  }
}

// gRPC's status codes of a server that cannot answer anybody.
const OUTAGES: ReadonlySet<number> = new Set([4, 8, 14]);

/** Whether the error says that nobody can be looked at now, rather than that this one account has a problem. */
export function isOutage(error: unknown): boolean {
  if (error instanceof LifecycleError) return error.retryable;
  if (isGrpcServiceError(error)) return OUTAGES.has(error.code);
  return error instanceof Error && error.cause !== undefined && isOutage(error.cause);
}

/** Works on one account; what is wrong with it alone stops no other one. Answers whether it went well. */
export async function apart(
  context: WatchContext,
  accountId: string,
  work: () => Promise<void>,
): Promise<boolean> {
  try {
    await work();
    return true;
  } catch (error) {
    if (context.signal.aborted || isOutage(error)) throw error;
    context.deps.log.warn('account not looked at; the next visit tries again', {
      accountId,
      ...errorFacts(error),
    });
    return false;
  }
}
