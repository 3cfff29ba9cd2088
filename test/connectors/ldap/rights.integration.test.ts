import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { SLAPD_USER } from '../../../src/dev/slapd.ts';
import type { LdapDirectory } from '../../../src/connectors/ldap/create-ldap-directory.ts';
import { personOf } from '../directory-suite.ts';
import {
  dnOf,
  GROUPS_BASE,
  noSlapd,
  POLICY,
  slapdReason,
  startTestSlapd,
  USERS_BASE,
  type TestSlapd,
} from '../../support/slapd.ts';

const { signal } = new AbortController();
const BOB = { dn: dnOf('bob'), password: "bob's own" };

/** What known clients read, as the formats of the systems around us name it. */
const READ_BY_CLIENTS = [
  ...['cn', 'cernAccountType', 'cernActiveStatus', 'employeeID', 'displayName', 'givenName', 'sn', 'mail'],
  ...['uidNumber', 'department', 'cernGroup', 'cernInstituteName', 'preferredLanguage'],
];

describe.skipIf(noSlapd)(`the rights of deploy/ldap${slapdReason}`, () => {
  let slapd: TestSlapd;
  let directory: LdapDirectory;
  beforeAll(async () => {
    slapd = await startTestSlapd();
    directory = slapd.directory();
    for (const [index, login] of ['ada', 'bob', 'carla', 'dora', 'emil', 'fred', 'greta'].entries()) {
      const entry = { kind: 'primary', person: personOf(String(index + 1)), activeStatus: 'Active' } as const;
      await directory.create({ login, ...entry, uidNumber: index + 1, signal });
    }
    await directory.setPassword({ login: 'bob', password: BOB.password, signal });
    await directory.setAccess({ login: 'bob', access: 'on', signal });
    await directory.setMailRouting({ login: 'ada', to: 'somewhere@cern.example', signal });
    await slapd.modify(
      `dn: cn=vpn,${GROUPS_BASE}\nchangetype: add\nobjectClass: groupOfNames\ncn: vpn\nmember: ${BOB.dn}\n`,
    );
  });
  afterAll(() => slapd.close());

  it('let clients read what they are known to read, by the searches that they make, and nothing else', async () => {
    for (const who of [null, BOB]) {
      const [ada] = await slapd.as(who, async (client) => {
        const { searchEntries } = await client.search('DC=cern,DC=ch', {
          filter: '(cn=ada)',
          attributes: ['*', '+'],
        });
        return searchEntries;
      });
      const shown = Object.keys(ada ?? {}).filter((key) => !['dn', 'objectClass', '*', '+'].includes(key));
      expect(shown.sort()).toEqual([...READ_BY_CLIENTS].sort());
      const paged = await slapd.as(who, (client) =>
        client.search(USERS_BASE, {
          scope: 'one',
          filter: '(&(cernAccountType=Primary)(cernActiveStatus=Active))',
          attributes: ['cn'],
          paged: { pageSize: 3 },
        }),
      );
      expect(paged.searchEntries).toHaveLength(7);
    }
  });

  it('let nobody read a password, or who is in a group without signing in', async () => {
    for (const who of [null, BOB, SLAPD_USER]) {
      const { searchEntries } = await slapd.as(who, (client) =>
        client.search('DC=cern,DC=ch', { filter: '(userPassword=*)', attributes: ['userPassword'] }),
      );
      expect(searchEntries).toEqual([]);
    }
    const membersFor = (who: typeof BOB | null) =>
      slapd.as(who, async (client) => {
        const { searchEntries } = await client.search('DC=cern,DC=ch', {
          filter: '(cn=vpn)',
          attributes: ['member'],
        });
        return searchEntries;
      });
    expect(await membersFor(null)).toEqual([]);
    expect(await membersFor(BOB)).toMatchObject([{ member: BOB.dn }]);
  });

  it("let the lifecycle's user write users and members, and nothing else", async () => {
    const denied = { code: 50 };
    await slapd.as(SLAPD_USER, async (client) => {
      const unit = { objectClass: 'organizationalUnit', ou: 'more' };
      await expect(client.add('ou=more,dc=cern,dc=ch', unit)).rejects.toMatchObject(denied);
      await expect(client.add(`ou=more,${GROUPS_BASE}`, unit)).rejects.toMatchObject(denied);
      await expect(client.del(`cn=vpn,${GROUPS_BASE}`)).rejects.toMatchObject(denied);
      await expect(client.del(POLICY)).rejects.toMatchObject(denied);
      await expect(client.del(USERS_BASE)).rejects.toMatchObject(denied);
    });
    expect(await directory.removeStaticMemberships({ login: 'bob', signal })).toEqual(['vpn']);
  });

  it('are refused to somebody who may only read, each time, with what to do', async () => {
    const reader = slapd.directory({ bindDn: BOB.dn, password: BOB.password });
    const denied = {
      code: 'TARGET_DENIED',
      retryable: false,
      message: expect.stringContaining('access.ldif'),
    };
    const entry = { kind: 'primary', person: personOf('9'), activeStatus: 'Active', uidNumber: 9 } as const;
    await expect(reader.create({ login: 'new', ...entry, signal })).rejects.toMatchObject(denied);
    await expect(reader.setAccess({ login: 'ada', access: 'off', signal })).rejects.toMatchObject(denied);
    await expect(reader.delete({ login: 'ada', signal })).rejects.toMatchObject(denied);
    const status = { login: 'ada', activeStatus: 'Inactive', signal } as const;
    await expect(reader.setActiveStatus(status)).rejects.toMatchObject(denied);
    expect(await directory.read({ login: 'ada', signal })).toMatchObject({ activeStatus: 'Active' });
  });

  it('and limits let the lifecycle list everybody; where they do not, it says so instead of listing some', async () => {
    const all = await directory.list({ after: null, limit: 100, signal });
    expect(all).toMatchObject({ outcome: 'page', next: null, entries: { length: 7 } });
    await slapd.modify(
      `dn: olcDatabase={1}mdb,cn=config\nchangetype: modify\nreplace: olcLimits\nolcLimits: dn.exact="${SLAPD_USER.dn}" size=4 size.prtotal=4\n`,
      'configuration',
    );
    await expect(slapd.directory().list({ after: null, limit: 100, signal })).rejects.toMatchObject({
      code: 'TARGET_LIMIT',
      retryable: false,
      message: expect.stringContaining('olcLimits'),
    });
  });
});
