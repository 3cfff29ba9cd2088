/**
 * How fast a synchronisation of an INDIGO IAM instance is, and what one costs in which nothing changed: against one
 * account after another, as the instance's own handler goes. HR and the instance are doubles in a process of their own;
 * Temporal, worker, workflows, activities and registry are the real ones, and every account's workflow runs. HR has no
 * list, as CERN's has none. Exits 1 when a limit is broken (how fast it is, is judged from 5,000 accounts on).
 *
 *   npm run bench:iam -- --accounts 5000 --latency 20ms --in-flight 16
 */
import { randomUUID } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { SEARCH_ATTRIBUTES } from '../src/contracts/search-attributes.ts';
import { DAY_MS, type CalendarDate } from '../src/contracts/time.ts';
import { startTemporalServer } from '../src/dev/temporal-server.ts';
import { dateOf } from '../src/policy/calendar.ts';
import type { hrSync } from '../workflows/hr-sync.ts';
import { startBenchDeployment, type BenchDeployment } from './deployment.ts';
import { startDoubles } from './doubles.ts';
import { eventsSince, readHistories, untilAsleep, untilAtRest } from './histories.ts';
import { oneAfterAnother } from './one-after-another.ts';
import { readOptions } from './options.ts';
import { personIdOf } from './people.ts';
import { startBenchRegistry } from './registry.ts';
import { report } from './report.ts';
import { say } from './seed.ts';
import { rounded } from './statistics.ts';

const options = readOptions({
  accounts: { kind: 'number', default: 5_000 },
  latency: { kind: 'time', default: 20 },
  'in-flight': { kind: 'number', default: 16 },
  /** Accounts that the sequential way is timed on. */
  sequential: { kind: 'number', default: 200 },
});
const { accounts, latency } = options;
const inFlight = options['in-flight'];
const share = Math.min(options.sequential, accounts);
/** One per cent, spread over all: so many of the share as of all. */
const ONE_IN = 100;
const changed = Array.from({ length: Math.ceil(accounts / ONE_IN) }, (_, index) => 1 + index * ONE_IN)
  .filter((index) => index < accounts)
  .map(personIdOf);
/** Below that, what a run costs by itself outweighs what an account costs. */
const JUDGED_FROM = 5_000;
/** The rates of HR and of the instance are not what is measured. */
const UNLIMITED = 10_000;

function inYears(years: number): CalendarDate {
  return dateOf(Date.now() + years * 365 * DAY_MS, 'Europe/Zurich');
}

/** What a synchronisation must come to. */
interface Expected {
  readonly adopted: number;
  readonly changed: number;
}

/** One synchronisation, from its start by a client to its result, in seconds; checks that it did its work. */
async function synchronise(deployment: BenchDeployment, expected: Expected): Promise<number> {
  const { client, clock, tuning, queues } = deployment;
  const from = performance.now();
  const result = await client.workflow.execute<typeof hrSync>('hrSync', {
    taskQueue: queues.operator,
    workflowId: `bench-iam-${randomUUID()}`,
    args: [{ clock, tuning }],
  });
  const seconds = (performance.now() - from) / 1000;
  const { looked, told, failed, heldPlan, instance } = result;
  const isRight =
    looked === accounts &&
    result.changed === expected.changed &&
    told === expected.changed &&
    failed === 0 &&
    heldPlan === null &&
    instance?.outcome === 'read' &&
    instance.accounts === accounts &&
    instance.adopted === expected.adopted &&
    instance.handling.handled === accounts &&
    instance.handling.written === expected.changed &&
    instance.failed + instance.handling.failed + instance.gaveUp === 0;
  if (!isRight) throw new Error(`the synchronisation came to ${JSON.stringify(result)}`);
  return seconds;
}

const folder = await mkdtemp(join(tmpdir(), 'bench-iam-'));
const closers: (() => Promise<unknown>)[] = [() => rm(folder, { recursive: true, force: true })];

async function main(): Promise<number> {
  const server = await startTemporalServer({ ui: false, searchAttributes: SEARCH_ATTRIBUTES, log: say });
  closers.push(() => server.stop());
  const doubles = await startDoubles({
    ...{ persons: accounts, lastDay: inYears(2), latencyMs: latency },
    instance: true,
  });
  closers.push(() => doubles.stop());
  const { hrUrl, iamUrl } = doubles;
  if (iamUrl === null) throw new Error('there is no instance');
  const registry = await startBenchRegistry(folder);
  closers.push(() => registry.stop());
  say(`Registry: ${registry.location.type}`);
  const limits = { concurrency: Math.min(inFlight, 256), ratePerSecond: UNLIMITED };
  const deployment = await startBenchDeployment({
    ...{ folder, registry, server, doubles },
    hr: { ...limits, list: false },
    instance: { url: iamUrl, ...limits },
  });
  closers.push(() => deployment.stop());
  const { client, deps } = deployment;

  say(`Adopting ${String(accounts)} accounts, each with its workflow …`);
  const adoptionSeconds = await synchronise(deployment, { adopted: accounts, changed: accounts });
  say(`  ${adoptionSeconds.toFixed(1)} s`);
  await untilAsleep(client, accounts);
  const accountIds = (await deps.registry.accounts({})).map(({ accountId }) => accountId);
  await untilAtRest(client, accountIds);

  say('Measuring …');
  await doubles.setEnd(changed, inYears(3));
  const walked = await oneAfterAnother({ hrUrl, iamUrl }, share);
  const changedInShare = changed.filter((id) => id < personIdOf(share)).length;
  if (walked.accounts !== share || walked.endTimes !== changedInShare) {
    throw new Error(`one after another came to ${JSON.stringify(walked)}`);
  }
  const sequentialSeconds = (walked.seconds / share) * accounts;
  say(`  one after another: ${sequentialSeconds.toFixed(1)} s (timed on ${String(share)})`);
  // Those whom the sequential way has written, too, change again.
  await doubles.setEnd(changed, inYears(4));
  const oursSeconds = await synchronise(deployment, { adopted: 0, changed: changed.length });
  say(`  ours: ${oursSeconds.toFixed(1)} s`);

  await untilAtRest(client, accountIds);
  const before = await readHistories(client, accountIds);
  const had = await doubles.counts();
  const unchangedSeconds = await synchronise(deployment, { adopted: 0, changed: 0 });
  const has = await doubles.counts();
  const after = await readHistories(client, accountIds);
  say(`  nothing changed: counted on all ${String(after.size)} accounts`);

  const told = { limit: null };
  const seconds = { unit: 's', ...told };
  return report([
    { name: 'accounts', field: 'accounts', value: accounts, unit: '', ...told },
    { name: 'HR and the instance take', field: null, value: latency, unit: 'ms a call', ...told },
    {
      name: `one after another (timed on ${String(share)}, scaled)`,
      field: 'sequentialSeconds',
      value: rounded(sequentialSeconds, 2),
      ...seconds,
    },
    { name: '… timed on', field: 'sequentialAccounts', value: share, unit: 'accounts', ...told },
    {
      name: `ours, ${String(inFlight)} in flight, ${String(changed.length)} persons changed`,
      field: 'oursSeconds',
      value: rounded(oursSeconds, 2),
      ...seconds,
    },
    {
      name: 'ours against one after another',
      field: 'ratio',
      value: rounded(sequentialSeconds / oursSeconds, 1),
      unit: 'times as fast',
      limit: null,
      ...(accounts >= JUDGED_FROM ? { atLeast: 10 } : {}),
    },
    {
      name: 'the first run, in which all are adopted',
      field: null,
      value: rounded(adoptionSeconds, 2),
      ...seconds,
    },
    { name: 'nothing changed', field: null, value: rounded(unchangedSeconds, 2), ...seconds },
    {
      name: 'nothing changed: calls of HR',
      field: 'unchangedHrCalls',
      value: has.hrRequests - had.hrRequests,
      unit: 'calls',
      // One a person.
      limit: accounts,
    },
    {
      name: 'nothing changed: reads of the instance',
      field: 'unchangedIamReads',
      value: has.iamReads - had.iamReads,
      unit: 'calls',
      ...told,
    },
    {
      name: 'nothing changed: writes to the instance',
      field: 'unchangedIamWrites',
      value: has.iamWrites - had.iamWrites,
      unit: 'calls',
      // The label `timestamp`, one an account.
      limit: accounts,
    },
    {
      name: "nothing changed: events of accounts' workflows",
      field: 'unchangedEvents',
      value: eventsSince(before, after),
      unit: 'events',
      limit: 0,
    },
  ]);
}

try {
  process.exitCode = await main();
} finally {
  for (const close of closers.reverse()) await close();
}
