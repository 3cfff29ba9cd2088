import type { LookCounts, RowCounts } from './plan.ts';
import type { ClockAnchor, Instant } from './time.ts';
import type { Tuning } from './workflow-input.ts';

/** A range of persons by id: behind `after`, up to and with `upTo`; `null` = from the start, to the end. */
export interface ObserveRange {
  readonly after: string | null;
  readonly upTo: string | null;
  /** Persons in it whose newest good answer is a record. */
  readonly expected: number;
}

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
  readonly rows: RowCounts;
  /** Why losses and shortenings wait for a decision; empty = they do not. */
  readonly heldBecause: readonly string[];
}

/** The argument of the workflow `planApproval`. */
export interface PlanApprovalInput {
  readonly planId: string;
  readonly clock: ClockAnchor;
  readonly tuning: Tuning;
  readonly lapsesAt: Instant;
}
