import type { Reassignment, ReassignmentAsk, ReassignmentDecision } from '../contracts/reassignment.ts';
import type { Instant } from '../contracts/time.ts';
import type { AccountRow, PersonRow } from './registry.ts';

/** What is known while a request to re-assign an account is opened or approved: nobody changes it meanwhile. */
export interface HandoverFacts {
  /** `null` = there is no such account. */
  readonly account: AccountRow | null;
  /** Another request for it is open, or was approved and is not carried out. */
  readonly isOpen: boolean;
  /** The proposed owner; `null` = HR never showed them. */
  readonly newOwner: PersonRow | null;
  /** Every account of the proposed owner. */
  readonly accounts: readonly AccountRow[];
  /** Service accounts on their way to the proposed owner. */
  readonly coming: number;
}

/** Requests to re-assign service accounts. Rule: "Re-assigning a service account". */
export interface ReassignmentRegistry {
  /**
   * Opens a request, if `judge` finds nothing against it, and writes the audit log. One transaction, in which whatever
   * concerns the account or gives the proposed owner accounts takes turns. A second time it answers the request as it is.
   */
  openReassignment<Refused>(input: {
    readonly ask: ReassignmentAsk;
    readonly at: Instant;
    readonly lapsesAt: Instant;
    readonly judge: (facts: HandoverFacts) => Refused | null;
  }): Promise<{ readonly reassignment: Reassignment } | { readonly refused: Refused }>;
  /**
   * Brings an open request to its end, and writes the audit log; one that has come to its end stays as it is. An approval
   * is judged once more, and becomes `rejected` by `system` when there is something against it. Answers the request as it
   * then is. Throws `NO_REASSIGNMENT`.
   */
  decideReassignment(input: {
    readonly requestId: string;
    readonly decision: ReassignmentDecision;
    readonly at: Instant;
    /** Why an approval cannot be carried out; `null` = it can. */
    readonly judge: (facts: HandoverFacts) => string | null;
  }): Promise<Reassignment>;
  /**
   * Hands the account of an approved request on to the proposed owner, once. Answers the request; who owns the account by
   * then may be somebody else, after a second time. One that is not approved changes nothing. Throws `NO_REASSIGNMENT`.
   */
  completeReassignment(input: { readonly requestId: string; readonly at: Instant }): Promise<Reassignment>;
  reassignment(requestId: string): Promise<Reassignment | null>;
  /** All of an account, newest first. */
  reassignments(accountId: string): Promise<readonly Reassignment[]>;
}
