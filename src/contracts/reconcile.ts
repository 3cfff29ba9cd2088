import type { ClockAnchor } from './time.ts';
import type { Tuning } from './workflow-input.ts';

/** How registry, workflow and targets of an account can differ. Stable words, for programs. */
export const DIFFERENCE_KINDS = [
  'workflow-missing',
  'workflow-closed',
  /** It has ended as it should, and the registry does not know. */
  'workflow-over',
  'workflow-unknown',
  'projection',
  'entry-missing',
  'entry-unexpected',
  'entry-of-another-person',
  'entry-unknown',
  'access',
  'active-status',
  'memberships',
  'mail-routing',
  /** A guest account is open although the person is back, or was disabled by an admin. */
  'guest-open',
  'guest-missing',
  /** An entry of one that was released. */
  'guest-unexpected',
  'guest-of-another-person',
  'guest-access',
  /** Could not be compared, or not be repaired. */
  'failed',
] as const;
export type DifferenceKind = (typeof DIFFERENCE_KINDS)[number];

/** One difference. Nothing personal is in it. */
export interface Difference {
  /** `null` = it belongs to no account of ours. */
  readonly accountId: string | null;
  readonly kind: DifferenceKind;
  /** In words, for an operator. */
  readonly words: string;
  readonly repaired: boolean;
  /** What was done, or why nothing was. */
  readonly note: string;
}

/** The argument of the workflow `reconcile`. */
export interface ReconcileInput {
  /** The caller's; the deployment's own is read from the registry. */
  readonly clock: ClockAnchor;
  readonly tuning: Tuning;
  /** `null` = every account. */
  readonly accountId: string | null;
  /** Mends what differs, instead of only telling. */
  readonly repair: boolean;
}

/** So many differences a comparison keeps as rows; of all others it tells the kind, counted. */
export const MOST_DIFFERENCES = 2_000;

/** Differences, counted. */
export interface DifferenceCounts {
  readonly differences: number;
  readonly repaired: number;
  readonly kinds: Readonly<Partial<Record<DifferenceKind, number>>>;
}

/** How far a comparison has come. */
export interface ReconcileProgress {
  readonly accounts: number;
  /** Accounts in all. */
  readonly total: number;
  readonly differences: number;
}

/** What a comparison came to; the rows, the first {@link MOST_DIFFERENCES} of them, are asked for page by page. */
export interface ReconcileResult extends DifferenceCounts {
  readonly accounts: number;
  /** Accounts in the middle of a step: what differs there is being dealt with. */
  readonly busy: number;
}
