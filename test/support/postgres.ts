import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import {
  accessSync,
  chmodSync,
  chownSync,
  constants,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
} from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import pg from 'pg';

/** Turns a server off and on. `crash` = as `pg_ctl stop -m immediate` does: it saves nothing, and recovers later. */
export interface TestPower {
  stop(): Promise<void>;
  crash(): Promise<void>;
  start(): Promise<void>;
}

/** A Postgres server for tests. */
export interface TestPostgres {
  /** Makes an empty database and answers its URL. */
  createDatabase(): Promise<string>;
  /** Runs one statement in the database at the URL, beside the code under test. */
  run(url: string, statement: string): Promise<readonly Record<string, unknown>[]>;
  /** Stops and starts the server on the same port; `null` when the server is not ours. */
  readonly power: TestPower | null;
  /** Ends the server, if it is ours, and removes its data. */
  close(): Promise<void>;
}

/** Where tests can get a Postgres from on this machine. */
export type PostgresSource =
  | { readonly type: 'url'; readonly url: string }
  | { readonly type: 'binaries'; readonly folder: string; readonly user: ServerUser | null }
  | { readonly type: 'missing'; readonly reason: string };

interface ServerUser {
  readonly uid: number;
  readonly gid: number;
}

/** What this machine really lacks is skipped by name and reason; where nothing may be skipped, it fails. */
export const mayBeSkipped = process.env['CI'] === undefined && process.env['REQUIRE_ALL'] === undefined;

/** `TEST_POSTGRES_URL` (a user who may create databases), else the newest server binaries found. */
export function findPostgres(): PostgresSource {
  const url = process.env['TEST_POSTGRES_URL'];
  if (url !== undefined && url !== '') return { type: 'url', url };
  const folder = binaryFolders().find(hasServer);
  if (folder === undefined) {
    return {
      type: 'missing',
      reason: 'no Postgres server found; install postgresql or set TEST_POSTGRES_URL',
    };
  }
  if (process.getuid?.() !== 0) return { type: 'binaries', folder, user: null };
  const user = findUser('postgres') ?? findUser('nobody');
  return user === null
    ? { type: 'missing', reason: 'Postgres refuses to run as root, and there is no user postgres or nobody' }
    : { type: 'binaries', folder, user };
}

/** A server of the tests' own, or a connection to the one given by URL. */
export async function startPostgres(source: PostgresSource): Promise<TestPostgres> {
  if (source.type === 'missing') throw new Error(`This test needs Postgres: ${source.reason}`);
  return source.type === 'url' ? useServer(source.url, null, async () => undefined) : startServer(source);
}

async function startServer(source: { folder: string; user: ServerUser | null }): Promise<TestPostgres> {
  const home = mkdtempSync(join(tmpdir(), 'lifecycle-postgres-'));
  const identity = source.user ?? {};
  if (source.user !== null) chownSync(home, source.user.uid, source.user.gid);
  chmodSync(home, 0o700);
  const data = join(home, 'data');
  const options = { cwd: home, env: { PATH: process.env['PATH'] ?? '', LC_ALL: 'C' }, ...identity };
  const initdb = ['-D', data, '-U', 'postgres', '-A', 'trust', '-E', 'UTF8', '--locale=C', '--no-sync'];
  const made = spawn(join(source.folder, 'initdb'), initdb, { ...options, stdio: 'ignore' });
  const [exitCode] = await once(made, 'exit');
  if (exitCode !== 0) throw new Error(`initdb ended with ${String(exitCode)}`);

  const port = await freePort();
  const url = `postgres://postgres@127.0.0.1:${port}/postgres`;
  let server: ChildProcess | null = null;
  const end = async (signal: NodeJS.Signals): Promise<void> => {
    const running = server;
    server = null;
    if (running === null) return;
    const gone = once(running, 'exit');
    running.kill(signal);
    await gone;
  };
  const power: TestPower = {
    async start() {
      const settings = [
        'fsync=off',
        'full_page_writes=off',
        'max_connections=60',
        'listen_addresses=127.0.0.1',
      ];
      server = spawn(
        join(source.folder, 'postgres'),
        ['-D', data, '-k', home, '-p', String(port), ...settings.flatMap((setting) => ['-c', setting])],
        { ...options, stdio: 'ignore' },
      );
      await answers(url, server);
    },
    // Fast shutdown: open connections are cut off.
    stop: () => end('SIGINT'),
    crash: () => end('SIGQUIT'),
  };
  const endWithTests = (): void => void server?.kill('SIGQUIT');
  process.once('exit', endWithTests);
  await power.start();
  return useServer(url, power, async () => {
    await power.stop();
    process.off('exit', endWithTests);
    rmSync(home, { recursive: true, force: true });
  });
}

function useServer(serverUrl: string, power: TestPower | null, close: () => Promise<void>): TestPostgres {
  const created: string[] = [];
  const run = async (url: string, statement: string): Promise<readonly Record<string, unknown>[]> => {
    const client = new pg.Client({ connectionString: url });
    await client.connect();
    try {
      const result = await client.query<Record<string, unknown>>(statement);
      return result.rows;
    } finally {
      await client.end();
    }
  };
  return {
    run,
    power,
    async createDatabase() {
      const name = `lifecycle_test_${process.pid}_${created.length}_${Math.random().toString(36).slice(2, 8)}`;
      await run(serverUrl, `create database ${name}`);
      created.push(name);
      const url = new URL(serverUrl);
      url.pathname = `/${name}`;
      return url.href;
    },
    async close() {
      if (power === null) {
        for (const name of created) await run(serverUrl, `drop database if exists ${name} with (force)`);
      }
      await close();
    },
  };
}

async function answers(url: string, server: ChildProcess): Promise<void> {
  for (;;) {
    if (server.exitCode !== null) throw new Error(`The Postgres server ended with ${server.exitCode}`);
    const client = new pg.Client({ connectionString: url });
    client.on('error', () => undefined);
    try {
      await client.connect();
      return;
    } catch {
      await pause(50);
    } finally {
      await client.end().catch(() => undefined);
    }
  }
}

function binaryFolders(): readonly string[] {
  const debian = '/usr/lib/postgresql';
  let versions: string[] = [];
  try {
    versions = readdirSync(debian).sort((a, b) => Number(b) - Number(a));
  } catch {
    // Not a Debian, or no server.
  }
  return [
    ...versions.map((version) => join(debian, version, 'bin')),
    ...(process.env['PATH'] ?? '').split(delimiter),
  ];
}

function hasServer(folder: string): boolean {
  try {
    accessSync(join(folder, 'initdb'), constants.X_OK);
    accessSync(join(folder, 'postgres'), constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

function findUser(name: string): ServerUser | null {
  const line = readFileSync('/etc/passwd', 'utf8')
    .split('\n')
    .find((entry) => entry.startsWith(`${name}:`));
  const [, , uid, gid] = line?.split(':') ?? [];
  return uid === undefined || gid === undefined ? null : { uid: Number(uid), gid: Number(gid) };
}

async function freePort(): Promise<number> {
  const probe = createServer();
  probe.listen(0, '127.0.0.1');
  await once(probe, 'listening');
  const address = probe.address();
  probe.close();
  await once(probe, 'close');
  if (typeof address !== 'object' || address === null) throw new Error('No port is free.');
  return address.port;
}
