import type { Observation } from './affiliation.ts';
import type { InstanceFacts } from './instance.ts';
import type { CalendarDate, Instant } from './time.ts';

export type AccountKind = 'primary' | 'secondary' | 'service' | 'guest' | 'experiment';

/** Where an account stands in its life. The last four are ends: the workflow is over. */
export type Stage =
  'pending' | 'active' | 'grace' | 'blocked' | 'deleted' | 'released' | 'neverJoined' | 'deletedOutside';

/** The value of the directory's `cernActiveStatus`. */
export type ActiveStatus = 'Active' | 'Grace Period' | 'Inactive';

/** Stops milestones, and HR's exclusion, until the day after `until`; `null` = until `resume`. */
export interface IgnoredHold {
  readonly until: CalendarDate | null;
  readonly actor: string;
  readonly at: Instant;
  readonly reminded: boolean;
}

export interface DisabledHold {
  readonly actor: string;
  readonly at: Instant;
}

export interface ExcludedHold {
  readonly at: Instant;
}

/** A last day that an admin gave. It counts when it is later than HR's. */
export interface AdminDate {
  readonly until: CalendarDate;
  readonly actor: string;
  readonly at: Instant;
  readonly reminded: boolean;
  /** Of an experiment account: its instance was told. */
  readonly written?: true;
}

/** What was last told for one notice offset: the date (`null` = none, or an all-clear since) and how often. */
export interface Told {
  readonly lastDay: CalendarDate | null;
  readonly times: number;
}

/** A step that was carried out, given up or refused. Times on the deployment's clock. */
export interface PastStep {
  readonly key: string;
  readonly action: string;
  readonly dueAt: Instant;
  readonly at: Instant;
  readonly result: 'done' | 'refused' | 'failed';
  readonly note: string;
}

/** Something folded into the state that the registry and the audit log have not been told yet. */
export interface AuditNote {
  /** Rises by one with every note of the account, so that a note written twice is one row. */
  readonly sequence: number;
  readonly at: Instant;
  readonly what: string;
  readonly actor: string;
  readonly commandId: string | null;
  readonly reason: string | null;
  /** Set when the note says that a notice could not be delivered in time. */
  readonly failedNotice: string | null;
}

/** A step that failed in a way no retry mends; it is tried again at `retryAt`. */
export interface Failure {
  readonly key: string;
  readonly code: string;
  readonly message: string;
  readonly since: Instant;
  readonly retryAt: Instant;
}

/**
 * Everything an account's workflow knows, as plain JSON: it survives continue-as-new, is the registry's
 * projection, and is the argument from which a workflow is started again. Nothing personal is in it.
 */
export interface AccountState {
  readonly schema: 1;
  readonly accountId: string;
  readonly kind: AccountKind;
  /** The person whose facts it follows; a service account's owner. */
  readonly personId: string;
  /** The experiment whose participations govern; `null` unless `kind` is `experiment`. */
  readonly experiment: string | null;
  readonly stage: Stage;
  readonly stageSince: Instant;
  /** Since when notices exist: the moment it became active, was restored, or was taken over. */
  readonly managedSince: Instant;
  /** Rises whenever access is given back, so that a later block is a new effect. */
  readonly epoch: number;
  /** How often the person has come back: numbers the leavings. */
  readonly departure: number;
  /** Rises with every step begun, so that a late attempt of an older step can be told from the current one. */
  readonly sequence: number;
  readonly observation: Observation | null;
  /** What the INDIGO IAM instance shows of an experiment account; absent for every other kind. */
  readonly instance?: InstanceFacts;
  /** It was made inactive in its instance by our own disabling, and was not seen active there since; absent = it was not. */
  readonly turnedOff?: true;
  /** An observation that waits because an experiment account is ignored; folded when that ends. */
  readonly withheld: Observation | null;
  /** The last day that counts while HR shows no affiliation that ever began. */
  readonly vanishedLastDay: CalendarDate | null;
  readonly adminDate: AdminDate | null;
  readonly holds: {
    readonly ignored: IgnoredHold | null;
    readonly disabledManually: DisabledHold | null;
    readonly excluded: ExcludedHold | null;
  };
  /** What the targets were last told; `none` = no account there, `partial` = a change was called off halfway. */
  readonly access: 'none' | 'on' | 'off' | 'partial';
  readonly activeStatus: ActiveStatus | null;
  /** By offset (`-60`). */
  readonly told: Readonly<Record<string, Told>>;
  /** The first notice that named the block after this last day, and when it was due. */
  readonly named: { readonly lastDay: CalendarDate; readonly dueAt: Instant } | null;
  /** A missed notice, and the notice time at which it goes out; `again` = it was missed then too, and put off. */
  readonly lateNotice: {
    readonly lastDay: CalendarDate;
    readonly dueAt: Instant;
    readonly again?: boolean;
  } | null;
  /** An all-clear that is due: the told date that moved later or vanished, and whether the person came back. */
  readonly allClear: {
    readonly told: CalendarDate | null;
    readonly dueAt: Instant;
    readonly returned: boolean;
  } | null;
  readonly allClears: number;
  readonly blocked: { readonly lastDay: CalendarDate; readonly at: Instant } | null;
  /** A step's own word that it must not be carried out before a moment. */
  readonly notBefore: { readonly key: string; readonly at: Instant } | null;
  /**
   * What became of the person's guest account, and for which leaving (`departure`): `partial` = a change was called off halfway.
   * Open too where the Service Desk was asked instead. Absent = there was none yet.
   */
  readonly guest?: { readonly departure: number; readonly state: 'open' | 'shut' | 'partial' };
  /** An admin associated an identity with the person, or released one: targets are to be told; absent = they were. */
  readonly guestChange?: { readonly requestId: string; readonly at: Instant };
  /** A request to re-assign it that was approved, and is to be carried out; absent = none. */
  readonly reassign?: { readonly requestId: string; readonly newOwner: string; readonly at: Instant };
  /** HR merged its person's id into another one, whom it is to follow; absent = nothing of that is to be done. */
  readonly merge?: { readonly requestId: string; readonly toPerson: string; readonly at: Instant };
  /** A delete has begun on some target: it is finished, whatever comes. */
  readonly deleteBegun: boolean;
  readonly failures: readonly Failure[];
  readonly past: readonly PastStep[];
  readonly noteSequence: number;
  readonly unrecorded: readonly AuditNote[];
  /** The last commands carried out, newest last: a command sent twice acts once. */
  readonly handledCommands: readonly string[];
  /** The last message that was refused, for the operator who sent it. */
  readonly lastRefusal: { readonly at: Instant; readonly message: string } | null;
}
