/**
 * What one account costs: events and bytes of a whole life, events of a year in which nothing happens, memory of a
 * cached workflow, size of the workflow bundle. Runs on a Temporal server of its own, against activities that do
 * nothing. Exits 1 when a limit is broken.
 *
 *   npm run bench:account
 */
import { Client, Connection } from '@temporalio/client';
import { DefaultLogger, Runtime } from '@temporalio/worker';
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { setTimeout as delay } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { SEARCH_ATTRIBUTES } from '../src/contracts/search-attributes.ts';
import { DAY_MS } from '../src/contracts/time.ts';
import { startTemporalServer, type TemporalServer } from '../src/dev/temporal-server.ts';
import { bundleWorkflows } from '../src/worker/bundle-workflows.ts';
import {
  fetchChain,
  recordStory,
  QUEUES,
  TUNING,
  withStoryWorkers,
} from '../test/support/histories/record-story.ts';
import { stepsBegun } from '../test/support/histories/scrub-history.ts';
import { STORIES } from '../test/support/histories/stories.ts';
import { account, contract, found, isAsExpected, on, shipped } from '../test/support/histories/story.ts';
import type { CachedMemory } from './cached-workflows.ts';
import { report } from './report.ts';

/** Real milliseconds a day of the whole life: seven days must be more than a second, to which Temporal stretches shorter timers. On a machine so busy that notices fall together, the slower ones. */
const LIFE_MS_PER_DAY = [160, 400, 800];
/** Real milliseconds that the year in which nothing happens lasts, and the virtual days that it lasts. */
const YEAR_MS = 2_000;
const YEAR_DAYS = 365;

/** As in production nobody loses patience: a busy machine must not add to the events. */
const PATIENT = { ...TUNING, patienceMs: 600_000 };

/** Events of every run of the whole life, and their bytes as the server counts them. */
async function measureLife(client: Client): Promise<{ events: number; bytes: number }> {
  const golden = STORIES.find(({ name }) => name === 'whole-life');
  if (!golden) throw new Error('there is no story of a whole life');
  // Eight days before the first notice: Temporal stretches a timer of less than a second to a whole one.
  const story = { ...golden, startsAt: on('2027-01-22'), state: account(golden.name, on('2027-01-22')) };
  for (const msPerDay of LIFE_MS_PER_DAY) {
    const { runs, runIds } = await recordStory(client, story, msPerDay, PATIENT);
    const begun = runs.flatMap(stepsBegun);
    if (!isAsExpected(begun, story.expected)) {
      console.error(
        `At ${String(msPerDay)} ms a day it went otherwise (${begun.join(', ')}): once more, slower.`,
      );
      continue;
    }
    let bytes = 0;
    for (const runId of runIds) {
      const { historySize } = await client.workflow.getHandle(`golden/${story.name}`, runId).describe();
      bytes += historySize ?? 0;
    }
    return { events: runs.reduce((sum, { events }) => sum + events.length, 0), bytes };
  }
  throw new Error('the machine is too busy for a whole life');
}

async function countEvents(client: Client, workflowId: string, firstRunId: string): Promise<number> {
  const { runs } = await fetchChain(client, workflowId, firstRunId);
  return runs.reduce((sum, { events }) => sum + events.length, 0);
}

/** Events that a year adds to an account to which nothing happens, whose contract ends on `end`. */
async function measureYear(client: Client, workflowId: string, end: string | null): Promise<number> {
  const startsAt = on('2027-01-04');
  const state = account(workflowId, startsAt, { observation: found(1, '2027-01-04', contract(end)) });
  const speed = Math.round((YEAR_DAYS * DAY_MS) / YEAR_MS);
  const clock = { realMs: Date.now(), virtualMs: startsAt, speed };
  const { firstExecutionRunId } = await client.workflow.start('accountLifecycle', {
    workflowId,
    taskQueue: QUEUES.accounts,
    args: [{ state, policy: shipped('primary'), clock, tuning: TUNING }],
  });
  // Answered once the account has come to rest.
  await client.workflow.getHandle(workflowId).query('lifecycleStatus');
  const atRest = await countEvents(client, workflowId, firstExecutionRunId);
  await delay(YEAR_MS);
  return (await countEvents(client, workflowId, firstExecutionRunId)) - atRest;
}

/** The same for two accounts: an open-ended one, and one that ends years later. The greater one counts. */
async function measureYears(client: Client): Promise<number> {
  const ends = [null, '2031-12-31'];
  const years = ends.map((end, index) => measureYear(client, `idle-${String(index)}`, end));
  return Math.max(...(await Promise.all(years)));
}

/** Memory of a cached workflow, measured in a process of its own. */
async function measureMemory(server: TemporalServer, code: string): Promise<CachedMemory> {
  const program = fileURLToPath(new URL('cached-workflows.ts', import.meta.url));
  const child = fork(program, {
    execArgv: ['--expose-gc', '--import', 'tsx'],
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
  });
  child.send({ address: server.address, namespace: server.namespace, code });
  const ended = once(child, 'exit').then(([code]) =>
    Promise.reject(new Error(`it ended with ${String(code)}`)),
  );
  const answer = await Promise.race([once(child, 'message'), ended]);
  ended.catch(() => undefined);
  return (answer as [CachedMemory])[0];
}

async function main(): Promise<number> {
  Runtime.install({ logger: new DefaultLogger('ERROR') });
  const server = await startTemporalServer({
    ui: false,
    searchAttributes: SEARCH_ATTRIBUTES,
    log: console.error,
  });
  try {
    const { address, namespace } = server;
    const connection = await Connection.connect({ address });
    const client = new Client({ connection, namespace });
    const workflowBundle = await bundleWorkflows();
    // One after the other, since the whole life runs against the clock, and best on a worker that is warm.
    const memory = await measureMemory(server, workflowBundle.code);
    const input = { address, namespace, stories: [], workflowBundle };
    const [idleYear, life] = await withStoryWorkers(
      input,
      async () => [await measureYears(client), await measureLife(client)] as const,
    );
    await connection.close();
    const code = workflowBundle.code.replace(/^\/\/# sourceMappingURL=.*$/m, '');
    return report([
      { name: 'events of a whole life', field: 'lifeEvents', value: life.events, unit: 'events', limit: 150 },
      { name: 'bytes of a whole life', field: 'lifeBytes', value: life.bytes, unit: 'bytes', limit: null },
      {
        name: 'events of a year without news',
        field: 'idleYearEvents',
        value: idleYear,
        unit: 'events',
        limit: 0,
      },
      {
        name: `memory of a cached workflow (growth of the heap by ${String(memory.counted)})`,
        field: 'cachedWorkflowMB',
        value: memory.heapMB,
        unit: 'MB',
        limit: 0.5,
      },
      {
        name: 'the same, as growth of the whole process',
        field: 'cachedWorkflowResidentMB',
        value: memory.residentMB,
        unit: 'MB',
        limit: null,
      },
      {
        name: 'workflow bundle without its source map',
        field: 'bundleMB',
        value: Buffer.byteLength(code) / 1e6,
        unit: 'MB',
        limit: 0.7,
      },
    ]);
  } finally {
    await server.stop();
  }
}

process.exitCode = await main();
