import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startTokenIssuer, type TokenIssuer } from '../../src/demo/doubles/token-issuer.ts';
import { freePort } from '../../src/dev/free-port.ts';
import { openRegistry } from '../../src/registry/open-registry.ts';
import { addAccount, contractOf, tellPerson } from '../support/api.ts';
import { findPostgres, startPostgres, type TestPostgres } from '../support/postgres.ts';

const MAIN = fileURLToPath(new URL('../../src/api/main.ts', import.meta.url));
const ROOT = fileURLToPath(new URL('../..', import.meta.url));

let folder: string;
let issuer: TokenIssuer;
let postgres: TestPostgres;
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'lifecycle-api-'));
  [issuer, postgres] = await Promise.all([
    startTokenIssuer({ clientId: 'c', clientSecret: 's' }),
    startPostgres(findPostgres()),
  ]);
});
afterAll(async () => {
  await Promise.all([issuer.stop(), postgres.close()]);
  rmSync(folder, { recursive: true, force: true });
});

/** A configuration file, of which these lines differ. */
function configFile(name: string, lines: readonly string[]): string {
  const path = join(folder, name);
  const others = [
    "fallbackOwner: '900001'",
    'admins: [admins@example.org]',
    'serviceDesk: service-desk@example.org',
    "temporal: { address: '127.0.0.1:9' }",
    'hr: { url: http://127.0.0.1:9 }',
    'mail: { host: 127.0.0.1, from: accounts@example.org }',
    'logins: { mailDomain: example.org }',
  ];
  writeFileSync(path, [...others, ...lines].join('\n'));
  return path;
}

const apiOn = (port: number) =>
  `api: { port: ${String(port)}, issuer: '${issuer.issuer}', jwksUrl: '${issuer.jwksUrl}' }`;

function start(args: readonly string[], env: Readonly<Record<string, string>> = {}) {
  return spawn(process.execPath, ['--import', 'tsx', MAIN, ...args], {
    cwd: ROOT,
    env: { PATH: process.env['PATH'], HOME: folder, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
    // One that goes on by mistake outlives no test.
    timeout: 50_000,
  });
}

/** Everything the program writes, and how it ends. */
function listen(child: ChildProcess) {
  const said = { out: '', err: '' };
  const listens = new Promise<void>((resolve) => {
    child.stdout?.setEncoding('utf8').on('data', (text: string) => {
      said.out += text;
      if (said.out.includes('the API listens')) resolve();
    });
  });
  child.stderr?.setEncoding('utf8').on('data', (text: string) => (said.err += text));
  const ended = once(child, 'close').then(([code]) => Number(code));
  return { said, listens, ended };
}

async function run(...args: readonly string[]) {
  const { said, ended } = listen(start(args));
  return { code: await ended, ...said };
}

describe('the program of the API', () => {
  it('serves a registry in Postgres without Temporal, and ends with 0 when it is told to stop', async () => {
    const url = await postgres.createDatabase();
    const opened = await openRegistry({ location: { type: 'postgres', url } });
    await tellPerson(opened.registry, '1', [contractOf('2020-01-01', null)]);
    await addAccount(opened.registry, { login: 'user1', personId: '1' });
    await opened.close();
    const port = await freePort();
    const file = configFile('postgres.yaml', ['registry: { urlEnv: REGISTRY_URL }', apiOn(port)]);
    const child = start(['--config', file], { REGISTRY_URL: url });
    const { said, listens, ended } = listen(child);
    await Promise.race([listens, ended]);
    const response = await fetch(
      `http://127.0.0.1:${String(port)}/api/v1.0/Identity/user1?field=activeUser`,
      { headers: { authorization: `Bearer ${await issuer.token()}`, accept: 'text/plain' } },
    );
    expect(await response.text()).toBe('{"data":{"id":"id-user1","activeUser":true}}');
    child.kill('SIGTERM');
    expect(await ended).toBe(0);
    expect(said.out).toContain('stopping: answering what has arrived');
    expect(said.err).toBe('');
  });

  it.each([
    ['there is no block api', 'registry: { urlEnv: REGISTRY_URL }', /no block api\. Remedy/],
    [
      'its registry belongs to the worker',
      `registry: { folder: there }`,
      /embedded.*Remedy: start the worker/,
    ],
  ] as const)('ends with 1 and what to do when %s', async (what, registry, told) => {
    const lines = what.includes('no block') ? [registry] : [registry, apiOn(await freePort())];
    const { said, ended } = listen(
      start(['--config', configFile('refused.yaml', lines)], { REGISTRY_URL: 'postgres://127.0.0.1:9/x' }),
    );
    expect(await ended).toBe(1);
    expect(said.err).toMatch(told);
    expect(said.err).not.toMatch(/\n\s+at /);
  });

  it('says what it is for, and which option it does not know', async () => {
    expect(await run('--help')).toMatchObject({
      code: 0,
      out: expect.stringContaining('npm run api -- --config lifecycle.yaml') as string,
    });
    expect(await run('--nope')).toMatchObject({ code: 1, err: expect.stringContaining('--nope') as string });
  });
});
