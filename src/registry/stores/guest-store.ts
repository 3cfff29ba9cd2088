import { sql, type Kysely, type Selectable, type SqlBool, type Transaction } from 'kysely';
import { BY_EMAIL, type ExternalIdentity } from '../../contracts/guest.ts';
import { RegistryError } from '../../errors.ts';
import { storable, wholeMs } from '../column-values.ts';
import type { AssociationContext, GuestRegistry, GuestRow } from '../guest-registry.ts';
import type { RegistryDatabase } from '../registry-database.ts';
import type { GuestsTable, Tables } from '../tables.ts';
import { toAccount } from './account-store.ts';
import { insertAudit } from './audit-store.ts';
import { ENDS } from './ends.ts';
import { refuseMerged } from './merged-person.ts';

const ASSOCIATED = 'guest associated';
const RELEASED = 'guest released';

/** Guest accounts, each an external identity bound to one person, until an admin takes it back. */
export function createGuestStore(database: RegistryDatabase): GuestRegistry {
  return {
    openGuest: ({ guestId, personId, accountId, identity, at }) =>
      database.transaction(async (trx) => {
        await refuseMerged(trx, personId, { retryable: true });
        if (await isOfAnother(trx, personId, identity)) return null;
        return insertOpen(trx, { guestId, personId, accountId, identity, at, requestId: null });
      }),

    reopenAssociated: ({ personId, accountId, at }) =>
      database.transaction(async (trx) => {
        await refuseMerged(trx, personId, { retryable: true });
        const since = wholeMs(at);
        await sql`
          update guests set account_id = ${accountId}, is_open = true,
            since = case when is_open then since else ${since}::bigint end
          where person_id = ${personId} and request_id is not null and released_at is null`.execute(trx);
        return readWhere(
          trx,
          sql<SqlBool>`guests.person_id = ${personId} and request_id is not null and released_at is null`,
        );
      }),

    shutGuests: ({ personId, at }) =>
      database.transaction(async (trx) => {
        await refuseMerged(trx, personId, { retryable: true });
        await trx
          .updateTable('guests')
          .set({ is_open: false, since: wholeMs(at) })
          .where('person_id', '=', personId)
          .where('is_open', '=', true)
          .execute();
        return readWhere(trx, sql<SqlBool>`guests.person_id = ${personId} and released_at is null`);
      }),

    associateGuest: (input) =>
      database.transaction(async (trx) => {
        const { guestId, requestId, accountId, identity, at, actor, reason, judge } = input;
        const account = await accountOf(trx, accountId);
        // Two admins may bind one address by two providers at once.
        await sql`lock table guests in share row exclusive mode`.execute(trx);
        const before = await saidBefore(trx, { requestId, what: ASSOCIATED });
        if (before !== null) {
          const known = await byId(trx, before.guestId);
          if (known?.releasedAt !== null) return { outcome: 'released' };
          const isSame =
            before.accountId === accountId &&
            known.provider === identity.provider &&
            known.subject === identity.subject;
          return isSame ? { outcome: 'known', guest: known } : { outcome: 'reused' };
        }
        const { personId } = account;
        const facts: AssociationContext = {
          account,
          newest: await newestPrimary(trx, personId),
          isOfAnother: await isOfAnother(trx, personId, identity),
          own: await readWhere(trx, sql<SqlBool>`guests.person_id = ${personId} and released_at is null`),
        };
        const refused = judge(facts);
        if (refused !== null) return { outcome: 'refused', refused };
        const guest = await insertOpen(trx, { guestId, personId, accountId, identity, at, requestId });
        if (guest === null) throw new TypeError('an identity that is nobody else’s can be bound');
        await insertAudit(trx, {
          ...{ at, what: ASSOCIATED, actor, accountId, personId, reason, commandId: requestId },
          facts: { guestId: guest.guestId },
        });
        return { outcome: 'associated', guest };
      }),

    releaseGuest: ({ guestId, requestId, actor, reason, at }) =>
      database.transaction(async (trx) => {
        await sql`lock table guests in share row exclusive mode`.execute(trx);
        const row = await byId(trx, guestId);
        if (row === null) {
          const said = await saidBefore(trx, { requestId, what: RELEASED });
          return said === null ? null : { outcome: 'known', guest: null };
        }
        if (row.releasedAt !== null) return { outcome: 'known', guest: row };
        await trx
          .updateTable('guests')
          .set({ is_open: false, since: wholeMs(at), released_at: wholeMs(at) })
          .where('guest_id', '=', guestId)
          .execute();
        const { accountId, personId } = row;
        await insertAudit(trx, {
          ...{ at, what: RELEASED, actor, accountId, personId, reason, commandId: requestId },
          facts: { guestId },
        });
        return { outcome: 'released', guest: await byId(trx, guestId) };
      }),

    forgetReleased: ({ guestIds }) =>
      database.query(async (db) => {
        if (guestIds.length === 0) return;
        await db
          .deleteFrom('guests')
          .where('guest_id', 'in', [...guestIds])
          .where('released_at', 'is not', null)
          .execute();
      }),

    guests: (personId) => database.query((db) => guestsOf(db, personId)),

    guestOf: ({ provider, subject }) =>
      database.query(async (db) => {
        const [row] = await readWhere(
          db,
          sql<SqlBool>`provider = ${storable(provider)} and subject = ${storable(subject)} and released_at is null`,
        );
        // What the database cannot keep is written otherwise there, and is somebody else's.
        return row?.provider === provider && row.subject === subject ? row : null;
      }),
  };
}

/** The identity is open from now on; `null` = another person's, bound at this very moment, which is left as it is. */
async function insertOpen(
  trx: Transaction<Tables>,
  own: {
    readonly guestId: string;
    readonly personId: string;
    readonly accountId: string;
    readonly identity: ExternalIdentity;
    readonly at: number;
    readonly requestId: string | null;
  },
): Promise<GuestRow | null> {
  const { guestId, personId, accountId, requestId } = own;
  const { provider, subject, email } = own.identity;
  const since = wholeMs(own.at);
  await sql`
    insert into guests (guest_id, person_id, account_id, provider, subject, email, is_open, since, request_id)
    values (${guestId}, ${personId}, ${accountId}, ${provider}, ${subject}, ${email}, true, ${since}::bigint, ${requestId})
    on conflict (provider, subject) where released_at is null do update set
      account_id = excluded.account_id, email = excluded.email, is_open = true,
      since = case when guests.is_open then guests.since else excluded.since end,
      request_id = coalesce(excluded.request_id, guests.request_id)
    where guests.person_id = excluded.person_id`.execute(trx);
  const [row] = await readWhere(
    trx,
    sql<SqlBool>`provider = ${provider} and subject = ${subject} and guests.person_id = ${personId}
      and released_at is null`,
  );
  return row ?? null;
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
    where person_id <> ${personId} and released_at is null
      and ((provider = ${provider} and subject = ${subject}) or lower(email) = any(${lower}::text[]))
    union all
    select from persons
    where person_id <> ${personId} and merged_into is null
      and (lower(email) = any(${lower}::text[]) or lower(external_email) = any(${lower}::text[]))
    limit 1`.execute(trx);
  return rows.length > 0;
}

/** What a request of an admin's did before, by the audit log; `null` = nothing. */
async function saidBefore(
  trx: Transaction<Tables>,
  { requestId, what }: { readonly requestId: string; readonly what: string },
): Promise<{ readonly accountId: string | null; readonly guestId: string } | null> {
  const row = await trx
    .selectFrom('audit')
    .select(['account_id', 'facts'])
    .where('command_id', '=', storable(requestId))
    .where('what', '=', what)
    .executeTakeFirst();
  const guestId = row?.facts['guestId'];
  return row && typeof guestId === 'string' ? { accountId: row.account_id, guestId } : null;
}

async function accountOf(trx: Transaction<Tables>, accountId: string) {
  const row = await trx
    .selectFrom('accounts')
    .selectAll()
    .where('account_id', '=', accountId)
    .forUpdate()
    .executeTakeFirst();
  if (row !== undefined) return toAccount(row);
  throw new RegistryError({
    code: 'NO_ACCOUNT',
    message: `The registry has no account ${accountId}.`,
    retryable: false,
    facts: { accountId },
  });
}

/** A living one before any that is over: a merge may have brought an older one that lives. */
async function newestPrimary(trx: Transaction<Tables>, personId: string) {
  const row = await trx
    .selectFrom('accounts')
    .select('account_id')
    .where('person_id', '=', personId)
    .where('kind', '=', 'primary')
    .orderBy(sql`stage in (${sql.join(ENDS)})`)
    .orderBy('created_at', 'desc')
    .orderBy('uid_number', 'desc')
    .executeTakeFirst();
  return row === undefined ? null : { accountId: row.account_id };
}

async function byId(db: Kysely<Tables>, guestId: string): Promise<GuestRow | null> {
  const [row] = await readWhere(db, sql<SqlBool>`guest_id = ${storable(guestId)}`);
  return row ?? null;
}

/** Every guest account of a person, open or shut. */
export function guestsOf(db: Kysely<Tables>, personId: string): Promise<readonly GuestRow[]> {
  return readWhere(db, sql<SqlBool>`guests.person_id = ${personId}`);
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
    requestId: row.request_id,
    releasedAt: row.released_at,
  };
}
