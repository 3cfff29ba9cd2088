import type * as z from 'zod';
import type { CrossProblem } from './cross-checks.ts';
import type { ldapSchema } from './ldap-schema.ts';
import type { Secret } from './secret.ts';
import { secretFrom, type Environment } from './secrets.ts';

type LdapFile = z.infer<typeof ldapSchema>;

/** A directory over LDAP, with the secret that its settings name. */
export interface LdapConfig extends Readonly<Omit<LdapFile, 'passwordEnv' | 'caFile' | 'emptyGroupMember'>> {
  readonly password: Secret;
  /** `null` = the certificates that Node trusts. */
  readonly caFile: string | null;
  /** Stays in a group that would become empty and must not. */
  readonly emptyGroupMember: string;
}

/** The block `ldap`, complete; `null` = accounts are kept in the embedded directory. */
export function ldapConfig(file: LdapFile | undefined, env: Environment): LdapConfig | null {
  if (file === undefined) return null;
  const { passwordEnv, caFile = null, emptyGroupMember = `CN=nobody,${file.groupsBase}`, ...rest } = file;
  return { ...rest, caFile, emptyGroupMember, password: secretFrom(env, passwordEnv) };
}

/** What works and had better be otherwise. */
export function ldapWarnings(file: LdapFile | undefined): readonly string[] {
  if (file?.tls !== 'none') return [];
  return ['ldap.tls is none: passwords go to the directory in clear text, for anybody on the way to read'];
}

/** What is wrong between settings that are right each by itself. */
export function ldapProblems(
  ldap: LdapFile | null,
  tuning: { readonly startToCloseSeconds: number } | null,
): CrossProblem[] {
  if (ldap === null) return [];
  const problems: CrossProblem[] = [];
  const isImplicit = ldap.url.startsWith('ldaps:');
  if (isImplicit !== (ldap.tls === 'implicit')) {
    problems.push({
      path: ['ldap', 'tls'],
      what: `is ${ldap.tls}, but the address begins with ${isImplicit ? 'ldaps' : 'ldap'}://`,
      remedy: 'write implicit with ldaps://, and starttls (or none) with ldap://',
    });
  }
  for (const key of ['timeoutSeconds', 'connectTimeoutSeconds'] as const) {
    if (tuning === null || ldap[key] < tuning.startToCloseSeconds) continue;
    problems.push({
      path: ['ldap', key],
      what: 'is not shorter than tuning.startToCloseSeconds: a call must end before its activity does',
      remedy: `write less than ${tuning.startToCloseSeconds}`,
    });
  }
  return problems;
}
