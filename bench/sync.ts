/**
 * How fast a synchronisation is, and what it costs those to whom nothing happened: against a client that asks HR for
 * one person at a time, as INDIGO IAM does, and against a bare loop of undici with as many requests in flight. HR is a
 * double in a process of its own; Temporal, worker, workflow, activities and registry are the real ones, and every
 * account's workflow runs. Exits 1 when a limit is broken (they are judged from 10,000 persons on).
 *
 *   npm run bench:sync -- --persons 10000 --latency 50ms --in-flight 32
 */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { randomUUID } from 'node:crypto';
import { Pool } from 'undici';
import { forEachOf } from '../activities/sync/for-each-of.ts';
import type { AccountState } from '../src/contracts/account.ts';
import { SEARCH_ATTRIBUTES } from '../src/contracts/search-attributes.ts';
import { DAY_MS, type CalendarDate } from '../src/contracts/time.ts';
import { startTemporalServer } from '../src/dev/temporal-server.ts';
import { dateOf } from '../src/policy/calendar.ts';
import type { hrSync } from '../workflows/hr-sync.ts';
import { startBenchDeployment, type BenchDeployment } from './deployment.ts';
import { HR_PASSWORD, HR_USER, startDoubles, type Doubles } from './doubles.ts';
import { eventsSince, readHistories, untilAsleep, untilAtRest } from './histories.ts';
import { startBenchRegistry } from './registry.ts';
import { readOptions } from './options.ts';
import { HEAD, personIdOf } from './people.ts';
import { report } from './report.ts';
import { say, seedAccount, seedPersons, startWorkflows } from './seed.ts';
import { rounded } from './statistics.ts';
import { countWrites, watchWrites } from './write-watch.ts';

const options = readOptions({
  persons: { kind: 'number', default: 10_000 },
  latency: { kind: 'time', default: 50 },
  'in-flight': { kind: 'number', default: 32 },
  /** Persons that the sequential client is timed on. */
  sequential: { kind: 'number', default: 500 },
});
const persons = options.persons;
const inFlight = options['in-flight'];
/** One per cent. */
const changed = Math.max(1, Math.round(persons / 100));
/** Below that, what a run costs by itself outweighs what a person costs. */
const JUDGED_FROM = 10_000;
/** HR's rate is not what is measured. */
const UNLIMITED = 10_000;

function inYears(years: number): CalendarDate {
  return dateOf(Date.now() + years * 365 * DAY_MS, 'Europe/Zurich');
}

async function timed(work: () => Promise<unknown>): Promise<number> {
  const from = performance.now();
  await work();
  return (performance.now() - from) / 1000;
}

/** Asks HR for so many persons, so many at a time, and reads the answers; in seconds. */
async function bareLoop(doubles: Doubles, count: number, atOnce: number): Promise<number> {
  const pool = new Pool(doubles.hrUrl, { connections: atOnce, pipelining: 1 });
  const authorization = `Basic ${Buffer.from(`${HR_USER}:${HR_PASSWORD}`).toString('base64')}`;
  const ids = Array.from({ length: count }, (_, index) => HEAD + index);
  const seconds = await timed(() =>
    forEachOf(ids, atOnce, async (id) => {
      const path = `/api/VOPersons/${String(id)}`;
      const { body, statusCode } = await pool.request({ method: 'GET', path, headers: { authorization } });
      await body.json();
      if (statusCode !== 200) throw new Error(`HR answered with ${String(statusCode)}`);
    }),
  );
  await pool.close();
  return seconds;
}

/** One synchronisation, from its start by a client to its result; checks that it did its work. */
async function synchronise(deployment: BenchDeployment, expected: { changed: number }): Promise<number> {
  const { client, clock, tuning, queues } = deployment;
  let result: Awaited<ReturnType<typeof hrSync>> | undefined;
  const seconds = await timed(async () => {
    result = await client.workflow.execute<typeof hrSync>('hrSync', {
      taskQueue: queues.operator,
      workflowId: `bench-sync-${randomUUID()}`,
      args: [{ clock, tuning }],
    });
  });
  const isRight =
    result?.looked === persons &&
    result.answered === persons &&
    result.changed === expected.changed &&
    result.told === expected.changed &&
    result.heldPlan === null;
  if (!isRight) throw new Error(`the synchronisation came to ${JSON.stringify(result)}`);
  return seconds;
}

const folder = await mkdtemp(join(tmpdir(), 'bench-sync-'));
const closers: (() => Promise<unknown>)[] = [() => rm(folder, { recursive: true, force: true })];

async function main(): Promise<number> {
  const server = await startTemporalServer({ ui: false, searchAttributes: SEARCH_ATTRIBUTES, log: say });
  closers.push(() => server.stop());
  const doubles = await startDoubles({ persons, lastDay: inYears(2), latencyMs: options.latency });
  closers.push(() => doubles.stop());
  const registry = await startBenchRegistry(folder);
  closers.push(() => registry.stop());
  say(`Registry: ${registry.location.type}`);
  await watchWrites(registry.location);
  const hr = { concurrency: Math.min(inFlight, 256), ratePerSecond: UNLIMITED };
  const deployment = await startBenchDeployment({ folder, registry, server, doubles, hr });
  const { client, deps } = deployment;
  let isUp = true;
  closers.push(async () => isUp && deployment.stop());

  say(`Preparing ${String(persons)} persons, each with an account and its workflow …`);
  const at = Date.now();
  const known = await seedPersons(deployment, { at });
  const states: AccountState[] = [];
  for (const person of known) states.push(await seedAccount(deployment, { person, kind: 'primary', at }));
  say('  registry and directory are filled');
  await startWorkflows(deps.workflows, states, deployment.clock);
  const accountIds = states.map(({ accountId }) => accountId);
  await untilAsleep(client, persons);
  const accountsOf = (ids: readonly number[]) => {
    const personIds = new Set(ids.map(String));
    return states.filter(({ personId }) => personIds.has(personId)).map(({ accountId }) => accountId);
  };

  say('Measuring …');
  const share = Math.min(options.sequential, persons);
  const sequentialSeconds = ((await bareLoop(doubles, share, 1)) / share) * persons;
  say(`  one at a time: ${sequentialSeconds.toFixed(1)} s (timed on ${String(share)})`);
  const bareSeconds = await bareLoop(doubles, persons, inFlight);
  say(`  bare loop: ${bareSeconds.toFixed(1)} s`);
  const some = (from: number) => Array.from({ length: changed }, (_, index) => personIdOf(1 + from + index));
  const [firstChanged, thenChanged] = [some(0), some(changed)];
  await doubles.setList(false);
  await doubles.setEnd(firstChanged, inYears(3));
  const oursSeconds = await synchronise(deployment, { changed });
  say(`  ours: ${oursSeconds.toFixed(1)} s`);
  await untilAtRest(client, accountsOf(firstChanged));
  await doubles.setList(true);
  await doubles.setEnd(thenChanged, inYears(3));
  const listSeconds = await synchronise(deployment, { changed });
  say(`  ours with the list: ${listSeconds.toFixed(1)} s`);

  // Those who changed tell the registry so, and come to rest.
  await untilAtRest(client, accountsOf(thenChanged));
  const before = await readHistories(client, accountIds);
  const from = Date.now();
  await doubles.setList(false);
  await synchronise(deployment, { changed: 0 });
  await doubles.setList(true);
  await synchronise(deployment, { changed: 0 });
  const after = await readHistories(client, accountIds);
  const until = Date.now();
  say(`  nothing changed, one by one and by list: counted on all ${String(after.size)} accounts`);
  await deployment.stop();
  isUp = false;
  const writes = await countWrites(registry.location, { from, until });
  // The watch itself works: seeding and two synchronisations have written.
  if (writes.all < 2 * persons + 2 * changed) throw new Error('writes to the registry were not noted');

  const isJudged = persons >= JUDGED_FROM;
  const atLeast = (value: number) => (isJudged ? { atLeast: value } : {});
  const seconds = { unit: 's', limit: null };
  return report([
    { name: 'persons', field: 'persons', value: persons, unit: '', limit: null },
    { name: 'HR takes', field: 'latencyMs', value: options.latency, unit: 'ms', limit: null },
    {
      name: `one at a time (timed on ${String(share)}, scaled)`,
      field: 'sequentialSeconds',
      value: rounded(sequentialSeconds, 2),
      ...seconds,
    },
    { name: '… timed on', field: 'sequentialPersons', value: share, unit: 'persons', limit: null },
    {
      name: `bare loop, ${String(inFlight)} in flight`,
      field: null,
      value: rounded(bareSeconds, 2),
      ...seconds,
    },
    {
      name: `ours, ${String(inFlight)} in flight`,
      field: 'oursSeconds',
      value: rounded(oursSeconds, 2),
      ...seconds,
    },
    { name: 'ours, with the list', field: null, value: rounded(listSeconds, 2), ...seconds },
    {
      name: 'ours against one at a time',
      field: 'ratio',
      value: rounded(sequentialSeconds / oursSeconds, 1),
      unit: 'times as fast',
      limit: null,
      ...atLeast(20),
    },
    {
      name: 'ours against the bare loop',
      field: 'bareLoopRatio',
      value: rounded(bareSeconds / oursSeconds, 3),
      unit: 'times as fast',
      limit: null,
      ...atLeast(0.8),
    },
    {
      name: 'the list against one at a time',
      field: 'listRatio',
      value: rounded(sequentialSeconds / listSeconds, 1),
      unit: 'times as fast',
      limit: null,
      ...atLeast(100),
    },
    {
      name: "nothing changed: events of accounts' workflows",
      field: 'unchangedEvents',
      value: eventsSince(before, after),
      unit: 'events',
      limit: 0,
    },
    {
      name: 'nothing changed: rows of accounts and persons written',
      field: 'unchangedWrites',
      value: writes.within,
      unit: 'rows',
      limit: 0,
    },
  ]);
}

try {
  process.exitCode = await main();
} finally {
  for (const close of closers.reverse()) await close();
}
