import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';

/** What a run of test files came to. `broken` = it says nothing: a file could not be loaded, or it took too long. */
export type TestResult =
  | { readonly type: 'green' }
  | { readonly type: 'red'; readonly test: string }
  | { readonly type: 'broken'; readonly why: string };

const LONGEST_MS = 240_000;

interface Report {
  readonly testResults: readonly {
    readonly name: string;
    readonly message: string;
    readonly assertionResults: readonly { readonly status: string; readonly fullName: string }[];
  }[];
}

function resultOf(report: Report): TestResult {
  const tests = report.testResults.flatMap(({ assertionResults }) => assertionResults);
  const failed = tests.find(({ status }) => status === 'failed');
  if (failed) return { type: 'red', test: failed.fullName.trim() };
  const unloaded = report.testResults.find(({ assertionResults }) => assertionResults.length === 0);
  if (unloaded) return { type: 'broken', why: unloaded.message.split('\n')[0] ?? 'a file cannot be loaded' };
  const passed = tests.some(({ status }) => status === 'passed');
  return passed ? { type: 'green' } : { type: 'broken', why: 'no test has run' };
}

/** Process groups that run now. */
const running = new Set<number>();

/** Ends every run, with all its workers. */
export function endRuns(): void {
  for (const group of running) process.kill(-group, 'SIGKILL');
}

/** Runs test files in a folder until the first test that fails. */
export async function runTests(
  folder: string,
  tests: readonly string[],
  options: { readonly all?: boolean } = {},
): Promise<TestResult> {
  // Every file at once takes longer than one until its first red test.
  const longestMs = options.all ? 4 * LONGEST_MS : LONGEST_MS;
  const output = join(folder, '.mutant-report.json');
  // The last project starts a Temporal server, which most tests do without.
  const projects = ['unit', 'property', 'integration'];
  if (tests.some((test) => test.endsWith('.workflow.test.ts'))) projects.push('workflow');
  rmSync(output, { force: true });
  const child = spawn(
    process.execPath,
    [
      join(folder, 'node_modules/vitest/vitest.mjs'),
      'run',
      ...tests,
      ...projects.flatMap((project) => ['--project', project]),
      ...['--reporter=json', `--outputFile.json=${output}`],
      ...(options.all ? [] : ['--bail=1']),
    ],
    // A group of its own, so that one that hangs ends with all its workers.
    { cwd: folder, stdio: 'ignore', detached: true, env: { ...process.env, NO_COLOR: '1' } },
  );
  const late = new AbortController();
  const timer = setTimeout(() => {
    late.abort();
    if (child.pid !== undefined) process.kill(-child.pid, 'SIGKILL');
  }, longestMs);
  if (child.pid !== undefined) running.add(child.pid);
  await once(child, 'exit');
  if (child.pid !== undefined) running.delete(child.pid);
  clearTimeout(timer);
  if (late.signal.aborted) return { type: 'broken', why: `no end after ${String(longestMs / 1000)} s` };
  if (!existsSync(output)) return { type: 'broken', why: 'the tests left no report' };
  return resultOf(JSON.parse(readFileSync(output, 'utf8')) as Report);
}
