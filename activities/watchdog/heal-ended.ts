import { DAY_MS, type Instant } from '../../src/contracts/time.ts';
import type { WatchdogMemory } from '../../src/contracts/watchdog.ts';
import type { AccountRow } from '../../src/registry/registry.ts';
import { forEachOf } from '../sync/for-each-of.ts';
import { createReporter, openIds, type Reported, type Reporter } from './alarms.ts';
import { needsWorkflow } from './heal.ts';
import { healAndReport } from './wake-overdue.ts';
import { apart, SIDE_BY_SIDE, type WatchContext } from './watch-context.ts';

/** Temporal's lists lag behind: each visit looks so much further back than the last one. */
const MARGIN_MS = 10 * 60_000;
/** Stages in which an account has a workflow. */
const LIVING = ['pending', 'active', 'grace', 'blocked'] as const;
const KINDS = ['workflow-missing', 'workflow-closed'] as const;

export interface HealInput {
  /** What the last visit left; `null` = this is the first. */
  readonly memory: Pick<WatchdogMemory, 'visitedAt' | 'comparedAt' | 'difference' | 'explained'> | null;
  /** Real ms. */
  readonly visitedAt: number;
  readonly visitBegan: Instant;
  /** An account that is younger has perhaps not been started yet. */
  readonly overdueMs: number;
}

export interface HealResult {
  readonly comparedAt: number;
  readonly difference: number;
  readonly explained: number;
  readonly healed: number;
  readonly failed: number;
}

/** Where a visit stands: what a heartbeat carries. */
interface Progress {
  readonly healed: number;
  readonly failed: number;
  /** Accounts that are left without a workflow. */
  readonly without: number;
  readonly reported: Reported;
  /** The stage and account behind which the comparison goes on; `null` = it has not begun. */
  readonly compared: { readonly stage: string; readonly after: string | null } | null;
  /** Living accounts that were found in Temporal's list so far. */
  readonly listed: number;
}

const AT_START: Progress = { healed: 0, failed: 0, without: 0, reported: {}, compared: null, listed: 0 };

function isProgress(value: unknown): value is Progress {
  return typeof value === 'object' && value !== null && 'compared' in value && 'reported' in value;
}

async function living(context: WatchContext): Promise<number> {
  const counts = await context.deps.registry.countByStage();
  const own = counts.filter(({ kind, stage }) => kind !== 'guest' && LIVING.some((one) => one === stage));
  return own.reduce((sum, { count }) => sum + count, 0);
}

/** Whether every account is to be compared: a difference that lasts and that nothing explains, or a day has gone by. */
function isComparisonDue({ memory, visitedAt }: HealInput, difference: number): boolean {
  if (memory === null || visitedAt - memory.comparedAt >= DAY_MS) return true;
  return difference !== memory.explained && memory.difference !== memory.explained;
}

/** A visit's work on accounts whose workflow does not run. */
interface Visit {
  readonly context: WatchContext;
  readonly reporter: Reporter;
  readonly progress: () => Progress;
  readonly advance: (by: Partial<Progress>) => void;
  /** Looks, and heals if there is need; `null` = the registry does not know it. */
  readonly visit: (accountId: string, row: AccountRow | null) => Promise<void>;
}

/** Looks at accounts by id, the known ones afresh. */
async function visitIds({ context, visit }: Visit, ids: readonly string[]): Promise<void> {
  await forEachOf(ids, SIDE_BY_SIDE, async (accountId) => {
    await visit(accountId, await context.deps.registry.account(accountId));
  });
}

/** Accounts whose workflow was closed since the last visit, page by page. */
async function visitClosed(whole: Visit, sinceMs: number): Promise<void> {
  const { settings, watch } = whole.context.deps;
  let page = new Set<string>();
  for await (const accountId of watch.closedSince(sinceMs)) {
    page.add(accountId);
    if (page.size < settings.pageSize) continue;
    await visitIds(whole, [...page]);
    page = new Set();
  }
  await visitIds(whole, [...page]);
}

/** Compares every account of the registry with Temporal's list; answers how many workflows the registry does not know. */
async function compareAll(whole: Visit, youngest: Instant): Promise<number> {
  const { context, progress, advance, visit } = whole;
  const { registry, settings, watch } = context.deps;
  const running = new Set<string>();
  for await (const accountId of watch.running()) running.add(accountId);
  const from = progress().compared;
  const stages = LIVING.slice(from ? LIVING.findIndex((stage) => stage === from.stage) : 0);
  for (const stage of stages) {
    for (let after = from?.stage === stage ? from.after : null; ;) {
      const rows = await registry.accounts({
        stage,
        limit: settings.pageSize,
        ...(after !== null && { after }),
      });
      const absent = rows.filter((row) => needsWorkflow(row) && !running.has(row.accountId));
      const old = absent.filter(({ createdAt }) => createdAt < youngest);
      await forEachOf(old, SIDE_BY_SIDE, (row) => visit(row.accountId, row));
      const last = rows.at(-1);
      if (!last) break;
      after = last.accountId;
      const listed = progress().listed + rows.filter(({ accountId }) => running.has(accountId)).length;
      advance({ compared: { stage, after }, listed });
    }
  }
  return Math.max(0, running.size - progress().listed);
}

/**
 * Finds accounts whose workflow is missing or was closed before its time, and starts it again. Cheap as a rule: Temporal
 * is asked what was closed since, and how many run; only when the numbers differ for two visits, and once a day, every
 * account is compared. Rule: "The watchdog".
 */
export async function healEnded(context: WatchContext, input: HealInput): Promise<HealResult> {
  const { watch } = context.deps;
  const { memory, visitedAt, visitBegan, overdueMs } = input;
  let progress: Progress = isProgress(context.resumeFrom) ? context.resumeFrom : AT_START;
  const reporter = createReporter(context, { visitBegan, reported: progress.reported });
  const advance = (by: Partial<Progress>) => {
    progress = { ...progress, ...by, reported: reporter.reported() };
    context.beat(progress);
  };
  const visited = new Set<string>();
  const visit = async (accountId: string, row: AccountRow | null): Promise<void> => {
    if (row === null || !needsWorkflow(row) || visited.has(accountId)) return;
    visited.add(accountId);
    const wentWell = await apart(context, accountId, async () => {
      const seen = await watch.look(accountId);
      if (seen.status === 'running') return;
      if (await healAndReport(context, reporter, row, seen)) advance({ healed: progress.healed + 1 });
      else advance({ without: progress.without + 1 });
    });
    if (!wentWell) advance({ failed: progress.failed + 1, without: progress.without + 1 });
  };
  const whole: Visit = { context, reporter, progress: () => progress, advance, visit };

  await visitIds(whole, [...(await openIds(context, KINDS))]);
  await visitClosed(whole, (memory?.visitedAt ?? visitedAt - DAY_MS) - MARGIN_MS);
  const difference = (await living(context)) - (await watch.countRunning());
  let { comparedAt, explained } = memory ?? { comparedAt: 0, explained: 0 };
  if (isComparisonDue(input, difference)) {
    const unknown = await compareAll(whole, visitBegan - overdueMs);
    comparedAt = visitedAt;
    explained = progress.without - unknown;
  }
  await reporter.settle(KINDS);
  return { comparedAt, explained, difference, healed: progress.healed, failed: progress.failed };
}
