import { execFile } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { personOfHr, startTestDeployment, type TestDeployment } from '../support/deployment.ts';
import { clockFrom } from '../support/lives.ts';
import { at } from '../support/policy-builders.ts';
import { describeOnTemporal } from '../support/temporal.ts';

const run = promisify(execFile);
const START = at('2027-02-01 12:00');

describeOnTemporal('merge', (server) => {
  let deployment: TestDeployment;
  let folder: string;
  let config: string;

  beforeAll(async () => {
    deployment = await startTestDeployment(server, { clock: clockFrom(START, 0.01) });
    for (const id of [1, 2, 3]) {
      const to = id === 3 ? '2027-01-15' : null;
      await deployment.seedPerson(personOfHr(id, { to }), START);
      await deployment.seedAccount({ personId: String(id), at: START, login: `p${String(id)}` });
    }
    folder = await mkdtemp(join(tmpdir(), 'merge-command-'));
    config = join(folder, 'lifecycle.yaml');
    const temporal = `{ address: "${server.address}", namespace: "${server.namespace}", taskQueuePrefix: "${deployment.prefix}" }`;
    await writeFile(
      config,
      `fallbackOwner: '900001'
admins: [admins@example.org]
serviceDesk: desk@example.org
temporal: ${temporal}
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

  async function merge(...args: readonly string[]) {
    const command = ['--import', 'tsx', 'src/cli/main.ts', 'merge', ...args, '--config', config];
    try {
      return { code: 0, ...(await run(process.execPath, command)) };
    } catch (error) {
      return error as { code: number; stdout: string; stderr: string };
    }
  }
  const said = ['--actor', 'admin-7', '--reason', 'ticket 12'];
  const accountOf = async (login: string) => {
    const row = await deployment.registry.accountByLogin(login);
    if (row === null) throw new Error('the account is not there');
    return row;
  };

  it('shows what it would do, asks for --yes, does it once, and says why it does not', async () => {
    const { accountId } = await accountOf('p1');
    const preview = await merge('1', '2', '--preview');
    expect(preview).toMatchObject({ code: 0 });
    expect(preview.stdout.trim().split('\n')).toEqual([
      'merge person 1 into person 2',
      'person 1: member, last day open-ended',
      'person 2: member, last day open-ended',
      `account ${accountId} (active): primary → secondary, goes to person 2`,
      expect.stringContaining('HR is not asked for person 1'),
    ]);
    expect(await merge('1', '2')).toMatchObject({ code: 1, stderr: expect.stringContaining('--actor') });
    expect(await merge('1', '2', ...said)).toMatchObject({
      ...{ code: 1, stdout: preview.stdout, stderr: expect.stringContaining('--yes') },
    });
    expect((await accountOf('p1')).personId).toBe('1');

    const merged = await merge('1', '2', '--yes', '--request-id', 'm-1', ...said);
    expect(merged).toMatchObject({ code: 0 });
    expect(merged.stdout.trim().split('\n')).toEqual([
      'merged person 1 into person 2',
      `account ${accountId} (active): primary → secondary, goes to person 2`,
    ]);
    expect(await accountOf('p1')).toMatchObject({ personId: '2', kind: 'secondary' });
    expect((await merge('1', '2', '--yes', ...said)).stdout).toMatch(
      /^merged already, .* by admin-7, request m-1\n/,
    );
    expect((await merge('1', '2', '--preview')).stdout).toContain('merged already');

    expect(await merge('1', '3', '--yes', ...said)).toMatchObject({
      ...{ code: 1, stderr: expect.stringContaining('MERGED_ALREADY') },
    });
    const refused = await merge('2', '3', '--preview', '--json');
    expect(JSON.parse(refused.stdout)).toMatchObject({ preview: { refused: { code: 'WOULD_LOSE' } } });
    expect(await merge('2', '3', '--yes', ...said)).toMatchObject({
      ...{ code: 1, stderr: expect.stringContaining('a merge is no departure') },
    });
    expect((await accountOf('p2')).personId).toBe('2');
  });
});
