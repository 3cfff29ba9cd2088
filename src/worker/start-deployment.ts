import type { Client } from '@temporalio/client';
import { NativeConnection, Runtime, type WorkflowBundle } from '@temporalio/worker';
import type { ActivityDependencies } from '../../activities/dependencies.ts';
import { createClock, realAnchor } from '../clock.ts';
import { type Config, type Environment, loginFromName } from '../config.ts';
import { createHrSource } from '../connectors/hr/create-hr-source.ts';
import { createSmtpMailer } from '../connectors/smtp/create-smtp-mailer.ts';
import { createLinkTokens } from '../links/link-token.ts';
import { createProposalTokens } from '../links/proposal-token.ts';
import { taskQueues } from '../contracts/task-queues.ts';
import type { PolicySet } from '../contracts/policy.ts';
import type { ClockAnchor } from '../contracts/time.ts';
import type { Tuning } from '../contracts/workflow-input.ts';
import { type Logger, temporalLogger } from '../logger.ts';
import { calendarOf } from '../policies/calendar-of.ts';
import { policySetOf } from '../policies/policy-set-of.ts';
import { openPatiently } from '../registry/open-patiently.ts';
import type { OpenedRegistry } from '../registry/open-registry.ts';
import { applySyncSchedule } from '../schedule/apply-schedule.ts';
import { applyWatchdogSchedule } from '../schedule/watchdog-schedule.ts';
import { tuningOf } from '../tuning.ts';
import { connectPatiently, connectTemporalClient, temporalAccess } from '../temporal-client.ts';
import { createAccountWatch } from './account-watch.ts';
import { createAccountWorkflows } from './account-workflows.ts';
import { checkDirectory } from './check-directory.ts';
import { checkFallbackOwner } from './check-fallback-owner.ts';
import { createWorkers, type Workers } from './create-workers.ts';
import { hostApi } from './host-api.ts';
import { keptInstance } from './kept-instance.ts';
import { knownResources } from './known-resources.ts';
import { ldapDirectory } from './ldap-directory.ts';
import { openLinks } from './open-links.ts';
import { createReassignmentWorkflows } from './reassignment-workflows.ts';
import { syncOverdueMs } from './sync-overdue.ts';
import { ensureSearchAttributes } from './ensure-search-attributes.ts';

export interface DeploymentOptions {
  readonly config: Config;
  /** Folder from which the paths in the configuration count. */
  readonly folder: string;
  readonly env: Environment;
  readonly logger: Logger;
  /** Calls off the start, while something is waited for. */
  readonly signal: AbortSignal;
  /** The clock to run by, if the registry has none yet; the machine's by default. */
  readonly clock?: ClockAnchor;
  /** Real time-outs that the configuration, which counts in seconds, cannot say. */
  readonly tuning?: Tuning;
  /** After so many real ms a workflow task of a worker that died is given to another; Temporal's 10 s by default. */
  readonly workflowTaskTimeoutMs?: number;
  /** A bundle that was made before; without it, one is made. */
  readonly workflowBundle?: WorkflowBundle;
}

/** A deployment that is up: its workers, and what else an entry point may need of it. */
export interface Deployment {
  readonly workers: Workers;
  readonly opened: OpenedRegistry;
  readonly client: Client;
  readonly clock: ClockAnchor;
  readonly deps: ActivityDependencies;
  /** Ends connections and the registry, after the workers have ended. */
  close(): Promise<void>;
}

function adaptersOf(config: Config, logger: Logger) {
  const { hr, mail } = config;
  const source = createHrSource({
    baseUrl: hr.url,
    credentials: hr.credentials && {
      username: hr.credentials.user,
      password: hr.credentials.password.reveal(),
    },
    timeoutMs: hr.timeoutSeconds * 1000,
    timeZone: hr.timeZone,
    concurrency: hr.concurrency,
    ratePerSecond: hr.ratePerSecond,
    list: hr.list,
    log: logger,
  });
  const mailer = createSmtpMailer({
    host: mail.host,
    port: mail.port,
    secure: mail.tls === 'implicit',
    requireTls: mail.tls === 'starttls',
    ignoreTls: mail.tls === 'none',
    ...(mail.credentials && {
      user: mail.credentials.user,
      password: mail.credentials.password.reveal(),
    }),
    from: mail.fromName === null ? mail.from : `${mail.fromName} <${mail.from}>`,
    domain: mail.domain,
    timeoutMs: (config.tuning.startToCloseSeconds * 1000) / 2,
  });
  return { source, mailer };
}

/** Ends what was opened, last opened first; what fails to end keeps nothing else from it. */
type Closers = (() => Promise<unknown>)[];

async function closeAll(closers: Closers): Promise<void> {
  for (const close of closers.splice(0).reverse()) await close().catch(() => undefined);
}

/**
 * Brings a deployment up: registry, Temporal, search attributes, workers, and both schedules. What cannot be reached is
 * waited for, and said so. Throws a `ConfigurationError` for what no waiting mends; what was
 * opened by then is closed again.
 */
export async function startDeployment(options: DeploymentOptions): Promise<Deployment> {
  const closers: Closers = [];
  try {
    return await bringUp(options, closers);
  } catch (error) {
    await closeAll(closers);
    throw error;
  }
}

function linkAddresses(links: Config['links']): ActivityDependencies['settings']['links'] {
  if (links === null) return null;
  const way = { publicUrl: links.publicUrl, key: links.key.reveal() };
  const [reassignments, proposals] = [createLinkTokens(way), createProposalTokens(way)];
  return {
    reassignment: (requestId) => reassignments.address(requestId),
    proposal: (ownership) => proposals.address(ownership),
  };
}

function settingsOf(config: Config, policies: PolicySet): ActivityDependencies['settings'] {
  return {
    policies,
    timeZone: config.timeZone,
    defaultLanguage: config.languageDefault,
    site: { organisation: config.mail.fromName ?? config.logins.mailDomain, contact: config.serviceDesk },
    admins: config.admins,
    serviceDesk: config.serviceDesk,
    fallbackOwner: config.fallbackOwner,
    mailDomain: config.logins.mailDomain,
    sightings: config.sync.sightings.noPerson,
    safeguard: { limits: config.sync.safeguard, lapseDays: config.sync.safeguard.lapseDays },
    patienceMs: config.tuning.patienceSeconds * 1000,
    pageSize: config.sync.pageSize,
    rangeSize: config.sync.rangeSize,
    giveUpMs: config.sync.giveUpMinutes * 60_000,
    keepPlansDays: config.sync.keepPlansDays,
    loginOf: (name) => loginFromName(config.logins, name),
    longestLogin: config.logins.maxLength,
    links: linkAddresses(config.links),
    requestedLogins: { longest: config.logins.requestedMaxLength, reserved: config.logins.reserved },
    hrConcurrency: config.hr.concurrency,
    watchdog: { syncOverdueMs: syncOverdueMs(config), frozenDays: config.watchdog.frozenDays },
  };
}

function activityLog(logger: Logger): ActivityDependencies['log'] {
  return {
    info: (message, facts) => {
      logger.info(facts, message);
    },
    warn: (message, facts) => {
      logger.warn(facts, message);
    },
  };
}

async function bringUp(options: DeploymentOptions, closers: Closers): Promise<Deployment> {
  const { config, folder, env, logger, signal } = options;
  const policies = policySetOf(config, folder);
  Runtime.install({ logger: temporalLogger(logger), shutdownSignals: [] });
  const opened = await openPatiently(options);
  closers.push(() => opened.close());
  const clock = await opened.registry.clock(options.clock ?? realAnchor());
  // It answers although Temporal does not.
  const links = openLinks({
    ...{ config, env, registry: opened.registry, clock, log: logger },
    timeZone: calendarOf(policies, config),
  });
  if (links !== null) closers.push(() => links.close());
  const api = await hostApi({ config, policies, registry: opened.registry, clock, links, log: logger });
  if (api !== null) closers.push(() => api.close());
  const access = temporalAccess(config.temporal, env);
  const { address } = access;
  /** Temporal may go away again between two calls of the start. */
  const patiently = <T>(call: () => Promise<T>): Promise<T> =>
    connectPatiently({ connect: call, address, logger, signal });
  const { client, close: closeClient } = await connectTemporalClient({ access, logger, signal });
  closers.push(closeClient);
  await patiently(() => ensureSearchAttributes(client.connection, access.namespace));
  const connection = await patiently(() => NativeConnection.connect(access.connectionOptions));
  closers.push(() => connection.close());
  const prefix = config.temporal.taskQueuePrefix;
  const taskQueue = taskQueues(prefix).accounts;
  const tuning = options.tuning ?? tuningOf(config);
  const { workflowTaskTimeoutMs, workflowBundle } = options;
  const taskTimeout = workflowTaskTimeoutMs === undefined ? {} : { workflowTaskTimeoutMs };
  const { source, mailer } = adaptersOf(config, logger);
  closers.push(
    () => source.close(),
    () => mailer.close(),
  );
  if (config.links === null) {
    logger.warn(
      {},
      'links.publicUrl and links.keyEnv are not set: mails about re-assigning service accounts have no link to answer by',
    );
  }
  const instance = keptInstance(config, logger);
  if (instance !== null) closers.push(() => instance.iam.close());
  const resources = knownResources(config, logger);
  if (resources !== null) closers.push(() => resources.source.close());
  const ldap = ldapDirectory(config, folder);
  if (ldap !== null) closers.push(() => ldap.close());
  const deps: ActivityDependencies = {
    registry: opened.registry,
    hr: source,
    directories: [ldap ?? opened.directory('directory')],
    mailer,
    instance,
    resources,
    workflows: createAccountWorkflows({ client, taskQueue, policies, tuning, ...taskTimeout }),
    reassignments: createReassignmentWorkflows({ client, taskQueue: taskQueues(prefix).operator, tuning }),
    settings: settingsOf(config, policies),
    log: activityLog(logger),
  };
  if (ldap !== null && config.ldap !== null) {
    await opened.registry.numberAccountsFrom({ least: config.ldap.firstUidNumber });
    await checkDirectory({ directory: ldap, logger, signal });
  }
  await checkFallbackOwner({ deps, now: createClock(clock, () => Date.now()).now(), logger, signal });
  const { worker } = config;
  const workers = await createWorkers({
    connection,
    namespace: access.namespace,
    prefix,
    deps,
    watch: createAccountWatch({ client, prefix }),
    workflowTasks: worker.workflowTasks,
    cachedWorkflows: worker.cachedWorkflows,
    stickyMs: config.tuning.stickySeconds * 1000,
    mail: worker.mail,
    target: worker.target,
    sync: worker.sync,
    operator: worker.operator,
    ...(workflowBundle && { workflowBundle }),
  });
  const schedule = await patiently(() =>
    applySyncSchedule(client, { ...config.sync, prefix, input: { clock, tuning }, ...taskTimeout }),
  );
  logger.info(
    { result: schedule.result, drift: schedule.drift },
    'the schedule of the synchronisation is applied',
  );
  const { watchdog } = config;
  const watching = await patiently(() =>
    applyWatchdogSchedule(client, {
      ...watchdog,
      ...{ prefix, input: { clock, tuning, overdueMinutes: watchdog.overdueMinutes } },
      ...taskTimeout,
    }),
  );
  logger.info({ result: watching.result, drift: watching.drift }, 'the schedule of the watchdog is applied');
  return { workers, opened, client, clock, deps, close: () => closeAll(closers) };
}
