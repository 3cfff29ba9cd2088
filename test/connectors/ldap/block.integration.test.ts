import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { LdapDirectory } from '../../../src/connectors/ldap/create-ldap-directory.ts';
import { personOf } from '../directory-suite.ts';
import {
  dnOf,
  EMPTY_GROUP_MEMBER,
  GROUPS_BASE,
  noSlapd,
  POLICY,
  slapdReason,
  startTestSlapd,
  type TestSlapd,
} from '../../support/slapd.ts';

const { signal } = new AbortController();
const PASSWORD = 'correct horse battery staple';
const LOCKED = '000001010000Z';

describe.skipIf(noSlapd)(`an account in the directory over LDAP${slapdReason}`, () => {
  let slapd: TestSlapd;
  let directory: LdapDirectory;
  let number = 0;
  let login = '';
  beforeAll(async () => {
    slapd = await startTestSlapd();
    directory = slapd.directory();
  });
  afterAll(() => slapd.close());
  beforeEach(async () => {
    number += 1;
    login = `ada${number}`;
    const entry = { kind: 'primary', person: personOf('1'), activeStatus: 'Active' } as const;
    await directory.create({ login, ...entry, uidNumber: 100_000 + number, signal });
    await directory.setPassword({ login, password: PASSWORD, signal });
    await directory.setAccess({ login, access: 'on', signal });
  });
  const canBind = (password = PASSWORD) => slapd.canBind(dnOf(login), password);
  const modify = (changes: string) => slapd.modify(`dn: ${dnOf(login)}\nchangetype: modify\n${changes}\n`);
  const group = (cn: string, kind: string, members: string) =>
    slapd.modify(
      `dn: cn=${cn},${GROUPS_BASE}\nchangetype: add\nobjectClass: ${kind}\ncn: ${cn}\n${members}\n`,
    );
  const membersOf = async (cn: string, attribute: string): Promise<readonly string[]> =>
    [(await slapd.look(`cn=${cn},${GROUPS_BASE}`))?.[attribute] ?? []].flat().map(String);

  it('can bind with its password, no more once it is blocked, and again when access is back', async () => {
    expect(await canBind()).toBe(true);
    await directory.setAccess({ login, access: 'off', signal });
    expect(await canBind()).toBe(false);
    expect((await slapd.look(dnOf(login)))?.['pwdAccountLockedTime']).toBe(LOCKED);
    await directory.setAccess({ login, access: 'on', signal });
    expect(await canBind()).toBe(true);
    expect((await slapd.look(dnOf(login)))?.['pwdAccountLockedTime']).toBeUndefined();
  });

  it('stays locked when its password is changed, which would unlock it', async () => {
    await directory.setAccess({ login, access: 'off', signal });
    await directory.setPassword({ login, password: 'a new one', signal });
    expect(await canBind('a new one')).toBe(false);
    expect((await directory.read({ login, signal }))?.access).toBe('off');
    await directory.setAccess({ login, access: 'on', signal });
    expect(await canBind('a new one')).toBe(true);
    expect(await canBind()).toBe(false);
  });

  it('is not blocked by a lock that the server set for a while, and can be blocked on top of it', async () => {
    await modify('add: pwdAccountLockedTime\npwdAccountLockedTime: 20260101000000Z');
    expect((await directory.read({ login, signal }))?.access).toBe('on');
    await directory.setAccess({ login, access: 'on', signal });
    expect((await slapd.look(dnOf(login)))?.['pwdAccountLockedTime']).toBe('20260101000000Z');
    await directory.setAccess({ login, access: 'off', signal });
    expect((await slapd.look(dnOf(login)))?.['pwdAccountLockedTime']).toBe(LOCKED);
  });

  it('has a password that the server keeps as a hash, and says so where it does not', async () => {
    const overlay = (value: string) =>
      slapd.modify(
        `dn: olcOverlay={0}ppolicy,olcDatabase={1}mdb,cn=config\nchangetype: modify\nreplace: olcPPolicyHashCleartext\nolcPPolicyHashCleartext: ${value}\n`,
        'configuration',
      );
    expect(String((await slapd.look(dnOf(login)))?.['userPassword'])).toMatch(/^\{/);
    await overlay('FALSE');
    await expect(directory.setPassword({ login, password: 'in clear', signal })).rejects.toMatchObject({
      code: 'TARGET_PASSWORD_IN_CLEAR',
      retryable: false,
      message: expect.not.stringContaining('in clear,'),
    });
    await overlay('TRUE');
  });

  it('is not written again when it is so already', async () => {
    const stamp = async () => (await slapd.look(dnOf(login)))?.['entryCSN'];
    await directory.setMailRouting({ login, to: 'ada@cern.example', signal });
    const before = await stamp();
    await directory.setAccess({ login, access: 'on', signal });
    await directory.setActiveStatus({ login, activeStatus: 'Active', signal });
    await directory.setPerson({ login, person: personOf('1'), signal });
    await directory.setMailRouting({ login, to: 'ada@cern.example', signal });
    await directory.removeStaticMemberships({ login, signal });
    expect(await stamp()).toBe(before);
    await directory.setActiveStatus({ login, activeStatus: 'Inactive', signal });
    expect(await stamp()).not.toBe(before);
  });

  it('leaves groups of every kind; one that must not be empty keeps somebody who is nobody', async () => {
    const dn = dnOf(login);
    await group('names-alone', 'groupOfNames', `member: ${dn}`);
    await group('names-two', 'groupOfNames', `member: ${dn}\nmember: cn=bob,${GROUPS_BASE}`);
    await group('unique-alone', 'groupOfUniqueNames', `uniqueMember: ${dn}`);
    await group('posix', 'posixGroup', `gidNumber: 7\nmemberUid: ${login}\nmemberUid: bob`);
    await group('other', 'groupOfNames', `member: cn=bob,${GROUPS_BASE}`);
    const all = ['names-alone', 'names-two', 'posix', 'unique-alone'];
    expect((await directory.read({ login, signal }))?.memberships).toEqual(all);
    expect(await directory.removeStaticMemberships({ login, signal })).toEqual(all);
    expect((await directory.read({ login, signal }))?.memberships).toEqual([]);
    expect(await membersOf('names-alone', 'member')).toEqual([EMPTY_GROUP_MEMBER]);
    expect(await membersOf('names-two', 'member')).toEqual([`cn=bob,${GROUPS_BASE}`]);
    expect(await membersOf('unique-alone', 'uniqueMember')).toEqual([EMPTY_GROUP_MEMBER]);
    expect(await membersOf('posix', 'memberUid')).toEqual(['bob']);
    expect(await membersOf('other', 'member')).toEqual([`cn=bob,${GROUPS_BASE}`]);
  });

  it('is taken out of groups also when its entry is gone: a delete that was cut off is finished', async () => {
    await group('left-over', 'groupOfNames', `member: ${dnOf(login)}\nmember: cn=bob,${GROUPS_BASE}`);
    await slapd.modify(`dn: ${dnOf(login)}\nchangetype: delete\n`);
    await directory.delete({ login, signal });
    expect(await membersOf('left-over', 'member')).toEqual([`cn=bob,${GROUPS_BASE}`]);
  });

  it('that has a password policy of its own is blocked only if that one heeds locks', async () => {
    const own = `cn=lenient,ou=Policies,dc=cern,dc=ch`;
    await slapd
      .modify(
        `dn: ${own}\nchangetype: add\nobjectClass: applicationProcess\nobjectClass: pwdPolicy\ncn: lenient\npwdAttribute: userPassword\npwdLockout: FALSE\n`,
      )
      .catch(() => undefined);
    await modify(`add: pwdPolicySubentry\npwdPolicySubentry: ${own}`);
    await expect(directory.setAccess({ login, access: 'off', signal })).rejects.toMatchObject({
      code: 'TARGET_POLICY',
      retryable: false,
      message: expect.stringContaining(own),
    });
    // And truly: this is what it is refused for.
    expect(await canBind()).toBe(true);
    await modify(`replace: pwdPolicySubentry\npwdPolicySubentry: ${POLICY}`);
    await directory.setAccess({ login, access: 'off', signal });
    expect(await canBind()).toBe(false);
  });

  it('leaves out an address that mail cannot hold, and takes the rest', async () => {
    const person = { ...personOf('1'), mail: 'zoë@example.org', displayName: 'Zoë Rossi' };
    await directory.setPerson({ login, person, signal });
    expect((await directory.read({ login, signal }))?.person).toMatchObject({
      mail: null,
      displayName: 'Zoë Rossi',
    });
  });

  it('shows its status, at primary accounts only, and its number', async () => {
    await directory.setActiveStatus({ login, activeStatus: 'Grace Period', signal });
    const entry = await slapd.look(dnOf(login));
    expect(entry).toMatchObject({
      cernAccountType: 'Primary',
      cernActiveStatus: 'Grace Period',
      employeeID: '1',
      uidNumber: String(100_000 + number),
      department: 'IT',
      cernGroup: 'PW',
      cernInstituteName: 'CERN',
      preferredLanguage: 'en',
      sn: 'Rossi',
    });
    expect(entry).not.toHaveProperty('cernSection');
    const robot = { login: `robot${number}`, kind: 'service', uidNumber: 1, signal } as const;
    await directory.create({ ...robot, person: personOf('1'), activeStatus: 'Active' });
    await directory.setActiveStatus({ login: robot.login, activeStatus: 'Inactive', signal });
    await directory.setMailRouting({ login: robot.login, to: 'ada@cern.example', signal });
    const service = await slapd.look(dnOf(robot.login));
    expect(service).toMatchObject({
      cernAccountType: 'Service',
      mailRoutingAddress: 'ada@cern.example',
    });
    expect(service).not.toHaveProperty('cernActiveStatus');
  });
});
