import type { Transaction } from 'kysely';
import type { AuditNote } from '../../contracts/account.ts';
import type { Instant } from '../../contracts/time.ts';
import type { Tables } from '../tables.ts';
import { upsertAlarm } from './alarm-store.ts';
import { auditRow } from './audit-store.ts';
import { failNotice } from './notice-store.ts';

/**
 * Writes what an account's workflow notes of itself into the audit log: each note once, however often it is sent.
 * A note that says a notice could not be delivered in time also marks that notice and raises an alarm.
 */
export async function insertNotes(
  trx: Transaction<Tables>,
  input: { accountId: string; personId: string; notes: readonly AuditNote[] },
): Promise<void> {
  const { accountId, personId, notes } = input;
  for (const note of notes) {
    const inserted = await trx
      .insertInto('audit')
      .values(
        auditRow(
          {
            at: note.at,
            what: note.what,
            actor: note.actor,
            accountId,
            personId,
            reason: note.reason,
            commandId: note.commandId,
            facts: note.failedNotice === null ? {} : { failedNotice: note.failedNotice },
          },
          note.sequence,
        ),
      )
      .onConflict((conflict) => conflict.constraint('note_once').doNothing())
      .returning('audit_id')
      .executeTakeFirst();
    // A note seen again must not raise an alarm that somebody has dealt with since.
    if (inserted !== undefined && note.failedNotice !== null) {
      await giveUpNotice(trx, { key: note.failedNotice, accountId, at: note.at });
    }
  }
}

async function giveUpNotice(
  trx: Transaction<Tables>,
  input: { key: string; accountId: string; at: Instant },
): Promise<void> {
  await failNotice(trx, { key: input.key, at: input.at });
  const copies = await trx.selectFrom('notices').select('state').where('key', '=', input.key).execute();
  // Delivered after all, only the word of it came too late.
  if (copies.length > 0 && copies.every((copy) => copy.state === 'sent')) return;
  await upsertAlarm(trx, {
    key: `notice-failed:${input.key}`,
    message:
      `A notice of account ${input.accountId} could not be delivered before the next milestone. ` +
      'Check the mail server and the address; the plan goes on.',
    at: input.at,
  });
}
