import { MockActivityEnvironment } from '@temporalio/testing';
import { Client, Connection, type WorkflowHandleWithFirstExecutionRunId } from '@temporalio/client';
import { DefaultLogger, NativeConnection } from '@temporalio/worker';
import { sql } from 'kysely';
import { randomUUID } from 'node:crypto';
import type { AccountActivities } from '../../activities/account-activities.ts';
import { createAccountActivities } from '../../activities/create-account-activities.ts';
import type { AccountWorkflows, ActivityDependencies } from '../../activities/dependencies.ts';
import { storeLook } from '../../activities/store-look.ts';
import { createSyncActivities, type SyncActivities } from '../../activities/sync-activities.ts';
import { loginFromName } from '../../src/config.ts';
import { createHrSource } from '../../src/connectors/hr/create-hr-source.ts';
import { createSmtpMailer } from '../../src/connectors/smtp/create-smtp-mailer.ts';
import type { EmbeddedDirectory } from '../../src/connectors/embedded-directory/embedded-directory.ts';
import type { AccountKind, AccountState } from '../../src/contracts/account.ts';
import type { AccountStatus } from '../../src/contracts/account-status.ts';
import type { Observation } from '../../src/contracts/affiliation.ts';
import type { GuestChanged } from '../../src/contracts/guest.ts';
import type { InstanceFacts } from '../../src/contracts/instance.ts';
import type { PersonsMerged } from '../../src/contracts/merge.ts';
import type { Reassigned } from '../../src/contracts/reassignment.ts';
import type { StepAction, StepOutcome } from '../../src/contracts/step.ts';
import type { HrSyncInput, HrSyncResult } from '../../src/contracts/sync.ts';
import { taskQueues, type TaskQueues } from '../../src/contracts/task-queues.ts';
import type { ClockAnchor, Instant } from '../../src/contracts/time.ts';
import { virtualNow } from '../../src/contracts/time.ts';
import type { StepInput, Tuning } from '../../src/contracts/workflow-input.ts';
import type { HrDoublePerson } from '../../src/demo/doubles/hr-double-person.ts';
import { type HrDouble, startHrDouble } from '../../src/demo/doubles/hr-double.ts';
import { type SmtpSink, startSmtpSink } from '../../src/demo/doubles/smtp-sink.ts';
import { cern } from '../../src/policies/cern.ts';
import { initialState } from '../../src/policy/initial-state.ts';
import { createEmbeddedDirectory } from '../../src/connectors/embedded-directory/embedded-directory.ts';
import { createRegistry } from '../../src/registry/create-registry.ts';
import type { AccountRow, PersonRow } from '../../src/registry/registry.ts';
import type { Registry } from '../../src/registry/registry.ts';
import { createAccountWatch } from '../../src/worker/account-watch.ts';
import { createAccountWorkflows } from '../../src/worker/account-workflows.ts';
import { createReassignmentWorkflows } from '../../src/worker/reassignment-workflows.ts';
import { bundleWorkflows } from '../../src/worker/bundle-workflows.ts';
import { createWorkers } from '../../src/worker/create-workers.ts';
import { eventually, TUNING } from './lives.ts';
import { openMemoryDatabase } from './memory-database.ts';
import { SAFEGUARD } from './safeguard.ts';
import { quietTemporal } from './recording-activities.ts';
import type { TemporalAddress } from './temporal.ts';

const CREDENTIALS = { username: 'lifecycle', password: 'a secret of HR' };

/** The person who gets what nobody in the line can take. */
export const FALLBACK_OWNER = '900001';

/** What an account was told, in place of a Temporal server. */
export interface Telling {
  readonly accountId: string;
  /** `null` = its workflow was started, and no fact told. */
  readonly observation: Observation | null;
  /** What the account was told of its instance. */
  readonly facts?: InstanceFacts;
  /** The account was told that its proposed owner agreed. */
  readonly reassigned?: Reassigned;
  /** The account was told that an admin changed its person's external identities. */
  readonly guestChanged?: GuestChanged;
  /** The account was told that HR merged its person. */
  readonly merged?: PersonsMerged;
}

/** Everything around the activities but Temporal: registry, directory, HR, mail. */
export interface Surroundings {
  readonly registry: Registry;
  readonly directory: EmbeddedDirectory;
  readonly hr: HrDouble;
  readonly sink: SmtpSink;
  readonly deps: ActivityDependencies;
  /** What `deps.workflows` was asked to do, if it is not a Temporal server's. */
  readonly tellings: Telling[];
  /** HR and the registry know the person from now on; nothing is left to be applied. */
  seedPerson(person: HrDoublePerson, at: Instant): Promise<PersonRow>;
  /** An account that is there already, in registry and directory. */
  seedAccount(input: {
    readonly personId: string;
    readonly at: Instant;
    readonly kind?: AccountKind;
    readonly login?: string;
    readonly stage?: 'pending' | 'active' | 'grace' | 'blocked';
    readonly groups?: readonly string[];
    readonly state?: Partial<AccountState>;
  }): Promise<AccountRow>;
  /** The account as the directory holds it; `null` = not at all. */
  entry(login: string): ReturnType<EmbeddedDirectory['read']>;
  /** Everybody and everything is forgotten: a fresh start in a fraction of the time. */
  forget(): Promise<void>;
  stop(): Promise<void>;
}

/** Tables in which a test leaves something. */
const TABLES = [
  ...['persons', 'observations', 'accounts', 'ownership', 'effects', 'fences', 'notices', 'audit', 'alarms'],
  ...['service_desk_cases', 'leases', 'directory_entries', 'directory_memberships'],
  ...[
    'plans',
    'plan_rows',
    'decisions',
    'deployment_freeze',
    'instance_accounts',
    'expiry_traces',
    'unheard',
    'reassignments',
    'guests',
    'merges',
  ],
];

export interface SurroundingsOptions {
  readonly people?: readonly HrDoublePerson[];
  /** The INDIGO IAM instance that is kept; none by default. */
  readonly instance?: ActivityDependencies['instance'];
  readonly settings?: Partial<ActivityDependencies['settings']>;
  /** Replaces parts of what the activities work with. */
  readonly over?: (deps: ActivityDependencies) => Partial<ActivityDependencies>;
}

/** A person of HR's with one contract; open at both ends unless dates are given. */
export function personOfHr(
  id: number,
  over: Partial<HrDoublePerson> & { readonly from?: string; readonly to?: string | null } = {},
): HrDoublePerson {
  const { from = '2024-01-01', to = null, ...rest } = over;
  return {
    id,
    firstName: 'Ada',
    name: 'Rossi',
    email: `person-${id}@example.org`,
    contracts: [{ id: `C-${id}`, startDate: from, endDate: to }],
    ...rest,
  };
}

export async function startSurroundings(options: SurroundingsOptions = {}): Promise<Surroundings> {
  const database = await openMemoryDatabase();
  const registry = createRegistry(database);
  const directory = createEmbeddedDirectory({ database, name: 'directory' });
  const hr = await startHrDouble({ ...CREDENTIALS, people: options.people ?? [] });
  const sink = await startSmtpSink();
  const source = createHrSource({
    credentials: CREDENTIALS,
    baseUrl: hr.url,
    timeoutMs: 2_000,
    timeZone: 'Europe/Zurich',
    concurrency: 4,
    ratePerSecond: 1_000,
  });
  const mailer = createSmtpMailer({
    host: sink.host,
    port: sink.port,
    secure: false,
    requireTls: false,
    from: 'Accounts <accounts@example.org>',
    domain: 'example.org',
    timeoutMs: 2_000,
  });
  const tellings: Telling[] = [];
  const workflows: AccountWorkflows = {
    ensureStarted: async ({ state }) => {
      tellings.push({ accountId: state.accountId, observation: null });
    },
    tell: async ({ state, observation }) => {
      tellings.push({ accountId: state.accountId, observation });
    },
    tellReassigned: async ({ state, fact }) => {
      tellings.push({ accountId: state.accountId, observation: null, reassigned: fact });
    },
    tellGuestChanged: async ({ state, change }) => {
      tellings.push({ accountId: state.accountId, observation: null, guestChanged: change });
    },
    tellMerged: async ({ state, fact }) => {
      tellings.push({ accountId: state.accountId, observation: null, merged: fact });
    },
    tellInstance: async ({ state, facts }) => {
      tellings.push({ accountId: state.accountId, observation: null, facts });
    },
  };
  const logins = {
    parts: [
      { type: 'givenName', length: 1 },
      { type: 'familyName', length: null },
    ],
    maxLength: 8,
  } as const;
  const plain: ActivityDependencies = {
    registry,
    hr: source,
    directories: [directory],
    mailer,
    instance: options.instance ?? null,
    resources: null,
    workflows,
    reassignments: noReassignments,
    settings: {
      policies: cern,
      timeZone: 'Europe/Zurich',
      defaultLanguage: 'en',
      site: { organisation: 'CERN', contact: 'service-desk@example.org' },
      admins: ['admins@example.org'],
      serviceDesk: 'service-desk@example.org',
      fallbackOwner: FALLBACK_OWNER,
      mailDomain: 'example.org',
      sightings: { count: 3, hours: 72 },
      safeguard: { limits: SAFEGUARD, lapseDays: 14 },
      patienceMs: 3_600_000,
      pageSize: 3,
      rangeSize: 4,
      giveUpMs: 60_000,
      keepPlansDays: 90,
      loginOf: (name) => loginFromName(logins, name),
      longestLogin: logins.maxLength,
      links: null,
      requestedLogins: { longest: 20, reserved: ['root', 'postmaster'] },
      hrConcurrency: 4,
      watchdog: { syncOverdueMs: null, frozenDays: 7 },
      ...options.settings,
    },
    log: { info: () => undefined, warn: () => undefined },
  };
  const deps: ActivityDependencies = { ...plain, ...options.over?.(plain) };
  const { signal } = new AbortController();

  return {
    registry,
    directory,
    hr,
    sink,
    deps,
    tellings,
    async seedPerson(person, at) {
      hr.setPerson(person);
      const personId = String(person.id);
      const number = await registry.nextObservationNumber();
      const before = await registry.person(personId);
      const answer = await source.readPerson({ personId, signal });
      const look = await storeLook(plain, { number, personId, answer, before, at, source: 'sync' });
      if (look.outcome !== 'found') throw new Error(`the seeded person cannot be read: ${look.outcome}`);
      const digest = look.person.digest;
      await registry.markApplied({ personId, digest, number: look.person.observation?.number ?? 0 });
      const row = await registry.person(personId);
      if (!row) throw new Error('the seeded person is not there');
      return row;
    },
    async seedAccount({ personId, at, kind = 'primary', stage = 'active', state: over = {}, ...rest }) {
      const accountId = randomUUID();
      const login = rest.login ?? `u${accountId.slice(0, 6)}`;
      const person = await registry.person(personId);
      if (!person) throw new Error(`seed person ${personId} first`);
      const own = { accountId, kind, personId, experiment: null };
      const begun = initialState({ ...own, stage, observation: person.observation, at });
      const isPrimary = kind === 'primary' && stage !== 'pending';
      const activeStatus = isPrimary ? (stage === 'active' ? 'Active' : 'Grace Period') : null;
      const state: AccountState = { ...begun, activeStatus, ...over };
      await registry.createAccount({ ...own, login, state, at, reason: 'taken over' });
      if (state.access !== 'none') {
        const {
          givenName,
          familyName,
          email: mail,
          department,
          group,
          section,
          institute,
          language,
        } = person;
        const displayName = `${givenName} ${familyName}`;
        const whole = {
          personId,
          displayName,
          givenName,
          familyName,
          mail,
          department,
          group,
          section,
          institute,
        };
        const entry = {
          login,
          kind,
          person: { ...whole, language },
          activeStatus: state.activeStatus,
          uidNumber: (await registry.account(accountId))?.uidNumber ?? 0,
          signal,
        };
        await directory.create(entry);
        await directory.setAccess({ login, access: state.access === 'on' ? 'on' : 'off', signal });
        for (const name of rest.groups ?? []) await directory.addMembership(login, name);
      }
      const row = await registry.account(accountId);
      if (!row) throw new Error('the seeded account is not there');
      return row;
    },
    entry: (login) => directory.read({ login, signal }),
    async forget() {
      const tables = sql.join(TABLES.map((name) => sql.table(name)));
      // The triggers that keep rows for ever are what we tell to look away here.
      await database.query((db) => sql`set session_replication_role = replica`.execute(db));
      await database.query((db) => sql`truncate ${tables} cascade`.execute(db));
      await database.query((db) => sql`set session_replication_role = origin`.execute(db));
      for (let id = 0; id < 100; id += 1) hr.removePerson(id);
      hr.setList(true);
      hr.fault('none');
      await sink.fault('none');
      tellings.length = 0;
    },
    async stop() {
      await Promise.allSettled([source.close(), mailer.close(), hr.stop(), sink.stop()]);
      await database.close();
    },
  };
}

/** Requests to re-assign accounts, where there is no Temporal server. */
const noReassignments: ActivityDependencies['reassignments'] = {
  ask: () => Promise.reject(new Error('no workflow runs here')),
  say: () => Promise.resolve(null),
  ownerChanged: () => Promise.resolve(),
  personsMerged: () => Promise.resolve(),
};

const STEP_ACTIVITIES: Readonly<Record<StepAction, keyof AccountActivities>> = {
  activate: 'activateAccount',
  notice: 'sendNotice',
  reminder: 'sendReminder',
  allClear: 'sendAllClear',
  leaving: 'enterGrace',
  status: 'writeActiveStatus',
  transfer: 'transferServiceAccount',
  reassign: 'reassignServiceAccount',
  merge: 'followMerge',
  guest: 'openGuest',
  shutGuest: 'shutGuest',
  writeGuests: 'writeGuests',
  block: 'blockAccount',
  delete: 'deleteAccount',
  giveAccess: 'giveAccess',
  disable: 'disableAccount',
  exclude: 'excludeAccount',
  hold: 'mirrorHold',
  adminDate: 'writeAdminDate',
  record: 'recordChange',
};

/** An activity's surroundings in Temporal, without Temporal and its log. */
export function activityEnvironment(
  info: ConstructorParameters<typeof MockActivityEnvironment>[0],
): MockActivityEnvironment {
  return new MockActivityEnvironment(info, { logger: new DefaultLogger('ERROR') });
}

/** One attempt at a step, outside Temporal. */
export function attemptStep(
  deps: ActivityDependencies,
  input: StepInput,
  options: { readonly attempt?: number; readonly environment?: MockActivityEnvironment } = {},
): Promise<StepOutcome> {
  const environment = options.environment ?? activityEnvironment({ attempt: options.attempt ?? 1 });
  const activity = createAccountActivities(deps)[STEP_ACTIVITIES[input.step.action]];
  return environment.run(activity, input);
}

/** One activity of a synchronisation, outside Temporal. `resumeFrom` = what its last attempt said at its last beat. */
export function runSync<T>(
  deps: ActivityDependencies,
  call: (activities: SyncActivities) => Promise<T>,
  resumeFrom?: unknown,
): Promise<T> {
  const environment = activityEnvironment({ heartbeatDetails: resumeFrom });
  return environment.run(() => call(createSyncActivities(deps)));
}

type SyncWorkflow = (input: HrSyncInput) => Promise<HrSyncResult>;

/** A whole deployment in this process, on the run's Temporal server. */
export interface TestDeployment extends Surroundings {
  readonly client: Client;
  /** What its task queues are named after. */
  readonly prefix: string;
  readonly queues: TaskQueues;
  readonly clock: ClockAnchor;
  readonly now: () => Instant;
  /** One synchronisation, to its end. */
  sync(): Promise<HrSyncResult>;
  /** One synchronisation, begun. */
  startSync(): Promise<WorkflowHandleWithFirstExecutionRunId<SyncWorkflow>>;
  /** Starts the workflow of a seeded account. */
  startAccount(accountId: string): Promise<void>;
  status(accountId: string): Promise<AccountStatus>;
  untilStatus(
    accountId: string,
    what: string,
    holds: (status: AccountStatus) => boolean,
  ): Promise<AccountStatus>;
}

/** Made once for a test file: it takes seconds, and workflows do not change meanwhile. */
let bundle: ReturnType<typeof bundleWorkflows> | undefined;

export async function startTestDeployment(
  server: TemporalAddress,
  options: SurroundingsOptions & {
    readonly clock: ClockAnchor;
    readonly tuning?: Partial<Tuning>;
    /** Activities that the queue of the synchronisation carries out at once. */
    readonly syncSlots?: number;
  },
): Promise<TestDeployment> {
  quietTemporal();
  const { address, namespace } = server;
  const prefix = `deployment-${randomUUID()}`;
  const queues = taskQueues(prefix);
  const tuning = { ...TUNING, ...options.tuning };
  const connection = await Connection.connect({ address });
  const native = await NativeConnection.connect({ address });
  const client = new Client({ connection, namespace });
  const policies = options.settings?.policies ?? cern;
  const workflows = createAccountWorkflows({ client, taskQueue: queues.accounts, policies, tuning });
  const reassignments = createReassignmentWorkflows({ client, taskQueue: queues.operator, tuning });
  const surroundings = await startSurroundings({
    ...options,
    over: (deps) => ({ ...options.over?.(deps), workflows, reassignments }),
  });
  const { registry, deps } = surroundings;
  const clock = await registry.clock(options.clock);
  const queue = { concurrency: 20, ratePerSecond: 1_000 };
  const workers = await createWorkers({
    connection: native,
    namespace,
    prefix,
    deps,
    watch: createAccountWatch({ client, prefix }),
    workflowTasks: 20,
    cachedWorkflows: 200,
    stickyMs: 5_000,
    mail: queue,
    target: queue,
    sync: { ...queue, concurrency: options.syncSlots ?? queue.concurrency },
    operator: queue,
    workflowBundle: await (bundle ??= bundleWorkflows()),
  });
  const running = workers.run();
  const handleOf = (accountId: string) => client.workflow.getHandle(`account/${accountId}`);
  const startSync = () =>
    client.workflow.start<SyncWorkflow>('hrSync', {
      taskQueue: queues.operator,
      workflowId: `hr-sync-${randomUUID()}`,
      args: [{ clock, tuning }],
    });
  const status = (accountId: string) => handleOf(accountId).query<AccountStatus>('lifecycleStatus');
  return {
    ...surroundings,
    client,
    prefix,
    queues,
    clock,
    now: () => virtualNow(clock, Date.now()),
    sync: async () => (await startSync()).result(),
    startSync,
    async startAccount(accountId) {
      const row = await registry.account(accountId);
      if (!row) throw new Error(`seed account ${accountId} first`);
      await workflows.ensureStarted({ state: row.state, clock });
    },
    status,
    untilStatus: (accountId, what, holds) =>
      eventually(what, async () => {
        const now = await status(accountId);
        return holds(now) && now;
      }),
    async stop() {
      for (const { accountId } of await registry.accounts({})) {
        await handleOf(accountId)
          .terminate('the test is over')
          .catch(() => undefined);
      }
      workers.shutdown();
      await running;
      await native.close();
      await connection.close();
      await surroundings.stop();
    },
  };
}
