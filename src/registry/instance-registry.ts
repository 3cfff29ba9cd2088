import type { IamLabel, IamUser } from '../connectors/indigo-iam.ts';
import type { InstanceFacts, InstancePart, Presence } from '../contracts/instance.ts';
import type { Instant } from '../contracts/time.ts';
import type { NewAccount } from './registry.ts';

/** An account of the INDIGO IAM instance as it was last read: the one label that rises by itself is left out. */
export interface InstanceSnapshot {
  readonly user: IamUser;
  /** All its labels but `hr.cern.timestamp`. */
  readonly labels: readonly IamLabel[];
}

/** An account of the instance that carries, or carried, the label of the person id. */
export interface InstanceRow {
  /** The instance's own id of the account. */
  readonly externalId: string;
  /** Ours, of the account that follows it; `null` = none yet: its label names nobody. */
  readonly accountId: string | null;
  /** Whom the label names; the last one it named if it names nobody any more. `null` = it never named anybody. */
  readonly personId: string | null;
  /** The label is there and holds no person id. */
  readonly nameless: boolean;
  readonly presence: Presence;
  readonly suspendedBy: InstanceFacts['suspendedBy'];
  readonly snapshot: InstanceSnapshot;
  /** From the rising sequence of observations, taken before it was read. */
  readonly number: number;
  /** When it was read with this outcome for the first time, on the deployment's clock. */
  readonly at: Instant;
  /** Synchronisations in a row that found no participation; `null` = the last one did not. */
  readonly participationSightings: { readonly count: number; readonly lastRun: string } | null;
  /** We have written the label `timestamp`, so that it can be missed. */
  readonly isStamped: boolean;
}

/** A row, and what became of the account of ours that follows it. */
export interface FollowedRow {
  readonly row: InstanceRow;
  /** `null` = none follows it. */
  readonly account: {
    readonly personId: string;
    readonly hasEnded: boolean;
    /** Of its workflow nothing was ever heard: it may never have been started. */
    readonly isUnheardOf: boolean;
  } | null;
}

/** The registry's part about the accounts of an INDIGO IAM instance. */
export interface InstanceRegistry {
  /** Ordered by external id. */
  instanceRows(input: InstancePart & { readonly limit: number }): Promise<readonly InstanceRow[]>;
  /** The rows of these accounts of the instance, as far as there are any, in the order of their external ids. */
  followedRows(externalIds: readonly string[]): Promise<readonly FollowedRow[]>;
  instanceRow(externalId: string): Promise<InstanceRow | null>;
  /** The row that an account of ours follows. */
  instanceRowOf(accountId: string): Promise<InstanceRow | null>;
  /** Cuts all rows into stretches of about `size`; the last has no end. */
  cutInstance(input: { readonly size: number }): Promise<readonly InstancePart[]>;
  /** Stores what was read; one with a lower number than what stands there changes nothing. */
  storeInstance(rows: readonly InstanceRow[]): Promise<void>;
  /**
   * Stores what an account's own look at the instance showed, and nothing that a synchronisation decides (whose it is, whether
   * it is there, its sightings). Answers the row as it is then: if a newer look stands there, that one. `null` = no row.
   */
  storeInstanceLook(input: {
    readonly externalId: string;
    readonly snapshot: InstanceSnapshot;
    readonly suspendedBy: InstanceRow['suspendedBy'];
    readonly number: number;
    readonly at: Instant;
  }): Promise<InstanceRow | null>;
  /** Remembers that a step found a deed of INDIGO IAM's own handler of expired accounts; a second one changes nothing. */
  noteExpiryTrace(input: { readonly externalId: string; readonly at: Instant }): Promise<void>;
  /** The instance's accounts at which steps found such a deed. */
  expiryTraces(): Promise<readonly string[]>;
  /** They were told. */
  forgetExpiryTraces(externalIds: readonly string[]): Promise<void>;
  /**
   * An account of the instance gets an account of ours, and its row, together. `instead` = the one that followed it
   * before and has ended; `null` = none did. `false`, and nothing is written, if another one follows it by now, or what was
   * read is older than what stands there.
   */
  adoptAccount(input: {
    readonly account: NewAccount;
    readonly row: InstanceRow;
    readonly instead: string | null;
  }): Promise<boolean>;
  /**
   * Rows of these persons' accounts that are not there any more, or whose label names another person, while our
   * account has not ended and was not told so.
   */
  departing(personIds: readonly string[]): Promise<readonly InstanceRow[]>;
  /** Puts persons into the registry who are to be asked for in HR; who is there already stays as they are. */
  expectPersons(personIds: readonly string[]): Promise<void>;
  /** Persons of whom HR gave no answer in a run. Repeated, it changes nothing. */
  addUnheard(input: { readonly run: string; readonly personIds: readonly string[] }): Promise<void>;
  /** HR has answered for these persons after all, to a later attempt of the run. */
  removeUnheard(input: { readonly run: string; readonly personIds: readonly string[] }): Promise<void>;
  unheard(input: {
    readonly run: string;
    readonly personIds: readonly string[];
  }): Promise<ReadonlySet<string>>;
}
