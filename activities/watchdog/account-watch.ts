import type { Stage } from '../../src/contracts/account.ts';
import type { AccountStatus } from '../../src/contracts/account-status.ts';

/** A step that an account's workflow is carrying out. */
export interface StepUnderWay {
  /** Name of its activity. */
  readonly activity: string;
  readonly attempt: number;
  /** Code and words of its last failure; `null` = none yet. */
  readonly failure: { readonly code: string; readonly message: string } | null;
  /** Since when, in real ms, it has been ready for a worker that does not take it; `null` = an attempt is under way. */
  readonly waitsSince: number | null;
}

/** What Temporal says of an account's workflow, its latest run. */
export interface SeenWorkflow {
  readonly status: 'running' | 'completed' | 'failed' | 'terminated' | 'timedOut' | 'cancelled' | 'missing';
  /** `null` = it is carrying out nothing. */
  readonly step: StepUnderWay | null;
  /** Attempts at the workflow task that waits or runs; 0 = there is none, it sleeps. */
  readonly taskAttempt: number;
  /** What Temporal reports of workflow tasks that fail again and again; empty = nothing. */
  readonly problems: readonly string[];
}

/**
 * Looks at the workflows of accounts from outside. Lists come from Temporal's visibility, which lags behind: nothing
 * is concluded from them before `look` has said so.
 */
export interface AccountWatch {
  look(accountId: string): Promise<SeenWorkflow>;
  /** Wakes an account that overslept. */
  lookAgain(accountId: string): Promise<void>;
  /** Asks the account to tell the registry where it stands. */
  recordAgain(accountId: string): Promise<void>;
  /** The account's own answer; needs a worker. */
  status(accountId: string): Promise<AccountStatus>;
  /** The stage in which a completed workflow ended; `null` = nothing can be read of it. */
  endedAs(accountId: string): Promise<Stage | null>;
  /** Accounts of which a run was closed since then (real ms), but for those that went on as a new one. */
  closedSince(sinceMs: number): AsyncIterable<string>;
  /** Accounts whose workflow runs. */
  running(): AsyncIterable<string>;
  countRunning(): Promise<number>;
  /** Workflows of the deployment, of whatever type, that cannot go on: their ids. */
  stuck(): AsyncIterable<string>;
  /** What is wrong with a workflow that cannot go on; empty = it can, or is over. */
  problemsOf(workflowId: string): Promise<readonly string[]>;
  /** The account of a workflow; `null` = it is another workflow. */
  accountOf(workflowId: string): string | null;
}
