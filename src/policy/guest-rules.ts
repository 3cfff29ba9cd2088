import type { AccountState } from '../contracts/account.ts';
import { BY_EMAIL, type ExternalIdentity, type GuestRefusal } from '../contracts/guest.ts';
import { addressProblem } from './guest-identity.ts';

/** What the registry knows when an admin associates an identity with an account. */
export interface AssociationFacts {
  /** The account that was named. */
  readonly account: { readonly accountId: string; readonly state: AccountState };
  /** The person's newest primary account; `null` = there never was one. */
  readonly newest: { readonly accountId: string } | null;
  /** The identity or its address is another person's, as a guest or in HR. */
  readonly isOfAnother: boolean;
  /** Identities of the person that are not released. */
  readonly own: readonly (Pick<ExternalIdentity, 'provider' | 'subject'> & { readonly isOpen: boolean })[];
}

export const ACCOUNT_UNKNOWN: GuestRefusal = { code: 'ACCOUNT_UNKNOWN', why: 'there is no such account' };

function refuse(code: string, why: string): GuestRefusal {
  return { code, why };
}

/** Whether this is an account that a guest account can lead to: a primary one, of somebody who has left. */
function refusalOfAccount({ account, newest }: AssociationFacts): GuestRefusal | null {
  const { kind, stage, holds } = account.state;
  if (kind !== 'primary') {
    return refuse('NOT_PRIMARY', `a guest account leads to a primary account, and this is a ${kind} account`);
  }
  if (newest !== null && newest.accountId !== account.accountId) {
    return refuse('NEWER_ACCOUNT', `the person has a newer primary account, ${newest.accountId}`);
  }
  switch (stage) {
    case 'pending':
    case 'active':
      return refuse('NOT_LEFT', `this is no former account: it is ${stage}, the person has not left`);
    case 'neverJoined':
    case 'released':
    case 'deletedOutside':
      return refuse('NOT_LEFT', `this is no former account of ours: it ended as ${stage}`);
    case 'grace':
    case 'blocked':
    case 'deleted':
      break;
  }
  if (holds.disabledManually !== null) {
    return refuse(
      'PERSON_DISABLED',
      'whom an admin has disabled gets no other way in: enable the account first',
    );
  }
  return null;
}

/** Why an external identity cannot be associated with the account; `null` = it can. Rule: "Associating an identity". */
export function refusalOfAssociation(
  identity: ExternalIdentity,
  facts: AssociationFacts,
  mailDomain: string,
): GuestRefusal | null {
  const ofAccount = refusalOfAccount(facts);
  if (ofAccount !== null) return ofAccount;
  const address = addressProblem(identity, mailDomain);
  if (address !== null) return refuse('ADDRESS_NOT_EXTERNAL', address);
  if (facts.isOfAnother) {
    return refuse(
      'IDENTITY_BOUND',
      "the identity, or its address, is another person's: an identity is bound to one person",
    );
  }
  const same = facts.own.filter(({ provider }) => provider === identity.provider);
  if (same.some(({ subject }) => subject === identity.subject)) {
    return same.some(({ subject, isOpen }) => subject === identity.subject && isOpen)
      ? refuse('ALREADY_OPEN', 'this identity leads to the person already')
      : null;
  }
  // An address that HR named once and names no more is shut, and stands in nobody's way.
  if (same.some(({ isOpen }) => isOpen || identity.provider !== BY_EMAIL)) {
    return refuse('PROVIDER_TAKEN', 'the person has an identity of this provider already: release it first');
  }
  return null;
}
