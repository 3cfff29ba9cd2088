import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { LdapDirectory } from '../../../src/connectors/ldap/create-ldap-directory.ts';
import { TargetError } from '../../../src/errors.ts';
import { loginKey, storable } from '../../../src/registry/column-values.ts';
import { personOf } from '../directory-suite.ts';
import {
  GROUPS_BASE,
  noSlapd,
  slapdReason,
  startTestSlapd,
  USERS_BASE,
  type TestSlapd,
} from '../../support/slapd.ts';
import { SLAPD_ADMIN } from '../../../src/dev/slapd.ts';

const { signal } = new AbortController();

/** Pieces that mean something to filters, names of entries, LDIF, C, terminals, or nobody. */
const PIECES = [
  ...[
    '*',
    '(',
    ')',
    '\\',
    '|',
    '&',
    '!',
    '=',
    '<',
    '>',
    '~',
    ',',
    '+',
    ';',
    '"',
    '#',
    '/',
    ':',
    "'",
    '%',
    '$',
  ],
  ...['\u0000', '\n', '\r\n', '\t', '\u001b[2J', '\u007f', '\u2028', '\u202e', '\u200f', '\u200b', '\ufeff'],
  ...[
    ' ',
    '  ',
    '\u00a0',
    '\u3000',
    '\\2a',
    '\\00',
    '\\,',
    '{SSHA}',
    '<script>',
    '${x}',
    '..',
    '-',
    ':: YQ==',
  ],
  ...[
    ')(cn=*',
    '*)(objectClass=*',
    'grace,ou=Services',
    'grace+sn=x',
    '(|(cn=grace',
    'grace)(cn=*',
    'cn=lifecycle',
    '#04024869',
  ],
  ...['a', 'Z', '9', 'ada', 'é', 'e\u0301', 'ß', 'ﬁ', 'Ω', '李', 'محمد', '👩‍🚀', '🏳️‍🌈', '\ud800', '\udc00'],
];
const text = fc.oneof(
  {
    weight: 5,
    arbitrary: fc.array(fc.constantFrom(...PIECES), { maxLength: 6 }).map((parts) => parts.join('')),
  },
  { weight: 2, arbitrary: fc.string({ unit: 'binary', maxLength: 20 }) },
  { weight: 1, arbitrary: fc.constantFrom(...PIECES).map((piece) => piece.repeat(300).slice(0, 300)) },
);
/** What may be refused: a login that is none, or a value that the directory's own schema does not take. */
const REFUSALS = ['TARGET_LOGIN', 'TARGET_SCHEMA', 'TARGET_CONFLICT', 'TARGET_PASSWORD'];

async function outcomeOf(work: Promise<unknown>): Promise<'done' | 'refused'> {
  try {
    await work;
    return 'done';
  } catch (error) {
    if (!(error instanceof TargetError) || !REFUSALS.includes(error.code)) throw error;
    expect(error.retryable).toBe(false);
    return 'refused';
  }
}

describe.skipIf(noSlapd)(`whatever stands in a name${slapdReason}`, () => {
  let slapd: TestSlapd;
  let directory: LdapDirectory;
  beforeAll(async () => {
    slapd = await startTestSlapd();
    directory = slapd.directory({ pageSize: 500 });
    const entry = { kind: 'primary', person: personOf('1'), activeStatus: 'Active', uidNumber: 1 } as const;
    await directory.create({ login: 'grace', ...entry, signal });
    await slapd.modify(
      `dn: cn=vpn,${GROUPS_BASE}\nchangetype: add\nobjectClass: groupOfNames\ncn: vpn\nmember: cn=grace,${USERS_BASE}\n`,
    );
  });
  afterAll(() => slapd.close());

  const everything = () =>
    slapd.as(SLAPD_ADMIN, async (client) => {
      const { searchEntries } = await client.search('dc=cern,dc=ch', {
        attributes: ['cn', 'member', 'entryCSN'],
      });
      return searchEntries.map((entry) => JSON.stringify(entry)).sort();
    });

  it('of a login: it is stored as it is, or refused, and touches no entry but its own', async () => {
    const others = JSON.stringify(await everything());
    await fc.assert(
      fc.asyncProperty(text, async (login) => {
        const person = { ...personOf('2') };
        const entry = { kind: 'secondary', person, activeStatus: null, uidNumber: 7 } as const;
        const made = await outcomeOf(directory.create({ login, ...entry, signal }));
        if (made === 'refused') {
          // Reading and deleting are refused in the same way, or find nothing.
          await outcomeOf(directory.delete({ login, signal }));
          expect(JSON.stringify(await everything())).toBe(others);
          return;
        }
        const read = await directory.read({ login, signal });
        expect(loginKey(read?.login ?? '')).toBe(loginKey(login));
        expect(read).toMatchObject({ person, access: 'off', memberships: [] });
        await directory.setAccess({ login, access: 'on', signal });
        await directory.removeStaticMemberships({ login, signal });
        const page = await directory.list({ after: null, limit: 10, signal });
        expect(page).toMatchObject({ entries: { length: 2 } });
        await directory.delete({ login, signal });
        expect(await directory.read({ login, signal })).toBeNull();
        expect(JSON.stringify(await everything())).toBe(others);
      }),
      { numRuns: 300 },
    );
  });

  it('of a person: every attribute is stored as it is, or the whole refused', async () => {
    const optional = fc.option(text, { nil: null });
    const person = fc.record({
      personId: fc.constant('3'),
      ...{ displayName: text, givenName: text, familyName: text, mail: optional, department: optional },
      ...{ group: optional, section: optional, institute: optional, language: optional },
    });
    const entry = { kind: 'primary', person: personOf('3'), activeStatus: 'Active', uidNumber: 3 } as const;
    const login = 'hostile';
    await directory.create({ login, ...entry, signal });
    const stored = (value: string | null) => {
      const text = storable(value ?? '').replace(/^\uFEFF+/, '');
      return text.trim() === '' ? null : text;
    };
    // All that `mail` can be.
    const ascii = (value: string | null) => (/[^\x20-\x7e]/.test(value ?? '') ? null : value);
    let before = await directory.read({ login, signal });
    let done = 0;
    await fc.assert(
      fc.asyncProperty(person, async (wanted) => {
        const outcome = await outcomeOf(directory.setPerson({ login, person: wanted, signal }));
        const after = await directory.read({ login, signal });
        if (outcome === 'refused') expect(after).toEqual(before);
        else {
          done += 1;
          const { displayName, givenName, familyName, ...rest } = wanted;
          expect(after?.person).toEqual({
            personId: '3',
            displayName: stored(displayName) ?? '',
            givenName: stored(givenName) ?? '',
            familyName: stored(familyName) ?? login,
            mail: ascii(stored(rest.mail)),
            department: stored(rest.department),
            group: stored(rest.group),
            section: stored(rest.section),
            institute: stored(rest.institute),
            language: stored(rest.language),
          });
        }
        before = after;
      }),
      { numRuns: 300 },
    );
    expect(done).toBeGreaterThan(50);
  });

  it('of a password: who has it can sign in, and nobody else', async () => {
    const login = 'grace';
    await directory.setAccess({ login, access: 'on', signal });
    await fc.assert(
      fc.asyncProperty(
        text.filter((one) => storable(one) === one),
        async (password) => {
          if ((await outcomeOf(directory.setPassword({ login, password, signal }))) === 'refused') {
            expect(password).toMatch(/^($|\{)/);
            return;
          }
          expect(await slapd.canBind(`cn=grace,${USERS_BASE}`, password)).toBe(true);
          expect(await slapd.canBind(`cn=grace,${USERS_BASE}`, `${password}x`)).toBe(false);
        },
      ),
      { numRuns: 60, examples: [['{SSHA}'], ['{CRYPT}x'], ['{x}{y}'], ['']] },
    );
  });
});
