/**
 * Applies small wrong patches, one at a time, to a copy of the work tree: each must turn a test red. One that survives
 * is a rule that no test holds.
 *
 *   npm run test:mutants
 *   npm run test:mutants -- --only NAME      one of them (or several: --only NAME --only NAME)
 *   npm run test:mutants -- --part 2/8       every eighth of them, beginning with the second: CI takes turns
 *   npm run test:mutants -- --list
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { MUTANTS } from './mutants/all.ts';
import type { Mutant } from './mutants/mutant.ts';
import { endRuns, runTests } from './mutants/run-tests.ts';
import { createWorkCopy, type WorkCopy } from './mutants/work-copy.ts';

const LANES = 2;

const { values } = parseArgs({
  options: {
    only: { type: 'string', multiple: true },
    part: { type: 'string' },
    list: { type: 'boolean', default: false },
  },
});

const seconds = (since: number) => `${((Date.now() - since) / 1000).toFixed(1)} s`.padStart(7);

/** Whether a test caught the mutant; says which. */
async function isKilled(copy: WorkCopy, mutant: Mutant): Promise<boolean> {
  const since = Date.now();
  const tell = (what: string, words: string) => {
    console.log(`${what.padEnd(8)} ${seconds(since)}  ${mutant.name}: ${words}`);
  };
  try {
    const result = await copy.mutated(mutant, () => runTests(copy.folder, mutant.tests));
    if (result.type === 'red') tell('killed', result.test);
    else if (result.type === 'green') tell('SURVIVED', `no test of ${mutant.tests.join(', ')} turned red`);
    else tell('BROKEN', result.why);
    return result.type === 'red';
  } catch (error) {
    tell('STALE', error instanceof Error ? error.message : String(error));
    return false;
  }
}

/** Red before anything is broken says nothing about a mutant. */
async function isGreenBefore(copy: WorkCopy, mutants: readonly Mutant[]): Promise<boolean> {
  const since = Date.now();
  const tests = [...new Set(mutants.flatMap((mutant) => mutant.tests))];
  const result = await runTests(copy.folder, tests, { all: true });
  if (result.type === 'green') {
    console.log(
      `green    ${seconds(since)}  all ${String(tests.length)} test files, before anything is broken`,
    );
    return true;
  }
  const why = result.type === 'red' ? result.test : result.why;
  console.error(`The tests are not green before anything is broken: ${why}`);
  return false;
}

/** Two lanes, each with a copy of its own; answers the mutants that no test caught. */
async function runAll(mutants: readonly Mutant[], copies: readonly WorkCopy[]): Promise<readonly Mutant[]> {
  const queue = [...mutants];
  const uncaught: Mutant[] = [];
  const lane = async (copy: WorkCopy) => {
    for (let mutant = queue.shift(); mutant; mutant = queue.shift()) {
      if (!(await isKilled(copy, mutant))) uncaught.push(mutant);
    }
  };
  await Promise.all(copies.map(lane));
  return uncaught;
}

/** `2/8`; all of it when nothing is asked for, `null` when it makes no sense. */
function partOf(text: string | undefined): { readonly number: number; readonly of: number } | null {
  const [number = NaN, of = NaN] = (text ?? '1/1').split('/').map(Number);
  const isPart = Number.isInteger(number) && Number.isInteger(of) && number >= 1 && number <= of;
  return isPart ? { number, of } : null;
}

async function main(): Promise<number> {
  const { only, list } = values;
  const unknown = only?.filter((name) => !MUTANTS.some((mutant) => mutant.name === name)) ?? [];
  if (unknown.length > 0) {
    console.error(`no mutant is called ${unknown.join(', ')}; --list names them all`);
    return 2;
  }
  const part = partOf(values.part);
  if (part === null) {
    console.error('--part takes a part of a whole, such as 2/8');
    return 2;
  }
  const mutants = MUTANTS.filter(({ name }, index) =>
    only ? only.includes(name) : index % part.of === part.number - 1,
  );
  if (list) {
    for (const { name, file, tests } of mutants) console.log(`${name}  (${file}; ${tests.join(', ')})`);
    return 0;
  }
  const since = Date.now();
  const folder = mkdtempSync(join(tmpdir(), 'mutants-'));
  for (const signal of ['SIGINT', 'SIGTERM'] as const) {
    process.once(signal, () => {
      endRuns();
      rmSync(folder, { recursive: true, force: true });
      process.exit(130);
    });
  }
  try {
    const copies = Array.from({ length: LANES }, (_, lane) => createWorkCopy(join(folder, String(lane))));
    const [first] = copies;
    if (!first || !(await isGreenBefore(first, mutants))) return 1;
    const uncaught = await runAll(mutants, copies);
    const caught = mutants.length - uncaught.length;
    console.log(
      `\n${String(caught)} of ${String(mutants.length)} mutants killed in ${seconds(since).trim()}`,
    );
    for (const { name } of uncaught) console.error(`not killed: ${name}`);
    return uncaught.length === 0 ? 0 : 1;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

process.exitCode = await main();
