import type { DirectoryEntry } from '../../src/connectors/directory.ts';
import type { AccountState } from '../../src/contracts/account.ts';
import { isFinal, ownsAccess } from '../../src/policy/facts.ts';
import type { Finding, Mend } from './finding.ts';

function finding(
  kind: Finding['kind'],
  words: string,
  mend: Mend,
  options: { readonly isHarm?: boolean } = {},
): Finding {
  return { kind, words, mend, why: '', isHarm: options.isHarm ?? false };
}

function beyond(kind: Finding['kind'], words: string, why: string): Finding {
  return { kind, words, mend: null, why, isHarm: false };
}

/** An account that is over: of one that we deleted nothing is left, of one that never came nothing works. */
function findingsAfterEnd(
  state: AccountState,
  name: string,
  entry: DirectoryEntry | null,
): readonly Finding[] {
  // What others deleted or took over is theirs.
  if (entry === null || state.stage === 'released' || state.stage === 'deletedOutside') return [];
  if (state.stage === 'deleted') {
    const words = `${name} has an entry, although the account is deleted`;
    return [finding('entry-unexpected', words, { type: 'delete' }, { isHarm: true })];
  }
  return withoutAccess(state, name, entry);
}

/** Nothing was made for it yet, or it never came. */
function withoutAccess(state: AccountState, name: string, entry: DirectoryEntry): readonly Finding[] {
  if (entry.access === 'on') {
    const words = `${name}: access is on, although the account is ${state.stage}`;
    return [finding('access', words, { type: 'access', access: 'off' }, { isHarm: true })];
  }
  const why = 'find out who made it; nothing is deleted that was never blocked';
  return [beyond('entry-unexpected', `${name} has an entry, although the account is ${state.stage}`, why)];
}

/** The access that the targets were told; a service account's is nobody's business here. */
function accessFinding(state: AccountState, name: string, entry: DirectoryEntry): readonly Finding[] {
  const { access } = state;
  if (!ownsAccess(state) || access === 'none' || access === 'partial' || entry.access === access) return [];
  const words = `${name}: access is ${entry.access}, and the account says ${access}`;
  // A manual disabling works under a freeze, too.
  const isHarm = access === 'off' && state.holds.disabledManually === null;
  return [finding('access', words, { type: 'access', access }, { isHarm })];
}

/**
 * How an entry differs from what a settled state says, and what would mend it. `entry` = what the directory `name` has
 * under the account's login, `routing` = where its mail is to go; `null` = it has a mailbox, or nobody's is there. Pure.
 */
export function targetFindings(
  account: { readonly personId: string; readonly state: AccountState },
  name: string,
  entry: DirectoryEntry | null,
  routing: string | null = null,
): readonly Finding[] {
  const { personId, state } = account;
  if (entry !== null && entry.person.personId !== personId) {
    const words = `${name} has the login for person ${entry.person.personId}, and the registry for ${personId}`;
    return [beyond('entry-of-another-person', words, 'settle by hand whose it is')];
  }
  if (isFinal(state.stage)) return findingsAfterEnd(state, name, entry);
  if (state.access === 'none') return entry === null ? [] : withoutAccess(state, name, entry);
  if (entry === null) {
    return [finding('entry-missing', `${name} has no entry for the account`, { type: 'create' })];
  }
  const findings = [...accessFinding(state, name, entry)];
  if (state.activeStatus !== null && entry.activeStatus !== state.activeStatus) {
    const words = `${name} says ${entry.activeStatus ?? 'no status'}, and the account ${state.activeStatus}`;
    const mend: Mend = { type: 'activeStatus', activeStatus: state.activeStatus };
    findings.push(finding('active-status', words, mend));
  }
  if (routing !== null && entry.mailRouting !== routing) {
    // The addresses stay out: what this answers stands in a history.
    const words = `${name}: its mail goes ${entry.mailRouting === null ? 'nowhere else' : 'to another address'}, and not to the primary account of its person`;
    findings.push(finding('mail-routing', words, { type: 'mailRouting', to: routing }));
  }
  if (state.stage === 'blocked' && entry.memberships.length > 0) {
    const words = `${name}: the account is blocked, and a member of ${String(entry.memberships.length)} static groups`;
    findings.push(finding('memberships', words, { type: 'removeMemberships' }, { isHarm: true }));
  }
  return findings;
}
