import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

const MAIN = fileURLToPath(new URL('../../src/worker/main.ts', import.meta.url));
const ROOT = fileURLToPath(new URL('../..', import.meta.url));

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'lifecycle-worker-'));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

function start(...args: readonly string[]) {
  return spawn(process.execPath, ['--import', 'tsx', MAIN, ...args], {
    cwd: ROOT,
    env: { PATH: process.env['PATH'], HOME: folder },
    stdio: ['ignore', 'pipe', 'pipe'],
    // One that goes on by mistake outlives no test.
    timeout: 50_000,
  });
}

/** Runs the worker's program until it ends by itself. */
async function run(...args: readonly string[]) {
  const child = start(...args);
  let [out, err] = ['', ''];
  child.stdout.setEncoding('utf8').on('data', (text: string) => (out += text));
  child.stderr.setEncoding('utf8').on('data', (text: string) => (err += text));
  const [code] = await once(child, 'close');
  return { code: Number(code), out, err };
}

describe('the program of the worker', () => {
  it('tells five mistakes of a configuration at once, with line and remedy, and ends with 1', async () => {
    const path = join(folder, 'wrong.yaml');
    const lines = [
      'timeZone: Europe/Geneva',
      "fallbackOwner: '900001'",
      'admins: []',
      'serviceDesk: nobody',
      'hr:',
      '  url: https://hr.example.org',
      '  user: lifecycle',
      '  passwordEnv: LIFECYCLE_HR_PASSWORD',
      'mail:',
      '  host: smtp.example.org',
      '  prot: 25',
      '  from: accounts@example.org',
      'logins:',
      '  mailDomain: example.org',
    ];
    writeFileSync(path, lines.join('\n'));
    const { code, err } = await run('--config', path);
    expect(code).toBe(1);
    const told = [/timeZone/, /admins/, /serviceDesk/, /LIFECYCLE_HR_PASSWORD/, /prot.*port/];
    for (const mistake of told) expect(err).toMatch(mistake);
    for (const line of [1, 3, 4, 8, 11]) expect(err).toMatch(new RegExp(`\\b${line}\\b`));
    expect(err).not.toMatch(/\n\s+at /);
  });

  it('says which file it cannot read, and what to do', async () => {
    const { code, err } = await run('--config', join(folder, 'not-there.yaml'));
    expect(code).toBe(1);
    expect(err).toMatch(/not-there\.yaml cannot be read\. Remedy: copy lifecycle\.example\.yaml/);
  });

  it('warns of a password in a pasted block, without repeating it', async () => {
    const path = join(folder, 'pasted.yaml');
    const lines = [
      "fallbackOwner: '900001'",
      'admins: [admins@example.org]',
      'serviceDesk: desk@example.org',
      'temporal: { address: 127.0.0.1:9 }',
      'mail: { host: smtp.example.org, from: accounts@example.org }',
      'logins: { mailDomain: example.org }',
      `registry: { folder: ${join(folder, 'registry')} }`,
      'cern: { hr-api: { url: https://hr.example.org, username: me, password: canary } }',
    ];
    writeFileSync(path, lines.join('\n'));
    const child = start('--config', path);
    let out = '';
    for await (const text of child.stdout.setEncoding('utf8')) {
      out += String(text);
      if (out.includes('password of HR stands in the file')) break;
    }
    const closed = once(child, 'close');
    child.kill('SIGKILL');
    await closed;
    expect(out).toMatch(/password of HR stands in the file, at cern\.hr-api\.password/);
    expect(out).not.toContain('canary');
  });

  it('says what it is for', async () => {
    const { code, out } = await run('--help');
    expect(code).toBe(0);
    expect(out).toContain('npm run start:worker -- --config lifecycle.yaml');
  });
});
