import { sql, type SqlBool } from 'kysely';
import { storable, wholeMs } from '../column-values.ts';
import type { RegistryDatabase } from '../registry-database.ts';
import type { Registry } from '../registry.ts';
import { insertAudit } from './audit-store.ts';
import { selectFreeze } from './freeze.ts';

type DeploymentStore = Pick<
  Registry,
  'clock' | 'lastSettled' | 'frozen' | 'setFrozen' | 'openCase' | 'acquireLease' | 'releaseLease'
>;

/** Real time, to the moment of asking and not of the transaction. */
const NOW_MS = sql<number>`(extract(epoch from clock_timestamp()) * 1000)::bigint`;

/** What belongs to the deployment as a whole: its clock, its freeze, its Service Desk cases, its leases. */
export function createDeploymentStore(database: RegistryDatabase): DeploymentStore {
  return {
    clock: (proposed) =>
      database.transaction(async (trx) => {
        await trx
          .insertInto('clock')
          .values({ real_ms: proposed.realMs, virtual_ms: proposed.virtualMs, speed: proposed.speed })
          .onConflict((conflict) => conflict.column('id').doNothing())
          .execute();
        const row = await trx.selectFrom('clock').selectAll().executeTakeFirstOrThrow();
        return { realMs: row.real_ms, virtualMs: row.virtual_ms, speed: row.speed };
      }),

    lastSettled: () =>
      database.query(async (db) => {
        const row = await db
          .selectFrom('plans')
          .select(({ fn }) => fn.max('settled_at').as('at'))
          .where('state', '<>', 'dryRun')
          .executeTakeFirst();
        return row?.at ?? null;
      }),

    frozen: () => database.query(selectFreeze),

    setFrozen: ({ frozen, actor, reason, at }) =>
      database.transaction(async (trx) => {
        const changed = frozen
          ? await trx
              .insertInto('deployment_freeze')
              .values({ frozen_at: wholeMs(at), actor: storable(actor), reason: storable(reason) })
              .onConflict((conflict) => conflict.column('id').doNothing())
              .returning('id')
              .execute()
          : await trx.deleteFrom('deployment_freeze').returning('id').execute();
        if (changed.length === 0) return false;
        await insertAudit(trx, {
          at,
          what: frozen ? 'frozen' : 'unfrozen',
          actor,
          accountId: null,
          personId: null,
          reason,
          commandId: null,
          facts: {},
        });
        return true;
      }),

    openCase: ({ personId, leaving, cause, at }) =>
      database.query(async (db) => {
        const inserted = await db
          .insertInto('service_desk_cases')
          .values({
            person_id: personId,
            leaving: storable(leaving),
            cause: storable(cause),
            opened_at: wholeMs(at),
          })
          .onConflict((conflict) => conflict.columns(['person_id', 'leaving', 'cause']).doNothing())
          .returning('person_id')
          .executeTakeFirst();
        return inserted !== undefined;
      }),

    acquireLease: ({ name, holder, forMs }) =>
      database.query(async (db) => {
        const until = sql<number>`${NOW_MS} + ${wholeMs(forMs)}::bigint`;
        const taken = await db
          .insertInto('leases')
          .values({ name, holder, until_ms: until })
          .onConflict((conflict) =>
            conflict
              .column('name')
              .doUpdateSet({ holder, until_ms: until })
              .where(sql<SqlBool>`leases.holder = ${holder} or leases.until_ms <= ${NOW_MS}`),
          )
          .returning('name')
          .executeTakeFirst();
        return taken !== undefined;
      }),

    releaseLease: ({ name, holder }) =>
      database.query(async (db) => {
        await db.deleteFrom('leases').where('name', '=', name).where('holder', '=', holder).execute();
      }),
  };
}
