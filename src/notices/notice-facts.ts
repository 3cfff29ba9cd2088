import type { OfficialResource } from '../connectors/resource-source.ts';
import type { CalendarDate, Instant } from '../contracts/time.ts';

export interface PersonName {
  readonly givenName: string;
  readonly familyName: string;
}

/** What every notice that is meant for the person has to say. */
interface ForPerson {
  readonly person: PersonName;
  /** The supervisor who gets it because the person has no address, and is asked to pass it on; else `null`. */
  readonly viaSupervisor: PersonName | null;
  /** Logins of the accounts it is about. */
  readonly logins: readonly string[];
}

/** What somebody who leaves still owns officially. */
interface StillOwned {
  /** Service accounts, by login. */
  readonly stillOwned: readonly string[];
  /** Everything else; `null` = it could not be listed. */
  readonly otherResources: readonly OfficialResource[] | null;
}

/** Where the owner of a service account says who is to own it. */
export interface Proposal {
  readonly login: string;
  readonly link: string;
}

interface Leaving extends ForPerson, StillOwned {
  readonly lastDay: CalendarDate;
  /** `null` = the policy has no such milestone. */
  readonly blockOn: CalendarDate | null;
  readonly deleteOn: CalendarDate | null;
}

interface HoldOrDateEnds extends ForPerson {
  /** Who reads it: the person, or the admin who set it. */
  readonly audience: 'person' | 'actor';
  /** The last day of the hold, or the date the admin gave. */
  readonly until: CalendarDate;
}

/** Why the Service Desk is asked for help. */
export type ServiceDeskCause =
  /** Nobody in the line could take a service account: the fallback owner has it. */
  | 'fallback-owner'
  /** A notice reached neither the person nor a supervisor. */
  | 'no-address'
  /** No guest account could be made at leaving. */
  | 'no-guest-address';

/** The facts that each notice needs. A fact that is missing is a compile error. */
export interface NoticeFacts {
  /** What will happen on which dates. */
  'leaving-soon': Leaving & { readonly proposals: readonly Proposal[] };
  /** The last day is over: what happened and what comes. */
  'has-left': Leaving;
  /** A date that was told no longer holds. `lastDay` = the new one, `null` = none. */
  'all-clear': ForPerson & {
    readonly announcedLastDay: CalendarDate | null;
    readonly lastDay: CalendarDate | null;
  };
  /** Access is back. */
  returned: ForPerson & { readonly lastDay: CalendarDate | null };
  'hold-ends': HoldOrDateEnds;
  'admin-date-ends': HoldOrDateEnds;
  /** To the supervisor of somebody who leaves or has left and still owns something. */
  'supervisor-resources': StillOwned & {
    readonly supervisor: PersonName;
    readonly person: PersonName;
    readonly hasLeft: boolean;
    readonly lastDay: CalendarDate;
  };
  /** To the new owner of service accounts. */
  'service-account-received': ForPerson & { readonly previousOwner: PersonName | null };
  /** To the proposed owner of a service account: do they agree? */
  'reassignment-asked': ForPerson & {
    readonly owner: PersonName | null;
    readonly isReminder: boolean;
    /** Where they answer; `null` = not by a link. */
    readonly link: string | null;
    readonly requestId: string;
    readonly lapsesAt: Instant;
    /** IANA name of the zone to write the moment in. */
    readonly timeZone: string;
  };
  /** To the proposed owner: the account has another owner meanwhile, and the question stands. */
  'reassignment-owner-changed': ForPerson & { readonly owner: PersonName | null };
  /** To the owner, and of what was withdrawn to the proposed owner too. */
  'reassignment-outcome': ForPerson & {
    readonly newOwner: PersonName | null;
    /** `impossible` = they agreed, and could not own it any more. */
    readonly outcome: 'approved' | 'rejected' | 'withdrawn' | 'lapsed' | 'impossible';
    /** The rule that was in the way, in words; else `null`. */
    readonly why: string | null;
    readonly toProposed: boolean;
  };
  'service-desk-case': {
    readonly cause: ServiceDeskCause;
    readonly personId: string;
    readonly logins: readonly string[];
  };
  /** To the admins: losses and shortenings wait for them. Persons by their ids. */
  'held-plan': {
    readonly planId: string;
    /** How many changes wait. */
    readonly held: number;
    readonly because: readonly string[];
    /** The first of them, a line each. */
    readonly rows: readonly string[];
    /** How many more there are. */
    readonly more: number;
    readonly lapsesAt: Instant;
    /** IANA name of the zone to write the moment in. */
    readonly timeZone: string;
  };
  /** To the admins. */
  alarm: {
    readonly key: string;
    readonly message: string;
    readonly firstSeen: Instant;
    /** IANA name of the zone to write the moment in. */
    readonly timeZone: string;
  };
}

export type NoticeTemplate = keyof NoticeFacts;

/** A template together with exactly its own facts. */
export type Notice = {
  [T in NoticeTemplate]: { readonly template: T; readonly facts: NoticeFacts[T] };
}[NoticeTemplate];
