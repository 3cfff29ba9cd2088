import { createEmbeddedDirectory } from '../../src/connectors/embedded-directory/embedded-directory.ts';
import type { AccountState } from '../../src/contracts/account.ts';
import type { Observation } from '../../src/contracts/affiliation.ts';
import { createRegistry } from '../../src/registry/create-registry.ts';
import type { NewAccount, ObservationRow, PersonRow } from '../../src/registry/registry.ts';
import type { OpenedRegistry, RegistryLocation } from '../../src/registry/open-registry.ts';
import { embeddedTemplate } from './embedded-template.ts';
import { openMemoryDatabase } from './memory-database.ts';

/** An empty registry in memory, with its tables. */
export async function openMemoryRegistry(): Promise<OpenedRegistry> {
  const database = await openMemoryDatabase();
  return {
    registry: createRegistry(database),
    directory: (name) => createEmbeddedDirectory({ database, name }),
    close: () => database.close(),
  };
}

/** An embedded registry in a folder or in memory, begun from a template: much quicker than from nothing. */
export async function embeddedLocation(folder: string | null): Promise<RegistryLocation> {
  return { type: 'embedded', folder, template: await embeddedTemplate() };
}

/** 2027-01-01 00:00 UTC. */
export const NEW_YEAR = Date.UTC(2027, 0, 1);

/** The state of an account that is active and to which nothing has happened. */
export function accountStateOf(overrides: Partial<AccountState> & { accountId: string }): AccountState {
  return {
    schema: 1,
    kind: 'primary',
    personId: '1',
    experiment: null,
    stage: 'active',
    stageSince: NEW_YEAR,
    managedSince: NEW_YEAR,
    epoch: 1,
    departure: 0,
    sequence: 0,
    observation: null,
    withheld: null,
    vanishedLastDay: null,
    adminDate: null,
    holds: { ignored: null, disabledManually: null, excluded: null },
    access: 'on',
    activeStatus: 'Active',
    told: {},
    named: null,
    lateNotice: null,
    allClear: null,
    allClears: 0,
    blocked: null,
    notBefore: null,
    deleteBegun: false,
    failures: [],
    past: [],
    noteSequence: 0,
    unrecorded: [],
    handledCommands: [],
    lastRefusal: null,
    ...overrides,
  };
}

/** An account as the registry is asked to store it; id and login follow from one another unless given. */
export function newAccountOf(
  overrides: Partial<Omit<NewAccount, 'state'>> & { accountId: string; state?: Partial<AccountState> },
): NewAccount {
  const account = {
    kind: 'primary' as const,
    login: overrides.accountId,
    personId: `person-of-${overrides.accountId}`,
    experiment: null,
    at: NEW_YEAR,
    reason: 'joined',
    ...overrides,
  };
  const { accountId, kind, personId, experiment } = account;
  return { ...account, state: accountStateOf({ accountId, kind, personId, experiment, ...overrides.state }) };
}

/** A person with one open-ended contract, as a look at HR of that number makes it. */
export function personRowOf(overrides: Partial<PersonRow> & { personId: string; number: number }): PersonRow {
  const { number, ...person } = overrides;
  return {
    givenName: 'Ada',
    familyName: 'Rossi',
    email: null,
    externalEmail: null,
    language: null,
    supervisorId: null,
    department: null,
    group: null,
    section: null,
    institute: null,
    lastKnownSupervisorId: null,
    observation: observationOf({ personId: person.personId, number }),
    digest: `digest-${number}`,
    appliedDigest: null,
    appliedOutcome: null,
    applied: null,
    noPersonSightings: null,
    hadContracts: true,
    departedAskedAt: null,
    mergedInto: null,
    ...person,
  };
}

/** A fact as it is signalled: one open-ended contract. */
export function observationOf(
  overrides: Partial<Observation> & { personId: string; number: number },
): Observation {
  return {
    outcome: 'found',
    ties: [{ kind: 'contract', start: '2020-01-01', end: null, excluded: false, experiment: null }],
    at: NEW_YEAR,
    ...overrides,
  };
}

/** A look at HR as it is stored. */
export function observationRowOf(
  overrides: Partial<ObservationRow> & { personId: string; number: number },
): ObservationRow {
  return {
    at: NEW_YEAR,
    outcome: 'found',
    digest: `digest-${overrides.number}`,
    ties: observationOf({ personId: overrides.personId, number: overrides.number }).ties,
    source: 'sync',
    detail: null,
    ...overrides,
  };
}
