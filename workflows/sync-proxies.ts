import { ActivityCancellationType, proxyActivities, workflowInfo } from '@temporalio/workflow';
import type { SyncActivities } from '../activities/sync-activities.ts';
import { queuesAround, type TaskQueues } from '../src/contracts/task-queues.ts';
import type { Tuning } from '../src/contracts/workflow-input.ts';

/** So often an attempt may be long: a range of persons is one activity, which beats and resumes. */
const RANGE_FACTOR = 60;

/** HR, or the instance, that is back is noticed so soon, and no longer pause gives the turn away to another synchronisation. */
const LONGEST_PAUSE_MS = 60_000;

/** Queues of what concerns the deployment as a whole. */
type Queue = Extract<keyof TaskQueues, 'sync' | 'operator'>;

/**
 * Activities of the synchronisation and of what it holds. Ranges of persons fill every slot of their queue for as long
 * as a run lasts, so what an operator waits for has a queue of its own. Rule: "The freeze".
 */
export function syncActivities(tuning: Tuning, summary: string): SyncActivities {
  const on = (queue: Queue, longestPauseMs = Infinity) =>
    proxyActivities<SyncActivities>({
      taskQueue: queuesAround(workflowInfo().taskQueue)[queue],
      startToCloseTimeout: tuning.startToCloseMs * RANGE_FACTOR,
      heartbeatTimeout: tuning.heartbeatMs,
      // For ever, but for what no retry mends: a range says itself when it has waited for HR for too long.
      retry: {
        initialInterval: tuning.retryInitialMs,
        maximumInterval: Math.min(tuning.retryMaximumMs, longestPauseMs),
      },
      cancellationType: ActivityCancellationType.WAIT_CANCELLATION_COMPLETED,
      summary,
    });
  const sync = on('sync');
  const operator = on('operator');
  return {
    beginRun: sync.beginRun,
    observePersons: on('sync', LONGEST_PAUSE_MS).observePersons,
    readInstance: on('sync', LONGEST_PAUSE_MS).readInstance,
    handleInstance: on('sync', LONGEST_PAUSE_MS).handleInstance,
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
