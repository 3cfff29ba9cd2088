import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { request } from 'undici';
import { proposalRoutes } from '../../../src/api/links/proposal-routes.ts';
import { linksRoutes } from '../../../src/api/links/links-routes.ts';
import type { AccountState } from '../../../src/contracts/account.ts';
import type { ReassignmentAsk } from '../../../src/contracts/reassignment.ts';
import type { CalendarDate } from '../../../src/contracts/time.ts';
import { createLinks } from '../../../src/links/answer-link.ts';
import { createLinkTokens } from '../../../src/links/link-token.ts';
import { createProposals, type AskOn } from '../../../src/links/propose-owner.ts';
import { createProposalTokens } from '../../../src/links/proposal-token.ts';
import { type ApiWorld, contractOf, startApiWorld, tellPerson } from '../../support/api.ts';
import { newAccountOf, observationOf } from '../../support/registry.ts';

const PATH = '/links/proposals';
const ANSWERS = '/links/reassignments';
const WAY = { publicUrl: 'http://127.0.0.1', key: 'k'.repeat(32) };
const TOKENS = createProposalTokens(WAY);
const ANSWER_TOKENS = createLinkTokens(WAY);
const SINCE = Date.UTC(2026, 0, 1);
const LAPSES = Date.UTC(2027, 2, 31, 10);

describe('the page on which an owner proposes the next one', () => {
  let world: ApiWorld;
  let today: CalendarDate = '2027-03-15';
  let answer: Awaited<ReturnType<AskOn>> = { lapsesAt: LAPSES };
  let callers = 0;
  let nextId = 100;
  const asked: ReassignmentAsk[] = [];

  beforeAll(async () => {
    world = await startApiWorld({
      settings: { trustProxy: true },
      prepare: (app) => {
        // The pages are asked for after it listens, and then there is a registry.
        const registry = new Proxy({} as ApiWorld['registry'], {
          get: (_, name) => Reflect.get(world.registry, name) as unknown,
        });
        const site = { defaultLanguage: 'en', timeZone: 'Europe/Zurich' };
        const proposals = createProposals({
          ...{ registry, tokens: TOKENS, today: () => today },
          askOn: async (ask) => {
            asked.push(ask);
            return answer;
          },
        });
        const links = createLinks({
          ...{ registry, tokens: ANSWER_TOKENS },
          passOn: () => Promise.reject(new Error('nobody answers here')),
        });
        void app.register(proposalRoutes({ proposals, ...site }), { prefix: PATH });
        void app.register(linksRoutes({ links, ...site }), { prefix: ANSWERS });
      },
    });
  });
  afterAll(() => world.stop());
  beforeEach(() => {
    today = '2027-03-15';
    answer = { lapsesAt: LAPSES };
    asked.length = 0;
  });

  /** An owner whose contract ends, with a primary and a service account. */
  async function owned(
    over: {
      readonly to?: string | null;
      readonly language?: string;
      readonly primary?: Partial<AccountState>;
    } = {},
  ) {
    nextId += 1;
    const owner = String(nextId);
    const ties = [contractOf('2020-01-01', over.to === undefined ? '2027-03-31' : over.to)];
    await tellPerson(world.registry, owner, ties, { language: over.language ?? null });
    const observation = observationOf({ personId: owner, number: 1, ties });
    await world.registry.createAccount(
      newAccountOf({ accountId: `p-${owner}`, personId: owner, state: { observation, ...over.primary } }),
    );
    const accountId = `s-${owner}`;
    const login = `bot${owner}`;
    const account = { accountId, login, personId: owner, kind: 'service' as const, at: SINCE };
    await world.registry.createAccount(newAccountOf({ ...account, state: { kind: 'service' } }));
    return { owner, accountId, login, path: pathOf({ accountId, owner, since: SINCE }) };
  }

  function pathOf(ownership: Parameters<typeof TOKENS.address>[0]): string {
    return new URL(TOKENS.address(ownership)).pathname;
  }

  const call = async (method: 'GET' | 'POST' | 'HEAD', path: string, body?: string) => {
    callers += 1;
    const reply = await request(`${world.url}${path}`, {
      method,
      headers: {
        'x-forwarded-for': `10.0.${String(callers >> 8)}.${String(callers & 255)}`,
        ...(body !== undefined && { 'content-type': 'application/x-www-form-urlencoded' }),
      },
      ...(body !== undefined && { body }),
    });
    return { status: reply.statusCode, headers: reply.headers, text: await reply.body.text() };
  };

  it('shows the account and a form, and changes nothing, however often it is opened', async () => {
    const { path, login } = await owned();
    for (const method of ['GET', 'HEAD', 'GET'] as const) expect((await call(method, path)).status).toBe(200);
    const { text } = await call('GET', path);
    expect(text).toContain(`You own the service account ${login}.`);
    expect(text).toContain('name="newOwner"');
    expect(asked).toEqual([]);
  });

  it('runs no script, is kept by nobody, and tells nobody where it was', async () => {
    const { path, owner } = await owned();
    const { headers, text } = await call('GET', path);
    expect(headers).toMatchObject({
      'cache-control': 'no-store',
      'referrer-policy': 'no-referrer',
      'x-robots-tag': 'noindex',
      'content-type': 'text/html; charset=utf-8',
    });
    expect(headers['content-security-policy']).toMatch(
      /^default-src 'none'; form-action 'self'; frame-ancestors 'none'/,
    );
    const token = path.split('/').at(-1) ?? '-';
    expect(text).not.toMatch(/<script|onclick|javascript:|action=/i);
    expect(text).not.toContain(token);
    expect(world.log.join('\n')).not.toContain(token);
    expect(path.replace(token, '').replaceAll(`s-${owner}`, '')).toBe('/links/proposals//');
  });

  it('asks in the name of the owner, and only as long as they own the account', async () => {
    const { path, accountId, owner, login } = await owned();
    const { status, text } = await call('POST', path, 'newOwner=+900456+');
    expect(status).toBe(200);
    expect(text).toContain(`Person 900456 has been asked to own the service account ${login}`);
    expect(text).toContain('31 March 2027 at 12:00');
    expect(asked).toEqual([
      {
        ...{ accountId, newOwner: '900456', actor: owner, onlyOf: owner },
        ...{ reason: 'by the link in the notice', requestId: expect.stringMatching(/^[\w-]{36}$/) as string },
      },
    ]);
  });

  it.each([
    ['en', 'NEW_OWNER_LEAVING', 'Nobody was asked: the rule &lt;in&gt; words.'],
    ['fr', 'NEW_OWNER_LEAVING', 'son dernier jour est dans les 60 jours'],
    ['fr', 'A_NEW_RULE', 'the rule &lt;in&gt; words'],
  ])('tells a refusal in words, and lets it be tried again: %s, %s', async (language, code, words) => {
    const { path } = await owned({ language });
    answer = { refused: { code, why: 'the rule <in> words' } };
    const { status, text } = await call('POST', path, 'newOwner=900456');
    expect([status, text.includes(words), text.includes('<form')]).toEqual([409, true, true]);
  });

  it.each([
    '',
    'newOwner=',
    'newOwner=%20',
    'newOwner=a%2Fb',
    'newOwner=..%00',
    `newOwner=${'1'.repeat(65)}`,
    'x=1',
  ])('asks nobody by what is no person id: %j', async (body) => {
    const { path } = await owned();
    const { status, text } = await call('POST', path, body);
    expect([status, text.includes('that is no person id')]).toEqual([409, true]);
    expect(asked).toEqual([]);
  });

  it('says who is asked already, and has no form meanwhile; afterwards it works again', async () => {
    const { path, accountId, owner } = await owned();
    const ask = { accountId, requestId: `r-${owner}`, newOwner: '77', actor: owner, reason: 'tests' };
    await world.registry.openReassignment({ ask, at: SINCE, lapsesAt: LAPSES, judge: () => null });
    const open = await call('GET', path);
    expect(open.text).toContain('Person 77 has been asked');
    expect(open.text).not.toContain('<form');
    answer = { refused: { code: 'ALREADY_OPEN', why: 'another request for this account is open' } };
    const refused = await call('POST', path, 'newOwner=78');
    expect([
      refused.status,
      refused.text.includes('another request'),
      refused.text.includes('<form'),
    ]).toEqual([409, true, false]);
    const settle = (verdict: 'approved' | 'lapsed') =>
      world.registry.decideReassignment({
        ...{ requestId: `r-${owner}`, at: SINCE, judge: () => null },
        decision: { verdict, by: 'x', why: 'tests' },
      });
    await settle('lapsed');
    expect((await call('GET', path)).text).toContain('<form');
    const again = { ...ask, requestId: `r2-${owner}` };
    await world.registry.openReassignment({ ask: again, at: SINCE, lapsesAt: LAPSES, judge: () => null });
    const decision = { verdict: 'approved', by: '77', why: 'tests' } as const;
    await world.registry.decideReassignment({
      ...{ requestId: again.requestId, decision, at: SINCE, judge: () => null },
    });
    expect((await call('GET', path)).text).toContain('Person 77 has agreed');
  });

  const nothing = async (path: string) => {
    for (const method of ['GET', 'POST'] as const) {
      const { status, text } = await call(method, path, method === 'POST' ? 'newOwner=2' : undefined);
      expect([status, text.includes('This link is not valid')]).toEqual([404, true]);
      expect(text).not.toMatch(/bot\d/);
    }
    expect(asked).toEqual([]);
  };

  it('is nothing for another account, another owner, another time, another purpose', async () => {
    const [one, two] = [await owned(), await owned()];
    const token = one.path.split('/').at(-1) ?? '';
    await nothing(`${PATH}/${two.accountId}/${token}`);
    await nothing(pathOf({ accountId: two.accountId, owner: one.owner, since: SINCE }));
    await nothing(pathOf({ accountId: one.accountId, owner: one.owner, since: SINCE + 1 }));
    await nothing(pathOf({ accountId: `p-${one.owner}`, owner: one.owner, since: SINCE }));
    await nothing(pathOf({ accountId: 'never-made', owner: one.owner, since: SINCE }));
    await nothing(`${PATH}/${one.accountId}/${token.slice(0, -1)}`);
    await nothing(`${PATH}/${one.accountId}/${'A'.repeat(2_000)}`);
    const answering = new URL(ANSWER_TOKENS.address(one.accountId)).pathname.split('/').at(-1) ?? '';
    await nothing(`${PATH}/${one.accountId}/${answering}`);
    expect((await call('POST', `${ANSWERS}/${one.accountId}/${token}`, 'answer=approved')).status).toBe(404);
  });

  it('lapses when its owner has left, and not on the last day', async () => {
    const { path } = await owned();
    today = '2027-03-31';
    expect((await call('GET', path)).status).toBe(200);
    today = '2027-04-01';
    await nothing(path);
  });

  it('holds for whom an admin gave a later date, until that is over', async () => {
    const { path } = await owned({
      primary: { adminDate: { until: '2027-04-30', actor: 'admin-7', at: SINCE, reminded: false } },
    });
    today = '2027-04-30';
    expect((await call('GET', path)).status).toBe(200);
    today = '2027-05-01';
    await nothing(path);
  });

  it('is nothing for whom an admin has disabled', async () => {
    const disabledManually = { actor: 'admin-7', at: SINCE };
    const holds = { ignored: null, disabledManually, excluded: null };
    await nothing((await owned({ primary: { holds } })).path);
  });

  it('a second click asks nobody a second time, and is no refusal', async () => {
    const { path, accountId, owner } = await owned();
    const ask = { accountId, requestId: `r-${owner}`, newOwner: '77', actor: owner, reason: 'tests' };
    await world.registry.openReassignment({ ask, at: SINCE, lapsesAt: LAPSES, judge: () => null });
    const { status, text } = await call('POST', path, 'newOwner=77');
    expect([status, text.includes('Person 77 has been asked')]).toEqual([200, true]);
    expect(asked).toEqual([]);
  });

  it('holds no more in grace, whatever HR says', async () => {
    await nothing((await owned({ to: null, primary: { stage: 'grace' } })).path);
  });

  it('lapses when the account has another owner, also if it comes back', async () => {
    const { path, accountId, owner } = await owned();
    const other = await owned();
    const transfer = (from: string, to: string, at: number) =>
      world.registry.transferOwnership({ accountId, from, to, at, reason: 'tests' });
    await transfer(owner, other.owner, SINCE + 1_000);
    await nothing(path);
    await transfer(other.owner, owner, SINCE + 2_000);
    await nothing(path);
    const anew = pathOf({ accountId, owner, since: SINCE + 2_000 });
    expect((await call('GET', anew)).status).toBe(200);
  });

  it('is called too often by nobody', async () => {
    const { path } = await owned();
    const statuses = new Set<number>();
    for (let count = 0; count < 40; count += 1) {
      statuses.add((await request(`${world.url}${path}`, { method: 'GET' })).statusCode);
    }
    expect(statuses).toEqual(new Set([200, 429]));
  });
});
