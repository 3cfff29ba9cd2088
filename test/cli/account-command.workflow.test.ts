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

describeOnTemporal('account request', (server) => {
  let deployment: TestDeployment;
  let folder: string;
  let config: string;

  beforeAll(async () => {
    deployment = await startTestDeployment(server, { clock: clockFrom(START, 0.01) });
    await deployment.seedPerson(personOfHr(1), START);
    await deployment.seedAccount({ personId: '1', at: START, login: 'ada' });
    folder = await mkdtemp(join(tmpdir(), 'account-command-'));
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

  async function request(...args: readonly string[]) {
    const said = ['--person', '1', '--actor', 'ada', '--reason', 'a test'];
    const command = ['--import', 'tsx', 'src/cli/main.ts', 'account', 'request', ...said, ...args];
    try {
      return { code: 0, ...(await run(process.execPath, [...command, '--config', config])) };
    } catch (error) {
      return error as { code: number; stdout: string; stderr: string };
    }
  }

  it('makes an account, says so again for the same request, and says why it is refused', async () => {
    const asked = ['--kind', 'service', '--login', 'ada-bot', '--request-id', 'r-1'];
    const made = await request(...asked);
    expect(made).toMatchObject({ code: 0 });
    expect(made.stdout).toMatch(/^service account \S+ of person 1: made\n$/);
    expect((await request(...asked)).stdout).toMatch(/: made before, by the same request\n$/);
    expect(await deployment.registry.accounts({ personId: '1', kind: 'service' })).toHaveLength(1);
    expect(await request('--kind', 'primary', '--login', 'ada2')).toMatchObject({
      code: 1,
      stderr: expect.stringContaining('nobody can ask for a primary account'),
    });
    expect(await request('--kind', 'secondary', '--login', 'ADA-BOT')).toMatchObject({
      code: 1,
      stderr: expect.stringContaining('in lower case'),
    });
  });
});
