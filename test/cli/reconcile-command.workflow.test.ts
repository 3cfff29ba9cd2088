import { execFile } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { DAY_MS } from '../../src/contracts/time.ts';
import type { AccountRow } from '../../src/registry/registry.ts';
import { personOfHr, startTestDeployment, type TestDeployment } from '../support/deployment.ts';
import { clockFrom } from '../support/lives.ts';
import { describeOnTemporal } from '../support/temporal.ts';

const run = promisify(execFile);
/** The command's clock is the machine's, as a deployment's is. */
const NOW = Date.now();
const { signal } = new AbortController();

describeOnTemporal('the command reconcile', (server) => {
  let deployment: TestDeployment;
  let folder: string;
  let file: string;
  beforeAll(async () => {
    deployment = await startTestDeployment(server, { clock: clockFrom(NOW) });
    folder = await mkdtemp(join(tmpdir(), 'reconcile-command-'));
    file = join(folder, 'lifecycle.yaml');
    await writeFile(
      file,
      `fallbackOwner: '900001'
admins: [admins@example.org]
serviceDesk: desk@example.org
temporal: { address: "${server.address}", namespace: "${server.namespace}", taskQueuePrefix: "${deployment.prefix}" }
hr: { url: "http://127.0.0.1:9" }
mail: { host: smtp.example.org, from: lifecycle@example.org }
logins: { mailDomain: example.org }
tuning: { heartbeatSeconds: 5 }
`,
    );
  });
  afterAll(async () => {
    await deployment.stop();
    await rm(folder, { recursive: true });
  });

  interface Ended {
    readonly code: number;
    readonly stdout: string;
    readonly stderr: string;
  }
  const reconcile = async (...options: readonly string[]): Promise<Ended> => {
    const words = ['--import', 'tsx', 'src/cli/main.ts', 'reconcile', '--config', file, ...options];
    try {
      return { code: 0, ...(await run(process.execPath, words)) };
    } catch (error) {
      return error as Ended;
    }
  };
  async function member(id: number): Promise<AccountRow> {
    await deployment.seedPerson(personOfHr(id), NOW);
    const row = await deployment.seedAccount({ personId: String(id), at: NOW - 90 * DAY_MS });
    await deployment.startAccount(row.accountId);
    await deployment.untilStatus(row.accountId, 'it is there', ({ stage }) => stage === 'active');
    return row;
  }

  it('finds nothing, tells what differs, repairs it, and finds nothing again', async () => {
    const rows = [await member(1), await member(2), await member(3)];
    const [first, second, third] = rows;
    if (!first || !second || !third) throw new Error('there are three');
    const clean = await reconcile();
    expect([clean.code, clean.stdout]).toEqual([
      0,
      '3 accounts compared: 0 differences, 0 repaired, 0 left\n',
    ]);

    await deployment.client.workflow.getHandle(`account/${first.accountId}`).terminate('by mistake');
    await deployment.directory.setAccess({ login: second.login, access: 'off', signal });
    const behind = { nextStep: null, nextStepAt: null, problem: null, notes: [] };
    await deployment.registry.project({ state: { ...third.state, stage: 'grace' }, ...behind });
    const found = await reconcile('--json');
    expect(found.code).toBe(3);
    expect(found.stderr).toContain('workflow ');
    const told: unknown = JSON.parse(found.stdout);
    expect(told).toMatchObject({ accounts: 3, differences: 3, repaired: 0 });
    expect(told).toMatchObject({ kinds: { 'workflow-closed': 1, access: 1, projection: 1 } });

    const one = await reconcile('--account', second.accountId, '--repair');
    expect([one.code, one.stdout]).toEqual([0, expect.stringContaining('repaired: access turned on')]);
    expect(await deployment.entry(second.login)).toMatchObject({ access: 'on' });
    const all = await reconcile('--repair');
    expect(all.code).toBe(0);
    expect(all.stdout).toContain('2 differences, 2 repaired, 0 left');
    expect((await deployment.registry.account(third.accountId))?.state.stage).toBe('active');
    expect((await deployment.status(first.accountId)).stage).toBe('active');
    expect((await reconcile()).code).toBe(0);
  });

  it('says when the registry has no such account', async () => {
    expect(await reconcile('--account', 'nobody')).toMatchObject({
      code: 1,
      stderr: expect.stringContaining('The registry has no account nobody.'),
    });
  });
});
