import type { CalendarDate, Instant } from './time.ts';

/** The label `lifecycle.status` of an expired account, as INDIGO IAM and our `manage` write it. */
export const LIFECYCLE_STATUSES = ['PENDING_SUSPENSION', 'SUSPENDED', 'PENDING_REMOVAL'] as const;

export type LifecycleStatus = (typeof LIFECYCLE_STATUSES)[number];

/** Whether an account is there to be followed. Everything but `there` ends its workflow. */
export const PRESENCES = ['there', 'released', 'deleted', 'deletedOutside'] as const;

export type Presence = (typeof PRESENCES)[number];

/**
 * A confirmed fact about one experiment account: what its INDIGO IAM instance shows of it. `number` comes from the
 * rising sequence of observations and was taken before the instance was read: of two, the one with the higher number is
 * the newer. Nothing personal is in it. Source: `docs/rules.md`, "Experiment accounts".
 */
export interface InstanceFacts {
  readonly number: number;
  /** When the instance was read, on the deployment's clock. */
  readonly at: Instant;
  /** The person that the account's label names. */
  readonly personId: string;
  readonly presence: Presence;
  readonly active: boolean;
  /** `null` = it has none. */
  readonly endTime: Instant | null;
  /** `null` = no such label, or one with another value. */
  readonly lifecycleStatus: LifecycleStatus | null;
  /** The label `ignore` is there. */
  readonly ignored: boolean;
  /** Who turned it off, as far as could be seen; `null` = it is active. */
  readonly suspendedBy: 'lifecycle' | 'admin' | null;
}

/** How labels are written: today's handler, or the older table. */
export type IamDialect = 'current' | 'legacy';

/** Who suspends and deletes expired accounts: INDIGO IAM's own handler, or the account's workflow. */
export type ExpiredAccounts = 'delegate' | 'manage';

/** What becomes of an account whose person, or whose participation, HR does not know. */
export type WhenNotFound = 'no_action' | 'disable_user';

/** How one INDIGO IAM instance is kept. */
export interface InstanceSettings {
  /** The experiment as HR names it; letter case does not count. */
  readonly experiment: string;
  /** Name, under the prefix `hr.cern`, of the label that holds the person id. */
  readonly personIdLabel: string;
  readonly dialect: IamDialect;
  readonly expiredAccounts: ExpiredAccounts;
  /** Whether the label `timestamp` is written at every synchronisation, or only with another change. */
  readonly timestamp: 'every-run' | 'on-change';
  readonly onPersonIdNotFound: WhenNotFound;
  readonly onParticipationNotFound: WhenNotFound;
  /** So many synchronisations in a row find no participation before it counts; 1 = at once. */
  readonly participationSightings: number;
  /** Requests under way at once. */
  readonly concurrency: number;
}

/** A label under the prefix of the person id. */
export const LABEL_PREFIX = 'hr.cern';

/** What an admin's date and holds ask of an account, as its workflow last told the registry. */
export interface InstanceWishes {
  /** The last day that an admin gave; `null` = none. */
  readonly adminDate: CalendarDate | null;
  /** It is disabled by hand: nothing but `enable` turns it on. */
  readonly disabledManually: boolean;
}

/** A stretch of the instance's accounts, by their external ids: behind `after`, up to and with `upTo`. */
export interface InstancePart {
  readonly after: string | null;
  /** `null` = to the end. */
  readonly upTo: string | null;
}
