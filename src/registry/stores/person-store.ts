import { sql, type Insertable, type Selectable, type SqlBool } from 'kysely';
import type { Stage } from '../../contracts/account.ts';
import type { CalendarDate } from '../../contracts/time.ts';
import { json, personOrder, storable, storableOrNull, wholeMs } from '../column-values.ts';
import type { RegistryDatabase } from '../registry-database.ts';
import type { ObservationRow, PersonRow, Registry } from '../registry.ts';
import type { ObservationsTable, PersonsTable } from '../tables.ts';

type PersonStore = Pick<
  Registry,
  | 'person'
  | 'persons'
  | 'nextObservationNumber'
  | 'observationNumbers'
  | 'storeObservation'
  | 'markApplied'
  | 'unappliedPersons'
  | 'personsWithoutPrimary'
  | 'observations'
>;

/** Something of the person has not been signalled yet. The same words as the index `persons_unapplied`. */
const unapplied = sql<SqlBool>`outcome is not null
  and (applied_outcome is distinct from outcome or applied_digest is distinct from digest)`;

/** Persons and what HR said about them. */
export function createPersonStore(database: RegistryDatabase): PersonStore {
  const page = (input: { after: string | null; limit: number; only: 'all' | 'unapplied' }) =>
    database.query(async (db) => {
      let query = db.selectFrom('persons').selectAll().orderBy('person_order').limit(input.limit);
      if (input.only === 'unapplied') query = query.where(unapplied);
      if (input.after !== null) query = query.where('person_order', '>', personOrder(input.after));
      return (await query.execute()).map(toPerson);
    });

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

    persons: (input) => page({ ...input, only: 'all' }),
    unappliedPersons: (input) => page({ ...input, only: 'unapplied' }),

    async nextObservationNumber() {
      const [number] = await observationNumbers(1);
      if (number === undefined) throw new Error('A sequence of Postgres always gives a number.');
      return number;
    },
    observationNumbers,

    storeObservation: ({ observation, person }) =>
      database.transaction(async (trx) => {
        await trx
          .insertInto('observations')
          .values(fromObservation(observation))
          .onConflict((conflict) => conflict.column('number').doNothing())
          .execute();
        if (person === null) return;
        const row = fromPerson(person, observation.number);
        await trx
          .insertInto('persons')
          .values(row)
          .onConflict((conflict) =>
            conflict
              .column('person_id')
              .doUpdateSet({
                ...row,
                ...whatStays,
                // Two changes before the first was applied: some accounts may have heard the first, so going back
                // to what was applied last is a change again.
                applied_outcome: sql<PersonsTable['applied_outcome']>`case when ${changedUnapplied}
                  then null else persons.applied_outcome end`,
                applied_digest: sql<string | null>`case when ${changedUnapplied}
                  then null else persons.applied_digest end`,
              })
              .where('persons.looked_number', '<=', observation.number),
          )
          .execute();
      }),

    markApplied: ({ personId, digest, number }) =>
      database.query(async (db) => {
        await db
          .updateTable('persons')
          .set((column) => ({ applied_digest: column.ref('digest'), applied_outcome: column.ref('outcome') }))
          .where('person_id', '=', personId)
          .where('digest', 'is not distinct from', digest)
          .where(sql<SqlBool>`(observation ->> 'number')::bigint = ${number}::bigint`)
          .execute();
      }),

    personsWithoutPrimary: ({ today, after, limit }) =>
      database.query(async (db) => {
        let query = db
          .selectFrom('persons')
          .selectAll()
          .where(hasTieFrom(today))
          .where((is) =>
            is.not(
              is.exists(
                is
                  .selectFrom('accounts')
                  .select('account_id')
                  .whereRef('accounts.person_id', '=', 'persons.person_id')
                  .where('kind', '=', 'primary')
                  .where('stage', 'not in', ENDS),
              ),
            ),
          )
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

/** Stages in which an account is over. The same as in the index `one_primary`. */
const ENDS: readonly Stage[] = ['deleted', 'released', 'neverJoined', 'deletedOutside'];

/** Dates compare as text, `YYYY-MM-DD`, byte by byte. */
const hasTieFrom = (today: CalendarDate) => sql<SqlBool>`exists (
  select from jsonb_array_elements(persons.observation -> 'ties') as tie
  where tie ->> 'end' is null or (tie ->> 'end') collate "C" >= ${today})`;

const changedUnapplied = sql<SqlBool>`(
  (persons.outcome is distinct from excluded.outcome or persons.digest is distinct from excluded.digest)
  and persons.outcome is not null
  and (persons.applied_outcome is distinct from persons.outcome
       or persons.applied_digest is distinct from persons.digest))`;

/** What a later look never takes away. */
const whatStays = {
  last_known_supervisor_id: sql<string | null>`coalesce(
    excluded.supervisor_id, excluded.last_known_supervisor_id, persons.last_known_supervisor_id)`,
  had_contracts: sql<boolean>`persons.had_contracts or excluded.had_contracts`,
};

function fromPerson(person: PersonRow, lookedNumber: number): Insertable<PersonsTable> {
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
    // Only `markApplied` says that something was applied: a row read before it and written after would undo it.
    applied_outcome: null,
    applied_digest: null,
    no_person_count: person.noPersonSightings?.count ?? null,
    no_person_first_at: person.noPersonSightings === null ? null : wholeMs(person.noPersonSightings.firstAt),
    had_contracts: person.hadContracts,
    looked_number: lookedNumber,
  };
}

function toPerson(row: Selectable<PersonsTable>): PersonRow {
  const { no_person_count: count, no_person_first_at: firstAt } = row;
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
    noPersonSightings: count === null || firstAt === null ? null : { count, firstAt },
    hadContracts: row.had_contracts,
  };
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
