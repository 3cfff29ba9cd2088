import type { AccountKind, Stage } from '../contracts/account.ts';
import type { ReassignmentRefusal } from '../contracts/reassignment.ts';
import type { CalendarDate } from '../contracts/time.ts';
import { refusalOfNumber, type RequestedKind } from './account-requests.ts';
import { daysBetween } from './calendar.ts';
import type { LastDay } from './governing.ts';

/** Whose last day is no further away is leaving, and is handed nothing. Rule: "Re-assigning a service account". */
export const LEAVING_DAYS = 60;

/** What is known when a service account is to be re-assigned. */
export interface ReassignmentFacts {
  /** `null` = there is no such account. */
  readonly account: { readonly kind: AccountKind; readonly stage: Stage; readonly owner: string } | null;
  /** Another request for the account is open, or was approved and is being carried out. */
  readonly isOpen: boolean;
  readonly newOwner: {
    readonly personId: string;
    /** HR has shown them. */
    readonly isKnown: boolean;
    /** Has an affiliation today, as HR says. */
    readonly isValid: boolean;
    readonly isDisabled: boolean;
    readonly lastDay: LastDay;
    /** Of their primary account that is not over; `null` = they have none. */
    readonly primaryStage: Stage | null;
    readonly has: Readonly<Record<RequestedKind, number>>;
  };
  readonly today: CalendarDate;
}

/** A second request for an account has to wait for the first. */
export const ALREADY_OPEN = {
  code: 'ALREADY_OPEN',
  why: 'another request for this account is open: there is one at a time',
} as const satisfies ReassignmentRefusal;

/** Who asks owned the account, and does not any more. */
export const OWNER_CHANGED = {
  code: 'OWNER_CHANGED',
  why: 'the account has another owner by now',
} as const satisfies ReassignmentRefusal;

function refuse(code: string, why: string): ReassignmentRefusal {
  return { code, why };
}

function refusalOfNewOwner({ newOwner, today }: ReassignmentFacts): ReassignmentRefusal | null {
  const { isKnown, isValid, isDisabled, lastDay, primaryStage, has } = newOwner;
  if (!isKnown) return refuse('PERSON_UNKNOWN', 'only a person whom HR knows can own a service account');
  if (!isValid) return refuse('NEW_OWNER_LEFT', 'the new owner has no valid affiliation today');
  if (primaryStage === null) {
    return refuse('NO_PRIMARY', 'only a person with a primary account can own a service account');
  }
  if (isDisabled || primaryStage !== 'active') {
    return refuse('NEW_OWNER_NOT_ACTIVE', 'the primary account of the new owner is not active');
  }
  if (lastDay.type === 'on' && daysBetween(today, lastDay.date) <= LEAVING_DAYS) {
    const why = `the new owner is leaving: their last day is within ${String(LEAVING_DAYS)} days`;
    return refuse('NEW_OWNER_LEAVING', why);
  }
  return refusalOfNumber('service', has);
}

/** Why a service account cannot be re-assigned to somebody; `null` = it can, if they agree. */
export function refusalOfReassignment(facts: ReassignmentFacts): ReassignmentRefusal | null {
  const { account, isOpen, newOwner } = facts;
  if (account === null) return refuse('ACCOUNT_UNKNOWN', 'there is no such account');
  if (account.kind !== 'service') {
    return refuse(
      'NOT_A_SERVICE_ACCOUNT',
      'only a service account can be re-assigned, all others are personal',
    );
  }
  if (account.stage !== 'active') {
    return refuse(
      'ACCOUNT_NOT_ACTIVE',
      `the account is ${account.stage}, and only an active one is re-assigned`,
    );
  }
  if (account.owner === newOwner.personId) return refuse('OWNER_ALREADY', 'this person is the owner already');
  if (isOpen) return ALREADY_OPEN;
  return refusalOfNewOwner(facts);
}
