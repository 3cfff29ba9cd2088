import { sql, type RawBuilder, type Selectable, type SqlBool, type Transaction } from 'kysely';
import { RegistryError } from '../../errors.ts';
import { json, personOrder, wholeMs } from '../column-values.ts';
import type { FollowedRow, InstanceRegistry, InstanceRow } from '../instance-registry.ts';
import type { RegistryDatabase } from '../registry-database.ts';
import type { AccountsTable, InstanceAccountsTable, Tables } from '../tables.ts';
import { insertAccount } from './account-store.ts';
import { ENDS } from './ends.ts';

/** Accounts of an INDIGO IAM instance, and whom a synchronisation is to ask HR for because of them. */
export function createInstanceStore(database: RegistryDatabase): InstanceRegistry {
  const rowWhere = (which: RawBuilder<SqlBool>): Promise<InstanceRow | null> =>
    database.query(async (db) => {
      const row = await db.selectFrom('instance_accounts').selectAll().where(which).executeTakeFirst();
      return row === undefined ? null : toRow(row);
    });

  return {
    instanceRows: ({ after, upTo, limit }) =>
      database.query(async (db) => {
        let query = db.selectFrom('instance_accounts').selectAll().orderBy('external_id').limit(limit);
        if (after !== null) query = query.where('external_id', '>', after);
        if (upTo !== null) query = query.where('external_id', '<=', upTo);
        return (await query.execute()).map(toRow);
      }),

    followedRows: (externalIds) =>
      database.query(async (db) => {
        const rows = await db
          .selectFrom('instance_accounts')
          .leftJoin('accounts', 'accounts.account_id', 'instance_accounts.account_id')
          .selectAll('instance_accounts')
          .select(['accounts.person_id as follower_person_id', 'accounts.stage as follower_stage'])
          .select(neverHeardOf.as('never_heard_of'))
          .where(sql<SqlBool>`external_id = any(${[...externalIds]}::text[])`)
          .orderBy('external_id')
          .execute();
        return rows.map(toFollowedRow);
      }),

    instanceRow: (externalId) => rowWhere(sql<SqlBool>`external_id = ${externalId}`),
    instanceRowOf: (accountId) => rowWhere(sql<SqlBool>`account_id = ${accountId}`),

    cutInstance: ({ size }) =>
      database.query(async (db) => {
        const { rows } = await sql<{ up_to: string }>`
          select max(external_id) as up_to
          from (select external_id, (row_number() over (order by external_id) - 1) / ${size}::bigint as part
                from instance_accounts) as in_order
          group by part order by part`.execute(db);
        const ends = [...rows.slice(0, -1).map((row) => row.up_to), null];
        return ends.map((upTo, index) => ({ after: ends[index - 1] ?? null, upTo }));
      }),

    storeInstance: (rows) =>
      database.query(async (db) => {
        if (rows.length > 0) await upsert(rows, sql<SqlBool>`true`).execute(db);
      }),

    storeInstanceLook: ({ externalId, snapshot, suspendedBy, number, at }) =>
      database.transaction(async (trx) => {
        await trx
          .updateTable('instance_accounts')
          .set({ snapshot: json(snapshot), suspended_by: suspendedBy, number, at: wholeMs(at) })
          .where('external_id', '=', externalId)
          .where('number', '<=', number)
          .execute();
        const row = await trx
          .selectFrom('instance_accounts')
          .selectAll()
          .where('external_id', '=', externalId)
          .executeTakeFirst();
        return row === undefined ? null : toRow(row);
      }),

    noteExpiryTrace: ({ externalId, at }) =>
      database.query(async (db) => {
        await db
          .insertInto('expiry_traces')
          .values({ external_id: externalId, seen_at: wholeMs(at) })
          .onConflict((conflict) => conflict.doNothing())
          .execute();
      }),

    expiryTraces: () =>
      database.query(async (db) => {
        const rows = await db
          .selectFrom('expiry_traces')
          .select('external_id')
          .orderBy('external_id')
          .execute();
        return rows.map((row) => row.external_id);
      }),

    forgetExpiryTraces: (externalIds) =>
      database.query(async (db) => {
        await db
          .deleteFrom('expiry_traces')
          .where(sql<SqlBool>`external_id = any(${[...externalIds]}::text[])`)
          .execute();
      }),

    adoptAccount: ({ account, row, instead }) =>
      database.transaction(async (trx) => {
        if (await isFollowedByAnother(trx, row, instead)) return false;
        await insertAccount(trx, account);
        const isSame = sql<SqlBool>`instance_accounts.account_id is not distinct from ${instead}`;
        const { rows } = await sql`${upsert([row], isSame)} returning external_id`.execute(trx);
        if (rows.length === 0) throw takenMeanwhile(row);
        return true;
      }),

    departing: (personIds) =>
      database.query(async (db) => {
        const rows = await db
          .selectFrom('instance_accounts')
          .innerJoin('accounts', 'accounts.account_id', 'instance_accounts.account_id')
          .selectAll('instance_accounts')
          .where(sql<SqlBool>`accounts.person_id = any(${[...personIds]}::text[])`)
          .where('accounts.stage', 'not in', ENDS)
          .where(sql<SqlBool>`(presence <> 'there' or instance_accounts.person_id <> accounts.person_id)`)
          .orderBy('external_id')
          .execute();
        return rows.map(toRow);
      }),

    expectPersons: (personIds) =>
      database.query(async (db) => {
        if (personIds.length === 0) return;
        const orders = personIds.map(personOrder);
        await sql`
          insert into persons (person_id, person_order, given_name, family_name, had_contracts, looked_number)
          select person_id, person_order, '', '', false, 0
          from unnest(${[...personIds]}::text[], ${orders}::text[]) as expected (person_id, person_order)
          on conflict (person_id) do nothing`.execute(db);
      }),

    addUnheard: ({ run, personIds }) =>
      database.query(async (db) => {
        if (personIds.length === 0) return;
        await sql`
          insert into unheard (run, person_id)
          select ${run}::text, person_id from unnest(${[...personIds]}::text[]) as silent (person_id)
          on conflict do nothing`.execute(db);
      }),

    removeUnheard: ({ run, personIds }) =>
      database.query(async (db) => {
        if (personIds.length === 0) return;
        await db
          .deleteFrom('unheard')
          .where('run', '=', run)
          .where(sql<SqlBool>`person_id = any(${[...personIds]}::text[])`)
          .execute();
      }),

    unheard: ({ run, personIds }) =>
      database.query(async (db) => {
        const rows = await db
          .selectFrom('unheard')
          .select('person_id')
          .where('run', '=', run)
          .where(sql<SqlBool>`person_id = any(${[...personIds]}::text[])`)
          .execute();
        return new Set(rows.map((row) => row.person_id));
      }),
  };
}

/** In the words of the index `accounts_never_heard_of`. */
const neverHeardOf = sql<SqlBool>`
  accounts.state_sequence = 0 and accounts.next_step is null and accounts.problem is null`;

/** Whether somebody was faster. Until the transaction is over the row, if there is one, stays as it is. */
async function isFollowedByAnother(
  trx: Transaction<Tables>,
  row: InstanceRow,
  instead: string | null,
): Promise<boolean> {
  const reserved = await trx
    .selectFrom('instance_accounts')
    .select(['account_id', 'number'])
    .where('external_id', '=', row.externalId)
    .forUpdate()
    .executeTakeFirst();
  if (reserved === undefined) return instead !== null;
  return reserved.account_id !== instead || reserved.number > row.number;
}

/** Nothing was there to be locked, and now something is: the account is not made after all. */
function takenMeanwhile({ externalId }: InstanceRow): RegistryError {
  return new RegistryError({
    code: 'REGISTRY_BUSY',
    message: 'Another synchronisation adopts the same account of the instance at this moment.',
    retryable: true,
    facts: { externalId },
  });
}

/** Of two rows of one account the newer one counts, wherever they stand. */
function upsert(rows: readonly InstanceRow[], condition: RawBuilder<SqlBool>): RawBuilder<unknown> {
  // One parameter however many they are: a query may not have more than 65,535.
  return sql`
    insert into instance_accounts
    select distinct on (external_id)
      external_id, account_id, person_id, nameless, presence, suspended_by, snapshot, number, at,
      sightings_count, sightings_run, is_stamped
    from jsonb_populate_recordset(null::instance_accounts, ${json(rows.map(fromRow))}::jsonb)
    order by external_id, number desc
    on conflict (external_id) do update set
      account_id = excluded.account_id, person_id = excluded.person_id, nameless = excluded.nameless,
      presence = excluded.presence, suspended_by = excluded.suspended_by, snapshot = excluded.snapshot,
      number = excluded.number, at = excluded.at, sightings_count = excluded.sightings_count,
      sightings_run = excluded.sightings_run, is_stamped = excluded.is_stamped
    where instance_accounts.number <= excluded.number and ${condition}`;
}

function fromRow(row: InstanceRow): Selectable<InstanceAccountsTable> {
  return {
    external_id: row.externalId,
    account_id: row.accountId,
    person_id: row.personId,
    nameless: row.nameless,
    presence: row.presence,
    suspended_by: row.suspendedBy,
    snapshot: row.snapshot,
    number: row.number,
    at: wholeMs(row.at),
    sightings_count: row.participationSightings?.count ?? null,
    sightings_run: row.participationSightings?.lastRun ?? null,
    is_stamped: row.isStamped,
  };
}

function toRow(row: Selectable<InstanceAccountsTable>): InstanceRow {
  const { sightings_count: count, sightings_run: lastRun } = row;
  return {
    externalId: row.external_id,
    accountId: row.account_id,
    personId: row.person_id,
    nameless: row.nameless,
    presence: row.presence,
    suspendedBy: row.suspended_by,
    snapshot: row.snapshot,
    number: row.number,
    at: row.at,
    participationSightings: count === null || lastRun === null ? null : { count, lastRun },
    isStamped: row.is_stamped,
  };
}

function toFollowedRow(
  row: Selectable<InstanceAccountsTable> & {
    follower_person_id: string | null;
    follower_stage: AccountsTable['stage'] | null;
    never_heard_of: SqlBool | null;
  },
): FollowedRow {
  const { follower_person_id: personId, follower_stage: stage } = row;
  return {
    row: toRow(row),
    account:
      personId === null || stage === null
        ? null
        : { personId, hasEnded: ENDS.some((end) => end === stage), isUnheardOf: row.never_heard_of === true },
  };
}
