import type { Step } from '../../src/contracts/step.ts';
import type { Instant } from '../../src/contracts/time.ts';
import type { AccountRow } from '../../src/registry/registry.ts';
import { forEachOf } from '../sync/for-each-of.ts';
import type { SeenWorkflow, StepUnderWay } from './account-watch.ts';
import { createReporter, type Reported, type Reporter } from './alarms.ts';
import { alarmOf, heal, healingWords, needsWorkflow } from './heal.ts';
import { overdueStep } from './overdue-step.ts';
import { apart, SIDE_BY_SIDE, type WatchContext } from './watch-context.ts';

/** So many are remembered for the next visit: where more are overdue, it is not a timer that was lost. */
const MOST_REMEMBERED = 1000;
const LONGEST_WORDS = 200;
/** The code of a step that waits for the end of a freeze. */
const FROZEN = 'FROZEN';

export interface WakeInput {
  /** Accounts that were overdue at the visit before. */
  readonly remembered: readonly string[];
  readonly overdueMs: number;
  /** Real ms for which a step that is being retried is no news. */
  readonly patienceMs: number;
  readonly visitBegan: Instant;
}

export interface WakeResult {
  readonly overdue: readonly string[];
  readonly woken: number;
  readonly healed: number;
  readonly failed: number;
}

/** Where a visit stands: what a heartbeat carries. */
interface Progress extends WakeResult {
  readonly after: string | null;
  readonly reported: Reported;
}

function isProgress(value: unknown): value is Progress {
  return typeof value === 'object' && value !== null && 'after' in value && 'overdue' in value;
}

/** The account's own plan shows that nothing is late: only the registry has not heard of it. */
async function isOnlyUnheard(context: WatchContext, accountId: string, before: Instant): Promise<boolean> {
  const { plan } = await context.deps.watch.status(accountId);
  return !plan.some(({ held, dueAt }) => !held && dueAt <= before);
}

function retryWords(row: AccountRow, step: Step, underWay: StepUnderWay, patienceMs: number): string {
  const { attempt, failure, waitsSince } = underWay;
  const why = failure ? `${failure.code}: ${failure.message.slice(0, LONGEST_WORDS)}` : 'no answer yet';
  const due = `Account ${row.accountId}: ${step.action}, due ${moment(step.dueAt)},`;
  if (waitsSince !== null && (failure === null || hasWaited(underWay, patienceMs))) {
    return `${due} waits in its queue since ${moment(waitsSince)}, attempt ${String(attempt)}: no worker takes it. Look whether enough workers run.`;
  }
  return `${due} does not succeed; attempt ${String(attempt)}, ${why}. It is tried again by itself: mend the cause.`;
}

function moment(at: number): string {
  return new Date(at).toISOString();
}

/** Whether it has been ready for a worker for so long that none seems to take it. */
function hasWaited({ waitsSince }: StepUnderWay, patienceMs: number): boolean {
  return waitsSince !== null && Date.now() - waitsSince >= patienceMs;
}

function overdueWords(row: AccountRow, step: Step, { taskAttempt }: SeenWorkflow): string {
  const due = `Account ${row.accountId}: ${step.action} is overdue since ${moment(step.dueAt)}`;
  if (taskAttempt > 1) {
    return `${due}: its workflow task fails, attempt ${String(taskAttempt)}. Look at it in Temporal UI; deploy mended code.`;
  }
  if (taskAttempt === 1) return `${due}: no worker takes its workflow task. Look whether enough workers run.`;
  return (
    `${due}, although it was told to look again. npm run reconcile -- --account ${row.accountId} says where ` +
    'registry and workflow differ.'
  );
}

/**
 * Looks at every account whose next step is late by more than the setting: wakes one that sleeps, gives one that has no
 * workflow another, and raises an alarm for those that no waking helped. Rule: "The watchdog".
 */
export async function wakeOverdue(context: WatchContext, input: WakeInput): Promise<WakeResult> {
  const { registry, settings, watch } = context.deps;
  const start = isProgress(context.resumeFrom) ? context.resumeFrom : null;
  const reporter = createReporter(context, {
    visitBegan: input.visitBegan,
    reported: start?.reported ?? {},
  });
  const remembered = new Set(input.remembered);
  const isFrozen = (await registry.frozen()) !== null;
  const before = input.visitBegan - input.overdueMs;
  const overdue = new Set(start?.overdue ?? []);
  let { woken, healed, failed } = start ?? { woken: 0, healed: 0, failed: 0 };

  const remember = (accountId: string) => {
    if (overdue.size < MOST_REMEMBERED) overdue.add(accountId);
  };
  const wake = async (accountId: string): Promise<void> => {
    // Asking it costs an activity, which tells the registry; waking costs next to nothing.
    if (await isOnlyUnheard(context, accountId, before)) await watch.recordAgain(accountId);
    else await watch.lookAgain(accountId);
    woken += 1;
  };
  const visit = async (row: AccountRow, step: Step): Promise<void> => {
    const { accountId } = row;
    const seen = await watch.look(accountId);
    if (seen.status !== 'running') {
      if (await healAndReport(context, reporter, row, seen)) healed += 1;
      return;
    }
    // Reported as stuck, with the remedy.
    if (seen.problems.length > 0) return;
    if (seen.step) {
      const lateMs = (context.now() - step.dueAt) / context.clock.speed;
      if (lateMs < input.patienceMs) return;
      // A freeze is told of as one; after it each is tried again by itself, within the longest pause.
      const isFreeze = seen.step.failure?.code === FROZEN;
      if (isFreeze && (isFrozen || !hasWaited(seen.step, input.patienceMs))) return;
      await reporter.report('overdue', accountId, retryWords(row, step, seen.step, input.patienceMs));
      return;
    }
    const isKnown = remembered.has(accountId);
    remember(accountId);
    if (isKnown) await reporter.report('overdue', accountId, overdueWords(row, step, seen));
    else if (seen.taskAttempt === 0) await wake(accountId);
  };

  for (let after = start?.after ?? null; ;) {
    const rows = await registry.overdueAccounts({ before, after, limit: settings.pageSize });
    await forEachOf(rows.filter(needsWorkflow), SIDE_BY_SIDE, async (row) => {
      const wentWell = await apart(context, row.accountId, async () => {
        const step = overdueStep(row, settings.policies, before);
        if (step) await visit(row, step);
      });
      if (!wentWell) failed += 1;
    });
    const last = rows.at(-1);
    if (!last) break;
    after = last.accountId;
    const progress: Progress = {
      ...{ after, reported: reporter.reported() },
      ...{ overdue: [...overdue], woken, healed, failed },
    };
    context.beat(progress);
  }
  await reporter.settle(['overdue']);
  return { overdue: [...overdue], woken, healed, failed };
}

/** Gives the account its workflow back and raises the alarm; answers whether it runs again. */
export async function healAndReport(
  context: WatchContext,
  reporter: Reporter,
  row: AccountRow,
  seen: SeenWorkflow,
): Promise<boolean> {
  let healing: Awaited<ReturnType<typeof heal>> = { result: 'failed' };
  try {
    healing = await heal(context, { row, seen, actor: 'watchdog' });
  } finally {
    // An alarm, too, when it failed in a way of its own.
    await reporter.report(alarmOf(seen), row.accountId, healingWords(row, seen, healing));
  }
  return healing.result === 'started';
}
