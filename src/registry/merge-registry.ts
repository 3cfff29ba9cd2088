import type { Merge, MergeAsk, MergeMoves } from '../contracts/merge.ts';
import type { Reassignment } from '../contracts/reassignment.ts';
import type { Instant } from '../contracts/time.ts';
import type { GuestRow } from './guest-registry.ts';
import type { AccountRow, PersonRow } from './registry.ts';

/** What is known while two persons are merged: nobody changes it meanwhile. */
export interface MergeFacts {
  /** `null` = the registry does not know them. */
  readonly from: PersonRow | null;
  readonly to: PersonRow | null;
  /** Every account of each, those that are over too. */
  readonly fromAccounts: readonly AccountRow[];
  readonly toAccounts: readonly AccountRow[];
  /** Of the person whose id goes. */
  readonly guests: readonly GuestRow[];
  /** Requests that name the id that goes, and are open or approved and not carried out. */
  readonly reassignments: readonly Reassignment[];
  /** The merge by which the id went; `null` = it did not. */
  readonly merge: Merge | null;
}

/** Persons whose ids HR merged. Rule: "Merging two person ids". */
export interface MergeRegistry {
  mergeFacts(input: Pick<MergeAsk, 'fromPerson' | 'toPerson'>): Promise<MergeFacts>;
  /**
   * Moves what `judge` says from the one id to the other, writes the audit log, and marks the id as merged: HR is not
   * asked for it any more, and no account is made for it. One transaction, in which whatever concerns the two takes turns.
   * A living account is to follow at its next step, also if its workflow is lost. The same pair a second time changes
   * nothing and answers what was done. Throws `MERGE_EXISTS` for a request id of another merge.
   */
  mergePersons<Refused>(input: {
    readonly ask: MergeAsk;
    readonly at: Instant;
    readonly judge: (facts: MergeFacts) => { readonly moves: MergeMoves } | { readonly refused: Refused };
  }): Promise<{ readonly merge: Merge; readonly isNew: boolean } | { readonly refused: Refused }>;
  /** Everyone whom the merge concerns was told. */
  mergeTold(input: { readonly requestId: string; readonly at: Instant }): Promise<void>;
  merge(requestId: string): Promise<Merge | null>;
}
