import { join } from 'node:path';
import type { SlapdPrograms } from './find-slapd.ts';

/** The tree of the directory server for demo and tests, which is that of `deploy/ldap`. */
export const BASE_DN = 'dc=cern,dc=ch';

/** Files with a server's certificate, its key, and the certificate of who signed it. */
export interface SlapdCertificate {
  readonly certFile: string;
  readonly keyFile: string;
  readonly caFile: string;
}

const SCHEMAS = ['core', 'cosine', 'nis', 'inetorgperson', 'misc'];

/**
 * What a server's configuration is on a fresh machine, before `deploy/ldap` is loaded: the schemas that come with OpenLDAP,
 * and one database without rules. As LDIF for slapadd.
 */
export function slapdConfiguration(input: {
  readonly programs: SlapdPrograms;
  readonly folder: string;
  readonly data: string;
  readonly certificate?: SlapdCertificate;
}): string {
  const { programs, folder, data, certificate } = input;
  const tls = certificate && [
    `olcTLSCACertificateFile: ${certificate.caFile}`,
    `olcTLSCertificateFile: ${certificate.certFile}`,
    `olcTLSCertificateKeyFile: ${certificate.keyFile}`,
  ];
  const modules =
    programs.modules === null ? [] : [`olcModulePath: ${programs.modules}`, 'olcModuleLoad: back_mdb'];
  const parts = [
    [
      'dn: cn=config',
      'objectClass: olcGlobal',
      'cn: config',
      `olcPidFile: ${join(folder, 'slapd.pid')}`,
      ...(tls ?? []),
    ],
    modules.length > 0
      ? ['dn: cn=module{0},cn=config', 'objectClass: olcModuleList', 'cn: module{0}', ...modules]
      : [],
    ['dn: cn=schema,cn=config', 'objectClass: olcSchemaConfig', 'cn: schema'],
    ...SCHEMAS.map((schema) => [`include: file://${join(programs.schemas, `${schema}.ldif`)}`]),
    [
      'dn: olcDatabase={-1}frontend,cn=config',
      'objectClass: olcDatabaseConfig',
      'objectClass: olcFrontendConfig',
      'olcDatabase: {-1}frontend',
    ],
    [
      'dn: olcDatabase={0}config,cn=config',
      'objectClass: olcDatabaseConfig',
      'olcDatabase: {0}config',
      'olcRootPW: admin',
    ],
    [
      'dn: olcDatabase={1}mdb,cn=config',
      'objectClass: olcDatabaseConfig',
      'objectClass: olcMdbConfig',
      'olcDatabase: {1}mdb',
      `olcSuffix: ${BASE_DN}`,
      `olcRootDN: cn=admin,${BASE_DN}`,
      'olcRootPW: admin',
      `olcDbDirectory: ${data}`,
      // It lives for a test or a demo: nothing is lost that anybody wants.
      'olcDbNoSync: TRUE',
    ],
  ];
  return parts
    .filter((part) => part.length > 0)
    .map((part) => `${part.join('\n')}\n`)
    .join('\n');
}
