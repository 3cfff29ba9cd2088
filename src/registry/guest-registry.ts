import type { ExternalIdentity } from '../contracts/guest.ts';
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
}

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
  /** Shuts all guest accounts of a person; answers them, those that were shut before too. */
  shutGuests(input: { readonly personId: string; readonly at: Instant }): Promise<readonly GuestRow[]>;
  guests(personId: string): Promise<readonly GuestRow[]>;
  /** The guest account of an identity, open or shut. */
  guestOf(identity: Pick<ExternalIdentity, 'provider' | 'subject'>): Promise<GuestRow | null>;
}
