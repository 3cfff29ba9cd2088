import { afterAll, beforeAll, describe } from 'vitest';
import { SLAPD_ADMIN } from '../../../src/dev/slapd.ts';
import type { LdapDirectory } from '../../../src/connectors/ldap/create-ldap-directory.ts';
import { directorySuite } from '../directory-suite.ts';
import {
  dnOf,
  GROUPS_BASE,
  noSlapd,
  slapdReason,
  startTestSlapd,
  type TestSlapd,
} from '../../support/slapd.ts';

describe.skipIf(noSlapd)(`the directory over LDAP${slapdReason}`, () => {
  let slapd: TestSlapd;
  let directory: LdapDirectory;
  beforeAll(async () => {
    slapd = await startTestSlapd();
    directory = slapd.directory();
  });
  afterAll(() => slapd.close());

  const addMembership = (login: string, group: string): Promise<void> =>
    slapd.as(SLAPD_ADMIN, async (client) => {
      const [dn, member] = [`cn=${group},${GROUPS_BASE}`, dnOf(login)];
      const made = { objectClass: 'groupOfNames', cn: group, member };
      await client.add(dn, made).catch(() =>
        slapd
          .modify(`dn: ${dn}\nchangetype: modify\nadd: member\nmember: ${member}\n`)
          // It is a member already.
          .catch(() => undefined),
      );
    });

  directorySuite(() => ({
    directory,
    addMembership,
    canSignIn: (login, password) => slapd.canBind(dnOf(login), password),
  }));
});
