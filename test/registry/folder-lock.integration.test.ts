import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readFileSync } from 'node:fs';
import { mkdtemp, readdir, rm, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { lockFolder } from '../../src/registry/folder-lock.ts';
import {
  identifyThisProcess,
  judgeProcess,
  type ProcessIdentity,
} from '../../src/registry/process-identity.ts';

const TIMES = { heartbeatMs: 20, watchMs: 200 };
const inUse = { code: 'REGISTRY_IN_USE' };
const self = identifyThisProcess();

describe('the lock on a folder', () => {
  let folder: string;
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'lifecycle-lock-'));
  });
  afterEach(async () => {
    await rm(folder, { recursive: true, force: true });
  });
  const leaveLock = (holder: Partial<ProcessIdentity>): Promise<void> =>
    writeFile(join(folder, 'lock.3'), JSON.stringify({ ...self, ...holder }));

  it('goes to one holder, and to the next when it was given back', async () => {
    const first = await lockFolder(folder, TIMES);
    await expect(lockFolder(folder, TIMES)).rejects.toMatchObject(inUse);
    await first.release();
    await first.release();
    const second = await lockFolder(folder, TIMES);
    await expect(lockFolder(folder, TIMES)).rejects.toMatchObject(inUse);
    await second.release();
    expect(await readdir(folder)).toHaveLength(1);
  });

  it('goes to exactly one of many who take over a dead lock at once', async () => {
    await leaveLock({ startTicks: '1' });
    const results = await Promise.allSettled(Array.from({ length: 20 }, () => lockFolder(folder, TIMES)));
    const holders = results.filter((result) => result.status === 'fulfilled');
    expect(holders).toHaveLength(1);
    await holders[0]?.value.release();
  });

  it('is dead when its pid is used again by a process that began at another moment', async () => {
    await leaveLock({ pid: process.pid, startTicks: '1' });
    await (await lockFolder(folder, TIMES)).release();
  });

  it('is dead after a restart of the machine, also when pid and start agree', async () => {
    await leaveLock({ bootId: 'an-earlier-boot' });
    await (await lockFolder(folder, TIMES)).release();
  });

  it('of another container is dead once it shows no sign of life', async () => {
    await leaveLock({ pid: 1, pidNamespace: 'pid:[1]', host: 'other-container' });
    await (await lockFolder(folder, TIMES)).release();
  });

  it('of another container is respected while it shows signs of life', async () => {
    await leaveLock({ pid: 1, pidNamespace: 'pid:[1]', host: 'other-container' });
    let second = 1_000;
    const alive = setInterval(() => {
      second += 1;
      void utimes(join(folder, 'lock.3'), second, second);
    }, TIMES.heartbeatMs);
    await expect(lockFolder(folder, { ...TIMES, watchMs: 10_000 })).rejects.toMatchObject(inUse);
    clearInterval(alive);
  });

  it('that a power failure left empty is dead once it shows no sign of life', async () => {
    await writeFile(join(folder, 'lock.3'), '');
    await (await lockFolder(folder, TIMES)).release();
  });
});

describe('a process is', () => {
  it.each<[judged: string, why: string, holder: Partial<ProcessIdentity>]>([
    ['alive', 'it runs here and began when the lock says', {}],
    ['dead', 'another process has its pid now', { startTicks: '1' }],
    ['dead', 'nobody has its pid', { pid: 2 ** 22 + 1 }],
    ['dead', 'the machine was started again', { bootId: 'x' }],
    [
      'unknown',
      'it ran on another machine, or here before both name and boot changed',
      { bootId: 'x', host: 'y' },
    ],
    ['unknown', 'its pid counts in another container', { pidNamespace: 'pid:[1]' }],
    ['unknown', 'the system does not tell when a process began', { startTicks: null }],
    ['dead', 'the system does not tell, but nobody has its pid', { startTicks: null, pid: 2 ** 22 + 1 }],
  ])('%s when %s', (judged, _why, holder) => {
    expect(judgeProcess({ ...self, ...holder }, self)).toBe(judged);
  });

  it.skipIf(!existsSync('/proc/self/stat'))(
    'dead when it ended and nobody has asked for its end',
    async () => {
      // The shell starts a process that ends when it is killed, and becomes one that never asks what became of it.
      const parent = spawn('sh', ['-c', 'sleep 600 & echo $!; exec sleep 600'], {
        stdio: ['ignore', 'pipe', 'inherit'],
      });
      const [line] = await once(createInterface({ input: parent.stdout }), 'line');
      const pid = Number(line);
      const stat = (): string[] => readFileSync(`/proc/${pid}/stat`, 'utf8').split(' ');
      const isShell = (): boolean => readFileSync(`/proc/${parent.pid}/comm`, 'utf8').trim() === 'sh';
      // Until the shell has become the other, it might still ask.
      await expect.poll(isShell, { timeout: 30_000 }).toBe(false);
      process.kill(pid, 'SIGKILL');
      await expect.poll(() => stat()[2], { timeout: 30_000 }).toBe('Z');
      expect(judgeProcess({ ...self, pid, startTicks: stat()[21] ?? null }, self)).toBe('dead');
      parent.kill();
    },
  );
});
