import { sql, type RawBuilder, type SqlBool, type Transaction } from 'kysely';
import type { PlanState } from '../../contracts/plan.ts';
import { wholeMs } from '../column-values.ts';
import type { RegistryDatabase } from '../registry-database.ts';
import type { Registry } from '../registry.ts';
import type { Tables } from '../tables.ts';
import { readPlan, withCounts } from './plan-reading.ts';

type PlanStore = Pick<Registry, 'openPlan' | 'plan' | 'plans' | 'closePlan' | 'forgetPlans'>;

/** Plans that wait for nothing. */
const OVER: readonly PlanState[] = ['applied', 'rejected', 'superseded', 'lapsed', 'dryRun'];

/** Plans of synchronisations, from the first look at HR until they are forgotten. */
export function createPlanStore(database: RegistryDatabase): PlanStore {
  return {
    openPlan: ({ planId, dryRun, at }) =>
      database.query(async (db) => {
        await db
          .insertInto('plans')
          .values({ plan_id: planId, state: dryRun ? 'dryRun' : 'observing', created_at: wholeMs(at) })
          .onConflict((conflict) => conflict.column('plan_id').doNothing())
          .execute();
      }),

    plan: (planId) =>
      database.transaction(async (trx) => {
        const rows = await trx.selectFrom('plans').selectAll().where('plan_id', '=', planId).execute();
        const [plan] = await withCounts(trx, rows);
        return plan ?? null;
      }),

    plans: ({ limit }) =>
      database.transaction(async (trx) => {
        const rows = await trx
          .selectFrom('plans')
          .selectAll()
          .orderBy('created_at', 'desc')
          .orderBy('plan_id', 'desc')
          .limit(limit)
          .execute();
        return withCounts(trx, rows);
      }),

    closePlan: ({ planId }) =>
      database.transaction(async (trx) => {
        await closeFinished(trx, sql<SqlBool>`plans.plan_id = ${planId}`);
        return readPlan(trx, planId);
      }),

    forgetPlans: ({ before }) =>
      database.transaction(async (trx) => {
        const isOld = sql<SqlBool>`(plans.settled_at < ${wholeMs(before)}::bigint
            and plans.state in (${sql.join(OVER)})
          or plans.settled_at is null and plans.created_at < ${wholeMs(before)}::bigint)`;
        // A rejection is carried into every later plan while HR says the same: its last trace must stay.
        await sql`
          delete from plan_rows using plans
          where plans.plan_id = plan_rows.plan_id and ${isOld}
            and (plans.state = 'dryRun' or plan_rows.state <> 'rejected' or exists (
              select from plan_rows as later
              join plans as decided on decided.plan_id = later.plan_id and decided.state <> 'dryRun'
              where later.person_id = plan_rows.person_id and later.state in ('approved', 'rejected')
                and (later.at, later.number, later.plan_id)
                  > (plan_rows.at, plan_rows.number, plan_rows.plan_id)))`.execute(trx);
        const forgotten = await trx
          .deleteFrom('plans')
          .where(isOld)
          .where(sql<SqlBool>`not exists (select from plan_rows where plan_rows.plan_id = plans.plan_id)`)
          .returning('plan_id')
          .execute();
        return forgotten.length;
      }),
  };
}

/** Settled plans of `which` of which nothing is left to do are `applied`. */
export async function closeFinished(trx: Transaction<Tables>, which: RawBuilder<SqlBool>): Promise<void> {
  await trx
    .updateTable('plans')
    .set({ state: 'applied' })
    .where('state', 'in', ['open', 'approved'])
    .where(which)
    .where(
      sql<SqlBool>`not exists (
        select from plan_rows
        where plan_rows.plan_id = plans.plan_id and plan_rows.state in ('open', 'approved', 'held'))`,
    )
    .execute();
}
