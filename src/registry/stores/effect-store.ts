import { sql, type Selectable, type SqlBool, type Transaction } from 'kysely';
import { frozenError, RegistryError } from '../../errors.ts';
import { storableOrNull, wholeMs } from '../column-values.ts';
import type { RegistryDatabase } from '../registry-database.ts';
import type { EffectKey, EffectRow, Fence, Registry } from '../registry.ts';
import type { EffectsTable, Tables } from '../tables.ts';
import { selectFreeze } from './freeze.ts';

type EffectStore = Pick<Registry, 'claim' | 'intend' | 'effectDone' | 'effects'>;

/** Effects at targets: intended, then done, each once; and the fence that keeps late attempts out. */
export function createEffectStore(database: RegistryDatabase): EffectStore {
  return {
    claim: (fence) => database.transaction((trx) => passFence(trx, fence)),

    intend: ({ key, fence, at, unlessFrozen = false }) =>
      database.transaction(async (trx) => {
        await passFence(trx, fence);
        if (unlessFrozen) await refuseWhileFrozen(trx, key);
        await trx
          .insertInto('effects')
          .values({
            account_id: key.accountId,
            epoch: key.epoch,
            action: key.action,
            target: key.target,
            last_day: key.lastDay,
            sequence: fence.sequence,
            attempt: fence.attempt,
            state: 'intent',
            intent_at: wholeMs(at),
            done_at: null,
            note: null,
          })
          .onConflict((conflict) =>
            conflict
              .constraint('effect_once')
              // Who carries it on; the moment of the first intent stays.
              .doUpdateSet({ sequence: fence.sequence, attempt: fence.attempt })
              .where('effects.state', '=', 'intent'),
          )
          .execute();
        const row = await trx
          .selectFrom('effects')
          .selectAll()
          .where(sameEffect(key))
          .executeTakeFirstOrThrow();
        return toEffect(row);
      }),

    effectDone: ({ key, fence, at, note }) =>
      database.transaction(async (trx) => {
        await passFence(trx, fence);
        const updated = await trx
          .updateTable('effects')
          .set({
            state: 'done',
            done_at: wholeMs(at),
            note: storableOrNull(note),
            sequence: fence.sequence,
            attempt: fence.attempt,
          })
          .where(sameEffect(key))
          .where('state', '=', 'intent')
          .executeTakeFirst();
        if (updated.numUpdatedRows > 0n) return;
        const known = await trx
          .selectFrom('effects')
          .select('effect_id')
          .where(sameEffect(key))
          .executeTakeFirst();
        if (known === undefined) throw noIntent(key);
      }),

    effects: (accountId) =>
      database.query(async (db) => {
        const rows = await db
          .selectFrom('effects')
          .selectAll()
          .where('account_id', '=', accountId)
          .orderBy('effect_id')
          .execute();
        return rows.map(toEffect);
      }),
  };
}

/** Announces the attempt, unless a later one has. The row stays locked until the transaction is over. */
async function passFence(trx: Transaction<Tables>, fence: Fence): Promise<void> {
  const passed = await trx
    .insertInto('fences')
    .values({ account_id: fence.accountId, sequence: fence.sequence, attempt: fence.attempt })
    .onConflict((conflict) =>
      conflict
        .column('account_id')
        .doUpdateSet({ sequence: fence.sequence, attempt: fence.attempt })
        .where(
          sql<SqlBool>`(fences.sequence, fences.attempt)
            <= (${fence.sequence}::bigint, ${fence.attempt}::bigint)`,
        ),
    )
    .returning('account_id')
    .executeTakeFirst();
  if (passed !== undefined) return;
  throw new RegistryError({
    code: 'SUPERSEDED',
    message: 'A later attempt or step of this account has begun; this one stands back.',
    retryable: false,
    facts: { accountId: fence.accountId, sequence: fence.sequence, attempt: fence.attempt },
  });
}

async function refuseWhileFrozen(trx: Transaction<Tables>, key: EffectKey): Promise<void> {
  const freeze = await selectFreeze(trx);
  if (freeze === null) return;
  const known = await trx.selectFrom('effects').select('state').where(sameEffect(key)).executeTakeFirst();
  if (known?.state !== 'done') throw frozenError(freeze);
}

function sameEffect(key: EffectKey) {
  return sql<SqlBool>`account_id = ${key.accountId} and epoch = ${key.epoch}::bigint and action = ${key.action}
    and target = ${key.target} and last_day is not distinct from ${key.lastDay}::date`;
}

function noIntent(key: EffectKey): RegistryError {
  return new RegistryError({
    code: 'NO_INTENT',
    message: 'An effect was carried out whose intent was never stored.',
    retryable: false,
    facts: { accountId: key.accountId, action: key.action, target: key.target, epoch: key.epoch },
  });
}

function toEffect(row: Selectable<EffectsTable>): EffectRow {
  return {
    accountId: row.account_id,
    epoch: row.epoch,
    action: row.action,
    target: row.target,
    lastDay: row.last_day,
    sequence: row.sequence,
    attempt: row.attempt,
    state: row.state,
    intentAt: row.intent_at,
    doneAt: row.done_at,
    note: row.note,
  };
}
