import { execFile } from 'node:child_process';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { findSlapd, SLAPD_MISSING, type SlapdPrograms } from '../dev/find-slapd.ts';
import { startSlapd } from '../dev/slapd.ts';
import { ConfigurationError } from '../errors.ts';
import type { AccountRow } from '../registry/registry.ts';
import type { SeedGroups } from './worker-messages.ts';

const GROUPS_BASE = 'ou=e-groups,ou=Workgroups,dc=cern,dc=ch';
const USERS_BASE = 'ou=Users,ou=Organic Units,dc=cern,dc=ch';

/** The directory server of the demo. */
export interface DemoLdap {
  readonly url: string;
  /** Makes the groups, with their members: what somebody else than the lifecycle does. */
  readonly addGroups: (memberships: readonly SeedGroups[]) => Promise<void>;
  /** Asks it for the status of an account, as its clients do: the command, and the lines it answers. */
  readonly ask: (login: string) => Promise<{ command: string; answer: readonly string[] }>;
  readonly stop: () => Promise<void>;
}

/** The programs of a directory server. Throws a `ConfigurationError` that says how to get them. */
export function slapdOf(env: Readonly<Record<string, string | undefined>>): SlapdPrograms {
  const programs = findSlapd(env['PATH'] ?? '');
  if (programs) return programs;
  throw new ConfigurationError(`--with-ldap: ${SLAPD_MISSING}, or leave the option out.`);
}

/** One entry for each group. Logins and groups are the story's own: letters, digits and dashes. */
function groupsLdif(memberships: readonly SeedGroups[]): string {
  const members = new Map<string, string[]>();
  for (const { login, groups } of memberships) {
    for (const group of groups) members.set(group, [...(members.get(group) ?? []), login]);
  }
  return [...members]
    .map(([group, logins]) =>
      [
        `dn: cn=${group},${GROUPS_BASE}`,
        ...['changetype: add', 'objectClass: groupOfNames', `cn: ${group}`],
        ...logins.map((login) => `member: cn=${login},${USERS_BASE}`),
      ].join('\n'),
    )
    .join('\n\n');
}

/** Starts one in a folder of the demo's. */
export async function startDemoLdap(input: {
  readonly programs: SlapdPrograms;
  readonly folder: string;
}): Promise<DemoLdap> {
  const folder = join(input.folder, 'ldap');
  await mkdir(folder);
  const slapd = await startSlapd({ programs: input.programs, folder });
  const { url, modify, stop } = slapd;
  return {
    url,
    stop,
    addGroups: async (memberships) => {
      if (memberships.length > 0) await modify(`${groupsLdif(memberships)}\n`);
    },
    ask: async (login) => {
      const filter = `(cn=${login})`;
      const args = ['-x', '-H', url, '-b', 'DC=cern,DC=ch', filter, 'cernActiveStatus'];
      const { stdout } = await promisify(execFile)(input.programs.ldapsearch, args);
      const answer = stdout.split('\n').filter((line) => line !== '' && !/^(#|search:|result:)/.test(line));
      return { command: `ldapsearch -x -H ${url} -b "DC=cern,DC=ch" "${filter}" cernActiveStatus`, answer };
    },
  };
}

/** Accounts that show what clients see: a primary one for each status there is, the first by login. */
export function examplesOf(accounts: readonly AccountRow[]): readonly AccountRow[] {
  const primaries = accounts
    .filter(({ kind, state }) => kind === 'primary' && state.access !== 'none')
    .sort((one, other) => (one.login < other.login ? -1 : 1));
  const of = (stage: string) => primaries.find(({ state }) => state.stage === stage);
  return ['active', 'grace', 'blocked'].flatMap((stage) => of(stage) ?? []);
}
