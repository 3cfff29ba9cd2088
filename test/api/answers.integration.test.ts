import { once } from 'node:events';
import { connect } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { LifecycleError } from '../../src/errors.ts';
import type { Registry } from '../../src/registry/registry.ts';
import { addAccount, startApiWorld, tellPerson, type ApiWorld } from '../support/api.ts';

const SECRET = 'rossi-the-secret';

/** What the registry does when it is asked of one login. */
const trouble = new Map<string, () => Promise<never>>();

let world: ApiWorld;
beforeAll(async () => {
  const through = (registry: Registry): Registry => ({
    ...registry,
    identityByLogin: (input) => trouble.get(input.login)?.() ?? registry.identityByLogin(input),
  });
  world = await startApiWorld({ through });
  await tellPerson(world.registry, '1', [], { familyName: SECRET, email: `${SECRET}@cern.example` });
  await addAccount(world.registry, { login: SECRET, personId: '1' });
});
afterAll(() => world.stop());

const path = (upn: string) => `/api/v1.0/Identity/${upn}`;

/** What is sent as it stands, and everything that comes back. */
async function raw(text: string): Promise<string> {
  const { port } = new URL(world.url);
  const socket = connect(Number(port), '127.0.0.1');
  socket.setEncoding('utf8');
  let answer = '';
  socket.on('data', (chunk: string) => {
    answer += chunk;
  });
  const over = once(socket, 'close');
  socket.write(text);
  await over;
  return answer;
}

describe('an error', () => {
  it.each([
    ['an unknown route', '/api/v1.0/Nothing', 404],
    ['an unknown login', path('nobody'), 404],
    ['a login that cannot be decoded', path('%E0%A4%A'), 400],
    ['a login of too many letters', path('x'.repeat(1001)), 400],
    ['a login beyond all measure', path('x'.repeat(5000)), 414],
    ['a wrong query', '/api/v1.0/Identity?limit=x', 400],
  ])('is problem details: %s', async (_name, url, status) => {
    const answer = await world.get(url);
    expect([answer.status, answer.body]).toMatchObject([status, { status }]);
    expect(answer.headers['content-type']).toBe('application/problem+json; charset=utf-8');
    expect(Object.keys(answer.body as object).filter((key) => !PROBLEM_KEYS.has(key))).toEqual([]);
  });
  const PROBLEM_KEYS = new Set(['type', 'title', 'status', 'detail', 'errors']);

  it.each([
    ['a method that is not there', `POST ${path('x')} HTTP/1.1\r\nHost: x\r\nContent-Length: 0\r\n`, '401'],
    ['no HTTP at all', 'what is this\r\n', '400'],
    ['too long a header', `GET / HTTP/1.1\r\nHost: x\r\nX-Long: ${'x'.repeat(20_000)}\r\n`, '431'],
    ['a broken address', 'GET /%%% HTTP/1.1\r\nHost: x\r\n', '400'],
  ])('is problem details: %s', async (_name, request, status) => {
    const answer = await raw(`${request}Connection: close\r\n\r\n`);
    const [head = '', body = ''] = answer.split('\r\n\r\n');
    expect(head.split(' ')[1]).toBe(status);
    expect(head.toLowerCase()).toContain('content-type: application/problem+json');
    expect(JSON.parse(body)).toMatchObject({ status: Number(status) });
  });

  it('of ours says nothing of what went wrong, and the log says it', async () => {
    trouble.set('broken', () => Promise.reject(new Error(`${SECRET} at line 7`)));
    const answer = await world.get(path('broken'));
    expect(answer).toMatchObject({ status: 500, body: { status: 500, title: 'Internal Server Error' } });
    expect(answer.text).not.toMatch(/rossi|line|\.ts/);
    expect(world.log.some((line) => line.includes('at line 7'))).toBe(true);
  });

  it('of the registry is 503 with a time to come back', async () => {
    trouble.set('away', () =>
      Promise.reject(new LifecycleError({ code: 'REGISTRY_UNREACHABLE', message: SECRET, retryable: true })),
    );
    const { status, headers, text } = await world.get(path('away'));
    expect([status, headers['retry-after']]).toEqual([503, '5']);
    expect(text).not.toContain(SECRET);
  });

  it('does not repeat what was sent', async () => {
    for (const url of [
      path(`${SECRET}x`),
      `/api/v1.0/Identity?filter=${SECRET}`,
      `/${SECRET}`,
      `/api/v1.0/Identity?${SECRET}=1&field=${SECRET}`,
    ]) {
      const { status, text } = await world.get(url);
      expect(status).toBeGreaterThanOrEqual(400);
      expect(text).not.toContain(SECRET);
    }
  });
});

describe('the log', () => {
  it('names route, client and outcome of a request, and no login, name, address or token', async () => {
    const from = world.log.length;
    const token = await world.issuer.token();
    const authorization = `Bearer ${token}`;
    expect((await world.get(path(SECRET), { authorization })).text).toContain(SECRET);
    await world.get(`/api/v1.0/Identity?filter=upn:${SECRET}`, { authorization });
    await world.get(`/nowhere/${SECRET}?token=${token}`, { authorization });
    const lines = world.log.slice(from).map((line) => JSON.parse(line) as Record<string, unknown>);
    expect(lines).toMatchObject([
      { msg: 'request', method: 'GET', route: '/api/v1.0/Identity/:upn', status: 200, client: 'some-client' },
      { route: '/api/v1.0/Identity', status: 200 },
      { route: null, status: 404 },
    ]);
    expect(JSON.stringify(lines)).not.toContain(SECRET);
    expect(JSON.stringify(lines)).not.toContain(token.slice(-40));
  });
});

describe('an answer', () => {
  it('carries the headers that keep a browser from doing anything with it', async () => {
    const { headers } = await world.get(path(SECRET));
    expect(headers).toMatchObject({
      'x-content-type-options': 'nosniff',
      'content-security-policy': expect.stringContaining("default-src 'none'") as string,
    });
    expect(headers).not.toHaveProperty('access-control-allow-origin');
    expect(headers).not.toHaveProperty('x-powered-by');
  });

  it('that is under way when the API closes is given', async () => {
    let answer: () => void = () => undefined;
    const gate = new Promise<void>((resolve) => {
      answer = resolve;
    });
    let arrived: () => void = () => undefined;
    const isThere = new Promise<void>((resolve) => {
      arrived = resolve;
    });
    const slow = await startApiWorld({
      through: (registry) => ({
        ...registry,
        identityByLogin: async (input) => {
          arrived();
          await gate;
          return registry.identityByLogin(input);
        },
      }),
    });
    await addAccount(slow.registry, { login: 'ada', personId: '1' });
    const asked = slow.get(path('ada'));
    await isThere;
    const closed = slow.app.close();
    answer();
    expect((await asked).status).toBe(200);
    await closed;
    await expect(slow.get(path('ada'))).rejects.toThrow();
    await slow.stop();
  });
});
