import type { Client } from '@temporalio/client';
import {
  askReassignment,
  decisionUpdates,
  ownerChanged,
  planApprovalId,
  reassignmentWords,
} from '../../../workflows/messages.ts';
import { fetchChain, QUEUES, TUNING, type Recording } from './record-story.ts';

/** Histories of workflows that are no account's life. */
export const SHORT_RUNS: readonly string[] = [
  'hr-sync',
  'hr-sync-dry-run',
  'plan-approved',
  'plan-lapsed',
  'reassignment',
  'reassignment-lapsed',
  'operator-request',
  'watchdog',
  'reconcile',
  'person-merge',
];

/** A clock by which a plan that lapses after fourteen days does so in five seconds. */
const FAST = (14 * 86_400_000) / 5000;

function clockAt(speed: number) {
  return { realMs: Date.now(), virtualMs: Date.UTC(2027, 0, 4, 6), speed };
}

type Clock = ReturnType<typeof clockAt>;

async function home(client: Client, workflowId: string, runId: string, clock: Clock): Promise<Recording> {
  return { ...(await fetchChain(client, workflowId, runId)), clock };
}

async function run(
  client: Client,
  name: string,
  type: string,
  input: object,
  clock: Clock,
): Promise<Recording> {
  const workflowId = `golden/${name}`;
  const args = [{ ...input, clock, tuning: TUNING }];
  const handle = await client.workflow.start(type, { workflowId, taskQueue: QUEUES.operator, args });
  await handle.result();
  return home(client, workflowId, handle.firstExecutionRunId, clock);
}

const ASK = {
  ...{
    requestId: 'request-1',
    accountId: 'account-1',
    newOwner: '900001',
    actor: '900123',
    reason: 'ticket 12',
  },
};

const MERGE = {
  ...{
    requestId: 'merge-1',
    fromPerson: '900123',
    toPerson: '900001',
    actor: 'admin-7',
    reason: 'ticket 12',
  },
};

/** One is asked, the owner leaves, who is asked says something twice, and nobody waits for the mail about its end. */
async function recordReassignment(client: Client, clock: Clock): Promise<Recording> {
  const workflowId = 'golden/reassignment';
  const args = [{ ask: ASK, clock, tuning: TUNING }];
  const started = await client.workflow.start('reassignment', {
    workflowId,
    taskQueue: QUEUES.operator,
    args,
  });
  await started.executeUpdate(askReassignment, { args: [ASK] });
  await started.signal(ownerChanged, { owner: '900002' });
  const word = { requestId: ASK.requestId, by: ASK.newOwner, reason: 'as asked' };
  await started.executeUpdate(reassignmentWords.approved, { args: [word] });
  await started.executeUpdate(reassignmentWords.approved, { args: [word] }).catch(() => undefined);
  await started.result();
  return home(client, workflowId, started.firstExecutionRunId, clock);
}

/** Records them all: the plan that a synchronisation holds is the one that is approved. */
export async function recordShortRuns(client: Client): Promise<ReadonlyMap<string, Recording>> {
  const clock = clockAt(1);
  const sync = await run(client, 'hr-sync', 'hrSync', {}, clock);
  const approval = client.workflow.getHandle(planApprovalId(sync.runIds[0] ?? ''));
  const said = { actor: 'admin-7', reason: 'HR was reorganised' };
  await approval.executeUpdate(decisionUpdates.approve, { args: [said] });
  await approval.result();
  const { runId } = await approval.describe();
  const dryRun = await run(client, 'hr-sync-dry-run', 'hrSync', { dryRun: true }, clock);
  // It runs from now: what comes first must not take its time.
  const fast = clockAt(FAST);
  const lapsing = { planId: 'lapsing', lapsesAt: fast.virtualMs + 14 * 86_400_000 };
  return new Map([
    ['hr-sync', sync],
    ['hr-sync-dry-run', dryRun],
    ['plan-approved', await home(client, approval.workflowId, runId, clock)],
    ['plan-lapsed', await run(client, 'plan-lapsed', 'planApproval', lapsing, fast)],
    [
      'operator-request',
      await run(client, 'operator-request', 'operatorRequest', { request: { type: 'frozen' } }, clock),
    ],
    ['reassignment', await recordReassignment(client, clock)],
    ['reassignment-lapsed', await run(client, 'reassignment-lapsed', 'reassignment', { ask: ASK }, fast)],
    ['watchdog', await run(client, 'watchdog', 'watchdog', { overdueMinutes: 15 }, clock)],
    ['person-merge', await run(client, 'person-merge', 'personMerge', { ask: MERGE }, clock)],
    ['reconcile', await run(client, 'reconcile', 'reconcile', { accountId: null, repair: true }, clock)],
  ]);
}
