import {
  ActivityCancellationType,
  proxyActivities,
  setCurrentDetails,
  setHandler,
  workflowInfo,
} from '@temporalio/workflow';
import type { ReconcileActivities, ReconciledChunk } from '../activities/reconcile-activities.ts';
import type { ToldDifferences } from '../activities/reconcile/told-differences.ts';
import {
  type Difference,
  DIFFERENCE_KINDS,
  type DifferenceKind,
  MOST_DIFFERENCES,
  type ReconcileInput,
  type ReconcileProgress,
  type ReconcileResult,
} from '../src/contracts/reconcile.ts';
import { queuesAround } from '../src/contracts/task-queues.ts';
import { reconcileProgress, reconcileRows } from './messages.ts';

/** So often an attempt may be long: one activity compares many accounts, and beats. */
const LENGTH_FACTOR = 60;
/** A page of rows that stays far below what Temporal takes in one payload. */
const MOST_ROWS = 500;

/**
 * Compares registry, workflows and targets, and with `repair` mends what differs. Its rows are asked for page by page,
 * also when it is over. Rule: "Reconcile".
 */
export async function reconcile(input: ReconcileInput): Promise<ReconcileResult> {
  const { clock, tuning, accountId, repair } = input;
  const rows: Difference[] = [];
  let progress: ReconcileProgress = { accounts: 0, total: 0, differences: 0 };
  const kinds: Partial<Record<DifferenceKind, number>> = {};
  let repaired = 0;
  let busy = 0;

  const activities = (summary: string): ReconcileActivities =>
    proxyActivities<ReconcileActivities>({
      taskQueue: queuesAround(workflowInfo().taskQueue).operator,
      startToCloseTimeout: tuning.startToCloseMs * LENGTH_FACTOR,
      heartbeatTimeout: tuning.heartbeatMs,
      retry: { initialInterval: tuning.retryInitialMs, maximumInterval: tuning.retryMaximumMs },
      cancellationType: ActivityCancellationType.WAIT_CANCELLATION_COMPLETED,
      summary,
    });
  const add = (told: ToldDifferences, compared = 0): void => {
    rows.push(...told.rows);
    repaired += told.counts.repaired;
    for (const kind of DIFFERENCE_KINDS) {
      const count = told.counts.kinds[kind] ?? 0;
      if (count > 0) kinds[kind] = (kinds[kind] ?? 0) + count;
    }
    const accounts = progress.accounts + compared;
    const differences = progress.differences + told.counts.differences;
    progress = { ...progress, accounts, differences };
    setCurrentDetails(
      `${String(accounts)} of ${String(progress.total)} accounts compared, ${String(differences)} differences`,
    );
  };
  const room = () => MOST_DIFFERENCES - rows.length;
  setHandler(reconcileProgress, () => progress, { description: 'How far it has come' });
  setHandler(reconcileRows, ({ from, limit }) => rows.slice(from, from + Math.min(limit, MOST_ROWS)), {
    description: 'Differences, from a number on: {"from":0,"limit":500}',
  });

  const survey = await activities('how many accounts there are').surveyAccounts({ clock });
  progress = { ...progress, total: accountId === null ? survey.total : 1 };
  for (let after: string | null = null; ;) {
    const summary =
      after === null ? 'compare accounts from the first on' : `compare accounts behind ${after}`;
    const chunk: ReconciledChunk = await activities(summary).reconcileAccounts({
      clock,
      after,
      accountId,
      repair,
      room: room(),
    });
    busy += chunk.busy;
    add(chunk, chunk.accounts);
    after = chunk.next;
    if (after === null) break;
  }
  if (accountId === null) {
    add(await activities('workflows that nobody knows').findUnknownWorkflows({ clock, room: room() }));
    for (const directory of survey.directories) {
      for (let after: string | null = null; ;) {
        const page = await activities(`entries of ${directory} that nobody knows`).findUnknownEntries({
          ...{ clock, directory, after, room: room() },
        });
        add(page);
        after = page.next;
        if (after === null) break;
      }
    }
  }
  return { accounts: progress.accounts, busy, differences: progress.differences, repaired, kinds };
}
