import type { AccountKind, AdminDate, DisabledHold, Stage } from './account.ts';
import type { ChangeSide } from './plan.ts';
import type { Observation } from './affiliation.ts';
import type { Policy } from './policy.ts';
import type { ClockAnchor, Instant } from './time.ts';
import type { Tuning } from './workflow-input.ts';

/** HR has merged two person ids, as an admin says it. Ids are opaque, and `reason` is short words. */
export interface MergeAsk {
  readonly requestId: string;
  /** The id that HR gave up. */
  readonly fromPerson: string;
  /** The id that HR goes on with. */
  readonly toPerson: string;
  readonly actor: string;
  readonly reason: string;
}

/** An account that goes from the one id to the other. */
export interface MovedAccount {
  readonly accountId: string;
  readonly kind: AccountKind;
  /** Its kind from then on: a primary account becomes a secondary one beside a living primary. */
  readonly newKind: AccountKind;
  readonly stage: Stage;
}

/** A guest account that leads to the other id from then on, and whether it stays open. */
export interface MovedGuest {
  readonly guestId: string;
  /** The account that it leads to from then on; `null` = the same as before. */
  readonly accountId: string | null;
  readonly wasOpen: boolean;
  readonly isOpen: boolean;
}

/** A request to re-assign a service account that names the id HR gave up. */
export interface MovedReassignment {
  readonly requestId: string;
  readonly accountId: string;
  /** What the id is there. */
  readonly role: 'owner' | 'newOwner';
}

/** Everything that goes over. */
export interface MergeMoves {
  readonly accounts: readonly MovedAccount[];
  readonly guests: readonly MovedGuest[];
  readonly reassignments: readonly MovedReassignment[];
}

/** A merge, as the registry keeps it. */
export interface Merge extends MergeAsk, MergeMoves {
  readonly at: Instant;
  /** When everyone whom it concerns had been told; `null` = not yet. */
  readonly toldAt: Instant | null;
}

/** Why a merge is refused: a code for programs, and words. */
export interface MergeRefusal {
  readonly code:
    | 'SAME_PERSON'
    | 'PERSON_UNKNOWN'
    | 'MERGED_ALREADY'
    | 'MERGED_INTO_ANOTHER'
    | 'FALLBACK_OWNER'
    | 'NO_POLICY'
    | 'WOULD_LOSE';
  readonly why: string;
}

/** What a merge comes to, before it is made. */
export interface MergePreview extends MergeMoves {
  readonly fromPerson: string;
  readonly toPerson: string;
  /** What the accounts of the two were told by HR; `null` = nobody knows the person. */
  readonly from: ChangeSide | null;
  readonly to: ChangeSide | null;
  /** Accounts in an INDIGO IAM instance, which stay until their label there names the other id. */
  readonly staying: readonly string[];
  /** What changes for an account beside its person, in words. */
  readonly remarks: readonly { readonly accountId: string; readonly words: string }[];
  /** `null` = it can be made. */
  readonly refused: MergeRefusal | null;
  /** The very merge was made before; `null` = it was not. */
  readonly done: Merge | null;
}

/** The argument of the workflow `personMerge`. */
export interface PersonMergeInput {
  readonly ask: MergeAsk;
  /** The caller's; the deployment's own is read from the registry. */
  readonly clock: ClockAnchor;
  readonly tuning: Tuning;
}

/** What `personMerge` returns: `known` = the two were merged before. */
export type PersonMergeResult =
  | { readonly outcome: 'merged' | 'known'; readonly merge: Merge }
  | ({ readonly outcome: 'refused' } & MergeRefusal);

/** What an account's own workflow is told. The registry says whose it is, and not who sends this. */
export interface PersonsMerged {
  readonly requestId: string;
  readonly toPerson: string;
}

/** What an account follows from then on, as the registry says. */
export interface Followed {
  readonly personId: string;
  readonly kind: AccountKind;
  /** Of that kind. */
  readonly policy: Policy;
  /** What the person's accounts were told. */
  readonly observation: Observation;
  /** Number of the person's next leaving. */
  readonly departure: number;
  /** What an admin gave the person's primary account; `null` = nothing, or it does not count for this one. */
  readonly adminDate: AdminDate | null;
  readonly disabledManually: DisabledHold | null;
}
