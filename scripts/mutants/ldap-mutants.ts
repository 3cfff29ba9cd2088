import type { Mutant } from './mutant.ts';

const folder = 'src/connectors/ldap';
const BLOCK = ['test/connectors/ldap/block.integration.test.ts'];
const CHECK = ['test/connectors/ldap/check.integration.test.ts'];
const CONNECTION = ['test/connectors/ldap/connection.integration.test.ts'];
const CONFLICTS = ['test/connectors/ldap/conflicts.integration.test.ts'];
const CONTRACT = ['test/connectors/ldap/contract.integration.test.ts'];
const HOSTILE = ['test/connectors/ldap/hostile.integration.test.ts'];
const ENTRIES = ['test/connectors/ldap/account-entries.test.ts'];
const LIST = ['test/connectors/ldap/list-accounts.test.ts'];
const ERRORS = ['test/connectors/ldap/ldap-error.test.ts'];
const RIGHTS = ['test/connectors/ldap/rights.integration.test.ts'];
const START = ['test/worker/check-directory.test.ts'];

/** Wrong reads, writes and readings of a directory over LDAP. */
export const LDAP_MUTANTS: readonly Mutant[] = [
  {
    name: 'a-new-password-unlocks-a-locked-account',
    file: `${folder}/set-password.ts`,
    find: 'changes: isLocked ? relock : [set],',
    replace: 'changes: [set],',
    tests: BLOCK,
  },
  {
    name: 'a-new-entry-is-not-locked',
    file: `${folder}/ldap-attributes.ts`,
    find: '    [LOCK]: [LOCKED_FOR_GOOD],\n',
    replace: '',
    tests: CONTRACT,
  },
  {
    name: 'any-lock-is-ours',
    file: `${folder}/ldap-attributes.ts`,
    find: 'attributes[LOCK]?.includes(LOCKED_FOR_GOOD) === true',
    replace: '(attributes[LOCK] ?? []).length > 0',
    tests: BLOCK,
  },
  {
    name: 'a-policy-of-its-own-is-not-looked-at',
    file: `${folder}/password-policy.ts`,
    find: 'if (policy !== null && !isSameName(policy, defaultPolicy))',
    replace: 'if (policy !== null && isSameName(policy, defaultPolicy))',
    tests: BLOCK,
  },
  {
    name: 'a-policy-without-lockout-will-do',
    file: `${folder}/password-policy.ts`,
    find: "policy.attributes['pwdLockout']?.[0]?.toUpperCase() === 'TRUE'",
    replace: "policy.attributes['pwdLockout']?.[0]?.toUpperCase() !== 'FALSE'",
    tests: CHECK,
  },
  {
    name: 'the-overlay-is-not-looked-for',
    file: `${folder}/password-policy.ts`,
    find: '.includes(PASSWORD_POLICIES) !== true',
    replace: ".includes(PASSWORD_POLICIES) === false && defaultPolicy === ''",
    tests: CHECK,
  },
  {
    name: 'a-directory-that-lets-the-locked-in-is-waited-for',
    file: 'src/worker/check-directory.ts',
    find: 'if (!error.retryable) throw',
    replace: "if (error.code === 'CONFIGURATION') throw",
    tests: START,
  },
  {
    name: 'a-group-that-must-not-be-empty-keeps-its-last-member',
    file: `${folder}/static-groups.ts`,
    find: "change('add', attribute, [emptyGroupMember])",
    replace: "change('add', attribute, [value])",
    tests: BLOCK,
  },
  {
    name: 'groups-of-one-kind-are-forgotten',
    file: `${folder}/static-groups.ts`,
    find: "  ['memberUid', ({ login }: Member) => login],\n",
    replace: '',
    tests: BLOCK,
  },
  {
    name: 'a-deleted-entry-leaves-its-memberships',
    file: `${folder}/create-ldap-directory.ts`,
    find: '      await groups.leaveAll({ dn, login: entry?.login ?? login, signal });\n',
    replace: '',
    tests: [...CONTRACT, ...BLOCK],
  },
  {
    name: 'another-persons-entry-is-taken-over',
    file: `${folder}/create-ldap-directory.ts`,
    find: 'if (entry === null || entry.personId === call.personId) return entry !== null;',
    replace: "if (entry === null || entry.personId !== '') return entry !== null;",
    tests: CONTRACT,
  },
  {
    name: 'an-entry-that-is-no-account-is-one',
    file: `${folder}/account-entries.ts`,
    find: 'if (kind === null || personId === null) {',
    replace: 'if (kind === null && personId === null && dn === usersBase) {',
    tests: CONFLICTS,
  },
  {
    name: 'another-login-that-looks-the-same-is-it',
    file: `${folder}/account-entries.ts`,
    find: '.find((name) => isSameLogin(name, login));',
    replace: '.find((name) => name !== login || isSameLogin(name, login));',
    tests: CONFLICTS,
  },
  {
    name: 'what-is-so-already-is-written-to-the-directory-again',
    file: `${folder}/account-entries.ts`,
    find: 'if (changes.length === 0) return;',
    replace: 'if (changes.length < 0) return;',
    tests: [...ENTRIES, ...BLOCK],
  },
  {
    name: 'nothing-is-read-back',
    file: `${folder}/account-entries.ts`,
    find: '      await expect({ wanted, ...call });\n',
    replace: '',
    tests: ENTRIES,
  },
  {
    name: 'a-value-in-other-letters-is-the-same',
    file: `${folder}/account-entries.ts`,
    find: 'one.every((value) => other.includes(value))',
    replace: 'one.every((value) => other.join().toLowerCase().includes(value.toLowerCase()))',
    tests: ENTRIES,
  },
  {
    name: 'the-library-may-connect-anew-by-itself',
    file: `${folder}/ldap-connection.ts`,
    find: "      if (isUsed) throw new Error('the connection was closed');\n",
    replace: '',
    tests: CONNECTION,
  },
  {
    name: 'a-connection-that-broke-is-used-on',
    file: `${folder}/ldap-connection.ts`,
    find: "      socket.once('close', onClosed);\n",
    replace: '',
    tests: CONNECTION,
  },
  {
    name: 'the-certificate-is-of-anybody',
    file: `${folder}/ldap-connection.ts`,
    find: 'const trust = { host,',
    replace: 'const trust = { host, checkServerIdentity: () => undefined,',
    tests: CONNECTION,
  },
  {
    name: 'starttls-is-not-begun',
    file: `${folder}/ldap-connection.ts`,
    find: "if (tls === 'starttls') await",
    replace: "if (tls === 'implicit') await",
    tests: CONNECTION,
  },
  {
    name: 'a-login-of-control-characters-is-one',
    file: `${folder}/ldap-names.ts`,
    find: 'UNUSABLE.test(login) || bytes > LONGEST_LOGIN_BYTES',
    replace: 'bytes > 100_000',
    tests: HOSTILE,
  },
  {
    name: 'a-password-may-be-a-hash',
    file: `${folder}/set-password.ts`,
    find: 'const UNUSABLE = /^($|',
    replace: 'const UNUSABLE = /^($|x',
    tests: HOSTILE,
  },
  {
    name: 'a-list-looks-anew-for-each-page',
    file: `${folder}/list-accounts.ts`,
    find: 'const isKept = after !== null &&',
    replace: "const isKept = after === '' &&",
    tests: LIST,
  },
  {
    name: 'the-first-page-is-an-old-look',
    file: `${folder}/list-accounts.ts`,
    find: 'kept = next === null ? null : whole;',
    replace: 'kept ??= whole;',
    tests: LIST,
  },
  {
    name: 'a-denied-write-is-tried-for-ever',
    file: `${folder}/ldap-error.ts`,
    find: '  TARGET_DENIED: false,',
    replace: '  TARGET_DENIED: true,',
    tests: [...ERRORS, ...RIGHTS],
  },
  {
    name: 'a-busy-directory-is-given-up',
    file: `${folder}/ldap-error.ts`,
    find: '  TARGET_BUSY: true,',
    replace: '  TARGET_BUSY: false,',
    tests: ERRORS,
  },
  {
    name: 'an-error-says-what-the-server-said',
    file: `${folder}/ldap-error.ts`,
    find: "?? ['TARGET_FAILED', 'refused a request.'];",
    replace:
      "?? ['TARGET_FAILED', 'refused a request.'];\n    if (error.message !== '') return ldapError(target, code, error.message, { result: error.code });",
    tests: ERRORS,
  },
  {
    name: 'everybody-reads-where-mail-goes',
    file: 'deploy/ldap/access.ldif',
    find: 'department,division,cernGroup,',
    replace: 'department,division,mailRoutingAddress,cernGroup,',
    tests: RIGHTS,
  },
  {
    name: 'the-lifecycle-may-delete-the-password-policy',
    file: 'deploy/ldap/access.ldif',
    find: '"ou=Policies,dc=cern,dc=ch"\n  by dn.exact="cn=lifecycle,ou=Services,dc=cern,dc=ch" read',
    replace: '"ou=Policies,dc=cern,dc=ch"\n  by dn.exact="cn=lifecycle,ou=Services,dc=cern,dc=ch" write',
    tests: RIGHTS,
  },
  {
    name: 'an-address-that-mail-cannot-hold-fails-the-whole',
    file: `${folder}/ldap-attributes.ts`,
    find: 'mail: asciiOf(person.mail),',
    replace: 'mail: valueOf(person.mail),',
    tests: BLOCK,
  },
  {
    name: 'a-number-is-given-twice',
    file: 'src/registry/stores/account-store.ts',
    find: 'where last_value < ${least}::integer',
    replace: 'where last_value > 0 and ${least}::integer > 0',
    tests: ['test/registry/registry.integration.test.ts'],
  },
];
