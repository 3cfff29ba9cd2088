import type { Selectable, Transaction } from 'kysely';
import type { Instant } from '../../contracts/time.ts';
import { RegistryError } from '../../errors.ts';
import { wholeMs } from '../column-values.ts';
import type { RegistryDatabase } from '../registry-database.ts';
import type { NoticeRow, Registry } from '../registry.ts';
import type { NoticesTable, Tables } from '../tables.ts';

type NoticeStore = Pick<Registry, 'noticeDue' | 'noticeSent' | 'noticeFailed' | 'notices'>;

/** Notices: what is due, sent, or could not be sent in time. */
export function createNoticeStore(database: RegistryDatabase): NoticeStore {
  return {
    noticeDue: (notice) =>
      database.transaction(async (trx) => {
        await trx
          .insertInto('notices')
          .values({
            key: notice.key,
            audience: notice.audience,
            person_id: notice.personId,
            account_id: notice.accountId,
            template: notice.template,
            offset_days: notice.offset,
            last_day: notice.lastDay,
            due_at: wholeMs(notice.dueAt),
            state: 'due',
            message_id: null,
            sent_at: null,
            failed_at: null,
          })
          .onConflict((conflict) => conflict.columns(['key', 'audience']).doNothing())
          .execute();
        const row = await trx
          .selectFrom('notices')
          .selectAll()
          .where('key', '=', notice.key)
          .where('audience', '=', notice.audience)
          .executeTakeFirstOrThrow();
        return toNotice(row);
      }),

    noticeSent: ({ key, audience, messageId, at }) =>
      database.transaction(async (trx) => {
        const updated = await trx
          .updateTable('notices')
          // Also one that was given up: if it went out after all, that is what happened.
          .set({ state: 'sent', message_id: messageId, sent_at: wholeMs(at) })
          .where('key', '=', key)
          .where('audience', '=', audience)
          .where('state', '<>', 'sent')
          .executeTakeFirst();
        if (updated.numUpdatedRows > 0n) return;
        const known = await trx
          .selectFrom('notices')
          .select('key')
          .where('key', '=', key)
          .where('audience', '=', audience)
          .executeTakeFirst();
        if (known === undefined) throw noNotice(key);
      }),

    noticeFailed: (input) => database.transaction((trx) => failNotice(trx, input)),

    notices: (personId) =>
      database.query(async (db) => {
        const rows = await db
          .selectFrom('notices')
          .selectAll()
          .where('person_id', '=', personId)
          .orderBy('due_at')
          .orderBy('key')
          .orderBy('audience')
          .execute();
        return rows.map(toNotice);
      }),
  };
}

/** Marks what is still due under the key as failed, for every audience. */
export async function failNotice(
  trx: Transaction<Tables>,
  input: { key: string; at: Instant },
): Promise<void> {
  await trx
    .updateTable('notices')
    .set({ state: 'failed', failed_at: wholeMs(input.at) })
    .where('key', '=', input.key)
    .where('state', '=', 'due')
    .execute();
}

function noNotice(key: string): RegistryError {
  return new RegistryError({
    code: 'NO_NOTICE',
    message: 'A notice was sent that was never stored as due.',
    retryable: false,
    facts: { key },
  });
}

function toNotice(row: Selectable<NoticesTable>): NoticeRow {
  return {
    key: row.key,
    audience: row.audience,
    personId: row.person_id,
    accountId: row.account_id,
    template: row.template,
    offset: row.offset_days,
    lastDay: row.last_day,
    dueAt: row.due_at,
    state: row.state,
    messageId: row.message_id,
    sentAt: row.sent_at,
  };
}
