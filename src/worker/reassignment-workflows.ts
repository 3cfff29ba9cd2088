import {
  type Client,
  WithStartWorkflowOperation,
  WorkflowNotFoundError,
  WorkflowUpdateFailedError,
} from '@temporalio/client';
import type { ReassignmentWorkflows } from '../../activities/dependencies.ts';
import type { Tuning } from '../contracts/workflow-input.ts';
import { LifecycleError } from '../errors.ts';
import {
  askReassignment,
  ownerChanged,
  reassignedPersonsMerged,
  reassignmentId,
  reassignmentWords,
} from '../../workflows/messages.ts';
import type { reassignment } from '../../workflows/reassignment.ts';

/** What an Update that was refused says; anything else is thrown on. */
function refusalIn(error: unknown): string {
  if (!(error instanceof WorkflowUpdateFailedError)) throw error;
  return error.cause?.message ?? error.message;
}

/** Starts the workflows of requests to re-assign accounts, and talks to them, through a Temporal client. */
export function createReassignmentWorkflows(input: {
  readonly client: Client;
  /** The operator's queue. */
  readonly taskQueue: string;
  readonly tuning: Tuning;
}): ReassignmentWorkflows {
  const { client, taskQueue, tuning } = input;
  return {
    async ask({ ask, clock }) {
      const startWorkflowOperation = new WithStartWorkflowOperation<typeof reassignment>('reassignment', {
        workflowId: reassignmentId(ask.accountId),
        taskQueue,
        args: [{ ask, clock, tuning }],
        workflowIdConflictPolicy: 'USE_EXISTING',
        workflowIdReusePolicy: 'ALLOW_DUPLICATE',
        staticSummary: `re-assignment of account ${ask.accountId}`,
      });
      try {
        // No id of its own: a run that is over would answer a second time what it answered before.
        const answer = await client.workflow.executeUpdateWithStart(askReassignment, {
          args: [ask],
          startWorkflowOperation,
        });
        if (answer.outcome !== 'ending') return answer;
      } catch (error) {
        return { outcome: 'refused', code: 'ALREADY_OPEN', why: refusalIn(error) };
      }
      throw new LifecycleError({
        code: 'REASSIGNMENT_ENDING',
        message: 'the request before this one is just being finished',
        retryable: true,
      });
    },
    async say({ accountId, verdict, word }) {
      const handle = client.workflow.getHandle(reassignmentId(accountId));
      try {
        return await handle.executeUpdate(reassignmentWords[verdict], { args: [word] });
      } catch (error) {
        if (error instanceof WorkflowNotFoundError) return null;
        return { refused: refusalIn(error) };
      }
    },
    async ownerChanged({ accountId, owner }) {
      try {
        await client.workflow.getHandle(reassignmentId(accountId)).signal(ownerChanged, { owner });
      } catch (error) {
        if (!(error instanceof WorkflowNotFoundError)) throw error;
      }
    },
    async personsMerged({ accountId, fromPerson, toPerson }) {
      const handle = client.workflow.getHandle(reassignmentId(accountId));
      try {
        await handle.signal(reassignedPersonsMerged, { fromPerson, toPerson });
      } catch (error) {
        if (!(error instanceof WorkflowNotFoundError)) throw error;
      }
    },
  };
}
