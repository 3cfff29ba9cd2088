import { ActivityCancellationType, proxyActivities, workflowInfo } from '@temporalio/workflow';
import type { SyncActivities } from '../activities/sync-activities.ts';
import type { Tuning } from '../src/contracts/workflow-input.ts';

/** So often an attempt may be long: a range of persons is one activity, which beats and resumes. */
const RANGE_FACTOR = 60;

/** Activities of the synchronisation; `giveUpMs` = so long they are tried, by default for ever. */
export function syncActivities(tuning: Tuning, summary: string, giveUpMs?: number): SyncActivities {
  return proxyActivities<SyncActivities>({
    taskQueue: `${workflowInfo().taskQueue}-sync`,
    startToCloseTimeout: tuning.startToCloseMs * RANGE_FACTOR,
    heartbeatTimeout: tuning.heartbeatMs,
    ...(giveUpMs === undefined ? {} : { scheduleToCloseTimeout: giveUpMs }),
    retry: { initialInterval: tuning.retryInitialMs, maximumInterval: tuning.retryMaximumMs },
    cancellationType: ActivityCancellationType.WAIT_CANCELLATION_COMPLETED,
    summary,
  });
}
