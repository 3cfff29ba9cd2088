import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { listAnswer, oneAnswer } from '../../src/api/identity/schemas.ts';
import { addAccount, contractOf, startApiWorld, tellPerson, type ApiWorld } from '../support/api.ts';

let world: ApiWorld;
beforeAll(async () => {
  world = await startApiWorld();
  await tellPerson(world.registry, 'victim', [contractOf(null, null)], { familyName: 'Victim' });
  await addAccount(world.registry, { login: 'victim', personId: 'victim' });
});
afterAll(() => world.stop());

const pieces = fc.constantFrom(
  ...[
    "'",
    '"',
    '\\',
    ';',
    '--',
    '/*',
    '%',
    '_',
    '*',
    '(',
    ')',
    '&',
    '|',
    '=',
    ',',
    ':',
    '#',
    '<',
    '>',
    '+',
    '?',
  ],
  ...[
    '\r\n',
    '\n',
    '\t',
    ' ',
    '\u0000',
    '\u001b',
    '\u202e',
    '\u2066',
    '\ufeff',
    '\u200b',
    '\u00a0',
    '\ud800',
  ],
  ...['../', '%2e%2e%2f', '%00', '$1', '${x}', '{{x}}', "' or '1'='1", "'; drop table identities; --"],
  ...[
    '\u{1f469}\u200d\u{1f680}',
    'é',
    'e\u0301',
    'ﬁ',
    'İ',
    'ß',
    'עברית',
    '中文',
    '__proto__',
    'constructor',
    'null',
  ],
);
const word = fc
  .oneof(
    fc
      .array(fc.oneof(pieces, fc.string({ unit: 'grapheme', maxLength: 3 })), { minLength: 1, maxLength: 6 })
      .map((all) => all.join('')),
    pieces.map((one) => one.repeat(Math.floor(300 / one.length))),
  )
  .filter((text) => text !== '');

/** Half characters cannot be sent, nor stored. */
const whole = (text: string) => Buffer.from(text).toString();
/** What the registry can keep of a text. The embedded one's driver takes a byte order mark for one, when it reads. */
const kept = (text: string) =>
  whole(text)
    .replaceAll('\u0000', '\ufffd')
    .replace(/^\ufeff/, '');
const encoded = (text: string) => encodeURIComponent(whole(text));
let counter = 0;

describe('hostile names, logins and addresses', () => {
  it('come back as they were stored, of the one asked for and nobody else', async () => {
    await fc.assert(
      fc.asyncProperty(word, word, word, async (name, piece, address) => {
        counter += 1;
        const personId = `h${String(counter)}`;
        const login = `${piece}${String(counter)}`;
        const person = {
          givenName: name,
          familyName: `${name}-${address}`,
          email: `${address}@example.org`,
          department: piece,
        };
        await tellPerson(world.registry, personId, [contractOf(null, null)], person);
        await addAccount(world.registry, { login, personId, accountId: personId });
        const one = await world.get(`/api/v1.0/Identity/${encoded(login)}`);
        const expected = {
          ...{ upn: kept(login), firstName: kept(name), lastName: kept(`${name}-${address}`), personId },
          ...{
            primaryAccountEmail: kept(`${address}@example.org`),
            cernDepartment: kept(piece),
            activeUser: true,
          },
        };
        expect([one.status, oneAnswer.parse(one.body)]).toMatchObject([200, { data: expected }]);
        expect(one.headers['content-type']).toBe('application/json; charset=utf-8');
        for (const [field, value] of [
          ['upn', login],
          ['primaryAccountEmail', `${address}@example.org`],
          ['cernDepartment', piece],
        ] as const) {
          const answer = await world.get(
            `/api/v1.0/Identity?filter=personId:${personId}&filter=${field}:eq:${encoded(value)}`,
          );
          expect([answer.status, field, listAnswer.parse(answer.body)]).toMatchObject([
            ...[200, field],
            { pagination: { total: 1 }, data: [expected] },
          ]);
        }
      }),
      { numRuns: 60 },
    );
  });

  it('in a request are answered or refused, and find nobody else', async () => {
    await fc.assert(
      fc.asyncProperty(word, async (text) => {
        const sent = encoded(text);
        const one = await world.get(`/api/v1.0/Identity/${sent}x?field=${sent}`);
        expect([400, 404]).toContain(one.status);
        expect((await world.get(`/api/v1.0/Identity/${sent}-nobody`)).status).toBe(404);
        for (const query of [
          `filter=upn:eq:${sent}-nobody`,
          `filter=upn:${sent}`,
          `filter=${sent}`,
          `filter=id:eq:victim${sent}`,
          `filter=modificationTime:gt:${sent}`,
          `token=${sent}`,
          `limit=${sent}`,
          `${sent}=${sent}`,
          sent,
        ]) {
          const answer = await world.get(`/api/v1.0/Identity?${query}`);
          expect([200, 400], query).toContain(answer.status);
          if (answer.status === 200 && query.startsWith('filter'))
            expect(answer.text, query).not.toContain('Victim');
        }
      }),
      { numRuns: 60 },
    );
    expect((await world.get('/api/v1.0/Identity/victim')).status).toBe(200);
  });
});
