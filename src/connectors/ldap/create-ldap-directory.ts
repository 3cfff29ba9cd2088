import type { Directory } from '../directory.ts';
import { createAccountEntries } from './account-entries.ts';
import { createLdapConnection } from './ldap-connection.ts';
import {
  accessOf,
  ACTIVE_STATUS,
  kindAttributes,
  LOCK,
  LOCKED_FOR_GOOD,
  MAIL_ROUTING,
  newEntry,
  personAttributes,
  POLICY_OF_ITS_OWN,
  toDirectoryEntry,
  valueOf,
} from './ldap-attributes.ts';
import { createLdapEntries } from './ldap-entries.ts';
import { ldapError } from './ldap-error.ts';
import { entryName } from './ldap-names.ts';
import type { LdapDirectoryOptions } from './ldap-options.ts';
import { createAccountList } from './list-accounts.ts';
import { createPasswordPolicy } from './password-policy.ts';
import { createSetPassword } from './set-password.ts';
import { createStaticGroups } from './static-groups.ts';

/** A directory over LDAP, made for OpenLDAP with the schema and the password policy of `deploy/ldap`. */
export interface LdapDirectory extends Directory {
  /**
   * Looks whether it can be worked with: reached, laid out as configured, and an account that is locked can sign in no
   * more. Throws a `TargetError`, whose message says what to do. Rule: "Block and delete".
   */
  check(signal: AbortSignal): Promise<void>;
  close(): Promise<void>;
}

/** Connects at the first request. Access is off while the entry bears a lock; `cernActiveStatus` is of primary accounts. */
export function createLdapDirectory(options: LdapDirectoryOptions): LdapDirectory {
  const { name, usersBase, groupsBase, emptyGroupMember, passwordPolicy: defaultPolicy } = options;
  const connection = createLdapConnection(options);
  const entries = createLdapEntries({ connection, pageSize: options.pageSize });
  const accounts = createAccountEntries({ target: name, entries, usersBase });
  const groups = createStaticGroups({ target: name, entries, base: groupsBase, emptyGroupMember });
  const policy = createPasswordPolicy({ target: name, entries, defaultPolicy });
  const setPassword = createSetPassword({ target: name, entries, accounts });

  /** An account of ours, of whom it must be. */
  const isThere = async (call: { login: string; signal: AbortSignal; personId: string }) => {
    const entry = await accounts.find(call);
    if (entry === null || entry.personId === call.personId) return entry !== null;
    throw ldapError(
      name,
      'TARGET_CONFLICT',
      'holds this login for another person. Give one of the two another login.',
    );
  };

  return {
    name,

    async create({ login, kind, person, activeStatus, uidNumber, signal }) {
      const call = { login, signal, personId: person.personId };
      if (await isThere(call)) return;
      const attributes = newEntry({ login, kind, person, activeStatus, uidNumber });
      const dn = entryName({ target: name, login, usersBase });
      // Somebody else may have been first.
      if (await entries.add({ dn, attributes, signal }))
        await accounts.expect({ ...call, wanted: attributes });
      else await isThere(call);
    },

    setPerson: ({ person, ...call }) =>
      accounts.write({ ...call, wanted: personAttributes(call.login, person) }),

    async setActiveStatus({ activeStatus, ...call }) {
      const { kind } = await accounts.get(call);
      if (kind !== 'primary') return;
      await accounts.write({ ...call, wanted: { [ACTIVE_STATUS]: [activeStatus] } });
    },

    setKind: ({ kind, ...call }) => accounts.write({ ...call, wanted: kindAttributes(kind) }),

    async setAccess({ access, ...call }) {
      const { attributes } = await accounts.get(call);
      if (accessOf(attributes) !== access) {
        await accounts.write({ ...call, wanted: { [LOCK]: access === 'off' ? [LOCKED_FOR_GOOD] : [] } });
      }
      if (access === 'on') return;
      const own = attributes[POLICY_OF_ITS_OWN]?.[0] ?? null;
      await policy.checkOwn({ policy: own, signal: call.signal });
    },

    async removeStaticMemberships(call) {
      const { dn, login } = await accounts.get(call);
      return groups.leaveAll({ dn, login, signal: call.signal });
    },

    setMailRouting: ({ to, ...call }) => accounts.write({ ...call, wanted: { [MAIL_ROUTING]: valueOf(to) } }),

    setPassword,

    async delete({ login, signal }) {
      const entry = await accounts.find({ login, signal });
      const dn = entry?.dn ?? entryName({ target: name, login, usersBase });
      // Before the entry: one that was cut off in between is found again, and done.
      await groups.leaveAll({ dn, login: entry?.login ?? login, signal });
      if (entry === null) return;
      await entries.remove({ dn, signal });
      if ((await accounts.find({ login, signal })) === null) return;
      throw ldapError(name, 'TARGET_NOT_WRITTEN', 'still has an entry that it said was deleted.');
    },

    async read({ login, signal }) {
      const entry = await accounts.find({ login, signal });
      if (entry === null) return null;
      const memberships = await groups.of({ dn: entry.dn, login: entry.login, signal });
      return toDirectoryEntry(entry.attributes, { login: entry.login, kind: entry.kind, memberships });
    },

    list: createAccountList({ entries, usersBase }),

    async check(signal) {
      for (const [setting, dn] of [
        ['usersBase', usersBase],
        ['groupsBase', groupsBase],
      ] as const) {
        if ((await entries.read({ dn, attributes: ['objectClass'], signal })) !== null) continue;
        throw ldapError(
          name,
          'TARGET_LAYOUT',
          `shows no entry ${dn}. Make it (deploy/ldap/tree.ldif), correct ldap.${setting}, or let ldap.bindDn read it.`,
        );
      }
      await policy.check(signal);
    },

    close: () => connection.close(),
  };
}
