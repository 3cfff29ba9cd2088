import {
  ActivityCancellationType,
  proxyActivities,
  setCurrentDetails,
  setHandler,
  workflowInfo,
} from '@temporalio/workflow';
import type { ReconcileActivities, ReconciledChunk } from '../activities/reconcile-activities.ts';
import type {
  Difference,
  DifferenceKind,
  ReconcileInput,
  ReconcileProgress,
  ReconcileResult,
} from '../src/contracts/reconcile.ts';
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
  let busy = 0;

  const activities = (summary: string): ReconcileActivities =>
    proxyActivities<ReconcileActivities>({
      taskQueue: `${workflowInfo().taskQueue}-operator`,
      startToCloseTimeout: tuning.startToCloseMs * LENGTH_FACTOR,
      heartbeatTimeout: tuning.heartbeatMs,
      retry: { initialInterval: tuning.retryInitialMs, maximumInterval: tuning.retryMaximumMs },
      cancellationType: ActivityCancellationType.WAIT_CANCELLATION_COMPLETED,
      summary,
    });
  const add = (differences: readonly Difference[], accounts = 0): void => {
    rows.push(...differences);
    progress = { ...progress, accounts: progress.accounts + accounts, differences: rows.length };
    setCurrentDetails(
      `${String(progress.accounts)} of ${String(progress.total)} accounts compared, ${String(rows.length)} differences`,
    );
  };
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
    });
    busy += chunk.busy;
    add(chunk.differences, chunk.accounts);
    after = chunk.next;
    if (after === null) break;
  }
  if (accountId === null) {
    add(await activities('workflows that nobody knows').findUnknownWorkflows({ clock }));
    for (const directory of survey.directories) {
      for (let after: string | null = null; ;) {
        const page = await activities(`entries of ${directory} that nobody knows`).findUnknownEntries({
          ...{ clock, directory, after },
        });
        add(page.differences);
        after = page.next;
        if (after === null) break;
      }
    }
  }
  const kinds: Partial<Record<DifferenceKind, number>> = {};
  for (const { kind } of rows) kinds[kind] = (kinds[kind] ?? 0) + 1;
  const repaired = rows.filter((row) => row.repaired).length;
  return { accounts: progress.accounts, busy, differences: rows.length, repaired, kinds };
}
