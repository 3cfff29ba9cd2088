import { assertNever } from './assert-never.ts';

/** The kinds of account that a person can ask for, and how many of each a person may have. Rule: "Requests". */
export const MOST_ACCOUNTS = { secondary: 5, service: 20 } as const;

export type RequestedKind = keyof typeof MOST_ACCOUNTS;

/** Which logins may be asked for. */
export interface RequestedLogins {
  /** Characters. */
  readonly longest: number;
  /** Names that mean something elsewhere, in lower case. */
  readonly reserved: readonly string[];
}

/** What is asked for, as somebody typed it. */
export interface AskedAccount {
  readonly kind: string;
  readonly login: string;
}

/** What is known of the person an account is asked for. */
export interface Applicant {
  /** HR has shown the person. */
  readonly isKnown: boolean;
  /** Has an affiliation today, as HR says. */
  readonly isValid: boolean;
  /** An admin has disabled the person's primary account. */
  readonly isDisabled: boolean;
  /** Has a primary account that is not over. */
  readonly hasPrimary: boolean;
  /** Accounts that are not over; of service accounts also those on their way to the person. */
  readonly has: Readonly<Record<RequestedKind, number>>;
}

/** Why a request is refused: a code for programs, and words that name the rule. */
export interface RequestRefusal {
  readonly code:
    | 'KIND_NOT_REQUESTABLE'
    | 'LOGIN_MALFORMED'
    | 'LOGIN_TOO_LONG'
    | 'LOGIN_RESERVED'
    | 'LOGIN_USED'
    | 'PERSON_UNKNOWN'
    | 'PERSON_MERGED'
    | 'PERSON_NOT_VALID'
    | 'PERSON_DISABLED'
    | 'NO_PRIMARY'
    | 'TOO_MANY';
  readonly why: string;
}

/** The login was used before, by whomever. */
export const LOGIN_USED: RequestRefusal = {
  code: 'LOGIN_USED',
  why: 'a login is never used twice, also after deletion: choose another one',
};

const SHORTEST_LOGIN = 2;
const LOGIN = /^[a-z](?:[a-z0-9]|[._-](?=[a-z0-9]))*$/;

export function isRequestedKind(kind: string): kind is RequestedKind {
  return Object.hasOwn(MOST_ACCOUNTS, kind);
}

function refuse(code: RequestRefusal['code'], why: string): RequestRefusal {
  return { code, why };
}

/** Why a kind cannot be asked for. */
export function refusalOfKind(kind: string): RequestRefusal {
  const why =
    kind === 'primary'
      ? 'nobody can ask for a primary account: the system makes exactly one for each person'
      : 'only a secondary or a service account can be asked for';
  return refuse('KIND_NOT_REQUESTABLE', why);
}

/** Why an id that HR gave up for another one gets no account. */
export function refusalOfMerged(into: string): RequestRefusal {
  return refuse('PERSON_MERGED', `HR gave up this person id for ${into}: ask for that one`);
}

/** What is wrong with a login, whoever asks for it; `null` = nothing. */
export function refusalOfLogin(login: string, rules: RequestedLogins): RequestRefusal | null {
  if (login.length > rules.longest) {
    return refuse('LOGIN_TOO_LONG', `a login has at most ${String(rules.longest)} characters`);
  }
  if (login.length < SHORTEST_LOGIN || !LOGIN.test(login)) {
    const why =
      `a login has at least ${String(SHORTEST_LOGIN)} characters, begins with a letter and is made of the letters a to z ` +
      'in lower case, digits, and single dots, dashes or underscores between them';
    return refuse('LOGIN_MALFORMED', why);
  }
  if (rules.reserved.includes(login)) {
    return refuse('LOGIN_RESERVED', 'this login is reserved, since it means something elsewhere');
  }
  return null;
}

function refusalOfPerson(person: Applicant): RequestRefusal | null {
  if (!person.isKnown) return refuse('PERSON_UNKNOWN', 'only a person whom HR knows can have an account');
  if (!person.hasPrimary) {
    return refuse('NO_PRIMARY', 'only a person with a primary account can have others beside it');
  }
  if (person.isDisabled) {
    return refuse('PERSON_DISABLED', 'a person who was disabled by an admin gets no further account');
  }
  if (!person.isValid) {
    return refuse('PERSON_NOT_VALID', 'only a person with a valid affiliation today gets a further account');
  }
  return null;
}

function kindWords(kind: RequestedKind): string {
  switch (kind) {
    case 'secondary':
      return 'secondary accounts';
    case 'service':
      return 'service accounts';
    default:
      return assertNever(kind);
  }
}

/** Why a person can have no more accounts of a kind; `null` = they can. */
export function refusalOfNumber(
  kind: RequestedKind,
  has: Readonly<Record<RequestedKind, number>>,
): RequestRefusal | null {
  const most = MOST_ACCOUNTS[kind];
  if (has[kind] < most) return null;
  const why = `a person has at most ${String(most)} ${kindWords(kind)}, and this one has ${String(has[kind])}`;
  return refuse('TOO_MANY', why);
}

/**
 * Why a request for an account is refused; `null` = it is granted. Rule: "Requests". `isUsed` = the login is or was ever
 * used, in whatever letter case.
 */
export function refusalOfRequest(input: {
  readonly asked: AskedAccount;
  readonly person: Applicant;
  readonly isUsed: boolean;
  readonly logins: RequestedLogins;
}): RequestRefusal | null {
  const { asked, person, isUsed, logins } = input;
  if (!isRequestedKind(asked.kind)) return refusalOfKind(asked.kind);
  const refusal =
    refusalOfLogin(asked.login, logins) ?? refusalOfPerson(person) ?? refusalOfNumber(asked.kind, person.has);
  if (refusal !== null) return refusal;
  return isUsed ? LOGIN_USED : null;
}
