import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import type { SyncContext } from '../../activities/sync-activities.ts';
import { releaseSyncLease, withSyncLease } from '../../activities/sync/sync-lease.ts';
import { LifecycleError } from '../../src/errors.ts';
import type { Registry } from '../../src/registry/registry.ts';
import { runSync, startSurroundings, type Surroundings } from '../support/deployment.ts';
import { clockFrom, within } from '../support/lives.ts';
import { at } from '../support/policy-builders.ts';

const NOW = at('2027-02-01 12:00');
/** Between two renewals. */
const RENEWAL_MS = 30_000;

let around: Surroundings;
beforeAll(async () => {
  around = await startSurroundings();
});
beforeEach(async () => {
  await around.forget();
  vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval', 'performance'] });
});
afterEach(() => {
  vi.useRealTimers();
});
afterAll(() => around.stop());

function contextOf(over: Partial<Registry> = {}, signal = new AbortController().signal): SyncContext {
  return {
    deps: { ...around.deps, registry: { ...around.registry, ...over } },
    clock: clockFrom(NOW),
    signal,
    now: () => NOW,
    beat: () => undefined,
    resumeFrom: undefined,
  };
}

/** A body that works until it is called off. */
const untilAborted = (signal: AbortSignal) =>
  new Promise<never>((_, reject) => {
    const end = () => {
      reject(signal.reason as Error);
    };
    if (signal.aborted) end();
    signal.addEventListener('abort', end);
  });

const lost = { code: 'SYNC_LEASE_LOST', retryable: true };

describe('the turn of a synchronisation', () => {
  it('is renewed for as long as it works', async () => {
    const renewals = vi.fn(around.registry.acquireLease);
    const context = contextOf({ acquireLease: renewals });
    await withSyncLease(context, 'run-1', async ({ signal }) => {
      for (let count = 2; count < 12; count += 1) {
        await vi.advanceTimersByTimeAsync(RENEWAL_MS);
        await vi.waitFor(() => expect(renewals).toHaveBeenCalledTimes(count));
      }
      expect(signal.aborted).toBe(false);
    });
  });

  it('that another has taken calls off what is under way', async () => {
    const work = withSyncLease(contextOf(), 'run-1', async ({ signal }) => {
      await around.registry.releaseLease({ name: 'hr-sync', holder: 'run-1' });
      await around.registry.acquireLease({ name: 'hr-sync', holder: 'run-2', forMs: RENEWAL_MS });
      vi.advanceTimersByTime(RENEWAL_MS);
      return untilAborted(signal);
    });
    await expect(within('the end', work)).rejects.toMatchObject(lost);
  });

  it('that was not to be renewed in time is taken for lost; one failure in between is not', async () => {
    let calls = 0;
    const acquireLease: Registry['acquireLease'] = async (input) => {
      calls += 1;
      if (calls > 1) throw new LifecycleError({ code: 'BROKEN', message: 'broken', retryable: true });
      return around.registry.acquireLease(input);
    };
    const work = withSyncLease(contextOf({ acquireLease }), 'run-1', async ({ signal }) => {
      for (let count = 2; count < 5; count += 1) {
        await vi.advanceTimersByTimeAsync(RENEWAL_MS);
        await vi.waitFor(() => expect(calls).toBe(count));
        expect(signal.aborted).toBe(false);
      }
      vi.advanceTimersByTime(RENEWAL_MS);
      return untilAborted(signal);
    });
    await expect(within('the end', work)).rejects.toMatchObject(lost);
  });

  it('that was lost makes the result count for nothing, whatever the work did not hear', async () => {
    const answers = [true, false];
    const acquireLease = vi.fn<Registry['acquireLease']>(async () => answers.shift() ?? false);
    const work = withSyncLease(contextOf({ acquireLease }), 'run-1', async ({ signal }) => {
      vi.advanceTimersByTime(RENEWAL_MS);
      await vi.waitFor(() => expect(signal.aborted).toBe(true));
      return 'done';
    });
    await expect(within('the end', work)).rejects.toMatchObject(lost);
  });

  it('ends with the activity: its own cancellation is heard, with its reason', async () => {
    const cancel = new AbortController();
    const work = withSyncLease(contextOf({}, cancel.signal), 'run-1', async ({ signal }) => {
      cancel.abort(new Error('called off'));
      return untilAborted(signal);
    });
    await expect(within('the end', work)).rejects.toThrow('called off');
  });

  it('is given back when its last activity fails, so that the next one need not wait', async () => {
    vi.useRealTimers();
    const run = { clock: clockFrom(NOW), planId: 'run-1', shrunk: false };
    // There is no such plan.
    await expect(runSync(around.deps, (activities) => activities.endRun(run))).rejects.toMatchObject({
      type: 'NO_PLAN',
    });
    const next = contextOf();
    expect(await withSyncLease(next, 'run-2', async () => 'done')).toBe('done');
    await releaseSyncLease(next, 'run-2');
  });
});
