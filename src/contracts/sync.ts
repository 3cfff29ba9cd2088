import type { InstanceCounts } from './instance-sync.ts';
import type { LookCounts, PlanState, RowCounts } from './plan.ts';
import type { ClockAnchor, Instant } from './time.ts';
import type { Tuning } from './workflow-input.ts';

/** A range of persons by id: behind `after`, up to and with `upTo`; `null` = from the start, to the end. */
export interface ObserveRange {
  readonly after: string | null;
  readonly upTo: string | null;
  /** Persons in it whom HR is expected to answer for. */
  readonly expected: number;
}

/** The code of a range that goes without an answer, since HR was silent for too long; its facts are the looks it had. */
export const HR_GAVE_UP = 'HR_GAVE_UP';

/** The argument of the workflow `hrSync`. */
export interface HrSyncInput {
  readonly clock: ClockAnchor;
  readonly tuning: Tuning;
  /** Looks and plans, and changes nothing. */
  readonly dryRun?: boolean;
  /** Plans changes anew that were rejected and that HR still says. */
  readonly replanRejected?: boolean;
}

/** What applying rows came to. */
export interface ApplyCounts {
  /** Primary accounts made. */
  readonly joiners: number;
  /** Persons whose accounts were told something new. */
  readonly told: number;
  /** Rows whose base no longer holds: the next synchronisation plans them anew. */
  readonly stale: number;
  /** Persons that could not be handled; they stay unapplied, and the next run tries again. */
  readonly failed: number;
}

/** What a synchronisation came to. */
export interface HrSyncResult extends LookCounts, ApplyCounts {
  readonly planId: string;
  /** Of the plan as it was before anything of it was applied. */
  readonly rows: RowCounts;
  /** Why losses and shortenings wait for a decision; empty = they do not. */
  readonly heldBecause: readonly string[];
  /** The plan that waits for a decision, this one or one from before; `null` = none does. */
  readonly heldPlan: string | null;
  /** What is wrong with HR's answers as a whole; `null` = nothing. */
  readonly hrProblem: string | null;
  /** Absent where no INDIGO IAM instance is kept. */
  readonly instance?: InstanceCounts;
}

/** The argument of the workflow `planApproval`. */
export interface PlanApprovalInput {
  readonly planId: string;
  readonly clock: ClockAnchor;
  readonly tuning: Tuning;
  readonly lapsesAt: Instant;
}

/** What an admin sends to a held plan. `actor` is an opaque id, `reason` short words. */
export interface PlanMessage {
  readonly actor: string;
  readonly reason: string;
}

/** The answer to a decision: where the plan stands now. */
export interface DecisionAnswer {
  readonly planId: string;
  readonly state: PlanState;
  /** In words, also when somebody else or a newer synchronisation was faster. */
  readonly message: string;
}

/** What `planApproval` returns when nothing waits any more. */
export interface PlanApprovalResult {
  readonly planId: string;
  readonly state: PlanState;
  /** `null` = nothing was applied. */
  readonly applied: ApplyCounts | null;
}
