import { spawn } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { historyText } from '../support/history-text.ts';
import { personOfHr, startTestDeployment, type TestDeployment } from '../support/deployment.ts';
import { clockFrom, eventually } from '../support/lives.ts';
import { at, LAST_DAY } from '../support/policy-builders.ts';
import { describeOnTemporal } from '../support/temporal.ts';

const START = at('2027-04-20 12:00');
const LONG_AGO = at('2026-01-01');
const SECRET = 'ada-elsewhere';

describeOnTemporal('guest', (server) => {
  let deployment: TestDeployment;
  let folder: string;
  let config: string;

  beforeAll(async () => {
    deployment = await startTestDeployment(server, { clock: clockFrom(START, 0.01) });
    await deployment.seedPerson(personOfHr(1, { to: LAST_DAY }), LONG_AGO);
    const account = await deployment.seedAccount({
      ...{ personId: '1', at: LONG_AGO, login: 'ada', stage: 'grace' },
      state: { guest: { departure: 0, state: 'open' } },
    });
    await deployment.startAccount(account.accountId);
    folder = await mkdtemp(join(tmpdir(), 'guest-command-'));
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

  async function guest(args: readonly string[], input = '') {
    const command = ['--import', 'tsx', 'src/cli/main.ts', 'guest', ...args, '--config', config];
    const child = spawn(process.execPath, command);
    child.stdin.end(input);
    const [stdout, stderr, code] = await Promise.all([
      text(child.stdout),
      text(child.stderr),
      new Promise<number | null>((resolve) => child.once('close', resolve)),
    ]);
    return { stdout, stderr, code };
  }
  const said = ['--actor', 'admin-7', '--reason', 'ticket 12'];
  const identity = JSON.stringify({ provider: 'edugain', subject: SECRET, email: `${SECRET}@example.net` });

  /** Everything that Temporal keeps of operators' requests and of the account, as far as it lists them. */
  async function histories(): Promise<readonly string[]> {
    const { client, queues } = deployment;
    const query = `TaskQueue = '${queues.operator}' OR TaskQueue = '${queues.accounts}'`;
    const all = [];
    for await (const { workflowId, runId } of client.workflow.list({ query })) {
      all.push(await client.workflow.getHandle(workflowId, runId).fetchHistory());
    }
    return all.map(historyText);
  }

  it('associates, shows and releases; what is personal stands in no history', async () => {
    expect((await guest(['show', 'ada'])).stdout).toBe('no external identity leads to this person\n');
    const made = await guest(
      ['associate', 'ada', '--identity', '-', '--request-id', 'r-1', ...said],
      identity,
    );
    expect(made).toMatchObject({ code: 0, stderr: '' });
    const guestId = /^guest (\S+) of person 1, account \S+: open\n$/.exec(made.stdout)?.[1] ?? '';
    await eventually('the target has it', async () => {
      return (await deployment.entry(`guest-${guestId}`))?.access === 'on';
    });
    const file = join(folder, 'identity.json');
    await writeFile(file, identity);
    const again = await guest(['associate', 'ada', '--file', file, '--request-id', 'r-1', ...said]);
    expect(again.stdout).toMatch(/: opened before, by the same request\n$/);
    const shown = await guest(['show', 'ada']);
    expect(shown.stdout).toMatch(
      new RegExp(
        `^${guestId}: open since 2027-.*Z, edugain ${SECRET} \\(${SECRET}@example.net\\), associated by an admin, leads to ada\\n$`,
      ),
    );
    const bad = await guest(['associate', 'ada', '--provider', 'edugain', '--subject', 'other', ...said]);
    expect(bad).toMatchObject({ code: 1, stderr: expect.stringContaining('release it first') as string });
    const kept = await eventually('three associations and an account are listed', async () => {
      const all = await histories();
      const of = (word: string) => all.filter((json) => json.includes(word)).length;
      return of('associateGuest') >= 3 && of('guestChanged') >= 1 && all.join('');
    });
    expect(kept).not.toContain(SECRET);
    expect((await guest(['release', guestId, ...said])).stdout).toBe(`guest ${guestId}: released\n`);
    await eventually(
      'the target has it no more',
      async () => (await deployment.entry(`guest-${guestId}`)) === null,
    );
    await eventually('it is forgotten', async () => (await deployment.registry.guests('1')).length === 0);
  });

  it.each([
    ['nothing', [], '', 'Give the identity in one way'],
    ['two ways', ['--identity', '-', '--provider', 'edugain'], identity, 'Give the identity in one way'],
    ['no JSON', ['--identity', '-'], `{${SECRET}`, 'is no JSON'],
    ['no subject', ['--provider', 'edugain'], '', 'subject is missing'],
    ['no file', ['--file', '/nowhere/at/all'], '', 'cannot be read'],
  ])('says what is wrong, and repeats nothing of it: %s', async (_name, args, input, words) => {
    const { code, stderr } = await guest(['associate', 'ada', ...args, ...said], input);
    expect(code).toBe(1);
    expect(stderr).toContain(words);
    expect(stderr).not.toContain(SECRET);
  });
});
