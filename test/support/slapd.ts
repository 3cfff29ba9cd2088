import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { Client, type Entry } from 'ldapts';
import { createLdapDirectory, type LdapDirectory } from '../../src/connectors/ldap/create-ldap-directory.ts';
import type { LdapDirectoryOptions } from '../../src/connectors/ldap/ldap-options.ts';
import { findSlapd, SLAPD_MISSING } from '../../src/dev/find-slapd.ts';
import { SLAPD_ADMIN, SLAPD_USER, startSlapd, type Slapd } from '../../src/dev/slapd.ts';
import type { SlapdCertificate } from '../../src/dev/slapd-configuration.ts';
import { mayBeSkipped } from './postgres.ts';

export const USERS_BASE = 'ou=Users,ou=Organic Units,dc=cern,dc=ch';
export const GROUPS_BASE = 'ou=e-groups,ou=Workgroups,dc=cern,dc=ch';
export const POLICY = 'CN=default, OU=Policies, DC=cern, DC=ch';
export const EMPTY_GROUP_MEMBER = `cn=nobody,${GROUPS_BASE}`;

const programs = findSlapd(process.env['PATH'] ?? '');
/** Whether tests of the directory are left out here: only where there is no server and nothing demands them. */
export const noSlapd = programs === null && mayBeSkipped;
/** For the title of a suite. */
export const slapdReason = programs === null ? ` (${SLAPD_MISSING})` : '';

/** A directory server of a test's own, and what a test does at it beside the code under test. */
export interface TestSlapd extends Slapd {
  readonly certificate: SlapdCertificate | null;
  /** A directory over it, as the lifecycle's worker binds to it. Closed with the server. */
  directory(options?: Partial<LdapDirectoryOptions>): LdapDirectory;
  /** The entry with all its attributes, those of the server's own as well; `null` = there is none. */
  look(dn: string): Promise<Entry | null>;
  /** Whether somebody can sign in with a password: a real bind. */
  canBind(dn: string, password: string): Promise<boolean>;
  /** A client bound as whoever wants to look. `null` = nobody in particular. */
  as<T>(who: { dn: string; password: string } | null, use: (client: Client) => Promise<T>): Promise<T>;
  /** Ends everything and removes its data. */
  close(): Promise<void>;
}

/** The name of the account's entry. Logins of tests that need no escaping only. */
export const dnOf = (login: string): string => `cn=${login},${USERS_BASE}`;

async function makeCertificate(folder: string): Promise<SlapdCertificate> {
  const [certFile, keyFile] = [join(folder, 'cert.pem'), join(folder, 'key.pem')];
  await promisify(execFile)('openssl', [
    ...[
      'req',
      '-x509',
      '-newkey',
      'ec',
      '-pkeyopt',
      'ec_paramgen_curve:prime256v1',
      '-nodes',
      '-days',
      '3650',
    ],
    ...['-subj', '/CN=localhost', '-addext', 'subjectAltName=DNS:localhost,IP:127.0.0.1'],
    ...['-keyout', keyFile, '-out', certFile],
  ]);
  return { certFile, keyFile, caFile: certFile };
}

/**
 * With `tls`, it has a certificate for `localhost` and 127.0.0.1 that it signed itself. Without `policies`, it heeds no
 * locks.
 */
export async function startTestSlapd({ tls = false, policies = true } = {}): Promise<TestSlapd> {
  if (programs === null) throw new Error(`This test needs a directory server: ${SLAPD_MISSING}`);
  const folder = await mkdtemp(join(tmpdir(), 'lifecycle-slapd-'));
  const certificate = tls ? await makeCertificate(folder) : null;
  const slapd = await startSlapd({ programs, folder, policies, ...(certificate && { certificate }) });
  const ca = certificate ? await readFile(certificate.caFile, 'utf8') : null;
  const directories: LdapDirectory[] = [];

  const as: TestSlapd['as'] = async (who, use) => {
    const client = new Client({ url: slapd.url, timeout: 10_000, connectTimeout: 10_000 });
    try {
      await client.bind(who?.dn ?? '', who?.password ?? '');
      return await use(client);
    } finally {
      await client.unbind();
    }
  };

  return {
    ...slapd,
    certificate,
    as,

    directory(options = {}) {
      const directory = createLdapDirectory({
        name: 'directory',
        url: slapd.url,
        tls: 'none',
        ca,
        bindDn: SLAPD_USER.dn,
        password: SLAPD_USER.password,
        usersBase: USERS_BASE,
        groupsBase: GROUPS_BASE,
        emptyGroupMember: EMPTY_GROUP_MEMBER,
        passwordPolicy: POLICY,
        timeoutMs: 10_000,
        connectTimeoutMs: 10_000,
        concurrency: 8,
        pageSize: 3,
        ...options,
      });
      directories.push(directory);
      return directory;
    },

    look: (dn) =>
      as(SLAPD_ADMIN, async (client) => {
        const found = await client
          .search(dn, { scope: 'base', attributes: ['*', '+'] })
          .catch(() => ({ searchEntries: [] }));
        return found.searchEntries[0] ?? null;
      }),

    canBind: (dn, password) =>
      as({ dn, password }, () => Promise.resolve(true)).catch((error: unknown) => {
        if (error instanceof Error && 'code' in error && error.code === 49) return false;
        throw error;
      }),

    async close() {
      await Promise.all(directories.map((directory) => directory.close()));
      await slapd.stop();
      await rm(folder, { recursive: true, force: true });
    },
  };
}
