import type { AccountState } from '../contracts/account.ts';
import type { ExternalIdentity, GuestKey } from '../contracts/guest.ts';
import type { Instant } from '../contracts/time.ts';

/** A guest account: an external identity that leads to a person who has left, and to their previous account. */
export interface GuestRow extends ExternalIdentity {
  readonly guestId: string;
  readonly personId: string;
  /** The person's previous primary account. */
  readonly accountId: string;
  /** The login of that account. */
  readonly formerLogin: string;
  /** Of its own entry in a directory; unique for ever. */
  readonly uidNumber: number;
  /** `false` = shut: the person is back. */
  readonly isOpen: boolean;
  /** Since when it is open or shut, on the deployment's clock. */
  readonly since: Instant;
  /** The admin's request that associated it; `null` = the external address that HR named. */
  readonly requestId: string | null;
  /** When an admin released it: it leads nowhere, and goes once every target has been told. `null` = it was not. */
  readonly releasedAt: Instant | null;
}

/** What the registry knows when an admin associates an identity, under a lock. */
export interface AssociationContext {
  readonly account: { readonly accountId: string; readonly state: AccountState };
  /** The person's newest primary account. */
  readonly newest: { readonly accountId: string } | null;
  readonly isOfAnother: boolean;
  /** Of the same person, not released. */
  readonly own: readonly GuestRow[];
}

/** Who does something, and under which id: given twice it is the same request. */
interface AdminRequest {
  readonly requestId: string;
  readonly actor: string;
  readonly reason: string;
  readonly at: Instant;
}

export type AssociationOutcome<Refused> =
  /** `known` = the same request did it before. */
  | { readonly outcome: 'associated' | 'known'; readonly guest: GuestRow }
  /** The same request did it before, and it was released since. */
  | { readonly outcome: 'released' }
  /** The request was made before, for another identity or account. */
  | { readonly outcome: 'reused' }
  | { readonly outcome: 'refused'; readonly refused: Refused };

/** The registry's part about guest accounts. Rule: "Guests". */
export interface GuestRegistry {
  /**
   * Opens a guest account for the identity, or opens the one that is there again and maps it to this account. `null`, and
   * nothing is written, if the identity is bound to another person, or its address is another person's in HR.
   */
  openGuest(input: {
    readonly guestId: string;
    readonly personId: string;
    readonly accountId: string;
    readonly identity: ExternalIdentity;
    readonly at: Instant;
  }): Promise<GuestRow | null>;
  /** Opens again what admins have associated with the person, and maps it to this account; answers it. */
  reopenAssociated(input: {
    readonly personId: string;
    readonly accountId: string;
    readonly at: Instant;
  }): Promise<readonly GuestRow[]>;
  /** Shuts all guest accounts of a person; answers all of them that are not released. */
  shutGuests(input: { readonly personId: string; readonly at: Instant }): Promise<readonly GuestRow[]>;
  /**
   * Opens a guest account for an identity that an admin associates with the account, if `judge` has nothing against it,
   * and writes the audit log, in which nothing of the identity stands. One transaction, in which associations take turns.
   * `judge` looks, and neither waits nor writes. Throws `NO_ACCOUNT`.
   */
  associateGuest<Refused>(
    input: AdminRequest & {
      readonly guestId: string;
      readonly accountId: string;
      readonly identity: ExternalIdentity;
      readonly judge: (facts: AssociationContext) => Refused | null;
    },
  ): Promise<AssociationOutcome<Refused>>;
  /**
   * Takes a guest account from its person and writes the audit log: its identity is nobody's from then on. `known` = the
   * same request, or another one, did it before; `null` = there is no such guest account.
   */
  releaseGuest(
    input: AdminRequest & { readonly guestId: string },
  ): Promise<{ readonly outcome: 'released' | 'known'; readonly guest: GuestRow | null } | null>;
  /** Forgets guest accounts that were released: every target has been told. */
  forgetReleased(input: { readonly guestIds: readonly string[] }): Promise<void>;
  /** Every guest account of a person, those that are released and not yet forgotten too. */
  guests(personId: string): Promise<readonly GuestRow[]>;
  /** The guest account of an identity, open or shut, if it is not released. */
  guestOf(identity: GuestKey): Promise<GuestRow | null>;
}
