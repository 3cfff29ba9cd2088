import type { CalendarDate, Instant } from './time.ts';

/** One dated tie of a person, as HR tells it: a contract, or a participation in an experiment. */
export interface Tie {
  readonly kind: 'contract' | 'participation';
  /** First day; `null` = it has begun. */
  readonly start: CalendarDate | null;
  /** Last day, inclusive; `null` = open-ended. */
  readonly end: CalendarDate | null;
  /** A contract that is suspended, for instance for parental leave. */
  readonly excluded: boolean;
  /** The experiment of a participation; `null` for a contract. */
  readonly experiment: string | null;
}

/**
 * A confirmed fact about one person, as it is signalled to workflows. `number` comes from one rising sequence
 * over all persons: of two observations the one with the higher number is the newer. A person HR does not know
 * has no ties. Nothing personal is in it.
 */
export interface Observation {
  readonly number: number;
  readonly personId: string;
  readonly outcome: 'found' | 'no-person';
  readonly ties: readonly Tie[];
  /** When HR was asked, on the deployment's clock. */
  readonly at: Instant;
}

/** What an account's standing with HR comes to, see `docs/rules.md`, "Standing". */
export type Standing = 'member' | 'future' | 'expired' | 'no-participation' | 'no-person' | 'unavailable';
