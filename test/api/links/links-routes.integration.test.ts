import { afterEach, beforeAll, afterAll, describe, expect, it } from 'vitest';
import { request } from 'undici';
import { createLinks, type PassOn } from '../../../src/links/answer-link.ts';
import { createLinkTokens } from '../../../src/links/link-token.ts';
import { linksRoutes } from '../../../src/api/links/links-routes.ts';
import type { Reassignment } from '../../../src/contracts/reassignment.ts';
import { type ApiWorld, startApiWorld } from '../../support/api.ts';
import { personRowOf } from '../../support/registry.ts';

const PATH = '/links/reassignments';
const TOKENS = createLinkTokens({ publicUrl: 'http://127.0.0.1', key: 'k'.repeat(32) });
const OPEN: Reassignment = {
  ...{ requestId: 'r-1', accountId: 'a-1', newOwner: '2', owner: '1', actor: 'ada', reason: 'tests' },
  ...{ status: 'open', askedAt: 0, lapsesAt: Date.UTC(2027, 2, 31, 10) },
  ...{ decidedAt: null, decidedBy: null, decidedWhy: null, doneAt: null },
};

describe('the page behind a link', () => {
  let world: ApiWorld;
  let row: Reassignment = OPEN;
  let familyName = 'Rossi';
  let language: string | null = null;
  const passed: Parameters<PassOn>[0][] = [];
  const links = createLinks({
    registry: {
      reassignment: async (requestId) => (requestId === row.requestId ? row : null),
      account: async () => null,
      person: async (personId) => personRowOf({ personId, number: 1, familyName, language }),
    },
    tokens: TOKENS,
    passOn: async (said) => {
      passed.push(said);
      row = { ...row, status: said.verdict, decidedAt: 1, decidedBy: said.by };
      return { message: 'taken' };
    },
  });

  beforeAll(async () => {
    world = await startApiWorld({
      prepare: (app) => {
        void app.register(linksRoutes({ links, defaultLanguage: 'en', timeZone: 'Europe/Zurich' }), {
          prefix: PATH,
        });
      },
    });
  });
  afterAll(() => world.stop());
  afterEach(() => {
    row = OPEN;
    familyName = 'Rossi';
    language = null;
    passed.length = 0;
  });

  const token = (requestId = 'r-1') => new URL(TOKENS.address(requestId)).pathname.split('/').at(-1) ?? '';
  const call = async (method: 'GET' | 'POST' | 'HEAD', path: string, body?: string) => {
    const answer = await request(`${world.url}${PATH}/${path}`, {
      method,
      ...(body !== undefined && { body, headers: { 'content-type': 'application/x-www-form-urlencoded' } }),
    });
    return { status: answer.statusCode, headers: answer.headers, text: await answer.body.text() };
  };

  it('shows what is asked, with two buttons, to whoever has the link, and changes nothing', async () => {
    for (const method of ['GET', 'HEAD', 'GET'] as const) {
      expect((await call(method, `r-1/${token()}`)).status).toBe(200);
    }
    const { text } = await call('GET', `r-1/${token()}`);
    expect(text).toContain('Do you agree?');
    expect(text).toContain('31 March 2027 at 12:00');
    expect(text.match(/<button/g)).toHaveLength(2);
    expect(passed).toEqual([]);
  });

  it('runs no script, is kept by nobody, and tells nobody where it was', async () => {
    const { headers, text } = await call('GET', `r-1/${token()}`);
    expect(headers).toMatchObject({
      'cache-control': 'no-store',
      'referrer-policy': 'no-referrer',
      'content-type': 'text/html; charset=utf-8',
    });
    expect(headers['content-security-policy']).toMatch(
      /^default-src 'none'; form-action 'self'; frame-ancestors 'none'/,
    );
    expect(text).not.toMatch(/<script|onclick|javascript:/i);
    expect(text).not.toContain(token());
    expect(world.log.join('\n')).not.toContain(token());
  });

  it.each(['approved', 'rejected'] as const)(
    'takes one answer, %s, in the name of the proposed owner',
    async (answer) => {
      const first = await call('POST', `r-1/${token()}`, `answer=${answer}`);
      expect(first.status).toBe(200);
      expect(passed).toEqual([{ accountId: 'a-1', requestId: 'r-1', verdict: answer, by: '2' }]);
      const second = await call('POST', `r-1/${token()}`, 'answer=approved');
      expect(second.status).toBe(409);
      expect(passed).toHaveLength(1);
      expect((await call('GET', `r-1/${token()}`)).text).not.toContain('<button');
    },
  );

  it.each([
    ['another request’s token', () => `r-1/${token('r-2')}`],
    ['no such request', () => `r-2/${token('r-2')}`],
    ['a token cut short', () => `r-1/${token().slice(0, -1)}`],
    ['something long', () => `r-1/${'A'.repeat(2_000)}`],
  ])('says the same to %s, and answers nothing', async (_, path) => {
    for (const method of ['GET', 'POST'] as const) {
      const { status, text } = await call(method, path(), method === 'POST' ? 'answer=approved' : undefined);
      expect([status, text.includes('This link is not valid')]).toEqual([404, true]);
    }
    expect(passed).toEqual([]);
  });

  it.each(['', 'answer=', 'answer=maybe', 'answer=approved&answer=rejected%00', 'x=1'])(
    'asks again after an answer that is none: %j',
    async (body) => {
      const { status, text } = await call('POST', `r-1/${token()}`, body);
      expect([status, text.includes('Do you agree?')]).toEqual([200, true]);
      expect(passed).toEqual([]);
    },
  );

  it('takes names as text, whatever they are', async () => {
    familyName = `<script>alert(1)</script>"'&\u0000\u202e`;
    const { text } = await call('GET', `r-1/${token()}`);
    expect(text).toContain('&lt;script&gt;alert(1)&lt;/script&gt;&quot;&#39;&amp;');
    expect(text).not.toContain('<script');
  });

  it('is in the language of who was asked', async () => {
    language = 'fr';
    expect((await call('GET', `r-1/${token()}`)).text).toContain('Êtes-vous d’accord');
  });

  it('is called too often by nobody', async () => {
    const statuses = new Set<number>();
    for (let count = 0; count < 40; count += 1) statuses.add((await call('GET', `r-9/${token()}`)).status);
    expect(statuses).toContain(429);
  });
});
