/**
 * A process of its own with a whole deployment in it, started by `capacity.ts`: it adds open accounts, and says what
 * memory it takes. Started with `--expose-gc`, so that garbage is not counted.
 */
import { startBenchDeployment, type BenchDeploymentOptions } from './deployment.ts';
import { seedAccount, seedPersons, startWorkflows } from './seed.ts';

export type Ask =
  | { readonly what: 'start'; readonly options: BenchDeploymentOptions }
  /** More accounts, of the next persons whom HR lists. */
  | { readonly what: 'add'; readonly accounts: number }
  | { readonly what: 'memory' }
  | { readonly what: 'stop' };

export interface Answer {
  /** The whole process, in MB. */
  readonly residentMB: number;
  /** The heap of JavaScript and what hangs on it outside, in MB. */
  readonly heapMB: number;
}

const asked = new Promise<BenchDeploymentOptions>((resolve) => {
  process.once('message', (ask: Ask) => {
    if (ask.what === 'start') resolve(ask.options);
  });
});
process.on('disconnect', () => process.exit());
process.on('SIGINT', () => undefined);

const deployment = await startBenchDeployment(await asked);
let last: string | null = null;

async function add(accounts: number): Promise<void> {
  const at = Date.now();
  const persons = await seedPersons(deployment, { at, after: last, atMost: accounts });
  if (persons.length < accounts) throw new Error('HR has no more people');
  last = persons.at(-1)?.personId ?? last;
  const states = [];
  for (const person of persons) states.push(await seedAccount(deployment, { person, kind: 'primary', at }));
  await startWorkflows(deployment.deps.workflows, states, deployment.clock);
}

async function usage(): Promise<Answer> {
  for (let round = 0; round < 4; round += 1) {
    globalThis.gc?.();
    await new Promise((resolve) => setImmediate(resolve));
  }
  const { rss, heapUsed, external } = process.memoryUsage();
  return { residentMB: rss / 1e6, heapMB: (heapUsed + external) / 1e6 };
}

async function answer(ask: Ask): Promise<Answer> {
  if (ask.what === 'add') await add(ask.accounts);
  if (ask.what === 'stop') await deployment.stop();
  return usage();
}

process.on('message', (ask: Ask) => {
  answer(ask).then(
    (given) => process.send?.(given),
    (error: unknown) => {
      console.error(error);
      process.exit(1);
    },
  );
});
process.send?.(await usage());
