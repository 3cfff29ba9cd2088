import { accessSync, constants, existsSync } from 'node:fs';
import { delimiter, join } from 'node:path';

/** What a directory server for demo and tests is made of. */
export interface SlapdPrograms {
  readonly slapd: string;
  readonly slapadd: string;
  readonly ldapmodify: string;
  readonly ldapsearch: string;
  /** The folder of the schemas that OpenLDAP brings along. */
  readonly schemas: string;
  /** The folder of its modules; `null` = they are built in. */
  readonly modules: string | null;
}

/** What to do where there is none. */
export const SLAPD_MISSING =
  'no OpenLDAP server found; install it (on Debian: apt-get install slapd ldap-utils)';

const SCHEMAS = ['/etc/ldap/schema', '/etc/openldap/schema', '/usr/local/etc/openldap/schema'];
const MODULES = ['/usr/lib/ldap', '/usr/lib64/openldap', '/usr/lib/openldap', '/usr/local/libexec/openldap'];
/** Where programs for administrators are, though not always on the path of everybody. */
const MORE_FOLDERS = [
  '/usr/sbin',
  '/usr/local/sbin',
  '/usr/local/libexec',
  '/usr/libexec',
  '/usr/lib/openldap',
];

/** OpenLDAP's server and tools on this machine, given its `PATH`; `null` = they are not all there. */
export function findSlapd(path: string): SlapdPrograms | null {
  const folders = [...path.split(delimiter), ...MORE_FOLDERS];
  const find = (program: string): string | undefined =>
    folders.map((folder) => join(folder, program)).find(isProgram);
  const [slapd, slapadd] = [find('slapd'), find('slapadd')];
  const [ldapmodify, ldapsearch] = [find('ldapmodify'), find('ldapsearch')];
  const schemas = SCHEMAS.find((folder) => existsSync(join(folder, 'inetorgperson.ldif')));
  if (!slapd || !slapadd || !ldapmodify || !ldapsearch || !schemas) return null;
  const modules = MODULES.find((folder) => existsSync(join(folder, 'ppolicy.so'))) ?? null;
  return { slapd, slapadd, ldapmodify, ldapsearch, schemas, modules };
}

function isProgram(file: string): boolean {
  try {
    accessSync(file, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
