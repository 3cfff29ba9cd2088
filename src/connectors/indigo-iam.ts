import type { Instant } from '../contracts/time.ts';

/** One account as INDIGO IAM shows it by SCIM. Its labels are read apart: SCIM does not show them. */
export interface IamUser {
  /** The account's uuid. */
  readonly id: string;
  readonly userName: string;
  readonly active: boolean;
  /** Empty if there is none. */
  readonly givenName: string;
  /** Empty if there is none. */
  readonly familyName: string;
  readonly email: string | null;
  /** `null` = it has none. */
  readonly endTime: Instant | null;
}

/** A label, known by prefix and name. An empty prefix or value is none. */
export interface IamLabel {
  readonly prefix: string | null;
  readonly name: string;
  readonly value: string | null;
}

/** What a read of the whole list brings: pages of accounts that were in no page before, and at last how it went. */
export type IamListed =
  | {
      readonly outcome: 'page';
      readonly users: readonly IamUser[];
      /** Ids of accounts that are there and cannot be read; their own GET says what is wrong. */
      readonly unreadable: readonly string[];
    }
  | {
      readonly outcome: 'end';
      /**
       * `false` = the list moved all the while it was read, again and again: an account that is in no page may be
       * there all the same.
       */
      readonly isWhole: boolean;
      /** Accounts in all, as IAM counted them at the end. */
      readonly total: number;
    };

/** What HR says of a person, for IAM. */
export interface IamPerson {
  /** Empty = HR has none, and IAM's is left as it is. */
  readonly givenName: string;
  /** Empty = HR has none, and IAM's is left as it is. */
  readonly familyName: string;
  /** `null` = the address is left as it is. */
  readonly email: string | null;
}

/** Something that IAM refuses for good of one person, while the rest of them was written. */
export type IamRefusal =
  /** Fewer than 2 or more than 64 characters, or one of `<>%$`. */
  | { readonly what: 'name'; readonly code: 'IAM_NAME_REFUSED' }
  /** The address belongs to another account. */
  | { readonly what: 'email'; readonly code: 'IAM_EMAIL_BOUND' }
  | { readonly what: 'email'; readonly code: 'IAM_EMAIL_REFUSED' };

export interface IamPersonWritten {
  readonly wrote: boolean;
  /** Empty = everything is as HR says. */
  readonly refused: readonly IamRefusal[];
}

/**
 * Codes of an `IamError` (beside `IAM_STATUS_nnn` for every other status), and whether a retry may mend it without
 * anyone changing anything.
 */
export const IAM_ERROR_CODES = {
  /** The account is not there. */
  IAM_NO_ACCOUNT: false,
  /** The label's value or name does not keep IAM's rules. */
  IAM_LABEL_REFUSED: false,
  /** This instance lets nobody change end times. */
  IAM_END_TIME_READ_ONLY: false,
  /** No token for this client, or a new token that is refused, too. */
  IAM_UNAUTHORIZED: false,
  /** The client lacks a scope; the message names it. */
  IAM_FORBIDDEN: false,
  /** An id that does not fit into a path. */
  IAM_BAD_ID: false,
  /** JSON in which something is missing or of another kind. */
  IAM_WRONG_SHAPE: false,
  IAM_BODY_TOO_LARGE: false,
  /** An answer for another account than the one asked for. */
  IAM_WRONG_ACCOUNT: true,
  /** An account that was given back is inactive, although nothing asks for that. */
  IAM_NOT_RESTORED: true,
  /** 429, or a `Retry-After` longer than one waits. */
  IAM_RATE: true,
  IAM_TIMEOUT: true,
  IAM_UNREACHABLE: true,
  IAM_CONNECTION_LOST: true,
  IAM_BROKEN_HTTP: true,
  /** Empty, cut off, or no JSON. */
  IAM_BROKEN_BODY: true,
} as const satisfies Readonly<Record<string, boolean>>;

export type IamErrorCode = keyof typeof IAM_ERROR_CODES | `IAM_STATUS_${number}`;

interface Call {
  readonly signal: AbortSignal;
}

/**
 * An INDIGO IAM instance. Every write is given what was last read and what is wanted: it writes nothing if it is so
 * already, answers whether it wrote, and may be repeated. Calls throw an `IamError` that says whether a retry may mend
 * it, `IAM_NO_ACCOUNT` if the account is not there, and the signal's reason when called off. Nothing personal is in
 * an error: its facts name the call, the status and the account's uuid.
 */
export interface IndigoIam {
  /**
   * Every account, page by page. Accounts may come, go and move while the list is read: one that was there all the
   * while is in exactly one page. Whoever is in none is not gone for that; {@link readUser} says who is.
   */
  listUsers(input: Call): AsyncIterable<IamListed>;
  /** `null` = IAM itself says that there is no such account. */
  readUser(input: Call & { readonly id: string }): Promise<IamUser | null>;
  /** `null` = IAM itself says that there is no such account. */
  readLabels(input: Call & { readonly id: string }): Promise<readonly IamLabel[] | null>;
  setActive(input: Call & { readonly user: IamUser; readonly active: boolean }): Promise<boolean>;
  /** Names and e-mail, in two writes: what IAM refuses of one does not hold up the other, and is answered. */
  setPerson(input: Call & { readonly user: IamUser; readonly person: IamPerson }): Promise<IamPersonWritten>;
  /**
   * Whole seconds are compared and written, since IAM's database may keep no more. `null` clears it. When it changes,
   * IAM itself deletes the label `lifecycle.status`. Throws `IAM_END_TIME_READ_ONLY`.
   */
  setEndTime(input: Call & { readonly user: IamUser; readonly endTime: Instant | null }): Promise<boolean>;
  /**
   * Whether the instance lets nobody change end times. It is asked with the id of no account, so that nothing is touched:
   * a write of an end time takes the label `lifecycle.status` away, in some releases also one that changes nothing.
   */
  isEndTimeReadOnly(input: Call): Promise<boolean>;
  /** Throws `IAM_LABEL_REFUSED` for a value of more than 64 characters or with white space in it. */
  setLabel(
    input: Call & { readonly id: string; readonly labels: readonly IamLabel[]; readonly label: IamLabel },
  ): Promise<boolean>;
  deleteLabel(
    input: Call & {
      readonly id: string;
      readonly labels: readonly IamLabel[];
      readonly label: Pick<IamLabel, 'prefix' | 'name'>;
    },
  ): Promise<boolean>;
  /** `false` = it was not there, or not any more. */
  deleteUser(input: Call & { readonly id: string }): Promise<boolean>;
  close(): Promise<void>;
}
