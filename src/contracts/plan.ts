import type { Observation, Standing } from './affiliation.ts';
import type { CalendarDate, Instant } from './time.ts';

/**
 * What a change of HR's facts comes to for a person, worst first. A *loss* and a *shortening* may be held; everything
 * else is applied. Rule: "The safeguard".
 */
export const CHANGE_KINDS = ['loss', 'shortening', 'join', 'return', 'extension', 'correction'] as const;
export type ChangeKind = (typeof CHANGE_KINDS)[number];

/** Kinds that wait for approval when the safeguard holds. */
export const HELD_KINDS = ['loss', 'shortening'] as const satisfies readonly ChangeKind[];

/**
 * Where a row stands. `open` = to be applied; `held` = waits for a decision; `stale` = what it was based on no longer
 * holds, and the next synchronisation plans it anew.
 */
export const ROW_STATES = [
  'open',
  'held',
  'approved',
  'rejected',
  'superseded',
  'lapsed',
  'applied',
  'stale',
] as const;
export type RowState = (typeof ROW_STATES)[number];

/** What HR's facts come to for a person's accounts, before or after a change. Nothing personal is in it. */
export interface ChangeSide {
  /** `null` = accounts were never told anything. */
  readonly outcome: Observation['outcome'] | null;
  readonly standing: Standing;
  /** `null` = not known. */
  readonly lastDay: CalendarDate | 'open' | null;
  /** Every valid contract is excluded. */
  readonly excluded: boolean;
  /** First day of an affiliation that begins later. */
  readonly future: CalendarDate | null;
}

/** One change that a synchronisation found. */
export interface PlanRow {
  readonly planId: string;
  readonly personId: string;
  readonly kind: ChangeKind;
  /** In words, for whoever approves it. */
  readonly reason: string;
  readonly before: ChangeSide;
  readonly after: ChangeSide;
  /** Number of the observation that accounts were told last; `null` = none. With it the row stands or is stale. */
  readonly beforeNumber: number | null;
  /** The observation it follows from. */
  readonly number: number;
  readonly afterOutcome: Observation['outcome'];
  /** Digest of HR's answer; `null` for `no-person`. With it the row stands or is stale. */
  readonly afterDigest: string | null;
  /**
   * What is told to accounts of an INDIGO IAM instance beside HR's answer, in order: `<account> released`, `<account> deleted`
   * or `<account> deletedOutside` for one that is not there any more, `<account> there <person>` for one that goes to
   * another person, `<account> new` for one that never heard what HR says. A decision covers these and no others.
   */
  readonly instanceChanges: readonly string[];
  readonly state: RowState;
}

/** A row as it is found, before it belongs to a plan. */
export type Change = Omit<PlanRow, 'planId' | 'state'>;

/**
 * Where a plan stands. `observing` = HR is still being read; `open` = being applied, nothing of it held; `dryRun` =
 * made to be looked at, never applied.
 */
export const PLAN_STATES = [
  'observing',
  'open',
  'held',
  'approved',
  'rejected',
  'superseded',
  'lapsed',
  'applied',
  'dryRun',
] as const;
export type PlanState = (typeof PLAN_STATES)[number];

/** What looking at HR came to, over all ranges of a run. */
export interface LookCounts {
  /** Persons looked at. */
  readonly looked: number;
  /**
   * Persons HR is expected to answer for: it did the last time it was asked, or it does no more and their accounts were not
   * told so.
   */
  readonly expected: number;
  /** Of those expected, the ones HR answered for again. */
  readonly answered: number;
  /** The same of those only who have an account that is not over: nobody else can lose anything. Absent in older results. */
  readonly holders?: Pick<LookCounts, 'looked' | 'expected' | 'answered'>;
  /** Persons of whom HR says something else than before. */
  readonly changed: number;
  /** Persons HR says it does not know, confirmed or not. */
  readonly noPerson: number;
  /** Persons of whom nothing was learned. */
  readonly unavailable: number;
}

export type RowCounts = Readonly<Partial<Record<ChangeKind, Readonly<Partial<Record<RowState, number>>>>>>;

/** A plan without its rows. */
export interface Plan {
  readonly planId: string;
  readonly state: PlanState;
  readonly createdAt: Instant;
  /** When it was known whole; `null` = HR is still being read. */
  readonly settledAt: Instant | null;
  readonly looks: LookCounts | null;
  /** Why losses and shortenings of it are held, in words; empty = they are not. */
  readonly heldBecause: readonly string[];
  /** When a held plan lapses. */
  readonly lapsesAt: Instant | null;
  readonly decision: PlanDecision | null;
  /** The plan that took its place. */
  readonly supersededBy: string | null;
  readonly rows: RowCounts;
}

/** An admin's word on a held plan. `actor` is an opaque id. */
export interface PlanDecision {
  readonly verdict: 'approved' | 'rejected';
  readonly actor: string;
  readonly reason: string;
  readonly at: Instant;
}

/** When losses and shortenings are held. Rule: "The safeguard". */
export interface SafeguardLimits {
  /** Losses beyond this number *and* beyond `lossPercent` of those looked at. */
  readonly lossCount: number;
  readonly lossPercent: number;
  /** Losses beyond this number, whatever the per cent. */
  readonly lossMaximum: number;
  /** Length of the window over which losses are added up, in hours. */
  readonly hours: number;
  /** HR answers for less than this per cent of those it answered for last time … */
  readonly answeredPercent: number;
  /** … and for at least so many fewer. */
  readonly missingCount: number;
}
