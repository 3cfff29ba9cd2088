import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { guestAnswer } from '../../src/api/guests/schemas.ts';
import { LifecycleError } from '../../src/errors.ts';
import { parseGuestKey } from '../../src/policy/guest-identity.ts';
import type { Registry } from '../../src/registry/registry.ts';
import { addAccount, startApiWorld, type ApiWorld } from '../support/api.ts';
import { NEW_YEAR } from '../support/registry.ts';

const PATH = '/api/v1.0/GuestIdentity';
const SECRET = 'ada-the-secret';

let world: ApiWorld;
let isAway = false;
beforeAll(async () => {
  const away = new LifecycleError({ code: 'REGISTRY_UNREACHABLE', message: SECRET, retryable: true });
  const through = (registry: Registry): Registry => ({
    ...registry,
    guestOf: (key) => (isAway ? Promise.reject(away) : registry.guestOf(key)),
  });
  world = await startApiWorld({ through });
});
afterAll(() => world.stop());

const query = (provider: string, subject: string) =>
  `${PATH}?${new URLSearchParams({ provider, subject }).toString()}`;
const ask = (provider: string, subject: string) => world.get(query(provider, subject));

let counter = 0;
/** A former account with a guest account for this identity, if the registry takes it. */
async function associate(provider: string, subject: string) {
  counter += 1;
  const [personId, login] = [`g${String(counter)}`, `former${String(counter)}`];
  await addAccount(world.registry, { login, personId });
  const key = parseGuestKey({ provider, subject });
  if (!key.ok) return null;
  const outcome = await world.registry.associateGuest<string>({
    ...{ guestId: `guest-${personId}`, requestId: `r-${personId}`, accountId: `id-${login}` },
    ...{ identity: { ...key.value, email: null }, actor: 'admin-7', reason: 'test', at: NEW_YEAR },
    judge: ({ isOfAnother, own }) => (isOfAnother || own.length > 0 ? 'no' : null),
  });
  return outcome.outcome === 'associated' ? { personId, login, guestId: outcome.guest.guestId } : null;
}
async function made(provider: string, subject: string) {
  const guest = await associate(provider, subject);
  if (guest === null) throw new Error('it can be associated');
  return guest;
}

describe('GET /api/v1.0/GuestIdentity', () => {
  it('answers person id and former login while the guest account is open, and is not to be kept', async () => {
    const { personId, login, guestId } = await made('edugain', 'a1b2@idp.example');
    const answer = await ask('edugain', 'a1b2@idp.example');
    expect([answer.status, answer.headers['cache-control']]).toEqual([200, 'no-store']);
    expect(guestAnswer.parse(answer.body)).toEqual({ data: { id: guestId, personId, formerLogin: login } });
  });

  it('answers nothing of one that is shut, released, unknown or another provider’s, and nothing that tells them apart', async () => {
    const shut = await made('edugain', 'shut');
    const released = await made('edugain', 'released');
    await world.registry.shutGuests({ personId: shut.personId, at: NEW_YEAR });
    await world.registry.releaseGuest({
      ...{ guestId: released.guestId, requestId: 'rel', actor: 'admin-7', reason: 'test', at: NEW_YEAR },
    });
    await made('edugain', 'AbC');
    const unknown = await ask('edugain', 'unknown');
    expect(unknown).toMatchObject({ status: 404, body: { status: 404, title: 'Not Found' } });
    for (const [provider, subject] of [
      ['edugain', 'shut'],
      ['edugain', 'released'],
      ['google', 'AbC'],
      ['Edugain', 'AbC'],
      ['edugain', 'abc'],
      ['edugain', 'AbC '],
      ['email', 'no address'],
    ] as const) {
      const { status, text } = await ask(provider, subject);
      expect([provider, subject, status, text]).toEqual([provider, subject, 404, unknown.text]);
    }
    expect((await ask('edugain', 'AbC')).status).toBe(200);
  });

  it('knows an address in any case of its letters', async () => {
    const { personId } = await made('email', 'Kim@Example.net');
    expect((await ask('email', 'KIM@example.NET')).body).toMatchObject({ data: { personId } });
    // A letter that only becomes a k.
    expect((await ask('email', '\u212aim@example.net')).status).toBe(404);
  });

  it.each([
    ['', 'provider'],
    ['?provider=edugain', 'subject'],
    ['?provider=&subject=a', 'provider'],
    ['?provider=a&subject=b&subject=c', 'subject'],
    [`?provider=a&subject=${'x'.repeat(301)}`, 'subject'],
    [`?provider=a&subject=${SECRET}&field=personId`, 'provider, subject'],
  ])('understands no %s', async (search, words) => {
    const { status, body, text } = await world.get(`${PATH}${search}`);
    expect([status, body]).toMatchObject([
      400,
      { status: 400, type: expect.stringContaining('invalid-query') as string },
    ]);
    expect(text).toContain(words);
    expect(text).not.toContain(SECRET);
  });

  it('is 503 while the registry is away, and says when to come back', async () => {
    isAway = true;
    const { status, headers, text } = await ask('edugain', SECRET);
    isAway = false;
    expect([status, headers['retry-after']]).toEqual([503, '5']);
    expect(text).not.toContain(SECRET);
  });

  it('logs neither provider nor subject', async () => {
    const from = world.log.length;
    await made('edugain', SECRET);
    expect((await ask('edugain', SECRET)).status).toBe(200);
    await ask(SECRET, 'nobody');
    const lines = world.log.slice(from).map((line) => JSON.parse(line) as Record<string, unknown>);
    expect(lines).toMatchObject([
      { msg: 'request', route: PATH, status: 200, client: 'some-client' },
      { route: PATH, status: 404 },
    ]);
    expect(JSON.stringify(lines)).not.toMatch(new RegExp(`${SECRET}|edugain`));
  });
});

describe('hostile providers and subjects', () => {
  const pieces = fc.constantFrom(
    ...[
      "'",
      '"',
      '\\',
      ';--',
      '/*',
      '%',
      '_',
      '*',
      '(',
      ')',
      '&',
      '=',
      ':',
      '#',
      '+',
      '?',
      '../',
      '%00',
      '$1',
    ],
    ...[
      '\r\n',
      '\t',
      ' ',
      '\u0000',
      '\u202e',
      '\ufeff',
      '\u200b',
      '\ud800',
      "' or '1'='1",
      '\ufffd',
      '|',
      '@',
    ],
    ...[
      'é',
      'e\u0301',
      'ﬁ',
      'İ',
      'ß',
      'K',
      '\u212a',
      'עברית',
      '\u{1f469}\u200d\u{1f680}',
      '__proto__',
      'null',
    ],
  );
  const word = fc
    .array(fc.oneof(pieces, fc.string({ unit: 'grapheme', maxLength: 2 })), { minLength: 1, maxLength: 4 })
    .map((all) => all.join(''));

  it('lead to the person they were associated with or to nobody, and to no other one’s', async () => {
    const known = new Map<string, string>();
    await fc.assert(
      fc.asyncProperty(word, word, word, async (provider, subject, other) => {
        const guest = await associate(provider, subject);
        if (guest !== null) known.set(JSON.stringify([provider, subject]), guest.personId);
        for (const [one, two] of [
          [provider, subject],
          [provider, other],
          [other, subject],
          [subject, provider],
        ] as const) {
          const { status, body } = await ask(one, two);
          const owner = known.get(JSON.stringify([one, two])) ?? null;
          if (owner === null) expect([400, 404]).toContain(status);
          else expect([status, body]).toMatchObject([200, { data: { personId: owner } }]);
        }
      }),
      { numRuns: 60 },
    );
    expect(known.size).toBeGreaterThan(5);
  });
});

describe('who may ask whom an identity leads to', () => {
  const required = { scope: null, role: null };
  const status = async (
    guests: { scope: string | null; role: string | null } | null,
    roles: readonly string[],
  ) => {
    const other = await startApiWorld({ settings: { required, guests }, roles });
    const answers = [await other.get(query('edugain', 'x')), await other.get('/api/v1.0/Identity/nobody')];
    const none = await other.get(query('edugain', 'x'), { authorization: null });
    await other.stop();
    return [...answers.map((one) => one.status), none.status];
  };

  it('is nobody unless the configuration says so, and else who holds what it says besides', async () => {
    expect(await status(null, ['guest-reader'])).toEqual([403, 404, 401]);
    expect(await status({ scope: null, role: 'guest-reader' }, [])).toEqual([403, 404, 401]);
    expect(await status({ scope: null, role: 'guest-reader' }, ['guest-reader'])).toEqual([404, 404, 401]);
    expect(await status({ scope: 'guest-identities', role: null }, [])).toEqual([403, 404, 401]);
  });

  it('must hold what every token must hold, too', async () => {
    const other = await startApiWorld({
      settings: { required: { scope: null, role: 'reader' }, guests: { scope: null, role: 'guest-reader' } },
      roles: ['guest-reader'],
    });
    expect((await other.get(query('edugain', 'x'))).status).toBe(403);
    await other.stop();
  });

  it('is counted like everybody', async () => {
    const other = await startApiWorld({ settings: { rateLimit: { requests: 2, windowMs: 60_000 } } });
    const codes = [];
    for (let times = 0; times < 3; times += 1) codes.push((await other.get(query('a', 'b'))).status);
    expect(codes).toEqual([404, 404, 429]);
    await other.stop();
  });
});
