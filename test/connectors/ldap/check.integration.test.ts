import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { SLAPD_USER } from '../../../src/dev/slapd.ts';
import {
  GROUPS_BASE,
  noSlapd,
  POLICY,
  slapdReason,
  startTestSlapd,
  USERS_BASE,
  type TestSlapd,
} from '../../support/slapd.ts';

const { signal } = new AbortController();
const OVERLAY = 'olcOverlay={0}ppolicy,olcDatabase={1}mdb,cn=config';

/** Refused, and by words that say what to do. */
const refused = (code: string, ...words: readonly string[]) => ({
  name: 'TargetError',
  code,
  retryable: false,
  message: expect.stringMatching(words.map((word) => `(?=.*${word})`).join('')),
});

describe.skipIf(noSlapd)(`the look at a directory server before it is used${slapdReason}`, () => {
  let slapd: TestSlapd;
  beforeAll(async () => {
    slapd = await startTestSlapd();
  });
  afterAll(() => slapd.close());
  const setPolicy = (changes: string) => slapd.modify(`dn: ${POLICY}\nchangetype: modify\n${changes}\n`);

  it('finds nothing where deploy/ldap is loaded', async () => {
    await slapd.directory().check(signal);
  });

  it.each(['FALSE', 'absent'])('refuses a password policy whose pwdLockout is %s', async (value) => {
    await setPolicy(value === 'FALSE' ? 'replace: pwdLockout\npwdLockout: FALSE' : 'delete: pwdLockout');
    const remedy = refused('TARGET_POLICY', 'pwdLockout is not TRUE', 'Set it to TRUE');
    await expect(slapd.directory().check(signal)).rejects.toMatchObject(remedy);
    await setPolicy('replace: pwdLockout\npwdLockout: TRUE');
    await slapd.directory().check(signal);
  });

  it('refuses a password policy that is not there', async () => {
    const directory = slapd.directory({ passwordPolicy: 'cn=none,ou=Policies,dc=cern,dc=ch' });
    await expect(directory.check(signal)).rejects.toMatchObject(
      refused('TARGET_POLICY', 'cn=none', 'policy.ldif', 'ldap.passwordPolicy'),
    );
  });

  it.each([
    ['usersBase', { usersBase: `ou=none,${USERS_BASE}` }],
    ['groupsBase', { groupsBase: `ou=none,${GROUPS_BASE}` }],
  ])('refuses a %s that is not there', async (setting, options) => {
    await expect(slapd.directory(options).check(signal)).rejects.toMatchObject(
      refused('TARGET_LAYOUT', 'ou=none', `ldap.${setting}`, 'tree.ldif'),
    );
  });

  it('looks into the configuration of the server, where it may', async () => {
    await slapd.modify(
      `dn: olcDatabase={0}config,cn=config\nchangetype: modify\nadd: olcAccess\nolcAccess: to * by dn.exact="${SLAPD_USER.dn}" read by * none\n`,
      'configuration',
    );
    await slapd.directory().check(signal);
    const overlay = (changes: string) =>
      slapd.modify(`dn: ${OVERLAY}\nchangetype: modify\n${changes}\n`, 'configuration');
    await overlay('replace: olcPPolicyHashCleartext\nolcPPolicyHashCleartext: FALSE');
    await expect(slapd.directory().check(signal)).rejects.toMatchObject(
      refused('TARGET_POLICY', 'clear text', 'olcPPolicyHashCleartext'),
    );
    await overlay('replace: olcPPolicyHashCleartext\nolcPPolicyHashCleartext: TRUE');
    await overlay('replace: olcPPolicyDefault\nolcPPolicyDefault: cn=other,ou=Policies,dc=cern,dc=ch');
    await expect(slapd.directory().check(signal)).rejects.toMatchObject(
      refused('TARGET_POLICY', 'another default', 'ldap.passwordPolicy'),
    );
  });

  it('refuses a server that knows no password policies', async () => {
    const plain = await startTestSlapd({ policies: false });
    await expect(plain.directory().check(signal)).rejects.toMatchObject(
      refused('TARGET_POLICY', 'knows no password policies', 'policy-overlay.ldif'),
    );
    await plain.close();
  });

  it('waits for a server that is away: that is no refusal', async () => {
    await slapd.stop();
    await expect(slapd.directory().check(signal)).rejects.toMatchObject({ retryable: true });
    await slapd.start();
  });
});
