import { LifecycleError } from '../../src/errors.ts';
import type { SyncContext } from '../sync-activities.ts';

const NAME = 'hr-sync';
/** Longer than any pause between two activities of a run, so that only a dead run loses it. */
const LEASE_MS = 120_000;

/**
 * Runs the body under the lease that keeps synchronisations, and the application of approved plans, apart. The holder
 * keeps it afterwards, until {@link releaseSyncLease}, or for two minutes. Throws, to be retried, when another has it.
 */
export async function withSyncLease<T>(
  context: SyncContext,
  holder: string,
  body: () => Promise<T>,
): Promise<T> {
  const { registry } = context.deps;
  const acquire = () => {
    const nowMs = Date.now();
    return registry.acquireLease({ name: NAME, holder, nowMs, untilMs: nowMs + LEASE_MS });
  };
  if (!(await acquire())) {
    throw new LifecycleError({
      code: 'SYNC_RUNNING',
      message: 'another synchronisation is running; this one waits for it',
      retryable: true,
    });
  }
  let renewal: Promise<unknown> = Promise.resolve();
  const timer = setInterval(() => {
    renewal = acquire().catch(() => false);
  }, LEASE_MS / 4);
  try {
    return await body();
  } finally {
    clearInterval(timer);
    await renewal;
  }
}

/** The run is over: the next one need not wait. */
export function releaseSyncLease(context: SyncContext, holder: string): Promise<void> {
  return context.deps.registry.releaseLease({ name: NAME, holder });
}
