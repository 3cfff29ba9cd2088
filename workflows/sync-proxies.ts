import { ActivityCancellationType, proxyActivities, workflowInfo } from '@temporalio/workflow';
import type { SyncActivities } from '../activities/sync-activities.ts';
import type { Tuning } from '../src/contracts/workflow-input.ts';

/** So often an attempt may be long: a range of persons is one activity, which beats and resumes. */
const RANGE_FACTOR = 60;

/** Queues of what concerns the deployment as a whole. */
type Queue = 'sync' | 'operator';

/**
 * Activities of the synchronisation and of what it holds. Ranges of persons fill every slot of their queue for as long
 * as a run lasts, so what an operator waits for has a queue of its own. Rule: "The freeze".
 */
export function syncActivities(tuning: Tuning, summary: string): SyncActivities {
  const on = (queue: Queue) =>
    proxyActivities<SyncActivities>({
      taskQueue: `${workflowInfo().taskQueue}-${queue}`,
      startToCloseTimeout: tuning.startToCloseMs * RANGE_FACTOR,
      heartbeatTimeout: tuning.heartbeatMs,
      retry: { initialInterval: tuning.retryInitialMs, maximumInterval: tuning.retryMaximumMs },
      cancellationType: ActivityCancellationType.WAIT_CANCELLATION_COMPLETED,
      summary,
    });
  const sync = on('sync');
  const operator = on('operator');
  return {
    beginRun: sync.beginRun,
    observePersons: sync.observePersons,
    settlePlan: sync.settlePlan,
    applyRows: sync.applyRows,
    endRun: sync.endRun,
    giveUpRun: operator.giveUpRun,
    mailHeldPlan: operator.mailHeldPlan,
    decidePlan: operator.decidePlan,
    lapsePlan: operator.lapsePlan,
    applyApproved: sync.applyApproved,
    answerOperator: operator.answerOperator,
  };
}
