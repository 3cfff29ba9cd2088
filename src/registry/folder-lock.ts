import { randomUUID } from 'node:crypto';
import { link, readdir, readFile, rm, stat, utimes, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { RegistryError } from '../errors.ts';
import { identifyThisProcess, judgeProcess, type ProcessIdentity } from './process-identity.ts';

/** A folder that belongs to this process. */
export interface FolderLock {
  release(): Promise<void>;
}

/** Real milliseconds. */
export interface FolderLockTimes {
  /** How often the holder shows that it lives. */
  readonly heartbeatMs: number;
  /** How long to watch for a sign of life of a holder whose process cannot be looked up. */
  readonly watchMs: number;
}

const PREFIX = 'lock.';

/**
 * Takes a folder for this process alone.
 *
 * The lock is the file `lock.N` with the highest number. Who takes it over writes `lock.N+1`, which only one of
 * several can, and removes the older ones; a lock given back stays as a file marked free. So there is no moment in
 * which deleting a dead process's lock could delete that of a living one. A holder is judged by its pid and the
 * moment its process began, so that a pid used again does not keep the folder shut; where the process cannot be
 * looked up (another container), by whether it still touches its file.
 *
 * @throws RegistryError `REGISTRY_IN_USE`
 */
export async function lockFolder(
  folder: string,
  times: FolderLockTimes = { heartbeatMs: 2_000, watchMs: 10_000 },
): Promise<FolderLock> {
  const self = identifyThisProcess();
  for (;;) {
    const current = await highestLock(folder);
    if (current > 0) await assertFree(folder, current, self, times);
    const mine = current + 1;
    if (!(await createLock(folder, mine, self))) continue;
    if ((await highestLock(folder)) !== mine) {
      // We came so late that others have taken and given back meanwhile.
      await rm(lockPath(folder, mine), { force: true });
      continue;
    }
    await removeOlder(folder, mine);
    return holdLock(lockPath(folder, mine), times);
  }
}

function holdLock(path: string, times: FolderLockTimes): FolderLock {
  const heartbeat = setInterval(() => {
    const now = new Date();
    // A folder that has been removed meanwhile needs no lock.
    utimes(path, now, now).catch(() => undefined);
  }, times.heartbeatMs);
  heartbeat.unref();
  let released: Promise<void> | undefined;
  return {
    release() {
      clearInterval(heartbeat);
      released ??= markFree(path);
      return released;
    },
  };
}

async function markFree(path: string): Promise<void> {
  try {
    await writeFile(path, 'free\n', { flag: 'r+' });
  } catch (error) {
    if (!hasCode(error, 'ENOENT')) throw error;
  }
}

async function assertFree(
  folder: string,
  number: number,
  self: ProcessIdentity,
  times: FolderLockTimes,
): Promise<void> {
  const path = lockPath(folder, number);
  const holder = await readHolder(path);
  if (holder === 'free' || holder === 'gone') return;
  const judged = judgeProcess(holder, self);
  if (judged === 'dead') return;
  if (judged === 'unknown' && !(await showsLife(path, times))) return;
  const who =
    holder.pid === self.pid && holder.host === self.host
      ? 'this process has opened it already'
      : `process ${holder.pid} on ${holder.host} has it open`;
  throw new RegistryError({
    code: 'REGISTRY_IN_USE',
    message:
      `The registry in ${folder} is in use: ${who}. An embedded registry belongs to one process. Stop that process, ` +
      'or read through the API it serves, or use Postgres to run several workers.',
    retryable: false,
    facts: { holderPid: holder.pid, holderHost: holder.host },
  });
}

async function showsLife(path: string, times: FolderLockTimes): Promise<boolean> {
  const before = await touchedAt(path);
  const deadline = performance.now() + times.watchMs;
  while (performance.now() < deadline) {
    await pause(Math.min(times.heartbeatMs / 2, times.watchMs));
    const now = await touchedAt(path);
    if (now === null || (await readHolder(path)) === 'free') return false;
    if (now !== before) return true;
  }
  return false;
}

async function touchedAt(path: string): Promise<number | null> {
  try {
    return (await stat(path)).mtimeMs;
  } catch (error) {
    if (hasCode(error, 'ENOENT')) return null;
    throw error;
  }
}

async function readHolder(path: string): Promise<ProcessIdentity | 'free' | 'gone'> {
  let text: string;
  try {
    text = await readFile(path, 'utf8');
  } catch (error) {
    if (hasCode(error, 'ENOENT')) return 'gone';
    throw error;
  }
  return text.startsWith('free') ? 'free' : parseHolder(text);
}

/** A lock that a power failure left half written names no process: it is judged by its signs of life. */
function parseHolder(text: string): ProcessIdentity {
  const value = parseJson(text);
  const field = (name: string): unknown =>
    typeof value === 'object' && value !== null ? Reflect.get(value, name) : undefined;
  const textOrNull = (name: string): string | null => {
    const found = field(name);
    return typeof found === 'string' ? found : null;
  };
  const pid = field('pid');
  return {
    pid: typeof pid === 'number' ? pid : 0,
    startTicks: textOrNull('startTicks'),
    bootId: textOrNull('bootId'),
    pidNamespace: textOrNull('pidNamespace'),
    host: textOrNull('host') ?? '',
  };
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

async function highestLock(folder: string): Promise<number> {
  return Math.max(0, ...(await lockNumbers(folder)));
}

async function lockNumbers(folder: string): Promise<readonly number[]> {
  const names = await readdir(folder);
  return names
    .map((name) => /^lock\.([0-9]+)$/.exec(name)?.[1])
    .flatMap((text) => (text ? [Number(text)] : []));
}

/** Written aside and linked into place, so that nobody ever reads half a lock; `false` = someone was first. */
async function createLock(folder: string, number: number, self: ProcessIdentity): Promise<boolean> {
  const draft = join(folder, `lock-draft.${randomUUID()}`);
  await writeFile(draft, JSON.stringify(self));
  try {
    await link(draft, lockPath(folder, number));
    return true;
  } catch (error) {
    if (hasCode(error, 'EEXIST')) return false;
    throw error;
  } finally {
    await rm(draft, { force: true });
  }
}

async function removeOlder(folder: string, mine: number): Promise<void> {
  for (const number of await lockNumbers(folder)) {
    if (number < mine) await rm(lockPath(folder, number), { force: true });
  }
}

function lockPath(folder: string, number: number): string {
  return join(folder, `${PREFIX}${number}`);
}

function hasCode(error: unknown, code: string): boolean {
  return error instanceof Error && 'code' in error && error.code === code;
}
