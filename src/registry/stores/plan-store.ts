import { sql, type RawBuilder, type SqlBool, type Transaction } from 'kysely';
import type { PlanState } from '../../contracts/plan.ts';
import type { Instant } from '../../contracts/time.ts';
import { wholeMs } from '../column-values.ts';
import type { RegistryDatabase } from '../registry-database.ts';
import type { Registry } from '../registry.ts';
import type { Tables } from '../tables.ts';
import { forgetObservations } from './observation-rows.ts';
import { readPlan, withCounts } from './plan-reading.ts';
import { forgetUnheard } from './unheard-rows.ts';

type PlanStore = Pick<Registry, 'openPlan' | 'plan' | 'plans' | 'plansInState' | 'closePlan' | 'forgetPlans'>;

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

    plansInState: ({ states }) =>
      database.transaction(async (trx) => {
        const rows = await trx
          .selectFrom('plans')
          .selectAll()
          .where('state', 'in', states)
          .orderBy('created_at')
          .orderBy('plan_id')
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
        await sql`
          delete from plan_rows using plans where plans.plan_id = plan_rows.plan_id and ${isOld}`.execute(
          trx,
        );
        const forgotten = await trx.deleteFrom('plans').where(isOld).returning('plan_id').execute();
        await forgetDecisions(trx, before);
        await forgetObservations(trx, before);
        await forgetUnheard(trx);
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

/** Approvals of plans that are gone, and rejections of changes from a base that accounts have left behind. */
async function forgetDecisions(trx: Transaction<Tables>, before: Instant): Promise<void> {
  await sql`
    delete from decisions
    where verdict = 'approved'
      and not exists (select from plans where plans.plan_id = decisions.plan_id)`.execute(trx);
  await sql`
    delete from decisions using persons
    where persons.person_id = decisions.person_id and verdict = 'rejected'
      and decided_at < ${wholeMs(before)}::bigint
      and before_number is distinct from (persons.applied_observation ->> 'number')::bigint`.execute(trx);
}
