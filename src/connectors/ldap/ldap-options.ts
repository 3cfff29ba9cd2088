/** How the connection is kept from being read on the way. `implicit` = from its first byte, as `ldaps://` says. */
export type LdapTls = 'starttls' | 'implicit' | 'none';

/** Where a directory is, how it is talked to, and how it is laid out. */
export interface LdapDirectoryOptions {
  /** The target's name in the registry, in effects and in messages. */
  readonly name: string;
  /** `ldap://host:port`, or `ldaps://host:port` with `tls: 'implicit'`. */
  readonly url: string;
  readonly tls: LdapTls;
  /** Certificates, in PEM, of who may have signed the server's; `null` = those that Node trusts. */
  readonly ca: string | null;
  readonly bindDn: string;
  readonly password: string;
  /** Accounts are one level below. */
  readonly usersBase: string;
  /** Static groups are anywhere below. */
  readonly groupsBase: string;
  /** Stays in a group that would become empty and must not: `groupOfNames` and `groupOfUniqueNames` want a member. */
  readonly emptyGroupMember: string;
  /** The password policy that counts for accounts which name none of their own. */
  readonly passwordPolicy: string;
  /** Real milliseconds for one answer. */
  readonly timeoutMs: number;
  /** Real milliseconds until a connection is up: found, encrypted and bound. */
  readonly connectTimeoutMs: number;
  /** Requests under way at once. */
  readonly concurrency: number;
  /** Entries that the server is asked for at once in a list. */
  readonly pageSize: number;
}
