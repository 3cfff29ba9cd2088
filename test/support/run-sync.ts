import { ApplicationFailure } from '@temporalio/common';
import { randomUUID } from 'node:crypto';
import type { ActivityDependencies } from '../../activities/dependencies.ts';
import type { Settled } from '../../activities/sync/settle-plan.ts';
import type { LookCounts } from '../../src/contracts/plan.ts';
import type { ApplyCounts } from '../../src/contracts/sync.ts';
import type { ClockAnchor, Instant } from '../../src/contracts/time.ts';
import { addApplied, addLooks, NO_LOOKS, NOTHING_APPLIED } from '../../src/policy/sync-counts.ts';
import { runSync } from './deployment.ts';
import { clockFrom } from './lives.ts';

export interface SyncOutcome extends LookCounts, ApplyCounts {
  readonly planId: string;
  readonly settled: Settled;
}

/** A whole synchronisation, activity by activity as its workflow has them done, outside Temporal. */
export async function wholeSync(
  around: ActivityDependencies,
  now: Instant,
  options: {
    readonly dryRun?: boolean;
    readonly replanRejected?: boolean;
  } = {},
): Promise<SyncOutcome> {
  const { dryRun = false, replanRejected = false } = options;
  // Each run is at a moment of the test's choice, whatever clock the registry was opened with.
  const deps = { ...around, registry: { ...around.registry, clock: async (clock: ClockAnchor) => clock } };
  const run = { clock: clockFrom(now), planId: randomUUID() };
  const { ranges } = await runSync(deps, (activities) => activities.beginRun({ ...run, dryRun }));
  let looks = NO_LOOKS;
  let gaveUp = 0;
  for (const range of ranges) {
    const { expected } = range;
    const counts = await runSync(deps, (activities) =>
      activities.observePersons({ ...run, range, dryRun }),
    ).catch((error: unknown) => {
      if (!(error instanceof ApplicationFailure) || error.nonRetryable === true) throw error;
      // The workflow would try for longer.
      gaveUp += 1;
      return { ...NO_LOOKS, expected, unavailable: expected };
    });
    looks = addLooks(looks, counts);
  }
  const settled = await runSync(deps, (activities) =>
    activities.settlePlan({ ...run, looks, dryRun, replanRejected, gaveUp }),
  );
  let applied = NOTHING_APPLIED;
  if (dryRun) await runSync(deps, (activities) => activities.giveUpRun(run));
  else {
    for (const range of ranges) {
      applied = addApplied(
        applied,
        await runSync(deps, (activities) => activities.applyRows({ ...run, range })),
      );
    }
    const shrunk = settled.shrunk !== null;
    await runSync(deps, (activities) => activities.endRun({ ...run, shrunk, failed: applied.failed }));
  }
  return { ...looks, ...applied, planId: run.planId, settled };
}
