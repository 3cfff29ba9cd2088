import { sql, type Insertable, type Selectable, type SqlBool } from 'kysely';
import type { CalendarDate } from '../../contracts/time.ts';
import { json, personOrder, storable, storableOrNull, wholeMs } from '../column-values.ts';
import type { RegistryDatabase } from '../registry-database.ts';
import type { ObservationRow, PersonRow, Registry } from '../registry.ts';
import type { ObservationsTable, PersonsTable } from '../tables.ts';
import { ENDS } from './ends.ts';
import { insertObservation } from './observation-rows.ts';
import { markWaitingRow } from './plan-row-store.ts';

type PersonStore = Pick<
  Registry,
  | 'person'
  | 'persons'
  | 'nextObservationNumber'
  | 'observationNumbers'
  | 'storeObservation'
  | 'beginApply'
  | 'toldApart'
  | 'markApplied'
  | 'departedAsked'
  | 'sightedOwners'
  | 'cutPersons'
  | 'personsWithoutPrimary'
  | 'observations'
>;

/** In the place of the digest that was applied: no answer of HR's has it, and neither has an absence. */
const TOLD_APART = 'told-apart';

/** Persons and what HR said about them. */
export function createPersonStore(database: RegistryDatabase): PersonStore {
  const observationNumbers = (count: number): Promise<readonly number[]> =>
    database.query(async (db) => {
      const { rows } = await sql<{ number: number }>`
        select nextval('observation_number') as number from generate_series(1, ${count}::int)`.execute(db);
      return rows.map((row) => row.number).sort((a, b) => a - b);
    });

  return {
    person: (personId) =>
      database.query(async (db) => {
        const row = await db
          .selectFrom('persons')
          .selectAll()
          .where('person_id', '=', personId)
          .executeTakeFirst();
        return row === undefined ? null : toPerson(row);
      }),

    persons: ({ after, limit }) =>
      database.query(async (db) => {
        let query = db.selectFrom('persons').selectAll().orderBy('person_order').limit(limit);
        if (after !== null) query = query.where('person_order', '>', personOrder(after));
        return (await query.execute()).map(toPerson);
      }),

    async nextObservationNumber() {
      const [number] = await observationNumbers(1);
      if (number === undefined) throw new Error('A sequence of Postgres always gives a number.');
      return number;
    },
    observationNumbers,

    storeObservation: ({ observation, person }) =>
      database.transaction(async (trx) => {
        await insertObservation(trx, observation);
        if (person === null) return;
        const row = fromPerson(person, observation.number);
        await trx
          .insertInto('persons')
          .values(row)
          .onConflict((conflict) =>
            conflict
              .column('person_id')
              .doUpdateSet({ ...row, ...whatStays })
              .where('persons.looked_number', '<=', observation.number),
          )
          .execute();
      }),

    beginApply: ({ personId }) =>
      database.query(async (db) => {
        await db
          .updateTable('persons')
          .set({ applied_digest: null, applied_outcome: null })
          .where('person_id', '=', personId)
          .execute();
      }),

    toldApart: ({ personId, number }) =>
      database.query(async (db) => {
        await db
          .updateTable('persons')
          .set({ applied_digest: TOLD_APART })
          .where('person_id', '=', personId)
          // What is being told at the moment counts as not applied anyhow.
          .where('applied_outcome', 'is not', null)
          .where(sql<SqlBool>`(applied_observation ->> 'number')::bigint < ${number}::bigint`)
          .execute();
      }),

    markApplied: ({ personId, digest, number, row }) =>
      database.transaction(async (trx) => {
        await trx
          .updateTable('persons')
          .set((column) => ({
            applied_digest: column.ref('digest'),
            applied_outcome: column.ref('outcome'),
            applied_observation: sql<string | null>`observation`,
          }))
          .where('person_id', '=', personId)
          .where('digest', 'is not distinct from', digest)
          .where(sql<SqlBool>`(observation ->> 'number')::bigint = ${number}::bigint`)
          .execute();
        if (row !== undefined) await markWaitingRow(trx, { ...row, personId, state: 'applied' });
      }),

    departedAsked: ({ personIds, at }) =>
      database.query(async (db) => {
        if (personIds.length === 0) return;
        await db
          .updateTable('persons')
          .set({ departed_asked_at: wholeMs(at) })
          .where('person_id', 'in', personIds)
          .execute();
      }),

    sightedOwners: ({ after, limit }) =>
      database.query(async (db) => {
        let query = db
          .selectFrom('persons')
          .select('person_id')
          .where('no_person_count', 'is not', null)
          .where('merged_into', 'is', null)
          .where('outcome', 'is distinct from', 'no-person')
          .where(
            sql<SqlBool>`exists (
              select from accounts
              where accounts.person_id = persons.person_id and stage not in (${sql.join(ENDS)}))`,
          )
          .orderBy('person_order')
          .limit(limit);
        if (after !== null) query = query.where('person_order', '>', personOrder(after));
        return (await query.execute()).map((row) => row.person_id);
      }),

    cutPersons: ({ size }) =>
      database.query(async (db) => {
        const { rows } = await sql<{ up_to: string; expected: number }>`
          select (array_agg(person_id order by person_order desc))[1] as up_to,
                 count(*) filter (where merged_into is null and (outcome = 'found' or told = 'found')) as expected
          from (select person_id, person_order, outcome, merged_into, applied_observation ->> 'outcome' as told,
                       (row_number() over (order by person_order) - 1) / ${size}::bigint as range
                from persons) as in_order
          group by range order by range`.execute(db);
        const last = rows.at(-1);
        return [
          ...rows.slice(0, -1).map(({ up_to: upTo, expected }) => ({ upTo, expected })),
          { upTo: null, expected: last?.expected ?? 0 },
        ];
      }),

    personsWithoutPrimary: ({ today, after, limit }) =>
      database.query(async (db) => {
        let query = db
          .selectFrom('persons')
          .selectAll()
          .where(hasTieFrom(today))
          .where('merged_into', 'is', null)
          .where(sql<SqlBool>`${livingPrimary()} is null`)
          .orderBy('person_order')
          .limit(limit);
        if (after !== null) query = query.where('person_order', '>', personOrder(after));
        return (await query.execute()).map(toPerson);
      }),

    observations: (personId) =>
      database.query(async (db) => {
        const rows = await db
          .selectFrom('observations')
          .selectAll()
          .where('person_id', '=', personId)
          .orderBy('number')
          .execute();
        return rows.map(toObservation);
      }),
  };
}

/** Dates compare as text, `YYYY-MM-DD`, byte by byte. */
const hasTieFrom = (today: CalendarDate) => sql<SqlBool>`exists (
  select from jsonb_array_elements(persons.observation -> 'ties') as tie
  where tie ->> 'end' is null or (tie ->> 'end') collate "C" >= ${today})`;

/**
 * Looked up person by person, and not joined: the embedded database gathers no statistics, takes the accounts for a
 * handful, and may plan a join that takes the square of their number.
 */
const livingPrimary = () => sql<string | null>`(
  select account_id from accounts
  where accounts.person_id = persons.person_id and kind = 'primary' and stage not in (${sql.join(ENDS)}) limit 1)`;

/** What a later look never takes away. */
const whatStays = {
  last_known_supervisor_id: sql<string | null>`coalesce(
    excluded.supervisor_id, excluded.last_known_supervisor_id, persons.last_known_supervisor_id)`,
  had_contracts: sql<boolean>`persons.had_contracts or excluded.had_contracts`,
};

/**
 * Without what was applied, when somebody departed was asked of, and into whom they were merged: a row read before `markApplied` and written after it
 * would undo that.
 */
function fromPerson(
  person: PersonRow,
  lookedNumber: number,
): Omit<Insertable<PersonsTable>, 'departed_asked_at' | 'merged_into'> {
  return {
    person_id: person.personId,
    person_order: personOrder(person.personId),
    given_name: storable(person.givenName),
    family_name: storable(person.familyName),
    email: storableOrNull(person.email),
    external_email: storableOrNull(person.externalEmail),
    language: storableOrNull(person.language),
    supervisor_id: storableOrNull(person.supervisorId),
    department: storableOrNull(person.department),
    group_name: storableOrNull(person.group),
    section: storableOrNull(person.section),
    institute: storableOrNull(person.institute),
    last_known_supervisor_id: storableOrNull(person.supervisorId ?? person.lastKnownSupervisorId),
    observation: person.observation === null ? null : json(person.observation),
    outcome: person.observation?.outcome ?? null,
    digest: person.digest,
    no_person_count: person.noPersonSightings?.count ?? null,
    no_person_first_at: person.noPersonSightings === null ? null : wholeMs(person.noPersonSightings.firstAt),
    no_person_run: person.noPersonSightings?.lastRun ?? null,
    had_contracts: person.hadContracts,
    looked_number: lookedNumber,
  };
}

/** A person's row, as the registry tells it. */
export function toPerson(row: Selectable<PersonsTable>): PersonRow {
  const { no_person_count: count, no_person_first_at: firstAt, no_person_run: lastRun } = row;
  return {
    personId: row.person_id,
    givenName: row.given_name,
    familyName: row.family_name,
    email: row.email,
    externalEmail: row.external_email,
    language: row.language,
    supervisorId: row.supervisor_id,
    department: row.department,
    group: row.group_name,
    section: row.section,
    institute: row.institute,
    lastKnownSupervisorId: row.last_known_supervisor_id,
    observation: row.observation,
    digest: row.digest,
    appliedDigest: row.applied_digest,
    appliedOutcome: row.applied_outcome,
    applied: row.applied_observation,
    noPersonSightings: count === null || firstAt === null ? null : { count, firstAt, lastRun },
    hadContracts: row.had_contracts,
    departedAskedAt: row.departed_asked_at,
    mergedInto: row.merged_into,
  };
}

function toObservation(row: Selectable<ObservationsTable>): ObservationRow {
  return {
    number: row.number,
    personId: row.person_id,
    at: row.at,
    outcome: row.outcome,
    digest: row.digest,
    ties: row.ties,
    source: row.source,
    detail: row.detail,
  };
}
