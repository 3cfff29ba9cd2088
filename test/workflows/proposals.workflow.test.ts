import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { request } from 'undici';
import { proposalRoutes } from '../../src/api/links/proposal-routes.ts';
import { loadConfig } from '../../src/config.ts';
import { DAY_MS } from '../../src/contracts/time.ts';
import { freePort } from '../../src/dev/free-port.ts';
import { createProposalTokens, PROPOSALS_PATH } from '../../src/links/proposal-token.ts';
import { createLogger } from '../../src/logger.ts';
import { openLinks, type OpenedLinks } from '../../src/worker/open-links.ts';
import type { AccountRow } from '../../src/registry/registry.ts';
import { historyText } from '../support/history-text.ts';
import { type ApiWorld, startApiWorld } from '../support/api.ts';
import { personOfHr, startTestDeployment, type TestDeployment } from '../support/deployment.ts';
import { clockFrom, eventually, within } from '../support/lives.ts';
import { at, LAST_DAY } from '../support/policy-builders.ts';
import { describeOnTemporal } from '../support/temporal.ts';

/** The notice 60 days before the last day is due, wherever in its hour it falls. */
const START = at('2027-01-30 09:30');
const LONG_AGO = START - 400 * DAY_MS;
const KEY = 'k'.repeat(32);
const PUBLIC = 'https://accounts.example.org';
const TOKENS = createProposalTokens({ publicUrl: PUBLIC, key: KEY });
const LINK = /https:\/\/accounts\.example\.org(\/links\/proposals\/[^/\s]+\/([\w-]+))/;

function configOf(address: string, namespace: string, prefix: string) {
  const lines = [
    "fallbackOwner: '900001'",
    'admins: [admins@example.org]',
    'serviceDesk: service-desk@example.org',
    `temporal: { address: '${address}', namespace: '${namespace}', taskQueuePrefix: '${prefix}' }`,
    'hr: { url: http://127.0.0.1:9 }',
    'mail: { host: 127.0.0.1, from: accounts@example.org }',
    'logins: { mailDomain: example.org }',
    `links: { publicUrl: '${PUBLIC}', keyEnv: LINKS_KEY }`,
  ];
  return loadConfig({ text: lines.join('\n'), fileName: 'lifecycle.yaml', env: { LINKS_KEY: KEY } });
}

describeOnTemporal('an owner who leaves proposes the next one by the link in the notice', (server) => {
  let deployment: TestDeployment;
  let nextId = 0;
  const worlds: ApiWorld[] = [];
  const opened: OpenedLinks[] = [];
  const logged: string[] = [];
  let url = '';

  /** The pages, over HTTP, with the connection to Temporal that they have in production. */
  async function serve(address: string): Promise<string> {
    const links = openLinks({
      config: configOf(address, server.namespace, deployment.prefix),
      env: {},
      registry: deployment.registry,
      clock: deployment.clock,
      timeZone: 'Europe/Zurich',
      log: createLogger({ level: 'trace', destination: { write: (line) => void logged.push(line) } }),
    });
    if (links === null) throw new Error('there are no links');
    opened.push(links);
    const site = { proposals: links.proposals, defaultLanguage: 'en', timeZone: 'Europe/Zurich' };
    const world = await startApiWorld({
      prepare: (app) => void app.register(proposalRoutes(site), { prefix: PROPOSALS_PATH }),
    });
    worlds.push(world);
    return world.url;
  }

  beforeAll(async () => {
    deployment = await startTestDeployment(server, {
      clock: clockFrom(START, 0.001),
      settings: { links: { reassignment: () => `${PUBLIC}/never`, proposal: TOKENS.address.bind(TOKENS) } },
    });
    url = await serve(server.address);
  });
  afterAll(async () => {
    for (const world of worlds) await world.stop();
    for (const links of opened) await links.close();
    await deployment.stop();
  });

  async function member(over: Parameters<typeof personOfHr>[1] = {}) {
    nextId += 1;
    const personId = String(nextId);
    await deployment.seedPerson(personOfHr(nextId, over), LONG_AGO);
    const account = await deployment.seedAccount({ personId, at: LONG_AGO, login: `p${personId}` });
    return { personId, account, mail: `person-${personId}@example.org` };
  }

  /** Somebody who leaves in 60 days, and a service account of theirs. */
  async function leaver() {
    const owner = await member({ to: LAST_DAY });
    const login = `bot${owner.personId}`;
    const robot = await deployment.seedAccount({
      ...{ personId: owner.personId, at: LONG_AGO, kind: 'service', login },
    });
    await deployment.startAccount(robot.accountId);
    const address = TOKENS.address({
      ...{ accountId: robot.accountId, owner: owner.personId, since: LONG_AGO },
    });
    return { owner, robot, path: new URL(address).pathname };
  }

  const post = async (path: string, newOwner: string, base = url) => {
    const reply = await request(`${base}${path}`, {
      method: 'POST',
      headers: { 'content-type': 'application/x-www-form-urlencoded' },
      body: new URLSearchParams({ newOwner }).toString(),
    });
    return { status: reply.statusCode, text: await reply.body.text() };
  };
  const get = async (path: string) => (await request(`${url}${path}`)).statusCode;
  const requestsFor = (robot: AccountRow) => deployment.registry.reassignments(robot.accountId);
  const untilMail = (to: string, words: string) =>
    eventually(`a mail to ${to} that says ${words}`, () =>
      deployment.sink.mails.find((mail) => mail.to.includes(to) && mail.text.includes(words)),
    );

  it('who agrees has the account, and the link is over; its token stands in no history and no row', async () => {
    const [{ owner, robot }, other] = [await leaver(), await member()];
    await deployment.startAccount(owner.account.accountId);
    const { text } = await untilMail(owner.mail, robot.login);
    const [, path = '', token = ''] = LINK.exec(text) ?? [];
    // Scanners of mail open links.
    expect([await get(path), await get(path)]).toEqual([200, 200]);
    expect(await requestsFor(robot)).toEqual([]);

    expect(await post(path, other.personId)).toMatchObject({ status: 200 });
    expect(await requestsFor(robot)).toMatchObject([
      { status: 'open', owner: owner.personId, newOwner: other.personId, actor: owner.personId },
    ]);
    const trail = await deployment.registry.auditTrail({ accountId: robot.accountId });
    expect(trail).toContainEqual(
      expect.objectContaining({
        ...{ what: 're-assignment asked', actor: owner.personId, reason: 'by the link in the notice' },
      }),
    );
    await untilMail(other.mail, 'Nothing happens unless you agree');

    const { accountId } = robot;
    const [row] = await requestsFor(robot);
    const word = { requestId: row?.requestId ?? '', by: other.personId, reason: 'tests' };
    await deployment.deps.reassignments.say({ accountId, verdict: 'approved', word });
    await eventually('the account has its new owner', async () => {
      const now = await deployment.registry.account(accountId);
      return now?.state.personId === other.personId && now.personId === other.personId;
    });
    expect([await get(path), (await post(path, owner.personId)).status]).toEqual([404, 404]);
    const ended = deployment.client.workflow.getHandle(`reassignment/${accountId}`);
    await within('the end of the request', ended.result());
    const histories = await Promise.all(
      [`reassignment/${accountId}`, `account/${accountId}`, `account/${owner.account.accountId}`].map((id) =>
        deployment.client.workflow.getHandle(id).fetchHistory(),
      ),
    );
    const rows = [
      await deployment.registry.notices(owner.personId),
      await deployment.registry.auditTrail({ accountId }),
      await requestsFor(robot),
    ];
    for (const kept of [...histories, ...rows]) {
      expect(historyText(kept)).not.toContain(token);
    }
  });

  it('every rule is told in words, nothing is opened, and after a refusal it can be tried again', async () => {
    const { owner, robot, path } = await leaver();
    const leaving = await member({ to: LAST_DAY });
    const other = await member();
    for (const [newOwner, words] of [
      [owner.personId, 'this person is the owner already'],
      [leaving.personId, 'their last day is within 60 days'],
      ['999', 'only a person whom HR knows'],
    ] as const) {
      const { status, text } = await post(path, newOwner);
      expect([status, text.includes(words), text.includes('<form')]).toEqual([409, true, true]);
    }
    expect(await requestsFor(robot)).toEqual([]);
    expect((await post(path, other.personId)).status).toBe(200);
    // Sent twice, it says again who is asked.
    const again = await post(path, other.personId);
    expect(again.status).toBe(200);
    expect(again.text).toContain(`Person ${other.personId} has been asked`);
    expect(await requestsFor(robot)).toHaveLength(1);
  });

  it('two at once ask one', async () => {
    const { robot, path } = await leaver();
    const others = [await member(), await member()];
    const replies = await Promise.all(others.map(({ personId }) => post(path, personId)));
    expect(replies.map(({ status }) => status).sort()).toEqual([200, 409]);
    expect(await requestsFor(robot)).toHaveLength(1);
  });

  it('a request that arrives late, when somebody else owns the account, is not opened', async () => {
    const [{ robot }, other] = [await leaver(), await member()];
    const { accountId } = robot;
    const ask = { requestId: randomUUID(), accountId, newOwner: other.personId, reason: 'tests' };
    const late = { ...ask, actor: other.personId, onlyOf: other.personId };
    const answer = await deployment.deps.reassignments.ask({ ask: late, clock: deployment.clock });
    expect(answer).toMatchObject({ outcome: 'refused', code: 'OWNER_CHANGED' });
    expect(await requestsFor(robot)).toEqual([]);
  });

  it('while Temporal is away the page is there, and says to try again later', async () => {
    const { robot, path } = await leaver();
    const base = await serve(`127.0.0.1:${String(await freePort())}`);
    expect((await request(`${base}${path}`)).statusCode).toBe(200);
    const { status, text } = await post(path, '1', base);
    expect([status, text.includes('please try again later')]).toEqual([409, true]);
    expect(await requestsFor(robot)).toEqual([]);
    const lines = logged.join('\n');
    expect(lines).toContain('a request by link is not passed on');
    expect(lines).not.toContain(path.split('/').at(-1));
  });
});
