import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { LdapDirectory } from '../../../src/connectors/ldap/create-ldap-directory.ts';
import { personOf } from '../directory-suite.ts';
import {
  dnOf,
  noSlapd,
  slapdReason,
  startTestSlapd,
  USERS_BASE,
  type TestSlapd,
} from '../../support/slapd.ts';

const { signal } = new AbortController();
const conflict = { name: 'TargetError', code: 'TARGET_CONFLICT', retryable: false };

describe.skipIf(noSlapd)(`an entry of the directory that is no account of ours${slapdReason}`, () => {
  let slapd: TestSlapd;
  let directory: LdapDirectory;
  beforeAll(async () => {
    slapd = await startTestSlapd();
    directory = slapd.directory();
    await slapd.modify(
      `dn: ${dnOf('printer')}\nchangetype: add\nobjectClass: inetOrgPerson\ncn: printer\nsn: printer\n`,
    );
    await create('two words');
  });
  afterAll(() => slapd.close());
  const create = (login: string) => {
    const entry = { kind: 'primary', person: personOf('1'), activeStatus: 'Active', uidNumber: 1 } as const;
    return directory.create({ login, ...entry, signal });
  };
  const calls = (login: string): readonly (() => Promise<unknown>)[] => [
    () => create(login),
    () => directory.read({ login, signal }),
    () => directory.setAccess({ login, access: 'off', signal }),
    () => directory.setPerson({ login, person: personOf('1'), signal }),
    () => directory.setPassword({ login, password: 'x', signal }),
    () => directory.setMailRouting({ login, to: null, signal }),
    () => directory.removeStaticMemberships({ login, signal }),
    () => directory.delete({ login, signal }),
  ];

  it('is neither read, nor written, nor deleted', async () => {
    const before = await slapd.look(dnOf('printer'));
    for (const call of calls('printer')) await expect(call()).rejects.toMatchObject(conflict);
    expect(await slapd.look(dnOf('printer'))).toEqual(before);
  });

  it('is left out of the list', async () => {
    const page = await directory.list({ after: null, limit: 100, signal });
    expect(page).toMatchObject({ entries: [{ login: 'two words' }] });
  });

  it('may be another login that the directory takes for the same: that is told, not acted upon', async () => {
    const before = await slapd.look(dnOf('two words'));
    for (const call of calls('two  words')) await expect(call()).rejects.toMatchObject(conflict);
    expect(await slapd.look(dnOf('two words'))).toEqual(before);
  });

  it('has entries below it: it is not deleted, and what to do is told', async () => {
    await create('parent');
    await slapd.modify(
      `dn: ou=below,${dnOf('parent')}\nchangetype: add\nobjectClass: organizationalUnit\nou: below\n`,
    );
    await expect(directory.delete({ login: 'parent', signal })).rejects.toMatchObject({
      code: 'TARGET_LAYOUT',
      retryable: false,
    });
  });

  it('is not looked for elsewhere: a base that does not exist is no missing account', async () => {
    const elsewhere = slapd.directory({ usersBase: `ou=none,${USERS_BASE}` });
    const entry = { kind: 'primary', person: personOf('1'), activeStatus: 'Active', uidNumber: 1 } as const;
    await expect(elsewhere.create({ login: 'ada', ...entry, signal })).rejects.toMatchObject({
      code: 'TARGET_LAYOUT',
      retryable: false,
      message: expect.stringContaining('ldap.usersBase'),
    });
  });
});
