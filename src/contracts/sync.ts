import type { ClockAnchor } from './time.ts';
import type { Tuning } from './workflow-input.ts';

/** A range of persons by id: behind `after`, up to and with `upTo`; `null` = from the start, to the end. */
export interface ObserveRange {
  readonly after: string | null;
  readonly upTo: string | null;
}

/** What a look at a range of persons came to. */
export interface ObserveResult {
  readonly looked: number;
  readonly changed: number;
  readonly noPerson: number;
  readonly unavailable: number;
}

/** What applying came to. */
export interface SyncCounts {
  /** Primary accounts made. */
  readonly joiners: number;
  /** Persons whose accounts were told something new. */
  readonly told: number;
  /** Persons that could not be handled; they stay unapplied, and the next run tries again. */
  readonly failed: number;
}

/** The argument of the workflow `hrSync`. */
export interface HrSyncInput {
  readonly clock: ClockAnchor;
  readonly tuning: Tuning;
}

/** What a synchronisation came to. */
export interface HrSyncResult extends ObserveResult, SyncCounts {}
