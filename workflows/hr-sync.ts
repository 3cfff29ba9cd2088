import {
  ActivityCancellationType,
  proxyActivities,
  setCurrentDetails,
  workflowInfo,
} from '@temporalio/workflow';
import type { SyncActivities } from '../activities/sync-activities.ts';
import type { HrSyncInput, HrSyncResult } from '../src/contracts/sync.ts';

/** So often an attempt may be long: a range of persons is one activity, which beats and resumes. */
const RANGE_FACTOR = 60;

/**
 * One synchronisation with HR: observe, then apply. What was observed is in the registry; nothing personal and no
 * list passes through here. A plan that is checked before it is applied comes between the two.
 */
export async function hrSync(input: HrSyncInput): Promise<HrSyncResult> {
  const { clock, tuning } = input;
  const { runId, taskQueue } = workflowInfo();
  const activities = (summary: string) =>
    proxyActivities<SyncActivities>({
      taskQueue: `${taskQueue}-sync`,
      startToCloseTimeout: tuning.startToCloseMs * RANGE_FACTOR,
      heartbeatTimeout: tuning.heartbeatMs,
      retry: { initialInterval: tuning.retryInitialMs, maximumInterval: tuning.retryMaximumMs },
      cancellationType: ActivityCancellationType.WAIT_CANCELLATION_COMPLETED,
      summary,
    });
  setCurrentDetails('Looking at everyone HR knows');
  const range = { after: null, upTo: null };
  const observed = await activities('look at everyone HR knows').observePersons({ clock, runId, range });
  setCurrentDetails(
    `Looked at ${String(observed.looked)} persons, ${String(observed.changed)} changed; applying`,
  );
  const applied = await activities('make accounts for joiners, tell accounts').applyObservations({
    clock,
    runId,
  });
  await activities('mail new alarms').mailAlarms({ clock });
  setCurrentDetails(
    [
      `Looked at ${String(observed.looked)} persons: ${String(observed.changed)} changed,`,
      `${String(observed.noPerson)} unknown to HR, ${String(observed.unavailable)} without an answer.`,
      `${String(applied.joiners)} joined, ${String(applied.told)} told, ${String(applied.failed)} failed.`,
    ].join(' '),
  );
  return { ...observed, ...applied };
}
