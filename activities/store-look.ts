import type { Observation } from '../src/contracts/affiliation.ts';
import type { Instant } from '../src/contracts/time.ts';
import type { HrAnswer, HrRecord } from '../src/connectors/hr-source.ts';
import { digestOf } from '../src/connectors/hr-record-digest.ts';
import { countSighting, type SightingRule } from '../src/policy/sightings.ts';
import type { ObservationRow, PersonRow } from '../src/registry/registry.ts';
import type { ActivityDependencies } from './dependencies.ts';

/** What one look at a person came to. */
export type Look =
  | {
      readonly outcome: 'found';
      readonly observation: Observation;
      readonly person: PersonRow;
      readonly changed: boolean;
    }
  | { readonly outcome: 'no-person'; readonly confirmed: boolean }
  | { readonly outcome: 'unavailable'; readonly code: string };

export interface LookInput {
  readonly number: number;
  readonly personId: string;
  readonly answer: HrAnswer;
  readonly before: PersonRow | null;
  readonly at: Instant;
  /** `sync`, or the step that looks. */
  readonly source: string;
  /** The synchronisation that looks, by its plan. */
  readonly run?: string;
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
    appliedOutcome: before?.appliedOutcome ?? null,
    applied: before?.applied ?? null,
    noPersonSightings: null,
    hadContracts:
      (before?.hadContracts ?? false) || (hasContractsField && ties.some((tie) => tie.kind === 'contract')),
    departedAskedAt: before?.departedAskedAt ?? null,
    mergedInto: before?.mergedInto ?? null,
  };
}

/** An answer without contracts, for a person who had them, says nothing about them. */
function missesContracts(record: HrRecord, before: PersonRow | null): boolean {
  return (before?.hadContracts ?? false) && !record.hasContractsField;
}

/** What is written of a look, together. */
interface Writes {
  readonly observation: ObservationRow;
  /** `null` = the person stays as they are. */
  readonly person: PersonRow | null;
}

/** What a look comes to, and what is to be written of it; `null` = nothing. */
export interface Assessed {
  readonly look: Look;
  readonly writes: Writes | null;
}

function observationRow(
  input: LookInput,
  over: Pick<ObservationRow, 'outcome'> & Partial<ObservationRow>,
): ObservationRow {
  const { number, personId, at, source } = input;
  return { number, personId, at, source, digest: null, ties: [], detail: null, ...over };
}

function assessFound(input: LookInput, record: HrRecord): Assessed {
  const { number, personId, before, at } = input;
  const digest = digestOf(record);
  const observation: Observation = { number, personId, outcome: 'found', ties: record.ties, at };
  // Of an unchanged person nothing is stored, unless there is a count of sightings to reset.
  if (before?.digest === digest && before.noPersonSightings === null) {
    // Under the number it is known by: a newer one, stored nowhere, would make accounts drop what comes between.
    const known = before.observation ?? observation;
    return { look: { outcome: 'found', observation: known, person: before, changed: false }, writes: null };
  }
  const person = rowOf(record, observation, digest, before);
  const row = observationRow(input, { outcome: 'found', digest, ties: record.ties });
  return {
    look: { outcome: 'found', observation, person, changed: before?.digest !== digest },
    writes: { observation: row, person },
  };
}

function assessUnavailable(input: LookInput, code: string): Assessed {
  const look = { outcome: 'unavailable', code } as const;
  // A step's retries, every few minutes while HR is down, stand in the workflow's history already.
  if (input.source !== 'sync') return { look, writes: null };
  return {
    look,
    writes: { observation: observationRow(input, { outcome: 'unavailable', detail: code }), person: null },
  };
}

function assessNoPerson(input: LookInput, rule: SightingRule): Assessed {
  const { number, personId, before, at, source, run = null } = input;
  const observation = observationRow(input, { outcome: 'no-person' });
  const isConfirmed = before?.observation?.outcome === 'no-person';
  const look = (confirmed: boolean): Look => ({ outcome: 'no-person', confirmed });
  // Only looks of the synchronisation count: a step's retries would confirm within minutes.
  if (!before || source !== 'sync' || isConfirmed) return { look: look(isConfirmed), writes: null };
  const count = countSighting({ before: before.noPersonSightings, outcome: 'no-person', at, run, rule });
  // This run has seen it before.
  if (count.sightings === before.noPersonSightings) return { look: look(false), writes: null };
  if (!count.confirmed) {
    const person = { ...before, noPersonSightings: count.sightings };
    return { look: look(false), writes: { observation, person } };
  }
  // What was counted has become a fact.
  const fact: Observation = { number, personId, outcome: 'no-person', ties: [], at };
  const person = { ...before, noPersonSightings: null, observation: fact, digest: null };
  return { look: look(true), writes: { observation, person } };
}

/** What one look at HR says, without writing anything. `number` was taken before HR was asked. */
export function assessLook(input: LookInput, rule: SightingRule): Assessed {
  const { answer, before } = input;
  switch (answer.outcome) {
    case 'unavailable':
      return assessUnavailable(input, answer.code);
    case 'no-person':
      return assessNoPerson(input, rule);
    case 'found':
      if (missesContracts(answer.record, before)) return assessUnavailable(input, 'HR_CONTRACTS_MISSING');
      return assessFound(input, answer.record);
  }
}

/** Stores one look at HR and what it makes of the person. */
export async function storeLook(deps: ActivityDependencies, input: LookInput): Promise<Look> {
  const { look, writes } = assessLook(input, deps.settings.sightings);
  if (writes) await deps.registry.storeObservation(writes);
  return look;
}
