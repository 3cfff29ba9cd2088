import { Client, Connection } from '@temporalio/client';
import { mkdir, mkdtemp } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { SEARCH_ATTRIBUTES } from '../contracts/search-attributes.ts';
import { startTemporalServer, type TemporalServer } from '../dev/temporal-server.ts';
import type { Cleanup } from './cleanup.ts';
import {
  demoConfig,
  DEMO_HR_PASSWORD,
  DEMO_HR_USER,
  DEMO_IAM_CLIENT,
  DEMO_IAM_SECRET_VARIABLE,
  DEMO_LDAP_VARIABLE,
  DEMO_RESOURCES_TOKEN,
  DEMO_RESOURCES_VARIABLE,
} from './demo-config.ts';
import { SLAPD_USER } from '../dev/slapd.ts';
import type { SlapdPrograms } from '../dev/find-slapd.ts';
import { startDemoLdap, type DemoLdap } from './demo-ldap.ts';
import { startDemoApi, type DemoApi } from './demo-api.ts';
import { startDemoInstance, type DemoInstance } from './demo-instance.ts';
import { startHrDouble, type HrDouble } from './doubles/hr-double.ts';
import { startResourcesDouble } from './doubles/resources-double.ts';
import { startSmtpSink, type SmtpSink } from './doubles/smtp-sink.ts';
import { createNarrator, type Narrator } from './narrator.ts';
import type { DemoOptions } from './options.ts';
import { recordsAtStart } from './play-story.ts';
import { prepareAccounts } from './prepare-accounts.ts';
import { createStoryClock, type StoryClock } from './story-clock.ts';
import { personIdOf } from './story/character.ts';
import { EXPERIMENT, LOCAL_USERS } from './story/experiment.ts';
import type { Story } from './story/story.ts';
import type { SeedGroups } from './worker-messages.ts';
import { createWorkerKeeper, type WorkerKeeper } from './worker-keeper.ts';
import { zurichInstant } from './zurich-time.ts';

/** Everything that runs when the story begins. */
export interface Stage {
  /** Of the demo's own files. */
  readonly folder: string;
  readonly logFile: string;
  readonly temporal: TemporalServer;
  readonly client: Client;
  readonly clock: StoryClock;
  readonly hr: HrDouble;
  readonly smtp: SmtpSink;
  /** `null` = the story is played without one. */
  readonly instance: DemoInstance | null;
  /** `null` = accounts are kept in the embedded directory. */
  readonly ldap: DemoLdap | null;
  readonly keeper: WorkerKeeper;
  readonly api: DemoApi;
  readonly narrator: Narrator;
}

const FOLDER = fileURLToPath(new URL('../../.demo/', import.meta.url));
/** Least real time before the story begins, in which everybody's account is made. */
const LEAD_MS = 10_000;
/** A slow machine gets more: so many times what it took to load the worker, but no more than the story can bear. */
const LEAD_FACTOR = 1.5;
const LONGEST_LEAD_DAYS = 60;
/** Nothing is due in the first days. */
const SPARE_DAYS = 3;
const DAY_MS = 86_400_000;

/**
 * Starts Temporal, HR, the mail server and the worker, and makes everybody's account. `null` = the story began before
 * that was done: with a higher `patience`, from 1, there is more time.
 */
export async function setStage(input: {
  readonly story: Story;
  readonly options: DemoOptions;
  /** Of a directory server; `null` = the story is played without one. */
  readonly slapd: SlapdPrograms | null;
  readonly patience: number;
  readonly cleanup: Cleanup;
  readonly print: (line: string) => void;
  readonly signal: AbortSignal;
}): Promise<Stage | null> {
  const { story, options, patience, cleanup, print, signal } = input;
  await mkdir(FOLDER, { recursive: true });
  const folder = await mkdtemp(join(FOLDER, 'run-'));
  const logFile = join(folder, 'worker.log');
  let tell: Narrator['tell'] = (_nick, words) => {
    print(words);
  };
  const keeper = createWorkerKeeper({
    folder,
    logFile,
    tell: (words) => {
      tell('demo', words);
    },
  });
  cleanup.add(() => keeper.stop());
  const loadBegan = performance.now();
  const loading = keeper.load().then(() => performance.now() - loadBegan);
  loading.catch(() => undefined);
  const temporal = await startTemporalServer({ ui: true, searchAttributes: SEARCH_ATTRIBUTES, log: print });
  cleanup.add(() => temporal.stop());
  const connection = await Connection.connect({ address: temporal.address });
  cleanup.add(() => connection.close());
  const client = new Client({ connection, namespace: temporal.namespace });
  const leadMs = patience * Math.max(LEAD_MS, LEAD_FACTOR * (await loading));
  signal.throwIfAborted();

  const begins = zurichInstant(story.begins);
  const { secondsPerDay } = options;
  const longestMs = LONGEST_LEAD_DAYS * secondsPerDay * 1000;
  const clock = createStoryClock({ begins, leadMs: Math.min(leadMs, longestMs), secondsPerDay });
  const hr = await startHrDouble({
    username: DEMO_HR_USER,
    password: DEMO_HR_PASSWORD,
    now: () => clock.now(),
    people: recordsAtStart(story),
  });
  cleanup.add(() => hr.stop());
  const smtp = await startSmtpSink({ now: () => clock.now() });
  cleanup.add(() => smtp.stop());
  const resources = await startResourcesDouble({
    credentials: { token: DEMO_RESOURCES_TOKEN },
    owned: Object.fromEntries(
      story.characters.map((character) => [personIdOf(character), character.owns ?? []]),
    ),
  });
  cleanup.add(() => resources.stop());
  const instance = options.withIam
    ? await startDemoInstance({
        characters: story.characters,
        localUsers: LOCAL_USERS,
        now: () => clock.now(),
      })
    : null;
  if (instance) cleanup.add(() => instance.stop());
  const ldap = input.slapd && (await startDemoLdap({ programs: input.slapd, folder }));
  if (ldap) cleanup.add(() => ldap.stop());
  const api = await startDemoApi();
  cleanup.add(() => api.stop());
  // The worker ends first, while what it talks to is still there.
  cleanup.add(() => keeper.stop());
  const narrator = createNarrator({
    characters: story.characters,
    clock,
    print: options.quiet ? () => undefined : print,
  });
  tell = narrator.tell;
  smtp.onMail(narrator.mail);

  const config = demoConfig({
    temporalAddress: temporal.address,
    hrUrl: hr.url,
    smtp,
    fallbackOwner: story.fallbackOwner,
    cron: '* * * * * *',
    fast: true,
    logLevel: 'warn',
    resourcesUrl: resources.url,
    api: api.settings,
    ...(instance && { instance: { url: instance.url, experiment: EXPERIMENT } }),
    ...(ldap && { ldap: { url: ldap.url, bindDn: SLAPD_USER.dn } }),
  });
  const env = {
    [DEMO_IAM_SECRET_VARIABLE]: DEMO_IAM_CLIENT.secret,
    [DEMO_LDAP_VARIABLE]: SLAPD_USER.password,
    [DEMO_RESOURCES_VARIABLE]: DEMO_RESOURCES_TOKEN,
  };
  const begun = keeper.begin({ type: 'begin', clock: clock.anchor, config, folder, env });
  await Promise.race([begun, keeper.broken]);
  const addGroups = ldap
    ? ldap.addGroups
    : async (groups: readonly SeedGroups[]): Promise<void> => {
        await keeper.add({ ask: 'addGroups', groups });
      };
  const prepared = prepareAccounts({ characters: story.characters, keeper, addGroups, signal });
  await Promise.race([prepared, keeper.broken]);
  if (clock.now() > begins + SPARE_DAYS * DAY_MS) return null;
  return { folder, logFile, temporal, client, clock, hr, smtp, instance, ldap, keeper, api, narrator };
}
