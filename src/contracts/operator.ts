import type { MergePreview } from './merge.ts';
import type { Plan, PlanRow, RowState } from './plan.ts';
import type { Reassignment } from './reassignment.ts';
import type { ClockAnchor, Instant } from './time.ts';
import type { Tuning } from './workflow-input.ts';

/** What an operator asks the workers, who own the registry, through the workflow `operatorRequest`. */
export type OperatorRequest =
  | GuestRequest
  /** `planId` `null` = the newest plan, held ones first. */
  | { readonly type: 'plan'; readonly planId: string | null }
  | { readonly type: 'plans'; readonly limit: number }
  | {
      readonly type: 'planRows';
      readonly planId: string;
      readonly states: readonly RowState[] | null;
      readonly after: string | null;
      readonly limit: number;
    }
  | { readonly type: 'frozen' }
  | { readonly type: 'freeze' | 'unfreeze'; readonly actor: string; readonly reason: string }
  /** Asks for an account, under an id of its own: a second time it is the same request. */
  | {
      readonly type: 'requestAccount';
      readonly requestId: string;
      /** `secondary` or `service`; anything else is refused in words. */
      readonly kind: string;
      readonly personId: string;
      readonly login: string;
      readonly actor: string;
      readonly reason: string;
    }
  /** Asks to re-assign a service account. `account` here and below: its id, or its login. */
  | {
      readonly type: 'askReassignment';
      readonly requestId: string;
      readonly account: string;
      /** The proposed owner, by person id. */
      readonly newOwner: string;
      readonly actor: string;
      readonly reason: string;
    }
  /** The proposed owner's answer, or an admin who withdraws the request. */
  | {
      readonly type: 'answerReassignment';
      readonly account: string;
      readonly verdict: 'approved' | 'rejected' | 'withdrawn';
      /** Of the proposed owner the person id. */
      readonly by: string;
      readonly reason: string;
      /** The very request; without it, the account's newest. */
      readonly requestId?: string;
    }
  /** What a merge of two persons would come to. */
  | { readonly type: 'previewMerge'; readonly fromPerson: string; readonly toPerson: string }
  /** Every request for the account, newest first. */
  | { readonly type: 'reassignments'; readonly account: string };

/**
 * About external identities. What is personal goes through Temporal only sealed, since it stands in histories: `sealed` is
 * JSON for the key that `sealingKey` asks for (`src/sealing.ts`).
 */
export type GuestRequest =
  | { readonly type: 'sealingKey' }
  /** Sealed: `{account, identity: {provider, subject, email?}}`, the account by its id or its login. */
  | {
      readonly type: 'associateGuest';
      readonly requestId: string;
      readonly sealed: string;
      readonly actor: string;
      readonly reason: string;
    }
  | {
      readonly type: 'releaseGuest';
      readonly requestId: string;
      readonly guestId: string;
      readonly actor: string;
      readonly reason: string;
    }
  /** Sealed: `{account, answerTo}`, the latter a public key that the answer is sealed for. */
  | { readonly type: 'guests'; readonly sealed: string };

/** The answer to one. */
export type GuestAnswer =
  | { readonly type: 'sealingKey'; readonly publicKey: string }
  | {
      readonly type: 'guest';
      readonly guestId: string;
      /** `null` = the guest account is gone. */
      readonly accountId: string | null;
      readonly personId: string | null;
      /** `false` = it was so before. */
      readonly changed: boolean;
    }
  /** Sealed: the guest accounts of the account's person. */
  | { readonly type: 'guests'; readonly sealed: string };

/** The answer, by the type of what was asked. */
export type OperatorAnswer =
  | GuestAnswer
  | { readonly type: 'plan'; readonly plan: Plan | null }
  | { readonly type: 'plans'; readonly plans: readonly Plan[] }
  | { readonly type: 'planRows'; readonly rows: readonly PlanRow[] }
  | {
      readonly type: 'frozen';
      /** `null` = nothing is frozen. */
      readonly freeze: { readonly since: number; readonly actor: string; readonly reason: string } | null;
      /** Whether this request changed it. */
      readonly changed: boolean;
    }
  | {
      readonly type: 'account';
      readonly accountId: string;
      readonly kind: string;
      readonly personId: string;
      /** `false` = the same request was granted before. */
      readonly made: boolean;
    }
  | {
      readonly type: 'reassignment';
      readonly requestId: string;
      readonly accountId: string;
      readonly lapsesAt: Instant;
    }
  | {
      readonly type: 'reassignmentAnswer';
      readonly requestId: string;
      readonly status: string;
      readonly message: string;
    }
  | { readonly type: 'reassignments'; readonly reassignments: readonly Reassignment[] }
  | { readonly type: 'mergePreview'; readonly preview: MergePreview }
  /** What was asked for makes no sense, in words; `code` = the rule it breaks, for programs. */
  | { readonly type: 'refused'; readonly why: string; readonly code?: string };

/** The argument of the workflow `operatorRequest`. */
export interface OperatorRequestInput {
  readonly request: OperatorRequest;
  readonly clock: ClockAnchor;
  readonly tuning: Tuning;
}
