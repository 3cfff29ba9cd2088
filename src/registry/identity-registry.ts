import type { AccountKind } from '../contracts/account.ts';
import type { CalendarDate, Instant } from '../contracts/time.ts';

/** Kinds of accounts that other systems see as identities; experiment accounts live in their instance. */
export type IdentityKind = Extract<AccountKind, 'primary' | 'secondary' | 'service'>;

/** One account as the Authorization Service API shows it, on one day. */
export interface IdentityRow {
  /** Its place in the order of the list: rises with every account made, and never changes. */
  readonly number: number;
  readonly accountId: string;
  readonly kind: IdentityKind;
  readonly login: string;
  /** A service account's owner. */
  readonly personId: string;
  readonly uidNumber: number;
  /**
   * Whether the account is not over and the person has a valid affiliation on the day, excluded or not, by the facts
   * that the account was told. `null` for a service account.
   */
  readonly activeUser: boolean | null;
  /** When anything that is shown was last written, by the deployment's clock at the database. */
  readonly modifiedAt: Instant;
  /** The last day, not after the day asked for, with which `activeUser` changed by the calendar. */
  readonly lastFlip: CalendarDate | null;
  /** `null` = the registry has an account of a person whom it does not know. */
  readonly person: {
    readonly givenName: string;
    readonly familyName: string;
    readonly email: string | null;
    readonly language: string | null;
    readonly department: string | null;
    readonly group: string | null;
    readonly section: string | null;
    readonly institute: string | null;
  } | null;
}

/** What a list is narrowed to. */
export type IdentityCondition =
  | {
      readonly field:
        'login' | 'accountId' | 'personId' | 'email' | 'department' | 'group' | 'section' | 'institute';
      readonly equals: string;
    }
  | { readonly field: 'kind'; readonly equals: IdentityKind }
  /** Of service accounts neither holds. */
  | { readonly field: 'activeUser'; readonly equals: boolean }
  /** Nothing. */
  | { readonly field: 'nothing' }
  /**
   * Modified at this instant or later, or before it; `day` is the first date that begins at the instant or later.
   */
  | {
      readonly field: 'modified';
      readonly is: 'since' | 'before';
      readonly at: Instant;
      readonly day: CalendarDate;
    };

/** The identities that fulfil every condition, as they are on the day `today`. */
export interface IdentitySelection {
  readonly today: CalendarDate;
  readonly conditions: readonly IdentityCondition[];
}

/** The part of the registry that the Authorization Service API reads. */
export interface IdentityRegistry {
  /** By the login in any letter case, also of an account that is over. */
  identityByLogin(input: { login: string; today: CalendarDate }): Promise<IdentityRow | null>;
  /**
   * A page, in the order of `number`, behind `after`; `offset` more are left out. An earlier primary account of a person
   * who has a newer one is in no list.
   */
  identities(
    input: IdentitySelection & { after: number | null; offset: number; limit: number },
  ): Promise<readonly IdentityRow[]>;
  countIdentities(input: IdentitySelection): Promise<number>;
  /** A secret that all processes of the deployment share: the first one proposed is kept. */
  deploymentKey(input: { name: string; proposed: string }): Promise<string>;
}
