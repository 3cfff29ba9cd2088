import { type ChildProcess, spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { afterEach, describe, expect, it } from 'vitest';
import { eventually } from '../support/lives.ts';
import { describeOnTemporal } from '../support/temporal.ts';

const MAIN = fileURLToPath(new URL('../../src/demo/main.ts', import.meta.url));
const ROOT = fileURLToPath(new URL('../..', import.meta.url));
const MARK = 'LIFECYCLE_INTERRUPT_TEST';
/** Whose environment can be read. */
const hasProc = process.platform === 'linux';

/** Every process that was started with the mark in its environment, by whomever. */
function marked(mark: string): readonly number[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .filter((pid) => {
      try {
        return readFileSync(`/proc/${pid}/environ`, 'utf8').includes(`${MARK}=${mark}`);
      } catch {
        return false;
      }
    })
    .map(Number);
}

describeOnTemporal('Ctrl-C in the demo', () => {
  describe.skipIf(!hasProc)(`(on Linux, where every process can be found)`, () => {
    let demo: ChildProcess | undefined;
    const mark = randomUUID();
    afterEach(() => {
      demo?.kill('SIGKILL');
      for (const pid of marked(mark)) process.kill(pid, 'SIGKILL');
    });

    it.each([
      ['while it starts', /Starting a Temporal server/],
      ['right after a worker was killed', /kill -9 of the worker/],
    ])('%s ends everything that it started, and answers 130', { timeout: 240_000 }, async (_, moment) => {
      const args = ['--seconds-per-day', '1', '--kills', '100', '--seed', '1'];
      const started = spawn(process.execPath, ['--import', 'tsx', MAIN, ...args], {
        cwd: ROOT,
        env: { PATH: process.env['PATH'], HOME: process.env['HOME'], [MARK]: mark },
        stdio: ['ignore', 'pipe', 'pipe'],
        // A group of its own, as a terminal makes one.
        detached: true,
      });
      demo = started;
      let [out, errors] = ['', ''];
      started.stdout.setEncoding('utf8').on('data', (text: string) => (out += text));
      started.stderr.setEncoding('utf8').on('data', (text: string) => (errors += text));
      const ended = once(started, 'exit');
      await eventually(
        `the demo says ${String(moment)}; it said ${out.slice(-300)} ${errors}`,
        () => {
          if (started.exitCode !== null) throw new Error(`the demo ended: ${out.slice(-300)} ${errors}`);
          return moment.test(out);
        },
        180_000,
      );
      expect(marked(mark).length).toBeGreaterThan(1);
      // The terminal sends it to the whole group.
      process.kill(-(started.pid ?? 0), 'SIGINT');
      expect(await ended).toEqual([130, null]);
      await eventually('no process is left', () => marked(mark).length === 0);
      expect(errors).toBe('');
    });
  });
});
