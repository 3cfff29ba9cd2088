import { sql, type Kysely, type Selectable, type SqlBool, type Transaction } from 'kysely';
import { BY_EMAIL, type ExternalIdentity } from '../../contracts/guest.ts';
import { wholeMs } from '../column-values.ts';
import type { GuestRegistry, GuestRow } from '../guest-registry.ts';
import type { RegistryDatabase } from '../registry-database.ts';
import type { GuestsTable, Tables } from '../tables.ts';

/** Guest accounts, each an external identity bound to one person for ever. */
export function createGuestStore(database: RegistryDatabase): GuestRegistry {
  return {
    openGuest: ({ guestId, personId, accountId, identity, at }) =>
      database.transaction(async (trx) => {
        if (await isOfAnother(trx, personId, identity)) return null;
        const { provider, subject, email } = identity;
        const since = wholeMs(at);
        await sql`
          insert into guests (guest_id, person_id, account_id, provider, subject, email, is_open, since)
          values (${guestId}, ${personId}, ${accountId}, ${provider}, ${subject}, ${email}, true, ${since}::bigint)
          on conflict (provider, subject) do update set
            account_id = excluded.account_id, email = excluded.email, is_open = true,
            since = case when guests.is_open then guests.since else excluded.since end
          where guests.person_id = excluded.person_id`.execute(trx);
        // Another person's, bound at this very moment, is left as it is.
        return readWhere(
          trx,
          sql<SqlBool>`provider = ${provider} and subject = ${subject}
          and guests.person_id = ${personId}`,
        ).then(([row]) => row ?? null);
      }),

    shutGuests: ({ personId, at }) =>
      database.transaction(async (trx) => {
        await trx
          .updateTable('guests')
          .set({ is_open: false, since: wholeMs(at) })
          .where('person_id', '=', personId)
          .where('is_open', '=', true)
          .execute();
        return readWhere(trx, sql<SqlBool>`guests.person_id = ${personId}`);
      }),

    guests: (personId) => database.query((db) => readWhere(db, sql<SqlBool>`guests.person_id = ${personId}`)),

    guestOf: ({ provider, subject }) =>
      database.query(async (db) => {
        const [row] = await readWhere(db, sql<SqlBool>`provider = ${provider} and subject = ${subject}`);
        return row ?? null;
      }),
  };
}

async function isOfAnother(
  trx: Transaction<Tables>,
  personId: string,
  { provider, subject, email }: ExternalIdentity,
): Promise<boolean> {
  const addresses = [...(provider === BY_EMAIL ? [subject] : []), ...(email === null ? [] : [email])];
  const lower = addresses.map((address) => address.toLowerCase());
  const { rows } = await sql`
    select from guests
    where person_id <> ${personId}
      and ((provider = ${provider} and subject = ${subject}) or lower(email) = any(${lower}::text[]))
    union all
    select from persons
    where person_id <> ${personId}
      and (lower(email) = any(${lower}::text[]) or lower(external_email) = any(${lower}::text[]))
    limit 1`.execute(trx);
  return rows.length > 0;
}

async function readWhere(
  db: Kysely<Tables>,
  which: ReturnType<typeof sql<SqlBool>>,
): Promise<readonly GuestRow[]> {
  const rows = await db
    .selectFrom('guests')
    .innerJoin('accounts', 'accounts.account_id', 'guests.account_id')
    .selectAll('guests')
    .select('accounts.login')
    .where(which)
    .orderBy('guests.guest_id')
    .execute();
  return rows.map(toRow);
}

function toRow(row: Selectable<GuestsTable> & { readonly login: string }): GuestRow {
  return {
    guestId: row.guest_id,
    personId: row.person_id,
    accountId: row.account_id,
    formerLogin: row.login,
    provider: row.provider,
    subject: row.subject,
    email: row.email,
    uidNumber: row.uid_number,
    isOpen: row.is_open,
    since: row.since,
  };
}
