import type { AccountKind, AccountState, AuditNote } from '../contracts/account.ts';
import type { Observation, Tie } from '../contracts/affiliation.ts';
import type { PersonAttributes } from '../contracts/person.ts';
import type {
  Change,
  ChangeKind,
  LookCounts,
  Plan,
  PlanDecision,
  PlanRow,
  PlanState,
  RowState,
} from '../contracts/plan.ts';
import type { CalendarDate, ClockAnchor, Instant } from '../contracts/time.ts';
import type { IdentityRegistry } from './identity-registry.ts';
import type { GuestRegistry } from './guest-registry.ts';
import type { InstanceRegistry } from './instance-registry.ts';
import type { MergeRegistry } from './merge-registry.ts';
import type { ReassignmentRegistry } from './reassignment-registry.ts';

export type { MergeFacts } from './merge-registry.ts';
export type { HandoverFacts } from './reassignment-registry.ts';

/** Looks at HR in a row that found no such person, or no answer; one good answer resets them. */
export interface Sightings {
  readonly count: number;
  readonly firstAt: Instant;
  /** The synchronisation, by its plan, that saw it last; `null` = none is known. It counts once in each. */
  readonly lastRun: string | null;
}

/** A person as the registry knows them: attributes, the newest good facts, and how far these were applied. */
export interface PersonRow extends PersonAttributes {
  /** The last supervisor HR named, kept when HR stops naming one. */
  readonly lastKnownSupervisorId: string | null;
  /** The newest confirmed fact, or `null` before the first. */
  readonly observation: Observation | null;
  /** Digest of the newest good answer of HR; `null` after a confirmed `no-person`. */
  readonly digest: string | null;
  /**
   * Digest of the answer that was last applied: signalled to every account of the person. Only `markApplied` sets it;
   * what `storeObservation` is given here is not read. After `toldApart` it is that of no answer at all.
   */
  readonly appliedDigest: string | null;
  /** Outcome of the answer that was last applied; `null` = none was, or a newer one is being told. */
  readonly appliedOutcome: Observation['outcome'] | null;
  /** The observation that every account of the person was last told; kept while a newer one is being told. */
  readonly applied: Observation | null;
  readonly noPersonSightings: Sightings | null;
  /** HR has shown the field `contracts` with at least one entry before. */
  readonly hadContracts: boolean;
  /**
   * When HR was last asked of this person, whom it does not know and who has no account any more. Only `departedAsked`
   * sets it; what `storeObservation` is given here is not read.
   */
  readonly departedAskedAt: Instant | null;
  /**
   * The id that HR goes on with, after HR had merged two: of this one nothing is asked any more. `null` = it was not merged.
   * Only `mergePersons` sets it; what `storeObservation` is given here is not read.
   */
  readonly mergedInto: string | null;
}

export interface AccountRow {
  readonly accountId: string;
  readonly kind: AccountKind;
  /** Unique for ever, also after deletion. */
  readonly login: string;
  /** The person it belongs to; for a service account, its owner. */
  readonly personId: string;
  readonly experiment: string | null;
  readonly createdAt: Instant;
  /** The last projection of its workflow's state, from which the workflow can be started again. */
  readonly state: AccountState;
  /** Its next planned step, in the operator's words, and when. */
  readonly nextStep: string | null;
  readonly nextStepAt: Instant | null;
  readonly problem: string | null;
  /** Its number in the directory and at POSIX systems: its own for ever, also after deletion. */
  readonly uidNumber: number;
}

/** One effect: one step of one account at one target. */
export interface EffectKey {
  readonly accountId: string;
  readonly epoch: number;
  readonly action: string;
  readonly target: string;
  /** `null` for effects that follow from no last day. */
  readonly lastDay: CalendarDate | null;
}

export interface EffectRow extends EffectKey {
  readonly sequence: number;
  readonly attempt: number;
  readonly state: 'intent' | 'done';
  readonly intentAt: Instant;
  readonly doneAt: Instant | null;
  readonly note: string | null;
}

/** Who is acting: the step's sequence number of the account, and the activity's attempt within it. */
export interface Fence {
  readonly accountId: string;
  readonly sequence: number;
  readonly attempt: number;
}

export interface NoticeRow {
  /** (person, leaving, offset or `all-clear`, last day, times told), joined; the adapter does not read it. */
  readonly key: string;
  /** `person`, or `supervisor` for the copy that goes to the supervisor, or `actor` for who set a hold. */
  readonly audience: 'person' | 'supervisor' | 'actor' | 'serviceDesk' | 'owner' | 'admins';
  readonly personId: string;
  readonly accountId: string;
  readonly template: string;
  readonly offset: number | null;
  readonly lastDay: CalendarDate | null;
  readonly dueAt: Instant;
  readonly state: 'due' | 'sent' | 'failed';
  readonly messageId: string | null;
  readonly sentAt: Instant | null;
}

export interface AuditEntry {
  readonly at: Instant;
  readonly what: string;
  readonly actor: string;
  readonly accountId: string | null;
  readonly personId: string | null;
  readonly reason: string | null;
  readonly commandId: string | null;
  /** Facts, never secrets. */
  readonly facts: Readonly<Record<string, unknown>>;
}

export interface AlarmRow {
  readonly key: string;
  readonly message: string;
  readonly firstSeen: Instant;
  readonly lastSeen: Instant;
  readonly clearedAt: Instant | null;
  readonly mailedAt: Instant | null;
}

/** The switch that stops every block, delete and transfer. */
export interface Freeze {
  readonly since: Instant;
  readonly actor: string;
  readonly reason: string;
}

export interface OwnershipRow {
  readonly accountId: string;
  readonly personId: string;
  readonly since: Instant;
  readonly until: Instant | null;
  readonly reason: string;
}

/** One look at HR that is kept: every change, every failure. */
export interface ObservationRow {
  readonly number: number;
  readonly personId: string;
  readonly at: Instant;
  readonly outcome: 'found' | 'no-person' | 'unavailable';
  readonly digest: string | null;
  readonly ties: readonly Tie[];
  /** What looked: `sync`, or the step that read HR afresh. */
  readonly source: string;
  /** Code and reason of an `unavailable`. */
  readonly detail: string | null;
}

/**
 * A new account, before its workflow exists; a second time the same one changes nothing. Throws `LOGIN_TAKEN` when
 * the login was ever used (in any letter case; experiment accounts have a namespace of their own), `PRIMARY_EXISTS`
 * when the person has a primary account that is not over, `PERSON_MERGED` when HR merged the person into another one
 * (experiment accounts belong to whom their label names), `ACCOUNT_EXISTS` when the id is another account's.
 */
export interface NewAccount {
  readonly accountId: string;
  readonly kind: AccountKind;
  readonly login: string;
  readonly personId: string;
  readonly experiment: string | null;
  readonly state: AccountState;
  readonly at: Instant;
  readonly reason: string;
}

/** What is known of a person while an account is asked for in their name: nobody else's request changes it meanwhile. */
export interface ApplicantFacts {
  /** `null` = HR never showed them. */
  readonly person: PersonRow | null;
  /** Every account of the person, those that are over too. */
  readonly accounts: readonly AccountRow[];
  /** Service accounts on their way to the person, by a re-assignment that was approved. */
  readonly coming: number;
  /** The login asked for is or was ever used. */
  readonly isUsed: boolean;
}

/** What a request came to. `known` = the same request was granted before. */
export type RequestOutcome<Refused> =
  | { readonly outcome: 'made' | 'known'; readonly account: AccountRow }
  | { readonly outcome: 'refused'; readonly refused: Refused };

/** A projection of a workflow's state, and what the account's own audit notes say since the last one. */
export interface Projection {
  readonly state: AccountState;
  readonly nextStep: string | null;
  readonly nextStepAt: Instant | null;
  readonly problem: string | null;
  readonly notes: readonly AuditNote[];
}

/** A page of accounts, in the order of their ids. */
export interface AccountFilter {
  readonly personId?: string;
  readonly kind?: AccountKind;
  readonly stage?: string;
  readonly after?: string;
  readonly limit?: number;
}

/**
 * The project's own database. Every method is one transaction. All times are instants of the deployment's clock.
 * Throws a `RegistryError`: retryable when the database cannot be reached, not retryable for what it refuses.
 */
export interface Registry
  extends InstanceRegistry, IdentityRegistry, GuestRegistry, ReassignmentRegistry, MergeRegistry {
  /** The deployment's clock. The first caller's anchor is stored and answered to everyone after. */
  clock(proposed: ClockAnchor): Promise<ClockAnchor>;

  person(personId: string): Promise<PersonRow | null>;
  /** Persons in the order of their ids (as numbers if they are numbers), behind `after`. */
  persons(input: { after: string | null; limit: number }): Promise<readonly PersonRow[]>;
  /** The next number of the one rising sequence of observations. Taken *before* HR is asked. */
  nextObservationNumber(): Promise<number>;
  /** So many numbers of the same sequence, rising, for the answers of one page of a list. */
  observationNumbers(count: number): Promise<readonly number[]>;
  /**
   * Stores one look at HR and what it makes of the person (a new row for a new person), together. An observation
   * that is older than the person's newest leaves the person alone; a look without an answer, for the same reason as
   * the person's newest look, is not stored again.
   */
  storeObservation(input: { observation: ObservationRow; person: PersonRow | null }): Promise<void>;
  /**
   * Says that the person's accounts are about to be told: until `markApplied`, whatever is newest counts as not applied,
   * since some of them may have heard it and others not.
   */
  beginApply(input: { personId: string }): Promise<void>;
  /**
   * Says that one account of the person is told, apart from the others, the observation with this number. If it is newer
   * than what was applied, whatever is newest counts as not applied until `markApplied`, also what was applied before.
   */
  toldApart(input: { personId: string; number: number }): Promise<void>;
  /**
   * Marks the person's digest as applied, if it still is the newest, and keeps the observation as `applied`; together
   * with it the row of a plan that said so, as `markRow` does.
   */
  markApplied(input: {
    personId: string;
    digest: string | null;
    number: number;
    row?: { planId: string; at: Instant };
  }): Promise<void>;
  /** Notes that HR was asked of these persons, whom it does not know and who have no account any more. */
  departedAsked(input: { personIds: readonly string[]; at: Instant }): Promise<void>;
  /**
   * Persons with unconfirmed sightings of `no-person` who have an account that is not over: their ids in their order,
   * behind `after`.
   */
  sightedOwners(input: { after: string | null; limit: number }): Promise<readonly string[]>;
  /**
   * Cuts everyone known into ranges of about `size` persons, in the order of their ids: the boundary of each (`null` =
   * to the end) and how many in it HR is expected to answer for: it did last time, or it stopped and their accounts were
   * not told. At least one range.
   */
  cutPersons(input: { size: number }): Promise<readonly { upTo: string | null; expected: number }[]>;
  /**
   * Persons that have a tie today or later but no primary account that is not over (`deleted`, `neverJoined`, …):
   * in the order of their ids. `today` is the calendar date.
   */
  personsWithoutPrimary(input: {
    today: CalendarDate;
    after: string | null;
    limit: number;
  }): Promise<readonly PersonRow[]>;
  observations(personId: string): Promise<readonly ObservationRow[]>;

  createAccount(account: NewAccount): Promise<void>;
  /**
   * Makes an account that somebody asked for, if `judge` grants it, and writes who asked to the audit log. One transaction,
   * in which requests for the same person take turns: of many at once no more are granted than the rules allow. A second
   * time for the same id, person, kind and login changes nothing. `judge` looks, and neither waits nor writes. Throws as
   * `createAccount` does.
   */
  requestAccount<Refused>(input: {
    readonly accountId: string;
    /** Stands in the audit log. */
    readonly requestId: string;
    readonly personId: string;
    readonly kind: AccountKind;
    readonly login: string;
    readonly actor: string;
    readonly reason: string;
    readonly at: Instant;
    readonly judge: (
      facts: ApplicantFacts,
    ) => { readonly state: AccountState } | { readonly refused: Refused };
  }): Promise<RequestOutcome<Refused>>;
  account(accountId: string): Promise<AccountRow | null>;
  accountByLogin(login: string): Promise<AccountRow | null>;
  accounts(filter: AccountFilter): Promise<readonly AccountRow[]>;
  /** The accounts of all these persons, in the order of their ids. */
  accountsOfPersons(personIds: readonly string[]): Promise<readonly AccountRow[]>;
  /** Which of these persons have an account that is not over. */
  holdersAmong(personIds: readonly string[]): Promise<ReadonlySet<string>>;
  /**
   * Accounts that are not over and whose next step was due before `before`, or of whose workflow nothing was ever heard
   * although they were made before `before`: in the order of their ids.
   */
  overdueAccounts(input: {
    before: Instant;
    after: string | null;
    limit: number;
  }): Promise<readonly AccountRow[]>;
  /** Whether the login is or was ever used. */
  loginTaken(login: string): Promise<boolean>;
  /** Numbers of accounts that are made from now on are at least `least`; none that was given is given again. */
  numberAccountsFrom(input: { least: number }): Promise<void>;
  /**
   * Writes the projection unless a newer one is there (by `sequence`, then `noteSequence`), and the notes that are
   * not there yet. A note with `failedNotice` also marks that notice as failed for every audience still due and
   * raises the alarm `notice-failed:<key>`. Ownership is not touched, but that of an experiment account, which goes where
   * its label says. Throws `NO_ACCOUNT`.
   */
  project(projection: Projection): Promise<void>;
  countByStage(): Promise<readonly { kind: AccountKind; stage: string; count: number }[]>;

  ownership(accountId: string): Promise<readonly OwnershipRow[]>;
  /**
   * Hands the account on; a second time for the same `to` and `at` changes nothing. Throws `NOT_OWNER` for a wrong `from`,
   * `PERSON_MERGED` (retryable) when HR merged `to` into another person.
   *
   * @param input.unlessFrozen While the deployment is frozen, throws `FROZEN` (retryable) for what was not done before.
   */
  transferOwnership(input: {
    accountId: string;
    from: string;
    to: string;
    at: Instant;
    reason: string;
    unlessFrozen?: boolean;
  }): Promise<void>;

  /**
   * Announces an attempt. Throws `SUPERSEDED` (not retryable) when a higher sequence of the account, or a higher
   * attempt of the same one, has announced itself.
   */
  claim(fence: Fence): Promise<void>;
  /**
   * Stores the intent, unless the effect is there already; answers the row as it now is. Throws `SUPERSEDED`.
   *
   * @param input.unlessFrozen While the deployment is frozen, nothing is stored: throws `FROZEN` (retryable) for an
   *   effect that is not done. One transaction, so that no intent is left of what a freeze kept from being done.
   */
  intend(input: { key: EffectKey; fence: Fence; at: Instant; unlessFrozen?: boolean }): Promise<EffectRow>;
  /** Marks the effect as done, once. Throws `SUPERSEDED`, and `NO_INTENT` when it was never intended. */
  effectDone(input: { key: EffectKey; fence: Fence; at: Instant; note: string | null }): Promise<void>;
  effects(accountId: string): Promise<readonly EffectRow[]>;

  /** Stores the notice as due, unless it is there already; answers the row as it now is. */
  noticeDue(notice: Omit<NoticeRow, 'state' | 'messageId' | 'sentAt'>): Promise<NoticeRow>;
  noticeSent(input: {
    key: string;
    audience: NoticeRow['audience'];
    messageId: string;
    at: Instant;
  }): Promise<void>;
  /** Marks what is still due under the key as failed. */
  noticeFailed(input: { key: string; at: Instant }): Promise<void>;
  notices(personId: string): Promise<readonly NoticeRow[]>;

  audit(entry: AuditEntry): Promise<void>;
  auditTrail(filter: { accountId?: string; personId?: string }): Promise<readonly AuditEntry[]>;

  /** Raises the alarm or renews it; answers the row, with `mailedAt` `null` when nobody was told of it yet. */
  raiseAlarm(input: { key: string; message: string; at: Instant }): Promise<AlarmRow>;
  alarmMailed(input: { key: string; at: Instant }): Promise<void>;
  clearAlarm(input: { key: string; at: Instant }): Promise<void>;
  /** `open`: those that last; else those that are over. */
  alarms(input: { open: boolean }): Promise<readonly AlarmRow[]>;

  /** Opens a plan in `observing`, or as a `dryRun`; a second time changes nothing. */
  openPlan(input: { planId: string; dryRun: boolean; at: Instant }): Promise<void>;
  /**
   * Adds what was found; a person's row that is there already is replaced (the same change, rejected again, stays
   * rejected), and of two of one person the later counts. Only until the plan is settled: afterwards it changes nothing. Throws `NO_PLAN`, as the others do that name a plan.
   */
  addChanges(input: { planId: string; changes: readonly Change[] }): Promise<void>;
  /**
   * Rows of the plan on whose very change (same person, same base, same answer of HR) the newest word of an admin on that
   * person was said: one that is approved and about to be applied is left out, one that was rejected is rejected again,
   * unless `replanRejected`. An approval that came to nothing says nothing more, and the rejection before it neither.
   * Answers how many were left out by this call, and how many are rejected again, by this or an earlier one. Once the
   * plan is settled it changes nothing.
   */
  carryDecisions(input: {
    planId: string;
    at: Instant;
    replanRejected?: boolean;
  }): Promise<{ approved: number; rejected: number }>;
  /**
   * How many persons HR knows no more whose accounts were not told so, because an admin rejected it or has approved it and
   * it is about to be applied. With `replanRejected` a rejection does not count.
   */
  decidedAbsences(input: { replanRejected: boolean }): Promise<number>;
  /**
   * Losses that synchronisations applied since then, for the safeguard's window. Those that an admin approved do not
   * count: somebody has looked at them.
   */
  lossesSince(input: { since: Instant }): Promise<number>;
  /**
   * The plan is known whole. With a `heldBecause` its open rows of the kinds that may be held are held, until `lapsesAt`;
   * if there are none it is `open`. A plan that is held from before is superseded, unless this one would hold exactly the
   * same: then that one goes on, and those rows are left out here. Whatever earlier runs left open is superseded as well.
   * Decisions made since the plan was opened are carried. Repeated, it changes nothing. A dry run keeps its state and
   * supersedes nothing, and its rows say `held` where they would be. Answers the plan as it now is, the plan that went on
   * being held, and the held one that was superseded.
   */
  settlePlan(input: {
    planId: string;
    looks: LookCounts;
    heldBecause: readonly string[];
    lapsesAt: Instant;
    at: Instant;
  }): Promise<{ plan: Plan; stillHeld: string | null; superseded: string | null }>;
  /**
   * An admin's word on a held plan and all its held rows; writes the audit log. Answers the plan; one that is not held
   * is left as it is, so the caller sees by its state and decision what became of it.
   */
  decidePlan(input: { planId: string; decision: PlanDecision }): Promise<Plan>;
  /** Nobody decided in time: the plan and its held rows lapse, if they are still held. */
  lapsePlan(input: { planId: string; at: Instant }): Promise<Plan>;
  plan(planId: string): Promise<Plan | null>;
  /** Newest first. */
  plans(input: { limit: number }): Promise<readonly Plan[]>;
  /** All plans in these states, oldest first. */
  plansInState(input: { states: readonly PlanState[] }): Promise<readonly Plan[]>;
  /** Rows in the order of persons' ids, behind `after`, up to and with `upTo`. */
  planRows(input: {
    planId: string;
    states?: readonly RowState[];
    kinds?: readonly ChangeKind[];
    /** Of nobody else. */
    personIds?: readonly string[];
    after: string | null;
    upTo?: string | null;
    limit: number;
  }): Promise<readonly PlanRow[]>;
  /** Marks one row; only one that is `open` or `approved` changes. */
  markRow(input: {
    planId: string;
    personId: string;
    state: 'applied' | 'stale';
    at: Instant;
  }): Promise<void>;
  /** An open or approved plan is `applied` once none of its rows is open, approved or held; answers the plan. */
  closePlan(input: { planId: string; at: Instant }): Promise<Plan>;
  /**
   * Forgets plans that were settled before then and wait for nothing, and those opened before then that never were
   * settled. A rejection stays for as long as the same change could be found again. Observations made before then go
   * too, but for each person's newest one, the fact it is known by, and the one that accounts were told; and who was
   * unheard in any run but the newest. Answers how many plans are gone.
   */
  forgetPlans(input: { before: Instant }): Promise<number>;

  /** When a synchronisation that was no dry run last knew its whole plan; `null` = never, as far as is remembered. */
  lastSettled(): Promise<Instant | null>;

  /** Whether the deployment is frozen; `null` = it is not. */
  frozen(): Promise<Freeze | null>;
  /** Freezes or unfreezes the deployment, and writes the audit log; answers whether that changed anything. */
  setFrozen(input: { frozen: boolean; actor: string; reason: string; at: Instant }): Promise<boolean>;

  /** One case for each (person, leaving, cause), the leaving told by its last day; answers whether it is new. */
  openCase(input: { personId: string; leaving: string; cause: string; at: Instant }): Promise<boolean>;

  /**
   * Takes or renews a lease for so many real ms by the clock of the database, which all workers share: leases guard
   * processes. `false` = another holder has it.
   */
  acquireLease(input: { name: string; holder: string; forMs: number }): Promise<boolean>;
  releaseLease(input: { name: string; holder: string }): Promise<void>;

  close(): Promise<void>;
}
