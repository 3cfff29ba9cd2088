import { sql, type RawBuilder, type SqlBool, type Transaction } from 'kysely';
import { HELD_KINDS } from '../../contracts/plan.ts';
import type { Instant } from '../../contracts/time.ts';
import { json, wholeMs } from '../column-values.ts';
import type { RegistryDatabase } from '../registry-database.ts';
import type { Registry } from '../registry.ts';
import type { Tables } from '../tables.ts';
import { carryLateDecisions, moveHeldRows } from './plan-decision-store.ts';
import { lockPlan, readPlan } from './plan-reading.ts';
import { closeFinished } from './plan-store.ts';

type PlanSettlingStore = Pick<Registry, 'settlePlan'>;

/** Any number will do that nobody else locks. */
const SETTLING_LOCK = 7_205_532;

/** The moment at which a plan is known whole: what it holds, and what it takes the place of. */
export function createPlanSettlingStore(database: RegistryDatabase): PlanSettlingStore {
  return {
    settlePlan: ({ planId, looks, heldBecause, lapsesAt, at }) =>
      database.transaction(async (trx) => {
        // One at a time: of two, the later must see the plan that the earlier one holds.
        await sql`select pg_advisory_xact_lock(${SETTLING_LOCK}::bigint)`.execute(trx);
        const known = await lockPlan(trx, planId, 'for update');
        if (known.settled_at !== null) return settled(trx, planId);
        const isDryRun = known.state === 'dryRun';
        const previous = isDryRun ? null : await lockHeldPlan(trx);
        await carryLateDecisions(trx, { planId, since: known.created_at, at });
        const hold = heldBecause.length > 0;
        const goesOn = hold && previous !== null && (await holdsTheSame(trx, planId, previous));
        if (goesOn) await sql`delete from plan_rows where ${mayBeHeld(planId)}`.execute(trx);
        else if (previous !== null) await supersede(trx, { planId: previous, by: planId, at });
        const held = hold ? await holdRows(trx, planId) : 0;
        await trx
          .updateTable('plans')
          .set({
            state: isDryRun ? 'dryRun' : held > 0 ? 'held' : 'open',
            settled_at: wholeMs(at),
            looks: json(looks),
            held_because: json(heldBecause),
            lapses_at: isDryRun || held === 0 ? null : wholeMs(lapsesAt),
            goes_on_as: goesOn ? previous : null,
          })
          .where('plan_id', '=', planId)
          .execute();
        if (!isDryRun) await putLeftoversAside(trx, { by: planId, at });
        return settled(trx, planId);
      }),
  };
}

/** Waits for whoever is deciding on it right now; then it is held no more, and there is none. */
async function lockHeldPlan(trx: Transaction<Tables>): Promise<string | null> {
  const row = await trx
    .selectFrom('plans')
    .select('plan_id')
    .where('state', '=', 'held')
    .forUpdate()
    .executeTakeFirst();
  return row?.plan_id ?? null;
}

const mayBeHeld = (planId: string): RawBuilder<SqlBool> =>
  sql<SqlBool>`plan_id = ${planId} and state = 'open' and kind in (${sql.join(HELD_KINDS)})`;

/** Answers how many. */
async function holdRows(trx: Transaction<Tables>, planId: string): Promise<number> {
  const { rows } = await sql`
    update plan_rows set state = 'held' where ${mayBeHeld(planId)} returning person_id`.execute(trx);
  return rows.length;
}

/** Whether a plan would hold what the other one holds: the same persons, bases, answers of HR and changes of the instance. */
async function holdsTheSame(trx: Transaction<Tables>, planId: string, other: string): Promise<boolean> {
  const columns = sql.raw('person_id, before_number, after_outcome, after_digest, instance_changes');
  const mine = sql`select ${columns} from plan_rows where ${mayBeHeld(planId)}`;
  const theirs = sql`select ${columns} from plan_rows where plan_id = ${other} and state = 'held'`;
  const { rows } = await sql`
    (${mine} except ${theirs}) union all (${theirs} except ${mine}) limit 1`.execute(trx);
  return rows.length === 0;
}

async function supersede(
  trx: Transaction<Tables>,
  input: { planId: string; by: string; at: Instant },
): Promise<void> {
  const { planId, by, at } = input;
  await moveHeldRows(trx, { planId, to: 'superseded', at });
  await trx
    .updateTable('plans')
    .set({ state: 'superseded', superseded_by: by })
    .where('plan_id', '=', planId)
    .execute();
}

/** Rows of persons that failed, plans of runs cut short: HR has been read anew since, and all of it planned anew. */
async function putLeftoversAside(
  trx: Transaction<Tables>,
  input: { by: string; at: Instant },
): Promise<void> {
  const { by, at } = input;
  const earlier = sql<SqlBool>`plans.plan_id <> ${by} and plans.settled_at is not null
    and plans.state <> 'dryRun'`;
  await sql`
    update plan_rows set state = 'superseded', at = ${wholeMs(at)}::bigint
    where state = 'open' and plan_id in (select plan_id from plans where ${earlier})`.execute(trx);
  await trx
    .updateTable('plans')
    .set({ state: 'superseded', superseded_by: by })
    .where('state', '=', 'open')
    .where(earlier)
    .execute();
  await closeFinished(trx, earlier);
}

/** What settling came to, told from what is stored, so that a repeated call answers the same. */
async function settled(trx: Transaction<Tables>, planId: string) {
  const own = await trx
    .selectFrom('plans')
    .select('goes_on_as')
    .where('plan_id', '=', planId)
    .executeTakeFirstOrThrow();
  const superseded = await trx
    .selectFrom('plans')
    .select('plan_id')
    .where('superseded_by', '=', planId)
    // The others that it superseded were never held.
    .where('lapses_at', 'is not', null)
    .executeTakeFirst();
  return {
    plan: await readPlan(trx, planId),
    stillHeld: own.goes_on_as,
    superseded: superseded?.plan_id ?? null,
  };
}
