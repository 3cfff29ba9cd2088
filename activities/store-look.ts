import type { Observation } from '../src/contracts/affiliation.ts';
import type { Instant } from '../src/contracts/time.ts';
import type { HrAnswer, HrRecord } from '../src/connectors/hr-source.ts';
import { digestOf } from '../src/connectors/hr-record-digest.ts';
import { countSighting } from '../src/policy/sightings.ts';
import type { ObservationRow, PersonRow } from '../src/registry/registry.ts';
import type { ActivityDependencies } from './dependencies.ts';

/** What one look at a person came to, as stored. */
export type Look =
  | {
      readonly outcome: 'found';
      readonly observation: Observation;
      readonly person: PersonRow;
      readonly changed: boolean;
    }
  | { readonly outcome: 'no-person'; readonly confirmed: boolean }
  | { readonly outcome: 'unavailable'; readonly code: string };

interface LookInput {
  readonly number: number;
  readonly personId: string;
  readonly answer: HrAnswer;
  readonly before: PersonRow | null;
  readonly at: Instant;
  readonly source: string;
}

/** The person's row after HR answered with a record. */
function rowOf(
  record: HrRecord,
  observation: Observation,
  digest: string,
  before: PersonRow | null,
): PersonRow {
  const { ties, hasContractsField, remarks: _remarks, ...attributes } = record;
  return {
    ...attributes,
    lastKnownSupervisorId: record.supervisorId ?? before?.lastKnownSupervisorId ?? null,
    observation,
    digest,
    appliedDigest: before?.appliedDigest ?? null,
    noPersonSightings: null,
    hadContracts:
      (before?.hadContracts ?? false) || (hasContractsField && ties.some((tie) => tie.kind === 'contract')),
  };
}

/** An answer without contracts, for a person who had them, says nothing about them. */
function missesContracts(record: HrRecord, before: PersonRow | null): boolean {
  return (before?.hadContracts ?? false) && !record.hasContractsField;
}

async function storeFound(deps: ActivityDependencies, input: LookInput, record: HrRecord): Promise<Look> {
  const { number, personId, before, at, source } = input;
  const digest = digestOf(record);
  const observation: Observation = { number, personId, outcome: 'found', ties: record.ties, at };
  const person = rowOf(record, observation, digest, before);
  // Of an unchanged person nothing is stored, unless there is a count of sightings to reset.
  if (before?.digest === digest && before.noPersonSightings === null) {
    // Under the number it is known by: a newer one, stored nowhere, would make accounts drop what comes between.
    return {
      outcome: 'found',
      observation: before.observation ?? observation,
      person: before,
      changed: false,
    };
  }
  const row: ObservationRow = {
    number,
    personId,
    at,
    outcome: 'found',
    digest,
    ties: record.ties,
    source,
    detail: null,
  };
  await deps.registry.storeObservation({ observation: row, person });
  if (before?.noPersonSightings) await deps.registry.clearAlarm({ key: `no-person:${personId}`, at });
  return { outcome: 'found', observation, person, changed: true };
}

async function storeUnavailable(deps: ActivityDependencies, input: LookInput, code: string): Promise<Look> {
  const { number, personId, at, source } = input;
  // A step's retries, every few minutes while HR is down, stand in the workflow's history already.
  if (source !== 'sync') return { outcome: 'unavailable', code };
  const row: ObservationRow = {
    number,
    personId,
    at,
    outcome: 'unavailable',
    digest: null,
    ties: [],
    source,
    detail: code,
  };
  await deps.registry.storeObservation({ observation: row, person: null });
  return { outcome: 'unavailable', code };
}

async function storeNoPerson(deps: ActivityDependencies, input: LookInput): Promise<Look> {
  const { number, personId, before, at, source } = input;
  const row = {
    number,
    personId,
    at,
    outcome: 'no-person',
    digest: null,
    ties: [],
    source,
    detail: null,
  } as const;
  // Only looks of the synchronisation count: a step's retries would confirm within minutes.
  if (!before || source !== 'sync') {
    return { outcome: 'no-person', confirmed: before?.observation?.outcome === 'no-person' };
  }
  if (before.observation?.outcome === 'no-person') return { outcome: 'no-person', confirmed: true };
  const rule = deps.settings.sightings;
  const count = countSighting({ before: before.noPersonSightings, outcome: 'no-person', at, rule });
  const fact: Observation = { number, personId, outcome: 'no-person', ties: [], at };
  const person: PersonRow = count.confirmed
    ? { ...before, noPersonSightings: count.sightings, observation: fact, digest: null }
    : { ...before, noPersonSightings: count.sightings };
  await deps.registry.storeObservation({ observation: row, person });
  if (count.isFirst) {
    const message = `HR knows no person ${personId} any more; it becomes a fact after ${String(rule.count)} sightings over ${String(rule.hours)} hours`;
    await deps.registry.raiseAlarm({ key: `no-person:${personId}`, message, at });
  }
  return { outcome: 'no-person', confirmed: count.confirmed };
}

/** Stores one look at HR and what it makes of the person. `number` was taken before HR was asked. */
export async function storeLook(deps: ActivityDependencies, input: LookInput): Promise<Look> {
  const { answer, before } = input;
  switch (answer.outcome) {
    case 'unavailable':
      return storeUnavailable(deps, input, answer.code);
    case 'no-person':
      return storeNoPerson(deps, input);
    case 'found':
      if (missesContracts(answer.record, before))
        return storeUnavailable(deps, input, 'HR_CONTRACTS_MISSING');
      return storeFound(deps, input, answer.record);
  }
}
