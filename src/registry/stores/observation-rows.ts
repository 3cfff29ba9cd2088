import { sql, type Insertable, type Transaction } from 'kysely';
import type { Instant } from '../../contracts/time.ts';
import { json, storableOrNull, wholeMs } from '../column-values.ts';
import type { ObservationRow } from '../registry.ts';
import type { ObservationsTable, Tables } from '../tables.ts';

/** Adds one look, once. While HR stays silent about a person for the same reason, one row says so. */
export async function insertObservation(
  trx: Transaction<Tables>,
  observation: ObservationRow,
): Promise<void> {
  if (observation.outcome === 'unavailable' && (await isSilentAlready(trx, observation))) return;
  await trx
    .insertInto('observations')
    .values(fromObservation(observation))
    .onConflict((conflict) => conflict.column('number').doNothing())
    .execute();
}

async function isSilentAlready(trx: Transaction<Tables>, observation: ObservationRow): Promise<boolean> {
  const newest = await trx
    .selectFrom('observations')
    .select(['outcome', 'detail'])
    .where('person_id', '=', observation.personId)
    .orderBy('number', 'desc')
    .limit(1)
    .executeTakeFirst();
  return newest?.outcome === 'unavailable' && newest.detail === storableOrNull(observation.detail);
}

/**
 * Forgets looks of before then, but for each person's newest one, the fact it is known by, and the one that accounts were
 * told.
 */
export async function forgetObservations(trx: Transaction<Tables>, before: Instant): Promise<void> {
  await sql`
    delete from observations
    where at < ${wholeMs(before)}::bigint
      and exists (
        select from observations as later
        where later.person_id = observations.person_id and later.number > observations.number)
      and not exists (
        select from persons
        where persons.person_id = observations.person_id
          and observations.number in (
            (persons.observation ->> 'number')::bigint, (persons.applied_observation ->> 'number')::bigint))`.execute(
    trx,
  );
}

function fromObservation(observation: ObservationRow): Insertable<ObservationsTable> {
  return {
    number: observation.number,
    person_id: observation.personId,
    at: wholeMs(observation.at),
    outcome: observation.outcome,
    digest: observation.digest,
    ties: json(observation.ties),
    source: observation.source,
    detail: storableOrNull(observation.detail),
  };
}
