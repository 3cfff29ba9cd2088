import { randomUUID } from 'node:crypto';
import type { AccountState } from '../../src/contracts/account.ts';
import { RegistryError } from '../../src/errors.ts';
import { isFinal } from '../../src/policy/facts.ts';
import { governing } from '../../src/policy/governing.ts';
import { initialState } from '../../src/policy/initial-state.ts';
import { loginCandidates } from '../../src/policy/login.ts';
import type { AccountRow, PersonRow } from '../../src/registry/registry.ts';
import { factsOfRow } from '../instance/facts-of-row.ts';
import { directoryPerson } from '../directory-person.ts';
import type { SyncContext } from '../sync-activities.ts';
import { isMerged } from './merged-persons.ts';
import { mayJoin, today } from './plan-change.ts';

/** What applying one person came to. */
export interface Applied {
  /** A joiner got an account. */
  readonly joined: boolean;
  /** At least one account was told something. */
  readonly told: boolean;
}

/** Whether the person gets a primary account: an affiliation is valid or will be. */
function isJoiner(context: SyncContext, person: PersonRow, accounts: readonly AccountRow[]): boolean {
  if (!mayJoin(context) || isMerged(person)) return false;
  if (accounts.some(({ kind, state }) => kind === 'primary' && !isFinal(state.stage))) return false;
  const { observation } = person;
  const { standing } = governing({ kind: 'primary', experiment: null, observation, today: today(context) });
  return standing === 'member' || standing === 'future';
}

/** Makes the row of a primary account under the first login that was never used. */
async function makePrimary(
  context: SyncContext,
  person: PersonRow,
  earlier: readonly AccountRow[],
): Promise<AccountState> {
  const { registry, settings } = context.deps;
  const at = context.now();
  // The leavings of a person are numbered on: keys of notices and cases of an earlier account are used up.
  const departure = Math.max(-1, ...earlier.map(({ state }) => state.departure)) + 1;
  // A name without a usable letter still gets a login that says whose it is.
  const base = settings.loginOf(person) || `u${person.personId}`;
  for (const login of loginCandidates(base, settings.longestLogin)) {
    if (settings.requestedLogins.reserved.includes(login) || (await registry.loginTaken(login))) continue;
    const accountId = randomUUID();
    const { personId, observation } = person;
    const own = { accountId, kind: 'primary', personId, experiment: null } as const;
    const state = initialState({ ...own, stage: 'pending', observation, departure, at });
    try {
      const reason = 'HR shows a person with an affiliation';
      await registry.createAccount({ ...own, login, state, at, reason });
      return state;
    } catch (error) {
      if (!(error instanceof RegistryError) || error.code !== 'LOGIN_TAKEN') throw error;
    }
  }
  throw new RangeError('login candidates never end');
}

/** Writes corrected names and addresses to every entry of the person. */
export async function correctEntries(
  context: SyncContext,
  person: PersonRow,
  accounts: readonly AccountRow[],
): Promise<void> {
  for (const { login, kind, state } of accounts) {
    // Logins of an instance are no logins of a directory.
    if (kind === 'experiment' || state.access === 'none' || isFinal(state.stage)) continue;
    for (const directory of context.deps.directories) {
      const entry = await directory.read({ login, signal: context.signal });
      if (!entry) continue;
      await directory.setPerson({ login, person: directoryPerson(person), signal: context.signal });
    }
  }
}

/** Tells accounts that left their instance, or go to another person, just that. Answers their ids. */
async function tellLeaving(
  context: SyncContext,
  personId: string,
  living: readonly AccountRow[],
): Promise<ReadonlySet<string>> {
  const { registry, workflows, instance } = context.deps;
  const told = new Set<string>();
  if (instance === null) return told;
  for (const row of await registry.departing([personId])) {
    const account = living.find(({ accountId }) => accountId === row.accountId);
    const facts = factsOfRow(row);
    if (!account || !facts) continue;
    await workflows.tellInstance({ state: account.state, facts, clock: context.clock });
    told.add(account.accountId);
  }
  return told;
}

/**
 * Makes the account of a joiner, tells every account of the person the newest fact, and marks it as applied, together
 * with the row of the plan: a kill between the two would leave a loss that happened and counts nowhere.
 */
export async function applyPerson(context: SyncContext, person: PersonRow, planId: string): Promise<Applied> {
  const { registry, workflows } = context.deps;
  const { clock } = context;
  const { personId, observation } = person;
  await registry.beginApply({ personId });
  // Looked up after that: an account that is asked for meanwhile either is among them, or begins with the new fact.
  const accounts = await registry.accounts({ personId });
  const joins = isJoiner(context, person, accounts);
  if (joins) await workflows.ensureStarted({ state: await makePrimary(context, person, accounts), clock });
  const living = observation ? accounts.filter(({ state }) => !isFinal(state.stage)) : [];
  const left = await tellLeaving(context, personId, living);
  for (const { state } of living) {
    if (observation && !left.has(state.accountId)) await workflows.tell({ state, observation, clock });
  }
  await correctEntries(context, person, accounts);
  // An account that is being handed over still follows its old owner and has dropped this: told again next time.
  const isSettled = accounts.every(
    ({ personId: owner, state }) => isFinal(state.stage) || owner === state.personId,
  );
  const number = observation?.number ?? 0;
  const row = { planId, at: context.now() };
  if (isSettled) await registry.markApplied({ personId, digest: person.digest, number, row });
  else await registry.markRow({ ...row, personId, state: 'applied' });
  return { joined: joins, told: living.length > 0 };
}
