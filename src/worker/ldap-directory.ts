import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import type { Config } from '../config.ts';
import { createLdapDirectory, type LdapDirectory } from '../connectors/ldap/create-ldap-directory.ts';
import { ConfigurationError } from '../errors.ts';

function readCertificates(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    throw new ConfigurationError(
      'The certificates of ldap.caFile cannot be read. Remedy: correct the path, which counts from the folder of the configuration file, or let this user read it.',
    );
  }
}

/**
 * The directory over LDAP that the configuration names; `null` = none. It has the name of the embedded one, whose place it
 * takes. Throws a `ConfigurationError` when its certificates cannot be read.
 */
export function ldapDirectory(config: Pick<Config, 'ldap'>, folder: string): LdapDirectory | null {
  const { ldap } = config;
  if (ldap === null) return null;
  const { url, tls, bindDn, usersBase, groupsBase, emptyGroupMember, passwordPolicy, concurrency, pageSize } =
    ldap;
  return createLdapDirectory({
    name: 'directory',
    ...{ url, tls, bindDn, usersBase, groupsBase, emptyGroupMember, passwordPolicy, concurrency, pageSize },
    ca: ldap.caFile === null ? null : readCertificates(resolve(folder, ldap.caFile)),
    password: ldap.password.reveal(),
    timeoutMs: ldap.timeoutSeconds * 1000,
    connectTimeoutMs: ldap.connectTimeoutSeconds * 1000,
  });
}
