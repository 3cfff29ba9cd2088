import {
  ActivityCancellationType,
  CancellationScope,
  proxyActivities,
  workflowInfo,
} from '@temporalio/workflow';
import type { MergeActivities } from '../activities/merge-activities.ts';
import type { PersonMergeInput, PersonMergeResult } from '../src/contracts/merge.ts';
import { queuesAround } from '../src/contracts/task-queues.ts';

/** An attempt tells many accounts, and beats. */
const LENGTH_FACTOR = 60;

/**
 * Merges two persons whose ids HR merged: everything in the registry at once, then everyone is told whom it concerns. What
 * has begun is finished, whoever dies meanwhile. Rule: "Merging two person ids".
 */
export async function personMerge({ ask, clock, tuning }: PersonMergeInput): Promise<PersonMergeResult> {
  const activities = (summary: string): MergeActivities =>
    proxyActivities<MergeActivities>({
      taskQueue: queuesAround(workflowInfo().taskQueue).operator,
      startToCloseTimeout: tuning.startToCloseMs * LENGTH_FACTOR,
      heartbeatTimeout: tuning.heartbeatMs,
      retry: { initialInterval: tuning.retryInitialMs, maximumInterval: tuning.retryMaximumMs },
      cancellationType: ActivityCancellationType.WAIT_CANCELLATION_COMPLETED,
      summary,
    });
  return CancellationScope.nonCancellable(async () => {
    const pair = `person ${ask.fromPerson} into person ${ask.toPerson}`;
    const result = await activities(`merge ${pair}`).mergePersons({ clock, ask });
    if (result.outcome === 'refused') return result;
    const { requestId } = result.merge;
    await activities('tell accounts, requests and directories').tellMerged({ clock, requestId });
    return result;
  });
}
