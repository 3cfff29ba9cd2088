import {
  type Client,
  type WorkflowExecutionDescription,
  type WorkflowExecutionInfo,
  WorkflowNotFoundError,
} from '@temporalio/client';
import { defineSearchAttributeKey, SearchAttributeType } from '@temporalio/common';
import type { AccountWatch, SeenWorkflow, StepUnderWay } from '../../activities/watchdog/account-watch.ts';
import type { Stage } from '../contracts/account.ts';
import { taskQueues } from '../contracts/task-queues.ts';
import type { AccountLifecycleResult } from '../contracts/workflow-input.ts';
import { lifecycleStatus, lookAgain, recordAgain } from '../../workflows/messages.ts';
import { accountWorkflowId } from './account-workflows.ts';

/** A call that takes longer is no answer. */
const DEADLINE_MS = 15_000;
const PREFIX = accountWorkflowId('');
const reportedProblems = defineSearchAttributeKey(
  'TemporalReportedProblems',
  SearchAttributeType.KEYWORD_LIST,
);

const STATUSES: Readonly<Partial<Record<WorkflowExecutionInfo['status']['name'], SeenWorkflow['status']>>> = {
  RUNNING: 'running',
  COMPLETED: 'completed',
  FAILED: 'failed',
  TERMINATED: 'terminated',
  TIMED_OUT: 'timedOut',
  CANCELLED: 'cancelled',
};

const MISSING: SeenWorkflow = { status: 'missing', step: null, taskAttempt: 0, problems: [] };

/** Temporal's number for `PENDING_ACTIVITY_STATE_SCHEDULED`. */
const SCHEDULED = 1;

type Pending = NonNullable<WorkflowExecutionDescription['raw']['pendingActivities']>[number];

function msOf(time: Pending['scheduledTime']): number | null {
  return time?.seconds ? time.seconds.toNumber() * 1000 + (time.nanos ?? 0) / 1e6 : null;
}

function stepOf(pending: Pending | undefined): StepUnderWay | null {
  if (!pending) return null;
  const failure = pending.lastFailure;
  const code = failure?.applicationFailureInfo?.type ?? (failure?.timeoutFailureInfo ? 'TIMEOUT' : 'UNKNOWN');
  return {
    activity: pending.activityType?.name ?? 'unknown',
    attempt: pending.attempt ?? 1,
    failure: failure ? { code, message: failure.message ?? '' } : null,
    // Of one that pauses before its next attempt this is still to come.
    waitsSince: Number(pending.state) === SCHEDULED ? msOf(pending.scheduledTime) : null,
  };
}

function seenOf(description: WorkflowExecutionDescription): SeenWorkflow {
  const { raw, status, typedSearchAttributes } = description;
  return {
    // A run that went on as a new one is not the latest: the next look sees that one.
    status: STATUSES[status.name] ?? 'running',
    step: stepOf(raw.pendingActivities?.[0]),
    taskAttempt: raw.pendingWorkflowTask?.attempt ?? 0,
    problems: typedSearchAttributes.get(reportedProblems) ?? [],
  };
}

/** Watches the accounts of one deployment, told by the prefix of its task queues, through a Temporal client. */
export function createAccountWatch(input: {
  readonly client: Client;
  readonly prefix: string;
}): AccountWatch {
  const { client } = input;
  const { accounts, operator } = taskQueues(input.prefix);
  const ofDeployment = `TaskQueue IN ('${accounts}', '${operator}')`;
  const ofAccounts = `TaskQueue='${accounts}' AND WorkflowType='accountLifecycle'`;
  const handleOf = (accountId: string) => client.workflow.getHandle(accountWorkflowId(accountId));
  const inTime = <T>(call: () => Promise<T>): Promise<T> =>
    client.withDeadline(Date.now() + DEADLINE_MS, call);

  const lookAt = async (workflowId: string): Promise<SeenWorkflow> => {
    try {
      return seenOf(await inTime(() => client.workflow.getHandle(workflowId).describe()));
    } catch (error) {
      if (error instanceof WorkflowNotFoundError) return MISSING;
      throw error;
    }
  };
  const accountOf = (workflowId: string): string | null =>
    workflowId.startsWith(PREFIX) ? workflowId.slice(PREFIX.length) : null;
  const accountsIn = async function* (query: string): AsyncIterable<string> {
    for await (const { workflowId } of client.workflow.list({ query })) {
      const accountId = accountOf(workflowId);
      if (accountId !== null) yield accountId;
    }
  };

  return {
    look: (accountId) => lookAt(accountWorkflowId(accountId)),
    lookAgain: (accountId) => inTime(() => handleOf(accountId).signal(lookAgain)),
    recordAgain: (accountId) => inTime(() => handleOf(accountId).signal(recordAgain)),
    status: (accountId) => inTime(() => handleOf(accountId).query(lifecycleStatus)),
    async endedAs(accountId): Promise<Stage | null> {
      try {
        const result = await inTime((): Promise<Partial<AccountLifecycleResult> | null> =>
          handleOf(accountId).result(),
        );
        return result?.stage ?? null;
      } catch {
        return null;
      }
    },
    closedSince: (sinceMs) =>
      accountsIn(
        `${ofAccounts} AND ExecutionStatus IN ('Completed','Failed','Terminated','TimedOut','Canceled') ` +
          `AND CloseTime > '${new Date(sinceMs).toISOString()}'`,
      ),
    running: () => accountsIn(`${ofAccounts} AND ExecutionStatus='Running'`),
    async countRunning() {
      const { count } = await inTime(() =>
        client.workflow.count(`${ofAccounts} AND ExecutionStatus='Running'`),
      );
      return count;
    },
    async *stuck() {
      const query = `${ofDeployment} AND ExecutionStatus='Running' AND TemporalReportedProblems IS NOT NULL`;
      for await (const { workflowId } of client.workflow.list({ query })) yield workflowId;
    },
    async problemsOf(workflowId) {
      const { status, problems } = await lookAt(workflowId);
      return status === 'running' ? problems : [];
    },
    accountOf,
  };
}
