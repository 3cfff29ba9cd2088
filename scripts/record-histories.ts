/**
 * Records golden histories: lives each story on a real Temporal server, with activities that do what the story says and
 * a clock that runs fast, and keeps every run of its chain with its trace under `test/histories`.
 *
 *   npm run histories:record                           those that are not there yet
 *   npm run histories:record -- --rerecord NAME …      these anew; docs/histories.md says when that is right
 *   npm run histories:record -- --all --rerecord       all of them anew
 */
import { Client, Connection } from '@temporalio/client';
import { DefaultLogger, Runtime } from '@temporalio/worker';
import { existsSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { isDeepStrictEqual, parseArgs } from 'node:util';
import { SEARCH_ATTRIBUTES } from '../src/contracts/search-attributes.ts';
import { DAY_MS } from '../src/contracts/time.ts';
import { startTemporalServer } from '../src/dev/temporal-server.ts';
import { bundleWorkflows } from '../src/worker/bundle-workflows.ts';
import { HISTORIES, type HistoryJson, type TracedRun } from '../test/support/histories/golden.ts';
import { bundleTraced, recomputeTraces } from '../test/support/histories/recompute-traces.ts';
import { recordStory, withStoryWorkers, type Recording } from '../test/support/histories/record-story.ts';
import { recordShortRuns, SHORT_RUNS } from '../test/support/histories/short-runs.ts';
import { recordedSteps, scrubHistory, stepsBegun } from '../test/support/histories/scrub-history.ts';
import { STORIES } from '../test/support/histories/stories.ts';
import { isAsExpected, type Story } from '../test/support/histories/story.ts';

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    all: { type: 'boolean', default: false },
    rerecord: { type: 'boolean', default: false },
    /** Slower than usual, so many times: for a busy machine. */
    slower: { type: 'string', default: '1' },
  },
});
const slower = Number(values.slower);

/**
 * Real milliseconds that a day of a story lasts. A timer of Temporal's is up to a second late: in a story of a few weeks
 * that is less than the rest of a day, in one of months it may be more.
 */
function msPerDayOf({ startsAt, endsAt }: Story): number {
  const isLong = endsAt === null || endsAt - startsAt > 60 * DAY_MS;
  return slower * (isLong ? 600 : 2_500);
}

/** One event a line: small, and a difference can be read. */
function eventsJson(history: HistoryJson): string {
  return `{"events":[\n${history.events.map((event) => JSON.stringify(event)).join(',\n')}\n]}\n`;
}

function traceJson(runs: readonly TracedRun[]): string {
  const run = ({ steps, end }: TracedRun) =>
    `{"steps":[${steps.map((step) => `\n  ${JSON.stringify(step)}`).join(',')}],\n "end":${JSON.stringify(end)}}`;
  return `{"runs":[\n${runs.map(run).join(',\n')}\n]}\n`;
}

/** Keeps a recording, once it says what its story says and replays to the very steps it was recorded with. */
async function keep(
  name: string,
  recording: Recording,
  expected: readonly string[],
  bundle: Awaited<ReturnType<typeof bundleTraced>>,
): Promise<string> {
  const happened = recording.runs.flatMap(stepsBegun);
  if (!isAsExpected(happened, expected)) {
    return `${name}: not kept. Expected ${expected.join(', ') || 'nothing'}; happened ${happened.join(', ') || 'nothing'}`;
  }
  const kept = recording.runs.map(scrubHistory);
  const ids = kept.map((_, index) => `${name}/${String(index + 1)}`);
  const replayed = await recomputeTraces(
    new Map(ids.map((id, index) => [id, kept[index] ?? { events: [] }])),
    bundle,
  );
  const traces = ids.map((id) => replayed.get(id));
  for (const [index, trace] of traces.entries()) {
    const steps = recordedSteps(recording.runs[index] ?? { events: [] }, recording.clock);
    if (trace?.error) return `${name}: not kept, it does not replay: ${trace.error.message}`;
    if (!isDeepStrictEqual(trace?.steps, steps)) {
      return `${name}: not kept, replay gives other steps: ${JSON.stringify({ recorded: steps, replayed: trace?.steps })}`;
    }
  }
  const folder = join(HISTORIES, name);
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  let bytes = 0;
  const write = (file: string, text: string) => {
    bytes += text.length;
    writeFileSync(join(folder, file), text);
  };
  for (const [index, run] of kept.entries()) write(`${String(index + 1)}.json`, eventsJson(run));
  write('trace.json', traceJson(traces.flatMap((t) => (t ? [{ steps: t.steps, end: t.end }] : []))));
  console.log(`${name}: ${String(kept.length)} runs, ${String(Math.round(bytes / 1024))} kB`);
  return '';
}

/** What is to be recorded, or why the command makes no sense. */
function chosen(): readonly string[] | string {
  const names = [...STORIES.map(({ name }) => name), ...SHORT_RUNS];
  const unknown = positionals.filter((name) => !names.includes(name));
  if (unknown.length > 0) return `no story is called ${unknown.join(', ')}; there are ${names.join(', ')}`;
  const wanted = values.all || positionals.length === 0 ? names : positionals;
  const there = wanted.filter((name) => existsSync(join(HISTORIES, name)));
  if (values.rerecord && !values.all && positionals.length === 0) {
    return 'say which ones to record anew, or --all; docs/histories.md says when that is right';
  }
  if (values.rerecord) return wanted;
  if (positionals.length > 0 && there.length > 0) {
    return `${there.join(', ')} is recorded already: accounts that were started with that code may still wait. To record it anew, add --rerecord; docs/histories.md says when that is right`;
  }
  return wanted.filter((name) => !there.includes(name));
}

/** So many stories at once: more, and each is late. */
const AT_ONCE = 6;
/** A life without a given end goes first. */
const LONGEST_MS = 400 * DAY_MS;

/** Records the stories, the longest first. */
async function recordAll(
  client: Client,
  stories: readonly Story[],
): Promise<readonly PromiseSettledResult<Recording>[]> {
  const lengthOf = (story: Story) => (story.endsAt ?? story.startsAt + LONGEST_MS) - story.startsAt;
  const queue = [...stories.entries()].sort(([, a], [, b]) => lengthOf(b) - lengthOf(a));
  const results: PromiseSettledResult<Recording>[] = [];
  const lane = async () => {
    for (let next = queue.shift(); next !== undefined; next = queue.shift()) {
      const [index, story] = next;
      const [result] = await Promise.allSettled([recordStory(client, story, msPerDayOf(story))]);
      results[index] = result;
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, lane));
  return results;
}

async function main(): Promise<number> {
  const names = chosen();
  if (typeof names === 'string') {
    console.error(names);
    return 2;
  }
  if (names.length === 0) {
    console.log('Every story is recorded. To record one anew: --rerecord NAME.');
    return 0;
  }
  Runtime.install({ logger: new DefaultLogger('ERROR') });
  const stories = STORIES.filter(({ name }) => names.includes(name));
  const server = await startTemporalServer({
    ui: false,
    searchAttributes: SEARCH_ATTRIBUTES,
    log: console.error,
  });
  try {
    const connection = await Connection.connect({ address: server.address });
    const client = new Client({ connection, namespace: server.namespace });
    const [workflowBundle, traced] = [await bundleWorkflows(), await bundleTraced()];
    const { address, namespace } = server;
    const recorded = await withStoryWorkers({ address, namespace, stories, workflowBundle }, async () => {
      // First, and always: they also warm the worker, so that no story's first day is over before it begins.
      const short = await recordShortRuns(client);
      return { short, lives: await recordAll(client, stories) };
    });
    const problems: string[] = [];
    for (const [index, recording] of recorded.lives.entries()) {
      const story = stories[index];
      if (recording.status === 'rejected') problems.push(String(recording.reason));
      else if (story) problems.push(await keep(story.name, recording.value, story.expected, traced));
    }
    for (const [name, recording] of recorded.short) {
      if (names.includes(name)) problems.push(await keep(name, recording, [], traced));
    }
    await connection.close();
    const bad = problems.filter((problem) => problem !== '');
    for (const problem of bad) console.error(problem);
    return bad.length > 0 ? 1 : 0;
  } finally {
    await server.stop();
  }
}

process.exitCode = await main();
