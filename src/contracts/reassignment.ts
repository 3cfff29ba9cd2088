import type { ClockAnchor, Instant } from './time.ts';
import type { Tuning } from './workflow-input.ts';

/** Where a request to re-assign a service account stands. All but `open` are ends. */
export type ReassignmentStatus =
  | 'open'
  /** The proposed owner agreed. */
  | 'approved'
  /** The proposed owner said no, or could not own the account any more when they agreed. */
  | 'rejected'
  | 'withdrawn'
  | 'lapsed'
  /** The owner left, and the account went to the proposed owner as the next in the line. */
  | 'superseded';

/** A request, as it is made. Ids are opaque, and `reason` is short words. */
export interface ReassignmentAsk {
  readonly requestId: string;
  readonly accountId: string;
  /** The proposed owner, by person id. */
  readonly newOwner: string;
  readonly actor: string;
  readonly reason: string;
  /** Only as long as this person owns the account; absent = whoever does. */
  readonly onlyOf?: string;
}

/** A request, as the registry keeps it. */
export interface Reassignment extends Omit<ReassignmentAsk, 'onlyOf'> {
  /** Who owned the account when it was asked for. */
  readonly owner: string;
  readonly status: ReassignmentStatus;
  readonly askedAt: Instant;
  readonly lapsesAt: Instant;
  /** When it came to its end, who brought it about, and why; `null` = it is open. */
  readonly decidedAt: Instant | null;
  readonly decidedBy: string | null;
  readonly decidedWhy: string | null;
  /** When the account was handed on; `null` = it was not, or not yet. */
  readonly doneAt: Instant | null;
}

/** How a request comes to its end. */
export type ReassignmentVerdict = Exclude<ReassignmentStatus, 'open'>;

/** What somebody says of a request, or what follows from time and events (`by` is then `system`). */
export interface ReassignmentDecision {
  readonly verdict: ReassignmentVerdict;
  readonly by: string;
  readonly why: string;
}

/** A mail about a request: `asked` and reminders to the proposed owner, `owner/<id>` to them too, `outcome` to the owner. */
export type ReassignmentMail = 'asked' | 'reminder-7' | 'reminder-13' | 'outcome' | `owner/${string}`;

/** Why a request is refused: a code for programs, and words that name the rule. */
export interface ReassignmentRefusal {
  readonly code: string;
  readonly why: string;
}

/** Everything the workflow of a request knows, as plain JSON. Nothing personal is in it. */
export interface ReassignmentState {
  readonly schema: 1;
  readonly ask: ReassignmentAsk;
  readonly askedAt: Instant;
  readonly lapsesAt: Instant;
  /** `new` = the registry does not have it yet; `refused` = it never will. */
  readonly status: ReassignmentStatus | 'new' | 'refused';
  /** The account's owner, as far as is known. */
  readonly owner: string | null;
  /** Who became owner while it was open, of whom the proposed owner is told; `null` = nobody did. */
  readonly changedTo: string | null;
  /** What was said, and is not settled yet: the first word counts. */
  readonly said: ReassignmentDecision | null;
  /** Why it was refused or came to its end. */
  readonly why: string | null;
  readonly code: string | null;
  /** Mails that went out. */
  readonly told: readonly ReassignmentMail[];
  /** Somebody asks for the account anew: mail that does not go out holds that up no longer. */
  readonly isHurried: boolean;
}

/** The argument of the workflow `reassignment`. */
export interface ReassignmentInput {
  readonly ask: ReassignmentAsk;
  readonly clock: ClockAnchor;
  readonly tuning: Tuning;
}

/** What `reassignment` returns when nothing is left to do. */
export interface ReassignmentResult {
  readonly requestId: string;
  readonly status: ReassignmentState['status'];
}

/** The answer to whoever asks: `ending` = the request before it is just being finished. */
export type ReassignmentAnswer =
  | { readonly outcome: 'open'; readonly lapsesAt: Instant }
  | ({ readonly outcome: 'refused' } & ReassignmentRefusal)
  | { readonly outcome: 'ending' };

/** What somebody sends to an open request: `by` the proposed owner's person id, or for `withdrawn` who does it. */
export interface ReassignmentWord {
  readonly requestId: string;
  readonly by: string;
  readonly reason: string;
}

/** The answer to a word: where the request stands now. */
export interface ReassignmentWordAnswer {
  readonly status: ReassignmentState['status'];
  readonly message: string;
}

/** What an account's own workflow is told when a request was approved. */
export interface Reassigned {
  readonly requestId: string;
  readonly newOwner: string;
}
