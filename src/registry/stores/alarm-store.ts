import { sql, type Selectable, type Transaction } from 'kysely';
import type { Instant } from '../../contracts/time.ts';
import { storable, wholeMs } from '../column-values.ts';
import type { RegistryDatabase } from '../registry-database.ts';
import type { AlarmRow, Registry } from '../registry.ts';
import type { AlarmsTable, Tables } from '../tables.ts';

type AlarmStore = Pick<Registry, 'raiseAlarm' | 'alarmMailed' | 'clearAlarm' | 'alarms'>;

/** One row for each alarm. One that is raised after it was cleared begins anew, and is mailed anew. */
export function createAlarmStore(database: RegistryDatabase): AlarmStore {
  return {
    raiseAlarm: (input) => database.transaction((trx) => upsertAlarm(trx, input)),

    alarmMailed: ({ key, at }) =>
      database.query(async (db) => {
        await db
          .updateTable('alarms')
          .set({ mailed_at: wholeMs(at) })
          .where('key', '=', key)
          .where('mailed_at', 'is', null)
          .execute();
      }),

    clearAlarm: ({ key, at }) =>
      database.query(async (db) => {
        await db
          .updateTable('alarms')
          .set({ cleared_at: wholeMs(at) })
          .where('key', '=', key)
          .where('cleared_at', 'is', null)
          .execute();
      }),

    alarms: ({ open }) =>
      database.query(async (db) => {
        const rows = await db
          .selectFrom('alarms')
          .selectAll()
          .where('cleared_at', open ? 'is' : 'is not', null)
          .orderBy('first_seen')
          .orderBy('key')
          .execute();
        return rows.map(toAlarm);
      }),
  };
}

/** Raises or renews an alarm within a transaction. */
export async function upsertAlarm(
  trx: Transaction<Tables>,
  input: { key: string; message: string; at: Instant },
): Promise<AlarmRow> {
  const at = wholeMs(input.at);
  const row = await trx
    .insertInto('alarms')
    .values({
      key: input.key,
      message: storable(input.message),
      first_seen: at,
      last_seen: at,
      cleared_at: null,
      mailed_at: null,
    })
    .onConflict((conflict) =>
      conflict.column('key').doUpdateSet({
        message: sql<string>`excluded.message`,
        last_seen: sql<number>`greatest(alarms.last_seen, excluded.last_seen)`,
        first_seen: sql<number>`case when alarms.cleared_at is null
          then alarms.first_seen else excluded.first_seen end`,
        mailed_at: sql<number | null>`case when alarms.cleared_at is null then alarms.mailed_at end`,
        cleared_at: null,
      }),
    )
    .returningAll()
    .executeTakeFirstOrThrow();
  return toAlarm(row);
}

function toAlarm(row: Selectable<AlarmsTable>): AlarmRow {
  return {
    key: row.key,
    message: row.message,
    firstSeen: row.first_seen,
    lastSeen: row.last_seen,
    clearedAt: row.cleared_at,
    mailedAt: row.mailed_at,
  };
}
