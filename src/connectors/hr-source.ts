import type { Tie } from '../contracts/affiliation.ts';
import type { PersonAttributes } from '../contracts/person.ts';

/** One person as HR answers. */
export interface HrRecord extends PersonAttributes {
  readonly ties: readonly Tie[];
  /**
   * Whether the answer had the field `contracts` at all. An answer without it, for a person who had contracts,
   * says nothing about them and counts as unavailable.
   */
  readonly hasContractsField: boolean;
  /** Entries that were ignored and why, without personal data. */
  readonly remarks: readonly string[];
}

export interface HrUnavailable {
  readonly outcome: 'unavailable';
  /** Stable, for instance `HR_TIMEOUT`, `HR_STATUS_500`, `HR_BROKEN_BODY`, `HR_WRONG_PERSON`. */
  readonly code: string;
  readonly reason: string;
}

/** What one look at one person comes to. `no-person` only ever stands for a 404 of the single GET. */
export type HrAnswer =
  | { readonly outcome: 'found'; readonly record: HrRecord }
  | { readonly outcome: 'no-person' }
  | HrUnavailable;

export type HrPage =
  | { readonly outcome: 'page'; readonly records: readonly HrRecord[]; readonly lastId: string | null }
  /** This HR system has no list; persons are read one at a time. */
  | { readonly outcome: 'unsupported' }
  | HrUnavailable;

/** The HR system. It never throws for an answer of HR's, whatever it is; it throws when called off. */
export interface HrSource {
  readPerson(input: { personId: string; signal: AbortSignal }): Promise<HrAnswer>;
  /** Persons ordered by id, at most `limit`, beginning behind `after`; `records` empty = past the end. */
  listPersons(input: { after: string | null; limit: number; signal: AbortSignal }): Promise<HrPage>;
  close(): Promise<void>;
}
