import type { AccountState } from './account.ts';
import type { Policy } from './policy.ts';
import type { Step } from './step.ts';
import type { ClockAnchor } from './time.ts';

/** Real time-outs of a workflow's activities, in ms: minutes in production, short where the clock runs fast. */
export interface Tuning {
  readonly startToCloseMs: number;
  readonly heartbeatMs: number;
  readonly retryInitialMs: number;
  readonly retryMaximumMs: number;
  /** A step that has not succeeded for so long is shown as trouble. */
  readonly patienceMs: number;
}

/** The argument of `accountLifecycle`, also when it continues as new. */
export interface AccountLifecycleInput {
  readonly state: AccountState;
  readonly policy: Policy;
  readonly clock: ClockAnchor;
  readonly tuning: Tuning;
  /** What search attributes and memo show already; absent at the start. */
  readonly presented?: string;
}

/** What `accountLifecycle` returns when the account's life is over. */
export interface AccountLifecycleResult {
  readonly accountId: string;
  readonly stage: AccountState['stage'];
}

/** The argument of every activity that carries out a step. */
export interface StepInput {
  readonly step: Step;
  readonly state: AccountState;
  readonly policy: Policy;
  readonly clock: ClockAnchor;
}
