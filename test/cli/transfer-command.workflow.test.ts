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

describeOnTemporal('transfer', (server) => {
  let deployment: TestDeployment;
  let folder: string;
  let config: string;

  beforeAll(async () => {
    deployment = await startTestDeployment(server, { clock: clockFrom(START, 0.01) });
    for (const id of [1, 2]) {
      await deployment.seedPerson(personOfHr(id), START);
      await deployment.seedAccount({ personId: String(id), at: START, login: `p${String(id)}` });
    }
    await deployment.seedAccount({ personId: '1', at: START, kind: 'service', login: 'bot' });
    folder = await mkdtemp(join(tmpdir(), 'transfer-command-'));
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

  async function transfer(...args: readonly string[]) {
    const command = ['--import', 'tsx', 'src/cli/main.ts', 'transfer', ...args, '--config', config];
    try {
      return { code: 0, ...(await run(process.execPath, command)) };
    } catch (error) {
      return error as { code: number; stdout: string; stderr: string };
    }
  }
  const said = ['--actor', 'admin-7', '--reason', 'a test'];

  it('asks, answers, withdraws and shows', async () => {
    expect((await transfer('show', 'bot')).stdout).toBe('no request was ever made for this account\n');
    const asked = await transfer('ask', 'bot', '--to', '2', '--request-id', 'r-1', ...said);
    expect(asked.stdout).toMatch(/^request r-1: person 2 is asked, until 2027-02-15T/);
    expect(await transfer('ask', 'bot', '--to', '1', ...said)).toMatchObject({
      ...{ code: 1, stderr: expect.stringContaining('there is one at a time') },
    });
    expect(await transfer('approve', 'bot', '--person', '1')).toMatchObject({
      ...{ code: 1, stderr: expect.stringContaining('only the proposed owner') },
    });
    expect((await transfer('withdraw', 'bot', ...said)).stdout).toBe('The request is withdrawn\n');
    await transfer('ask', 'bot', '--to', '2', '--request-id', 'r-2', ...said);
    expect((await transfer('approve', 'bot', '--person', '2')).stdout).toMatch(/^The request is approved/);
    const lines = (await transfer('show', 'bot')).stdout.trim().split('\n');
    expect(lines).toEqual([
      expect.stringMatching(/^r-2: approved, from person 1 to person 2, .* by 2: as asked/),
      expect.stringMatching(/^r-1: withdrawn, from person 1 to person 2, .* by admin-7: a test$/),
    ]);
    expect(await transfer('reject', 'none', '--person', '2')).toMatchObject({
      ...{ code: 1, stderr: expect.stringContaining('no such account') },
    });
  });
});
