import type { Transaction } from 'kysely';
import { frozenError, RegistryError } from '../../errors.ts';
import { storable, wholeMs } from '../column-values.ts';
import type { RegistryDatabase } from '../registry-database.ts';
import type { Registry } from '../registry.ts';
import type { Tables } from '../tables.ts';
import { insertAudit } from './audit-store.ts';
import { selectFreeze } from './freeze.ts';
import { refuseMerged } from './merged-person.ts';

type OwnershipStore = Pick<Registry, 'ownership' | 'transferOwnership'>;

/** Who owns an account and owned it before. An account is never without an owner. */
export function createOwnershipStore(database: RegistryDatabase): OwnershipStore {
  return {
    ownership: (accountId) =>
      database.query(async (db) => {
        const rows = await db
          .selectFrom('ownership')
          .selectAll()
          .where('account_id', '=', accountId)
          .orderBy('ownership_id')
          .execute();
        return rows.map((row) => ({
          accountId: row.account_id,
          personId: row.person_id,
          since: row.since,
          until: row.until,
          reason: row.reason,
        }));
      }),

    transferOwnership: ({ accountId, from, to, at, reason, unlessFrozen = false }) =>
      database.transaction(async (trx) => {
        // Two transfers at once take turns on this row.
        const account = await trx
          .selectFrom('accounts')
          .select('person_id')
          .where('account_id', '=', accountId)
          .forUpdate()
          .executeTakeFirst();
        const since = wholeMs(at);
        const done = await trx
          .selectFrom('ownership')
          .select('ownership_id')
          .where('account_id', '=', accountId)
          .where('person_id', '=', to)
          .where('since', '=', since)
          .executeTakeFirst();
        if (done !== undefined) return;
        const freeze = unlessFrozen ? await selectFreeze(trx) : null;
        if (freeze !== null) throw frozenError(freeze);
        if (account?.person_id !== from) throw notOwner(accountId, from);
        await refuseMerged(trx, to, { retryable: true });
        await handOn(trx, { accountId, to, since, reason });
        await insertAudit(trx, {
          at,
          what: 'ownership transferred',
          actor: 'system',
          accountId,
          personId: to,
          reason,
          commandId: null,
          facts: { from, to },
        });
      }),
  };
}

/** The account goes from whoever has it to another person, within a transaction. `since` is in whole ms. */
export async function handOn(
  trx: Transaction<Tables>,
  input: { accountId: string; to: string; since: number; reason: string },
): Promise<void> {
  const { accountId, to, since, reason } = input;
  await trx
    .updateTable('ownership')
    .set({ until: since })
    .where('account_id', '=', accountId)
    .where('until', 'is', null)
    .execute();
  await trx
    .insertInto('ownership')
    .values({ account_id: accountId, person_id: to, since, until: null, reason: storable(reason) })
    .execute();
  await trx.updateTable('accounts').set({ person_id: to }).where('account_id', '=', accountId).execute();
}

function notOwner(accountId: string, from: string): RegistryError {
  return new RegistryError({
    code: 'NOT_OWNER',
    message: `The account ${accountId} does not belong to the person it was to be taken from.`,
    retryable: false,
    facts: { accountId, from },
  });
}
