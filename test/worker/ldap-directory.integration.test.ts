import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { loadConfig } from '../../src/config.ts';
import { SLAPD_USER } from '../../src/dev/slapd.ts';
import { ConfigurationError } from '../../src/errors.ts';
import { ldapDirectory } from '../../src/worker/ldap-directory.ts';
import { noSlapd, slapdReason, startTestSlapd, type TestSlapd } from '../support/slapd.ts';

const REST = `
fallbackOwner: '900001'
admins: [admins@example.org]
serviceDesk: desk@example.org
hr: { url: 'https://hr.example.org' }
mail: { host: smtp.example.org, from: accounts@example.org }
logins: { mailDomain: example.org }
`;
const { signal } = new AbortController();

function configured(lines: readonly string[], env = { LDAP_PW: SLAPD_USER.password }) {
  const block = lines.length === 0 ? '' : ['ldap:', ...lines.map((line) => `  ${line}`)].join('\n');
  return loadConfig({ text: `${block}${REST}`, fileName: 'lifecycle.yaml', env });
}

const BOUND = [`bindDn: ${SLAPD_USER.dn}`, 'passwordEnv: LDAP_PW'];
const AT = ['url: ldap://ldap.example.org', ...BOUND];

describe('the block ldap', () => {
  it('is not needed: accounts are then kept in the embedded directory', () => {
    expect(configured([]).ldap).toBeNull();
    expect(ldapDirectory(configured([]), '.')).toBeNull();
  });

  it('has the layout that CERN clients know, encryption, and a password that shows nowhere', () => {
    const config = configured(AT, { LDAP_PW: 'canary' });
    expect(config.ldap).toMatchObject({
      tls: 'starttls',
      usersBase: 'OU=Users,OU=Organic Units,DC=cern,DC=ch',
      groupsBase: 'OU=e-groups,OU=Workgroups,DC=cern,DC=ch',
      emptyGroupMember: 'CN=nobody,OU=e-groups,OU=Workgroups,DC=cern,DC=ch',
      passwordPolicy: 'CN=default,OU=Policies,DC=cern,DC=ch',
      firstUidNumber: 100_000,
      caFile: null,
    });
    expect(JSON.stringify(config)).not.toContain('canary');
    expect(config.ldap?.password.reveal()).toBe('canary');
    expect(config.warnings).toEqual([]);
  });

  it('says that passwords go in clear text, where they do', () => {
    expect(configured([...AT, 'tls: none']).warnings).toEqual([expect.stringContaining('in clear text')]);
  });

  it.each([
    ['url: http://ldap.example.org', /ldap\.url: is no address of LDAP/],
    ['url: ldap://me:secret@ldap.example.org', /ldap\.url: names no server, or holds a name or password/],
    ['url: ldap://ldap.example.org/dc=cern', /ldap\.url: is more than an address/],
    ['url: ldaps://ldap.example.org', /ldap\.tls: is starttls, but the address begins with ldaps/],
    ['tls: implicit', /ldap\.tls: is implicit, but the address begins with ldap:/],
    ['usersBase: Users', /ldap\.usersBase: is no name of an entry/],
    ['passwordEnv: NOT_SET', /ldap\.passwordEnv: the environment variable NOT_SET is not set/],
    ['password: secret', /ldap\.password: a secret must not stand in the file/],
    ['timeoutSeconds: 60', /ldap\.timeoutSeconds: is not shorter than tuning\.startToCloseSeconds/],
    ['connectTimeoutSeconds: 60', /ldap\.connectTimeoutSeconds: is not shorter than/],
  ])('is refused with %s', (line, words) => {
    const [key = ''] = line.split(':');
    const lines = [...AT.filter((one) => !one.startsWith(`${key}:`)), line];
    expect(() => configured(lines)).toThrow(words);
    expect(() => configured(lines)).not.toThrow(/secret@/);
  });

  it('whose certificates cannot be read is refused', () => {
    expect(() => ldapDirectory(configured([...AT, 'caFile: none.pem']), '/nowhere')).toThrow(
      ConfigurationError,
    );
  });
});

describe.skipIf(noSlapd)(`a directory as the block ldap says${slapdReason}`, () => {
  let slapd: TestSlapd;
  beforeAll(async () => {
    slapd = await startTestSlapd({ tls: true });
  });
  afterAll(() => slapd.close());

  it.each(['starttls', 'implicit'])(
    'is reached by %s with the certificates of its file, and can be used',
    async (tls) => {
      const url = tls === 'implicit' ? slapd.secureUrl : slapd.url;
      const lines = [
        `url: ${url ?? ''}`,
        `tls: ${tls}`,
        `caFile: ${slapd.certificate?.caFile ?? ''}`,
        ...BOUND,
      ];
      const directory = ldapDirectory(configured(lines), '/');
      expect(directory?.name).toBe('directory');
      await directory?.check(signal);
      await directory?.close();
    },
  );
});
