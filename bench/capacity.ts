/**
 * What open accounts cost: persons with a contract that ends in two years, whose workflows sleep. Memory of the Temporal
 * server and of the worker, and the files of both: the server's database and the registry. Each in a process of its own;
 * measured at several sizes, and the straight line through them. The figures are of this machine and of Temporal's
 * development server with a database file.
 *
 *   npm run bench:capacity -- --accounts 50000      Ctrl-C ends it after the size that is being measured
 */
import { Client, Connection } from '@temporalio/client';
import Table from 'cli-table3';
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { readdir, readFile, rm, mkdtemp, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { SEARCH_ATTRIBUTES } from '../src/contracts/search-attributes.ts';
import { DAY_MS } from '../src/contracts/time.ts';
import { startTemporalServer } from '../src/dev/temporal-server.ts';
import { dateOf } from '../src/policy/calendar.ts';
import type { Answer, Ask } from './capacity-worker.ts';
import { REGISTRY_FOLDER } from './registry.ts';
import { startDoubles } from './doubles.ts';
import { untilAsleep } from './histories.ts';
import { readOptions } from './options.ts';
import { report } from './report.ts';
import { say } from './seed.ts';
import { lineThrough, rounded } from './statistics.ts';

const options = readOptions({ accounts: { kind: 'number', default: 5_000 } });
/** Sizes at which is measured, as far as they go; the last is the one asked for. */
const SIZES = [1_000, 2_000, 5_000, 10_000, 15_000, 20_000, 25_000, 30_000, 35_000, 40_000, 45_000, 50_000];
/** The server frees memory when it has nothing to do. */
const SETTLE_MS = 5_000;

/** What is measured, in MB. */
const QUANTITIES = {
  serverMemory: "the server's memory",
  serverDisk: "the server's file",
  workerMemory: "the worker's memory",
  registryDisk: "the registry's folder",
} as const;
type Quantity = keyof typeof QUANTITIES;
type Usage = Readonly<Record<Quantity, number>>;

/** Memory of a process, in MB, as Linux tells it. */
async function residentMB(pid: number): Promise<number> {
  const [, kilobytes] =
    /^VmRSS:\s+(\d+) kB$/m.exec(await readFile(`/proc/${String(pid)}/status`, 'utf8')) ?? [];
  if (kilobytes === undefined) throw new Error('the memory of a process cannot be read on this system');
  return (Number(kilobytes) * 1024) / 1e6;
}

/** Everything in a folder whose name begins so, and below, in MB. */
async function diskMB(folder: string, beginsWith = ''): Promise<number> {
  let bytes = 0;
  for (const entry of await readdir(folder, { withFileTypes: true, recursive: true })) {
    if (!entry.isFile() || !entry.name.startsWith(beginsWith)) continue;
    // A file may go while it is looked at.
    bytes += (await stat(join(entry.parentPath, entry.name)).catch(() => ({ size: 0 }))).size;
  }
  return bytes / 1e6;
}

/** The worker's process; it answers each question in its turn. */
function startWorker() {
  const program = fileURLToPath(new URL('capacity-worker.ts', import.meta.url));
  const execArgv = ['--expose-gc', '--import', 'tsx'];
  const child = fork(program, { execArgv, stdio: ['ignore', 'ignore', 'inherit', 'ipc'] });
  const ended = once(child, 'exit').then(([code]) =>
    Promise.reject(new Error(`the worker ended with ${String(code)}`)),
  );
  ended.catch(() => undefined);
  return {
    ask: async (ask: Ask): Promise<Answer> => {
      child.send(ask);
      // What comes over the channel is what our own program sent.
      const [answer] = (await Promise.race([once(child, 'message'), ended])) as [Answer];
      return answer;
    },
    stop: async () => {
      if (child.exitCode !== null) return;
      const exit = once(child, 'exit');
      child.kill('SIGKILL');
      await exit;
    },
  };
}

function sizes(): readonly number[] {
  const { accounts } = options;
  if (accounts < 3) throw new Error('--accounts: a line needs some');
  const known = SIZES.filter((size) => size < accounts);
  const steps = known.length >= 2 ? known : [Math.ceil(accounts / 3), Math.ceil((2 * accounts) / 3)];
  return [...steps, accounts];
}

function printPoints(points: readonly (readonly [number, Usage])[]): void {
  const names = Object.keys(QUANTITIES) as Quantity[];
  const table = new Table({
    head: ['open accounts', ...names.map((name) => `${QUANTITIES[name]}, MB`)],
    colAligns: ['right', ...names.map(() => 'right' as const)],
    style: { head: [], border: [] },
  });
  for (const [size, usage] of points) {
    table.push([size.toLocaleString('en'), ...names.map((name) => usage[name].toFixed(1))]);
  }
  console.log(table.toString());
}

const folder = await mkdtemp(join(tmpdir(), 'bench-capacity-'));
const closers: (() => Promise<unknown>)[] = [() => rm(folder, { recursive: true, force: true })];

async function main(): Promise<number> {
  const steps = sizes();
  const dbFile = join(folder, 'temporal.db');
  const server = await startTemporalServer({
    ui: false,
    searchAttributes: SEARCH_ATTRIBUTES,
    dbFile,
    log: say,
  });
  closers.push(() => server.stop());
  const { pid, address, namespace } = server;
  if (pid === null) throw new Error('the server must be one of our own');
  const lastDay = dateOf(Date.now() + 2 * 365 * DAY_MS, 'Europe/Zurich');
  const doubles = await startDoubles({ persons: options.accounts, lastDay, latencyMs: 0 });
  closers.push(() => doubles.stop());
  const worker = startWorker();
  closers.push(() => worker.stop());
  const { hrUrl, smtp } = doubles;
  await worker.ask({
    what: 'start',
    options: {
      folder,
      server: { address, namespace },
      doubles: { hrUrl, smtp },
      hr: { ratePerSecond: 10_000 },
    },
  });
  const connection = await Connection.connect({ address });
  closers.push(() => connection.close());
  const client = new Client({ connection, namespace });

  const measure = async (): Promise<Usage> => {
    await delay(SETTLE_MS);
    const { residentMB: workerMemory } = await worker.ask({ what: 'memory' });
    return {
      workerMemory,
      serverMemory: await residentMB(pid),
      serverDisk: await diskMB(folder, 'temporal.db'),
      registryDisk: await diskMB(join(folder, REGISTRY_FOLDER)),
    };
  };

  const points: [number, Usage][] = [];
  let size = 0;
  // A large size takes long: what has been measured until somebody has waited enough still makes a line.
  const enough = new AbortController();
  process.on('SIGINT', () => {
    enough.abort();
    say('Ctrl-C: the sizes measured so far are reported once this one is done.');
  });
  for (const step of steps) {
    if (enough.signal.aborted && points.length >= 3) break;
    say(`${String(step)} accounts …`);
    await worker.ask({ what: 'add', accounts: step - size });
    size = step;
    await untilAsleep(client, size);
    points.push([size, await measure()]);
  }
  await worker.ask({ what: 'stop' });

  printPoints(points);
  const perTenThousand = (quantity: Quantity) => {
    const line = lineThrough(points.map(([accounts, usage]) => [accounts / 10_000, usage[quantity]]));
    return [
      {
        name: `${QUANTITIES[quantity]}, for every 10,000`,
        field: `${quantity}MBPer10000`,
        value: rounded(line.slope, 1),
        unit: 'MB',
        limit: null,
      },
      {
        name: '… and without any',
        field: `${quantity}MBAtZero`,
        value: rounded(line.atZero, 1),
        unit: 'MB',
        limit: null,
      },
    ];
  };
  return report([
    { name: 'open accounts', field: 'accounts', value: size, unit: '', limit: null },
    ...perTenThousand('serverMemory'),
    ...perTenThousand('serverDisk'),
    ...perTenThousand('workerMemory'),
    ...perTenThousand('registryDisk'),
  ]);
}

try {
  process.exitCode = await main();
} finally {
  for (const close of closers.reverse()) await close();
}
