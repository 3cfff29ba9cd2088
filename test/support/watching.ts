import type { AccountStatus } from '../../src/contracts/account-status.ts';
import type { AccountWatch, SeenWorkflow } from '../../activities/watchdog/account-watch.ts';
import { createWatchdogActivities, type WatchdogActivities } from '../../activities/watchdog-activities.ts';
import type { WatchDependencies } from '../../activities/watchdog/watch-context.ts';
import type { Instant } from '../../src/contracts/time.ts';
import { accountStatus } from '../../src/policy/status.ts';
import { cern } from '../../src/policies/cern.ts';
import type { AccountState } from '../../src/contracts/account.ts';
import { activityEnvironment, type Surroundings } from './deployment.ts';

/** Temporal as a test says that it is. */
export interface WatchDouble extends AccountWatch {
  /** What was asked of accounts: `lookAgain <id>`, `recordAgain <id>`. */
  readonly asked: string[];
  /** What Temporal shows of an account; by default it runs and sleeps. */
  show(accountId: string, seen: Partial<SeenWorkflow> | Error): void;
  /** What the account's own workflow knows; by default the registry's state. */
  knows(accountId: string, state: AccountState): void;
  /** How a completed workflow ended. */
  ended(accountId: string, stage: AccountState['stage']): void;
  /** Accounts that Temporal's list of what was closed names. */
  readonly closed: string[];
  /** Moments from which on that list was asked for, real ms. */
  readonly askedSince: number[];
  /** Accounts that Temporal's list of what runs names; `null` = all of the registry. */
  list(accountIds: readonly string[] | null): void;
  /** How often the whole list was asked for. */
  readonly comparisons: () => number;
  readonly stuckIds: string[];
}

const SLEEPS: SeenWorkflow = { status: 'running', step: null, taskAttempt: 0, problems: [] };

/** A view of workflows that is a test's, over the registry of its surroundings. */
export function createWatchDouble(around: Surroundings, now: () => Instant): WatchDouble {
  const seen = new Map<string, Partial<SeenWorkflow> | Error>();
  const states = new Map<string, AccountState>();
  const ends = new Map<string, AccountState['stage']>();
  const asked: string[] = [];
  const closed: string[] = [];
  const stuckIds: string[] = [];
  const askedSince: number[] = [];
  let listed: readonly string[] | null = null;
  let comparisons = 0;
  const look = (accountId: string): SeenWorkflow => {
    const shown = seen.get(accountId);
    if (shown instanceof Error) throw shown;
    return { ...SLEEPS, ...shown };
  };
  const running = async (): Promise<readonly string[]> => {
    if (listed) return listed;
    return (await around.registry.accounts({})).map(({ accountId }) => accountId);
  };
  const status = async (accountId: string): Promise<AccountStatus> => {
    const state = states.get(accountId) ?? (await around.registry.account(accountId))?.state;
    const policy = state && cern.policies[state.kind];
    if (!policy) throw new Error('nobody knows it');
    return accountStatus(state, policy, now(), null);
  };
  return {
    asked,
    closed,
    askedSince,
    stuckIds,
    show: (accountId, what) => {
      seen.set(accountId, what);
    },
    knows: (accountId, state) => {
      states.set(accountId, state);
    },
    ended: (accountId, stage) => {
      ends.set(accountId, stage);
    },
    list: (accountIds) => {
      listed = accountIds;
    },
    comparisons: () => comparisons,
    look: async (accountId) => look(accountId),
    lookAgain: async (accountId) => {
      asked.push(`lookAgain ${accountId}`);
    },
    recordAgain: async (accountId) => {
      asked.push(`recordAgain ${accountId}`);
    },
    status,
    endedAs: async (accountId) => ends.get(accountId) ?? null,
    async *closedSince(sinceMs) {
      askedSince.push(sinceMs);
      yield* closed;
    },
    async *running() {
      comparisons += 1;
      yield* await running();
    },
    countRunning: async () => (await running()).length,
    async *stuck() {
      yield* stuckIds;
    },
    problemsOf: async (workflowId) => look(workflowId.replace(/^account\//, '')).problems,
    accountOf: (workflowId) => (workflowId.startsWith('account/') ? workflowId.slice(8) : null),
  };
}

/** One activity of the watchdog, outside Temporal. `resumeFrom` = what its last attempt said at its last beat. */
export function runWatch<T>(
  deps: WatchDependencies,
  call: (activities: WatchdogActivities) => Promise<T>,
  resumeFrom?: unknown,
): Promise<T> {
  const environment = activityEnvironment({ heartbeatDetails: resumeFrom });
  return environment.run(() => call(createWatchdogActivities(deps)));
}
