import { execFile } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { Plan, PlanRow } from '../../src/contracts/plan.ts';
import { personOfHr, startTestDeployment, type TestDeployment } from '../support/deployment.ts';
import { clockFrom, eventually, within } from '../support/lives.ts';
import { at } from '../support/policy-builders.ts';
import { describeOnTemporal } from '../support/temporal.ts';

const run = promisify(execFile);
const ids = [1, 2, 3, 4, 5, 6, 7, 8];
const SAID = ['--actor', 'admin-7', '--reason', 'HR was reorganised'];

interface Ended {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

describeOnTemporal('the command line', (server) => {
  let deployment: TestDeployment;
  let folder: string;
  let config: string;

  beforeAll(async () => {
    deployment = await startTestDeployment(server, {
      clock: clockFrom(at('2027-02-01 12:00'), 0.01),
      people: ids.map((id) => personOfHr(id)),
    });
    folder = await mkdtemp(join(tmpdir(), 'operator-commands-'));
    config = join(folder, 'lifecycle.yaml');
    await writeFile(
      config,
      `fallbackOwner: '900001'
admins: [admins@example.org]
serviceDesk: desk@example.org
temporal: { address: "${server.address}", namespace: "${server.namespace}", taskQueuePrefix: "${deployment.prefix}" }
hr: { url: "http://127.0.0.1:9" }
mail: { host: smtp.example.org, from: lifecycle@example.org }
logins: { mailDomain: example.org }
`,
    );
  });
  afterAll(async () => {
    await deployment.stop();
    await rm(folder, { recursive: true });
  });

  async function lifecycle(...args: readonly string[]): Promise<Ended> {
    const command = ['--import', 'tsx', 'src/cli/main.ts', ...args, '--config', config];
    try {
      return { code: 0, ...(await run(process.execPath, command)) };
    } catch (error) {
      const { code, stdout, stderr } = error as { code: number; stdout: string; stderr: string };
      return { code, stdout, stderr };
    }
  }

  it('shows what a synchronisation would do, and changes nothing', async () => {
    const dry = await lifecycle('sync', '--dry-run');
    expect(dry).toMatchObject({ code: 0 });
    expect(dry.stdout).toMatch(/Looked at 8 persons: 8 changed/);
    expect(dry.stdout).toMatch(/^8 +join +open/m);
    expect(dry.stdout).toContain('A dry run: nothing was changed.');
    expect(await deployment.registry.accounts({})).toEqual([]);
    expect(await deployment.registry.persons({ after: null, limit: 10 })).toEqual([]);

    const { plan, rows } = JSON.parse((await lifecycle('sync', '--dry-run', '--json')).stdout) as {
      plan: Plan;
      rows: PlanRow[];
    };
    expect(plan).toMatchObject({ state: 'dryRun', rows: { join: { open: 8 } } });
    expect(rows.map(({ personId }) => personId)).toEqual(ids.map(String));
  });

  it('synchronises, shows what is held with every row, and passes on a decision, once', async () => {
    expect((await lifecycle('sync')).stdout).toMatch(/join +│ +8/);
    await eventually('everyone is there', async () => {
      const accounts = await deployment.registry.accounts({});
      return accounts.every(({ state }) => state.stage === 'active') && accounts.length === ids.length;
    });
    for (const id of ids.slice(4)) deployment.hr.setPerson(personOfHr(id, { to: '2026-12-31' }));
    const synced = await lifecycle('sync');
    const planId = /Plan (\S+) waits for a decision/.exec(synced.stdout)?.[1] ?? 'none';

    const shown = await lifecycle('plan', 'show');
    expect(shown.stdout).toContain(`Plan ${planId}: held`);
    expect(shown.stdout).toContain(
      '4 losses among 8 persons with an account (50.0 %): more than 3 and more than 5 %',
    );
    for (const id of ids.slice(4)) {
      expect(shown.stdout).toMatch(
        new RegExp(`^${String(id)} +loss +held +member, until open → expired, until 2026-12-31`, 'm'),
      );
    }
    expect(shown.stdout).not.toMatch(/rossi/i);

    expect(await lifecycle('plan', 'approve', planId)).toMatchObject({
      code: 1,
      stderr: expect.stringContaining("required option '--actor <id>'"),
    });
    expect(await lifecycle('plan', 'approve', planId, ...SAID)).toMatchObject({
      code: 0,
      stdout: 'the plan is approved\n',
    });
    await within('its end', deployment.client.workflow.getHandle(`plan-approval/${planId}`).result());
    expect(await lifecycle('plan', 'reject', planId, ...SAID)).toMatchObject({
      code: 1,
      stderr: `Plan ${planId} is applied: nothing of it waits.\n`,
    });
    expect((await lifecycle('plan', 'list')).stdout).toContain(`Plan ${planId}: applied`);
    expect(await lifecycle('plan', 'show', 'none')).toMatchObject({
      code: 1,
      stderr: 'There is no plan none; plan list shows them.\n',
    });
  });

  it('freezes and unfreezes the deployment', async () => {
    expect((await lifecycle('frozen')).stdout).toBe('not frozen\n');
    expect((await lifecycle('freeze', ...SAID)).stdout).toMatch(
      /^frozen, since 2027-02-.* by admin-7: HR was/,
    );
    expect((await lifecycle('freeze', ...SAID)).stdout).toMatch(/^frozen already, since/);
    expect(await deployment.registry.frozen()).toMatchObject({ actor: 'admin-7' });
    expect((await lifecycle('unfreeze', ...SAID)).stdout).toBe(
      'not frozen: blocks, deletes and transfers go on\n',
    );
    expect(await lifecycle('freeze', '--actor', 'a@example.org', '--reason', 'x')).toMatchObject({
      code: 1,
      stderr: expect.stringContaining('opaque id'),
    });
  });
});
