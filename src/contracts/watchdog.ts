import type { ClockAnchor } from './time.ts';
import type { Tuning } from './workflow-input.ts';

/** The argument of the workflow `watchdog`. */
export interface WatchdogInput {
  readonly clock: ClockAnchor;
  readonly tuning: Tuning;
  /** A step that is late by more than this is overdue; minutes of the deployment's clock. */
  readonly overdueMinutes: number;
  /** What the visit before found out, when no schedule passes it on. */
  readonly memory?: WatchdogMemory;
}

/** What a visit remembers for the next one. Real milliseconds since the epoch; ids are opaque. */
export interface WatchdogMemory {
  readonly visitedAt: number;
  /** When every account was last compared with Temporal's list. */
  readonly comparedAt: number;
  /** Accounts of the registry that should have a workflow, less the workflows that Temporal lists. */
  readonly difference: number;
  /** The difference that a comparison left: accounts that cannot have a workflow, less workflows nobody knows. */
  readonly explained: number;
  /** Accounts that were overdue, and that were told to look again. */
  readonly overdue: readonly string[];
}

/** What a visit came to; the schedule passes it on to the next one. */
export interface WatchdogResult extends WatchdogMemory {
  /** Workflows that were started again. */
  readonly healed: number;
  /** Accounts that were told to look again. */
  readonly woken: number;
  /** Accounts that could not be looked at, or not be mended. */
  readonly failed: number;
  /** Parts of the visit that failed. */
  readonly broken: readonly string[];
}
