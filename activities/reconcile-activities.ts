import type { Difference } from '../src/contracts/reconcile.ts';
import type { ClockAnchor } from '../src/contracts/time.ts';
import { forEachOf } from './sync/for-each-of.ts';
import { reconcileAccount } from './reconcile/reconcile-account.ts';
import { told, type ToldDifferences } from './reconcile/told-differences.ts';
import { unknownEntries, unknownWorkflows, type UnknownPage } from './reconcile/unknown.ts';
import {
  inWatchContext,
  SIDE_BY_SIDE,
  type WatchContext,
  type WatchDependencies,
} from './watchdog/watch-context.ts';

/** So many accounts an activity: what it answers stays far below what Temporal takes in one payload. */
const CHUNK = 250;

interface OfRun {
  readonly clock: ClockAnchor;
}

/** How many rows the run still keeps. */
interface WithRoom {
  readonly room: number;
}

/** What one stretch of accounts came to. */
export interface ReconciledChunk extends ToldDifferences {
  readonly accounts: number;
  readonly busy: number;
  /** The account behind which the next stretch begins; `null` = this was the last. */
  readonly next: string | null;
}

/** The activities of `reconcile`. Each repeats without harm. */
export interface ReconcileActivities {
  /** How many accounts there are, and which directories. */
  surveyAccounts(input: OfRun): Promise<{ readonly total: number; readonly directories: readonly string[] }>;
  reconcileAccounts(
    input: OfRun &
      WithRoom & {
        readonly after: string | null;
        readonly accountId: string | null;
        readonly repair: boolean;
      },
  ): Promise<ReconciledChunk>;
  findUnknownWorkflows(input: OfRun & WithRoom): Promise<ToldDifferences>;
  findUnknownEntries(
    input: OfRun & WithRoom & { readonly directory: string; readonly after: string | null },
  ): Promise<ToldDifferences & Pick<UnknownPage, 'next'>>;
}

async function idsOf(
  context: WatchContext,
  input: { readonly after: string | null; readonly accountId: string | null },
): Promise<{ readonly ids: readonly string[]; readonly next: string | null }> {
  const { registry } = context.deps;
  if (input.accountId !== null) {
    return { ids: (await registry.account(input.accountId)) ? [input.accountId] : [], next: null };
  }
  const { after } = input;
  const rows = await registry.accounts({ limit: CHUNK, ...(after !== null && { after }) });
  const ids = rows.map(({ accountId }) => accountId);
  return { ids, next: rows.length < CHUNK ? null : (ids.at(-1) ?? null) };
}

export function createReconcileActivities(deps: WatchDependencies): ReconcileActivities {
  return {
    surveyAccounts: ({ clock }) =>
      inWatchContext(deps, clock, async () => {
        const counts = await deps.registry.countByStage();
        const total = counts.reduce((sum, { count }) => sum + count, 0);
        return { total, directories: deps.directories.map(({ name }) => name) };
      }),
    reconcileAccounts: (input) =>
      inWatchContext(deps, input.clock, async (context) => {
        const { ids, next } = await idsOf(context, input);
        let busy = 0;
        const found = new Map<string, readonly Difference[]>();
        await forEachOf(ids, SIDE_BY_SIDE, async (accountId) => {
          const result = await reconcileAccount(context, { accountId, repair: input.repair });
          if (result.busy) busy += 1;
          found.set(accountId, result.differences);
        });
        const differences = ids.flatMap((accountId) => found.get(accountId) ?? []);
        return { accounts: ids.length, busy, next, ...told(differences, input.room) };
      }),
    findUnknownWorkflows: ({ clock, room }) =>
      inWatchContext(deps, clock, async (context) => told(await unknownWorkflows(context), room)),
    findUnknownEntries: (input) =>
      inWatchContext(deps, input.clock, async (context) => {
        const { differences, next } = await unknownEntries(context, { ...input, limit: CHUNK });
        return { next, ...told(differences, input.room) };
      }),
  };
}
