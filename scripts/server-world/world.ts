import { copyFile, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { parse, stringify } from 'yaml';
import { createClock, type Clock } from '../../src/clock.ts';
import { DAY_MS } from '../../src/contracts/time.ts';
import { createCleanup } from '../../src/demo/cleanup.ts';
import { demoConfig, DEMO_HR_PASSWORD, DEMO_HR_USER } from '../../src/demo/demo-config.ts';
import type { HrDoublePerson } from '../../src/demo/doubles/hr-double-person.ts';
import { type HrDouble, startHrDouble } from '../../src/demo/doubles/hr-double.ts';
import { type SmtpSink, startSmtpSink } from '../../src/demo/doubles/smtp-sink.ts';
import { createWorkerKeeper, type WorkerKeeper } from '../../src/demo/worker-keeper.ts';
import { findPostgres, startPostgres, type TestPower } from '../../test/support/postgres.ts';
import { startTemporalPower, type TemporalPower } from './temporal-power.ts';

export type RegistryKind = 'embedded' | 'postgres';

export interface WorldOptions {
  /** HR as it is when the clock starts. */
  readonly people: readonly HrDoublePerson[];
  /** The moment the clock shows when everything runs, in ms. */
  readonly begins: number;
  /** Real ms that a day lasts on an idle machine; on one that is slow to load the worker, up to four times as many. */
  readonly msPerDay: number;
  readonly registry: RegistryKind;
  /** Whether the Temporal server keeps its state in a file, and may be killed. */
  readonly mayKillTemporal: boolean;
  readonly fallbackOwner: string;
  /** A bundle of workflows that an earlier world left. */
  readonly bundleFile?: string;
  readonly tell: (words: string) => void;
}

/** A whole deployment on this machine: real processes, doubles of what lies outside, and a clock that runs fast. */
export interface World {
  readonly folder: string;
  readonly logFile: string;
  readonly bundleFile: string;
  readonly msPerDay: number;
  readonly clock: Clock;
  /** Real ms of virtual ones, and back. */
  readonly realOf: (virtualMs: number) => number;
  readonly virtualOf: (realMs: number) => number;
  readonly until: (moment: number, signal?: AbortSignal) => Promise<void>;
  readonly hr: HrDouble;
  readonly smtp: SmtpSink;
  readonly keeper: WorkerKeeper;
  readonly temporal: TemporalPower;
  /** `null` = the registry is embedded. */
  readonly postgres: TestPower | null;
  /** Ends everything. `keep` leaves the files, to be looked at. */
  stop(keep?: boolean): Promise<void>;
}

/** What an idle machine takes to load a worker, and to make a bundle besides, in ms. */
const IDLE_LOAD_MS = 3_000;
const IDLE_BUNDLE_MS = 8_000;
const SLOWEST = 4;
const POSTGRES_VARIABLE = 'WORLD_POSTGRES_URL';
/** Persons in a page of HR's list: several requests make one look at everybody. */
const PAGE_SIZE = 25;

/** The demo's configuration, for this world. */
function configOf(text: string, registry: RegistryKind): string {
  const config = parse(text) as Record<string, object>;
  return stringify({
    ...config,
    ...(registry === 'postgres' && { registry: { urlEnv: POSTGRES_VARIABLE } }),
    // A story moves many last days at once, on purpose: what the safeguard holds is looked at elsewhere.
    sync: {
      ...config['sync'],
      pageSize: PAGE_SIZE,
      // The judge wants to know what accounts were told years ago.
      keepPlansDays: 36_500,
      safeguard: { lossPercent: 100, lossMaximum: 1_000_000 },
    },
  });
}

/** Starts a world; when it resolves, the worker runs and the clock shows `begins`. */
export async function openWorld(options: WorldOptions): Promise<World> {
  const { begins, registry, tell } = options;
  const folder = await mkdtemp(join(tmpdir(), 'lifecycle-world-'));
  const cleanup = createCleanup();
  let isKept = false;
  cleanup.add(async () => {
    if (!isKept) await rm(folder, { recursive: true, force: true });
  });
  try {
    const bundleFile = join(folder, 'workflows.js');
    if (options.bundleFile !== undefined) await copyFile(options.bundleFile, bundleFile);
    const logFile = join(folder, 'worker.log');
    const keeper = createWorkerKeeper({ folder, logFile, tell });
    cleanup.add(() => keeper.stop());
    const loadBegan = performance.now();
    const loading = keeper.load().then(() => performance.now() - loadBegan);
    loading.catch(() => undefined);
    const temporal = await startTemporalPower(
      options.mayKillTemporal ? { dbFile: join(folder, 'temporal.db') } : {},
    );
    cleanup.add(() => temporal.stop());
    const postgres = registry === 'postgres' ? await startPostgres(findPostgres()) : null;
    if (postgres) cleanup.add(() => postgres.close());
    const idleMs = options.bundleFile === undefined ? IDLE_BUNDLE_MS : IDLE_LOAD_MS;
    const slowness = Math.min(Math.max((await loading) / idleMs, 1), SLOWEST);

    const msPerDay = Math.round(options.msPerDay * slowness);
    const anchor = { realMs: Date.now(), virtualMs: begins, speed: DAY_MS / msPerDay };
    const clock = createClock(anchor, () => Date.now());
    const hr = await startHrDouble({
      username: DEMO_HR_USER,
      password: DEMO_HR_PASSWORD,
      now: () => clock.now(),
      people: options.people,
    });
    cleanup.add(() => hr.stop());
    const smtp = await startSmtpSink({ now: () => clock.now() });
    cleanup.add(() => smtp.stop());
    // The worker ends first, while what it talks to is still there.
    cleanup.add(() => keeper.stop());
    const config = demoConfig({
      temporalAddress: temporal.address,
      hrUrl: hr.url,
      smtp,
      fallbackOwner: options.fallbackOwner,
      cron: '* * * * * *',
      fast: true,
      logLevel: 'warn',
    });
    const env: Record<string, string> = {};
    if (postgres) env[POSTGRES_VARIABLE] = await postgres.createDatabase();
    await keeper.begin({ type: 'begin', clock: anchor, config: configOf(config, registry), folder, env });
    return {
      folder,
      logFile,
      bundleFile,
      msPerDay,
      clock,
      hr,
      smtp,
      keeper,
      temporal,
      postgres: postgres?.power ?? null,
      realOf: (virtualMs) => anchor.realMs + (virtualMs - begins) / anchor.speed,
      virtualOf: (realMs) => begins + (realMs - anchor.realMs) * anchor.speed,
      until: async (moment, signal) => {
        while (clock.now() < moment) {
          await delay(clock.realMillisecondsUntil(moment), undefined, signal ? { signal } : {});
        }
      },
      async stop(keep = false) {
        isKept = keep;
        await cleanup.run();
      },
    };
  } catch (error) {
    await cleanup.run();
    throw error;
  }
}
