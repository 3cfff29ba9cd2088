import { randomUUID } from 'node:crypto';
import type { AccountState } from '../../src/contracts/account.ts';
import type { SyncCounts } from '../../src/contracts/sync.ts';
import { RegistryError } from '../../src/errors.ts';
import { dateOf } from '../../src/policy/calendar.ts';
import { isFinal } from '../../src/policy/facts.ts';
import { governing } from '../../src/policy/governing.ts';
import { initialState } from '../../src/policy/initial-state.ts';
import { loginCandidates } from '../../src/policy/login.ts';
import type { AccountRow, PersonRow } from '../../src/registry/registry.ts';
import { errorFacts } from '../failures.ts';
import type { SyncContext } from '../sync-activities.ts';
import { directoryPerson } from '../steps/access.ts';
import { startUnstarted } from './start-unstarted.ts';

function today(context: SyncContext): string {
  const { policies, timeZone } = context.deps.settings;
  return dateOf(context.now(), policies.policies.primary?.timeZone ?? timeZone);
}

/** Whether the person gets a primary account: an affiliation is valid or will be. */
function isJoiner(context: SyncContext, person: PersonRow, accounts: readonly AccountRow[]): boolean {
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
    if (await registry.loginTaken(login)) continue;
    const accountId = randomUUID();
    const { personId, observation } = person;
    const own = { accountId, kind: 'primary', personId, experiment: null } as const;
    const state = initialState({ ...own, stage: 'pending', observation, departure, at });
    try {
      await registry.createAccount({
        ...own,
        login,
        state,
        at,
        reason: 'HR shows a person with an affiliation',
      });
      return state;
    } catch (error) {
      if (!(error instanceof RegistryError) || error.code !== 'LOGIN_TAKEN') throw error;
    }
  }
  throw new RangeError('login candidates never end');
}

/** Writes corrected names and addresses to every entry of the person. */
async function correctEntries(
  context: SyncContext,
  person: PersonRow,
  accounts: readonly AccountRow[],
): Promise<void> {
  for (const { login, state } of accounts) {
    if (state.access === 'none' || isFinal(state.stage)) continue;
    for (const directory of context.deps.directories) {
      const entry = await directory.read({ login, signal: context.signal });
      if (!entry) continue;
      await directory.setPerson({ login, person: directoryPerson(person), signal: context.signal });
    }
  }
}

/** What applying one person came to. */
interface Applied {
  /** A joiner got an account. */
  readonly joined: boolean;
  /** At least one account was told something. */
  readonly told: boolean;
}

async function applyPerson(context: SyncContext, person: PersonRow): Promise<Applied> {
  const { registry, workflows } = context.deps;
  const { clock } = context;
  const { observation } = person;
  const accounts = await registry.accounts({ personId: person.personId });
  const joins = isJoiner(context, person, accounts);
  if (joins) await workflows.ensureStarted({ state: await makePrimary(context, person, accounts), clock });
  const living = observation ? accounts.filter(({ state }) => !isFinal(state.stage)) : [];
  for (const { state } of living) {
    if (observation) await workflows.tell({ state, observation, clock });
  }
  await correctEntries(context, person, accounts);
  // An account that is being handed over still follows its old owner and has dropped this: told again next time.
  const isSettled = accounts.every((account) => account.personId === account.state.personId);
  const number = observation?.number ?? 0;
  if (isSettled) await registry.markApplied({ personId: person.personId, digest: person.digest, number });
  return { joined: joins, told: living.length > 0 };
}

/** A stretch of persons to apply, page by page, and what is done with each. */
interface Source {
  page(after: string | null): Promise<readonly PersonRow[]>;
  apply(person: PersonRow): Promise<Applied>;
}

/** A person came back while their account was being deleted: no new fact will say so again. */
async function applyWithoutPrimary(context: SyncContext, person: PersonRow): Promise<Applied> {
  const accounts = await context.deps.registry.accounts({ personId: person.personId });
  return isJoiner(context, person, accounts) ? applyPerson(context, person) : { joined: false, told: false };
}

/**
 * Applies what was observed and not applied yet: joiners get their account, changed persons' accounts are told. Each
 * person apart: one that fails stays unapplied and stops nobody. A repeated run repeats only what is not marked.
 */
export async function applyPersons(context: SyncContext): Promise<SyncCounts> {
  const { registry, settings, log } = context.deps;
  const limit = settings.pageSize;
  const sources: readonly Source[] = [
    {
      page: (after) => registry.unappliedPersons({ after, limit }),
      apply: (person) => applyPerson(context, person),
    },
    {
      page: (after) => registry.personsWithoutPrimary({ today: today(context), after, limit }),
      apply: (person) => applyWithoutPrimary(context, person),
    },
  ];
  let counts: SyncCounts = { joiners: 0, told: 0, failed: await startUnstarted(context) };
  for (const source of sources) {
    for (let after: string | null = null; ;) {
      const persons = await source.page(after);
      for (const person of persons) {
        try {
          const { joined, told } = await source.apply(person);
          const { joiners: joinersBefore, told: toldBefore } = counts;
          counts = {
            ...counts,
            told: toldBefore + (told ? 1 : 0),
            joiners: joinersBefore + (joined ? 1 : 0),
          };
        } catch (error) {
          if (context.signal.aborted) throw error;
          counts = { ...counts, failed: counts.failed + 1 };
          log.warn('person not applied; the next synchronisation tries again', {
            personId: person.personId,
            ...errorFacts(error),
          });
        }
      }
      const last = persons.at(-1);
      if (!last) break;
      after = last.personId;
      context.beat(counts);
    }
  }
  return counts;
}
