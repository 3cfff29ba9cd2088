/**
 * Lives random lives through the rules in `src/policy`, with an HR system, admins, outages and failing steps, and holds
 * each against the independent checker.
 *
 *   npm run simulate -- --years 1000000 --seed S
 *   npm run simulate -- --seed S --account N      one person of a seed, line by line
 *
 * The last line on stdout is one JSON object. Ends with 1 when anything was found, and tells how to see it again.
 */
import { randomInt } from 'node:crypto';
import { parseArgs } from 'node:util';
import { Worker } from 'node:worker_threads';
import { createChecker } from '../checker/check-life.ts';
import { lifeInWords, momentInWords } from './simulate/in-words.ts';
import { livePerson } from './simulate/live-person.ts';
import { scriptOf } from './simulate/script.ts';
import type { ShardMessage } from './simulate/shard-worker.ts';
import { added, type Found, NOTHING, type Tally } from './simulate/shard.ts';

const SHARDS = 2;
const DEFAULT_YEARS = 10_000;

const { values } = parseArgs({
  options: {
    years: { type: 'string', default: String(DEFAULT_YEARS) },
    seed: { type: 'string' },
    account: { type: 'string' },
  },
});

/** A whole number that was given; ends the process with 2 when it is none. */
function wholeNumber(name: string, text: string): number {
  if (/^\d{1,15}$/.test(text)) return Number(text);
  console.error(`--${name} must be a whole number, not ${JSON.stringify(text)}`);
  process.exit(2);
}

/** Shows every account of one person of the seed; answers how many findings there are. */
function replay(seed: number, index: number): number {
  const check = createChecker();
  const lives = livePerson(scriptOf(seed, index), seed, index).map((life) => ({
    life,
    findings: check(life),
  }));
  for (const { life, findings } of lives) console.log(`${lifeInWords(life, findings)}\n`);
  return lives.flatMap(({ findings }) => findings).length;
}

function runShard(input: {
  seed: number;
  first: number;
  years: number;
  progress: (years: number) => void;
}): Promise<Tally> {
  const { seed, first, years, progress } = input;
  return new Promise((resolve, reject) => {
    // A thread that is given a TypeScript file as it is does not know what to do with it.
    const file = new URL('./simulate/shard-worker.ts', import.meta.url).href;
    const start = `import('tsx/esm/api').then(({ register }) => { register(); return import(${JSON.stringify(file)}); });`;
    const worker = new Worker(start, { eval: true, workerData: { seed, first, step: SHARDS, years } });
    worker.on('message', (message: ShardMessage) => {
      if (message.type === 'progress') progress(message.accountYears);
      else resolve(message.tally);
    });
    worker.on('error', reject);
    worker.on('exit', (code) => reject(new Error(`a shard ended with ${String(code)}`)));
  });
}

/** All shards together, with a line on stderr that tells how far they are. */
async function runAll(seed: number, years: number): Promise<Tally> {
  const lived = Array.from({ length: SHARDS }, () => 0);
  let tenths = 0;
  const show = () => {
    const sum = lived.reduce((a, b) => a + b);
    const words = `${String(Math.floor(sum))} of ${String(years)} account-years`;
    if (process.stderr.isTTY) process.stderr.write(`\r${words}`);
    // A log wants few lines.
    else if (Math.floor((sum / years) * 10) > tenths) {
      tenths = Math.floor((sum / years) * 10);
      console.error(words);
    }
  };
  const tallies = await Promise.all(
    lived.map((_, first) =>
      runShard({
        seed,
        first,
        years: years / SHARDS,
        progress: (accountYears) => {
          lived[first] = accountYears;
          show();
        },
      }),
    ),
  );
  if (process.stderr.isTTY) process.stderr.write('\n');
  return tallies.reduce(added, NOTHING);
}

function findingInWords(seed: number, { index, kind, account, at, words }: Found): string {
  return [
    `${kind}: ${account}, ${momentInWords(at)}: ${words}`,
    `  npm run simulate -- --seed ${String(seed)} --account ${String(index)}`,
  ].join('\n');
}

async function main(): Promise<number> {
  const seed = values.seed === undefined ? randomInt(2 ** 31) : wholeNumber('seed', values.seed);
  if (values.account !== undefined) return replay(seed, wholeNumber('account', values.account)) > 0 ? 1 : 0;
  const years = wholeNumber('years', values.years);
  const since = performance.now();
  console.error(`seed ${String(seed)}`);
  const { persons, accounts, accountYears, counts, findings } = await runAll(seed, years);
  const total = Object.values(counts).reduce((a, b) => a + b);
  console.log(`${String(persons)} persons with ${String(accounts)} accounts; ${String(total)} findings`);
  for (const finding of findings) console.log(findingInWords(seed, finding));
  // What has no figure of its own below would otherwise not be seen in it.
  if (counts.lost + counts.wrong > 0)
    console.log(`lost: ${String(counts.lost)}, unexplained: ${String(counts.wrong)}`);
  console.log(
    JSON.stringify({
      accountYears: Math.round(accountYears),
      seed,
      wrongBlocks: counts.wrongBlock,
      wrongDeletes: counts.wrongDelete,
      noticesMissed: counts.noticeMissed,
      noticesDoubled: counts.noticeDoubled,
      early: counts.early,
      seconds: Math.round((performance.now() - since) / 100) / 10,
    }),
  );
  return total === 0 ? 0 : 1;
}

process.exitCode = await main();
