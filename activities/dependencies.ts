import type { Directory } from '../src/connectors/directory.ts';
import type { HrSource } from '../src/connectors/hr-source.ts';
import type { IndigoIam } from '../src/connectors/indigo-iam.ts';
import type { Mailer } from '../src/connectors/mailer.ts';
import type { ResourceSource } from '../src/connectors/resource-source.ts';
import type { AccountState } from '../src/contracts/account.ts';
import type { Observation } from '../src/contracts/affiliation.ts';
import type { GuestChanged } from '../src/contracts/guest.ts';
import type { InstanceFacts, InstanceSettings } from '../src/contracts/instance.ts';
import type { SafeguardLimits } from '../src/contracts/plan.ts';
import type { PersonsMerged } from '../src/contracts/merge.ts';
import type {
  Reassigned,
  ReassignmentAnswer,
  ReassignmentAsk,
  ReassignmentWord,
  ReassignmentWordAnswer,
} from '../src/contracts/reassignment.ts';
import type { PolicySet } from '../src/contracts/policy.ts';
import type { ClockAnchor, Instant } from '../src/contracts/time.ts';
import type { NoticeSite } from '../src/notices/render-notice.ts';
import type { RequestedLogins } from '../src/policy/account-requests.ts';
import type { SightingRule } from '../src/policy/sightings.ts';
import type { Registry } from '../src/registry/registry.ts';

/** What activities say about their work; never anything personal. */
export interface ActivityLog {
  info(message: string, facts: Readonly<Record<string, unknown>>): void;
  warn(message: string, facts: Readonly<Record<string, unknown>>): void;
}

/** Starts and signals the workflows of accounts. */
export interface AccountWorkflows {
  /** Starts the account's workflow from its state, unless it runs or its life is over. */
  ensureStarted(input: { state: AccountState; clock: ClockAnchor }): Promise<void>;
  /** Tells the account a fact, and starts its workflow first where it is missing. */
  tell(input: { state: AccountState; observation: Observation; clock: ClockAnchor }): Promise<void>;
  /** Tells a service account that its proposed owner agreed, and starts its workflow first where it is missing. */
  tellReassigned(input: { state: AccountState; fact: Reassigned; clock: ClockAnchor }): Promise<void>;
  /** Tells an account that HR merged its person into another one, and starts its workflow first where it is missing. */
  tellMerged(input: { state: AccountState; fact: PersonsMerged; clock: ClockAnchor }): Promise<void>;
  /** Tells a primary account that an admin changed its person's external identities, and starts its workflow first where it is missing. */
  tellGuestChanged(input: { state: AccountState; change: GuestChanged; clock: ClockAnchor }): Promise<void>;
  /** Tells an experiment account what its instance shows of it, and starts its workflow first where it is missing. */
  tellInstance(input: { state: AccountState; facts: InstanceFacts; clock: ClockAnchor }): Promise<void>;
}

/** Starts the workflows of requests to re-assign accounts, and talks to them. */
export interface ReassignmentWorkflows {
  /**
   * Hands the request to its workflow, which is started if none runs for the account. Throws, to be retried, while the
   * request before it is being finished.
   */
  ask(input: { ask: ReassignmentAsk; clock: ClockAnchor }): Promise<ReassignmentAnswer>;
  /** Says something of the account's request; `null` = no workflow waits for it. */
  say(input: {
    accountId: string;
    verdict: 'approved' | 'rejected' | 'withdrawn';
    word: ReassignmentWord;
  }): Promise<ReassignmentWordAnswer | { readonly refused: string } | null>;
  /** Tells the account's request, if one waits, that the account has another owner. */
  ownerChanged(input: { accountId: string; owner: string }): Promise<void>;
  /** Tells the account's request, if one waits, that HR merged a person whom it may name. */
  personsMerged(input: { accountId: string; fromPerson: string; toPerson: string }): Promise<void>;
}

/** Settings of the deployment that activities follow. */
export interface ActivitySettings {
  readonly policies: PolicySet;
  /** The deployment's zone, in which dates count where no policy says otherwise. */
  readonly timeZone: string;
  readonly defaultLanguage: string;
  /** Who writes the mails. */
  readonly site: NoticeSite;
  /** Mail addresses of those who run the deployment. */
  readonly admins: readonly string[];
  readonly serviceDesk: string;
  /** Person who gets a service account when nobody in the line is left. */
  readonly fallbackOwner: string;
  /** Domain of primary addresses, for logins and mail routing. */
  readonly mailDomain: string;
  readonly sightings: SightingRule;
  /** A held plan lapses after `lapseDays` without a decision, and an approval that could not be carried out for as long. */
  readonly safeguard: { readonly limits: SafeguardLimits; readonly lapseDays: number };
  /** Real milliseconds after which an approved plan that is not applied raises an alarm. */
  readonly patienceMs: number;
  readonly pageSize: number;
  /** Persons that one activity of the synchronisation looks at. */
  readonly rangeSize: number;
  /** Real milliseconds of HR's silence for which a range waits; then the synchronisation goes on without it. */
  readonly giveUpMs: number;
  /** Plans that wait for nothing are forgotten after so many days. */
  readonly keepPlansDays: number;
  /** The login a primary account would like, from a name; empty = the name has no usable letter. */
  readonly loginOf: (name: { readonly givenName: string; readonly familyName: string }) => string;
  readonly longestLogin: number;
  /** What people do by links in mails; `null` = there are no links, and mails say how else. */
  readonly links: {
    readonly reassignment: (requestId: string) => string;
    /** Where the owner of a service account proposes the next one. `since` = when they became its owner. */
    readonly proposal: (input: {
      readonly accountId: string;
      readonly owner: string;
      readonly since: Instant;
    }) => string;
  } | null;
  /** Which logins may be asked for; those that are reserved no primary account gets either. */
  readonly requestedLogins: RequestedLogins;
  /** How many requests to HR an activity has under way at once. */
  readonly hrConcurrency: number;
  /** When the admins are told that something lasts too long, on the deployment's clock. */
  readonly watchdog: {
    /** ms without a synchronisation; `null` = none is expected. */
    readonly syncOverdueMs: number | null;
    /** Days of a freeze. */
    readonly frozenDays: number;
  };
}

/** An INDIGO IAM instance whose accounts are kept. */
export interface KeptInstance {
  readonly iam: IndigoIam;
  readonly settings: InstanceSettings;
}

/** The system that knows which other official resources people own. */
export interface KnownResources {
  readonly source: ResourceSource;
  /** So long a notice waits for the list, in ms of the deployment's clock. */
  readonly patienceMs: number;
}

/** Everything activities work with. Built once, by the worker. */
export interface ActivityDependencies {
  readonly registry: Registry;
  readonly hr: HrSource;
  readonly directories: readonly Directory[];
  readonly mailer: Mailer;
  /** `null` = no instance is kept. */
  readonly instance: KeptInstance | null;
  /** `null` = notices list service accounts only. */
  readonly resources: KnownResources | null;
  readonly workflows: AccountWorkflows;
  readonly reassignments: ReassignmentWorkflows;
  readonly settings: ActivitySettings;
  readonly log: ActivityLog;
}
