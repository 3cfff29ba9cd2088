import type { Insertable, Transaction } from 'kysely';
import { json, storable, storableOrNull, wholeMs } from '../column-values.ts';
import type { RegistryDatabase } from '../registry-database.ts';
import type { AuditEntry, Registry } from '../registry.ts';
import type { AuditTable, Tables } from '../tables.ts';

type AuditStore = Pick<Registry, 'audit' | 'auditTrail'>;

/** The audit log. The database itself refuses to change or remove an entry. */
export function createAuditStore(database: RegistryDatabase): AuditStore {
  return {
    audit: (entry) => database.transaction((trx) => insertAudit(trx, entry)),

    auditTrail: (filter) =>
      database.query(async (db) => {
        let query = db.selectFrom('audit').selectAll().orderBy('at').orderBy('audit_id');
        if (filter.accountId !== undefined) query = query.where('account_id', '=', filter.accountId);
        if (filter.personId !== undefined) query = query.where('person_id', '=', filter.personId);
        return (await query.execute()).map((row) => ({
          at: row.at,
          what: row.what,
          actor: row.actor,
          accountId: row.account_id,
          personId: row.person_id,
          reason: row.reason,
          commandId: row.command_id,
          facts: row.facts,
        }));
      }),
  };
}

/** Adds an entry within a transaction that does what the entry says. */
export async function insertAudit(trx: Transaction<Tables>, entry: AuditEntry): Promise<void> {
  await trx.insertInto('audit').values(auditRow(entry, null)).execute();
}

/** `noteSequence`: of two entries of one account with the same one, the second is the first again. */
export function auditRow(entry: AuditEntry, noteSequence: number | null): Insertable<AuditTable> {
  return {
    at: wholeMs(entry.at),
    what: storable(entry.what),
    actor: storable(entry.actor),
    account_id: entry.accountId,
    person_id: entry.personId,
    reason: storableOrNull(entry.reason),
    command_id: storableOrNull(entry.commandId),
    facts: json(entry.facts),
    note_sequence: noteSequence,
  };
}
