import { Client, Connection } from '@temporalio/client';
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { type HrDouble, startHrDouble } from '../../src/demo/doubles/hr-double.ts';
import { openRegistry } from '../../src/registry/open-registry.ts';
import { syncScheduleId } from '../../src/schedule/apply-schedule.ts';
import { personOfHr } from '../support/deployment.ts';
import { eventually } from '../support/lives.ts';
import { describeOnTemporal } from '../support/temporal.ts';

const MAIN = fileURLToPath(new URL('../../src/worker/main.ts', import.meta.url));
const ROOT = fileURLToPath(new URL('../..', import.meta.url));
const PREFIX = 'failing-start';

describeOnTemporal('a worker whose start fails for good', (server) => {
  let folder: string;
  let hr: HrDouble;
  let child: ChildProcess | undefined;

  beforeEach(async () => {
    folder = mkdtempSync(join(tmpdir(), 'lifecycle-failing-start-'));
    hr = await startHrDouble({
      username: 'lifecycle',
      password: 'a secret of HR',
      people: [personOfHr(900_002)],
    });
  });
  afterEach(async () => {
    child?.kill('SIGKILL');
    await hr.stop();
    rmSync(folder, { recursive: true, force: true });
  });

  const registryFolder = () => join(folder, 'registry');

  /** Runs the worker's program to its end; nothing is wrong with its configuration file as such. */
  async function run(settings: readonly string[]) {
    const path = join(folder, 'lifecycle.yaml');
    const lines = [
      ...settings,
      'admins:',
      '  - admins@example.org',
      'serviceDesk: service-desk@example.org',
      'temporal:',
      `  address: ${server.address}`,
      `  namespace: ${server.namespace}`,
      `  taskQueuePrefix: ${PREFIX}`,
      'registry:',
      '  folder: registry',
      'hr:',
      `  url: ${hr.url}`,
      '  user: lifecycle',
      '  passwordEnv: TEST_HR_PASSWORD',
      'mail:',
      '  host: 127.0.0.1',
      '  tls: none',
      '  from: accounts@example.org',
      'logins:',
      '  mailDomain: example.org',
    ];
    writeFileSync(path, lines.join('\n'));
    const started = spawn(process.execPath, ['--import', 'tsx', MAIN, '--config', path], {
      cwd: ROOT,
      env: { PATH: process.env['PATH'], HOME: folder, TEST_HR_PASSWORD: 'a secret of HR' },
      stdio: ['ignore', 'pipe', 'pipe'],
      // A group of its own: what it leaves behind can be found.
      detached: true,
    });
    child = started;
    let output = '';
    for (const stream of [started.stdout, started.stderr]) {
      stream.setEncoding('utf8').on('data', (text: string) => (output += text));
    }
    const [code] = (await once(started, 'close')) as [number | null];
    return { code, output, group: started.pid ?? 0 };
  }

  // What compiles the program as it runs ends a moment after it.
  const isGroupAlive = (group: number): boolean => {
    try {
      process.kill(-group, 0);
      return true;
    } catch {
      return false;
    }
  };

  it('since HR knows no fallback owner, says so, ends with 1, and leaves neither process nor lock', async () => {
    const { code, output, group } = await run(["fallbackOwner: '900001'"]);
    expect(output).toMatch(/HR knows no person 900001, the fallback owner\. Remedy: set fallbackOwner/);
    expect(output).not.toMatch(/a secret of HR|\n\s+at /);
    expect(code).toBe(1);
    await eventually('no process is left', () => !isGroupAlive(group));

    const locks = readdirSync(registryFolder()).filter((name) => name.startsWith('lock.'));
    expect(locks).toHaveLength(1);
    for (const name of locks) expect(readFileSync(join(registryFolder(), name), 'utf8')).toMatch(/^free\n/);
    const opened = await openRegistry({ location: { type: 'embedded', folder: registryFolder() } });
    await opened.close();

    const connection = await Connection.connect({ address: server.address });
    const client = new Client({ connection, namespace: server.namespace });
    const schedule = client.schedule.getHandle(syncScheduleId(PREFIX));
    await expect(schedule.describe()).rejects.toMatchObject({ name: 'ScheduleNotFoundError' });
    await connection.close();
  });

  it('since its policy file does not load, says where, ends with 1, and has opened nothing', async () => {
    writeFileSync(
      join(folder, 'policy.yaml'),
      'name: ours\nversion: 1\npolicies:\n  primary:\n    milestones: 7\n',
    );
    const { code, output, group } = await run(["fallbackOwner: '900002'", 'policy: policy.yaml']);
    expect(output).toMatch(/policy\.yaml/);
    expect(output).toMatch(/milestones/);
    expect(output).not.toMatch(/\n\s+at /);
    expect(code).toBe(1);
    await eventually('no process is left', () => !isGroupAlive(group));
    expect(existsSync(registryFolder())).toBe(false);
  });
});
