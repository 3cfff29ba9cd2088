import { LifecycleError } from '../../src/errors.ts';
import type { SyncContext } from '../sync-activities.ts';

const NAME = 'hr-sync';
/** Longer than any pause between two activities of a run, so that only a dead run loses it. */
const LEASE_MS = 120_000;
/** So often it is renewed before it is over. */
const RENEWALS = 4;

/**
 * Runs the body under the lease that keeps synchronisations, and the application of approved plans, apart. The holder
 * keeps it afterwards, until {@link releaseSyncLease}, or for two minutes. While the body runs it is renewed; when that
 * was not to be done in time, the body's signal is aborted and its result not taken. Throws, to be retried,
 * `SYNC_RUNNING` when another has it and `SYNC_LEASE_LOST` when it was lost.
 */
export async function withSyncLease<T>(
  context: SyncContext,
  holder: string,
  body: (context: SyncContext) => Promise<T>,
): Promise<T> {
  const { registry } = context.deps;
  const acquire = () => registry.acquireLease({ name: NAME, holder, forMs: LEASE_MS });
  let heldFrom = performance.now();
  if (!(await acquire())) throw running();
  const { signal, abort, release } = followerOf(context.signal);
  let renewal: Promise<void> = Promise.resolve();
  const renew = async (): Promise<void> => {
    const asked = performance.now();
    const answer = await acquire().catch(() => null);
    if (answer === true) heldFrom = asked;
    // A registry that does not answer takes nothing away before the time is over.
    else if (answer === false || performance.now() - heldFrom >= LEASE_MS) abort(lost());
  };
  const timer = setInterval(() => {
    renewal = renewal.then(renew);
  }, LEASE_MS / RENEWALS);
  try {
    const result = await body({ ...context, signal });
    // Somebody else may have been at work since: what was done repeats without harm, under the lease.
    signal.throwIfAborted();
    return result;
  } finally {
    clearInterval(timer);
    release();
    await renewal;
  }
}

/** The run is over, whatever came of it: the next one need not wait. */
export function releaseSyncLease(context: SyncContext, holder: string): Promise<void> {
  return context.deps.registry.releaseLease({ name: NAME, holder });
}

/** A signal that aborts with another one, and when told to. */
function followerOf(leader: AbortSignal) {
  // Not AbortSignal.any: with a signal that lives for the whole activity it leaks in Node 20.
  const own = new AbortController();
  const follow = () => {
    own.abort(leader.reason);
  };
  if (leader.aborted) follow();
  leader.addEventListener('abort', follow, { once: true });
  return {
    signal: own.signal,
    abort: (reason: Error) => {
      own.abort(reason);
    },
    release: () => {
      leader.removeEventListener('abort', follow);
    },
  };
}

function running(): LifecycleError {
  return new LifecycleError({
    code: 'SYNC_RUNNING',
    message: 'another synchronisation is running; this one waits for it',
    retryable: true,
  });
}

function lost(): LifecycleError {
  return new LifecycleError({
    code: 'SYNC_LEASE_LOST',
    message: 'the turn of this synchronisation was over before it was renewed; it waits for its next one',
    retryable: true,
  });
}
