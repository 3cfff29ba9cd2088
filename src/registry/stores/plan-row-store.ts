import { sql, type Kysely, type SqlBool, type Transaction } from 'kysely';
import type { Change } from '../../contracts/plan.ts';
import { json, personOrder, wholeMs } from '../column-values.ts';
import type { RegistryDatabase } from '../registry-database.ts';
import type { Registry } from '../registry.ts';
import type { Tables } from '../tables.ts';
import { lockPlan, toPlanRow } from './plan-reading.ts';

type PlanRowStore = Pick<Registry, 'addChanges' | 'planRows' | 'markRow' | 'lossesSince'>;

/** Rows that one statement writes: they travel as one parameter, which should not grow without end. */
const CHUNK = 2_000;

/** The rows of plans: what a synchronisation found, and what was done with each. */
export function createPlanRowStore(database: RegistryDatabase): PlanRowStore {
  return {
    addChanges: ({ planId, changes }) =>
      database.transaction(async (trx) => {
        // Nobody may settle it meanwhile: what comes after would be in no count.
        const plan = await lockPlan(trx, planId, 'for share');
        if (plan.settled_at !== null) return;
        // One statement writes a row only once: of two changes of a person the later one counts.
        const rows = [...new Map(changes.map((change) => [change.personId, change])).values()];
        for (let start = 0; start < rows.length; start += CHUNK) {
          await insertRows(trx, planId, rows.slice(start, start + CHUNK));
        }
      }),

    planRows: ({ planId, states, kinds, personIds, after, upTo, limit }) =>
      database.query(async (db) => {
        let query = db
          .selectFrom('plan_rows')
          .selectAll()
          .where('plan_id', '=', planId)
          .orderBy('person_order')
          .limit(limit);
        if (states !== undefined) query = query.where('state', 'in', states);
        if (kinds !== undefined) query = query.where('kind', 'in', kinds);
        if (personIds !== undefined)
          query = query.where(sql<SqlBool>`person_id = any(${[...personIds]}::text[])`);
        if (after !== null) query = query.where('person_order', '>', personOrder(after));
        if (upTo !== undefined && upTo !== null) query = query.where('person_order', '<=', personOrder(upTo));
        return (await query.execute()).map(toPlanRow);
      }),

    markRow: (input) => database.query((db) => markWaitingRow(db, input)),

    lossesSince: ({ since }) =>
      database.query(async (db) => {
        const { count } = await db
          .selectFrom('plan_rows')
          .innerJoin('plans', 'plans.plan_id', 'plan_rows.plan_id')
          .select((column) => column.fn.countAll<number>().as('count'))
          .where('plan_rows.kind', '=', 'loss')
          .where('plan_rows.state', '=', 'applied')
          .where('plan_rows.at', '>=', wholeMs(since))
          .where('plans.verdict', 'is distinct from', 'approved')
          .executeTakeFirstOrThrow();
        return count;
      }),
  };
}

/** Marks a row that is `open` or `approved`. */
export async function markWaitingRow(
  db: Kysely<Tables>,
  input: Parameters<Registry['markRow']>[0],
): Promise<void> {
  await db
    .updateTable('plan_rows')
    .set({ state: input.state, at: wholeMs(input.at) })
    .where('plan_id', '=', input.planId)
    .where('person_id', '=', input.personId)
    .where('state', 'in', ['open', 'approved'])
    .execute();
}

/** A late attempt that finds the same again must not undo that it was rejected. */
const isOtherChange = sql<SqlBool>`(
  plan_rows.state <> 'rejected'
  or plan_rows.before_number is distinct from excluded.before_number
  or plan_rows.after_outcome <> excluded.after_outcome
  or plan_rows.after_digest is distinct from excluded.after_digest
  or plan_rows.instance_changes <> excluded.instance_changes)`;

async function insertRows(
  trx: Transaction<Tables>,
  planId: string,
  changes: readonly Change[],
): Promise<void> {
  const rows = changes.map((change) => ({
    person_id: change.personId,
    person_order: personOrder(change.personId),
    kind: change.kind,
    reason: change.reason,
    before: change.before,
    after: change.after,
    before_number: change.beforeNumber,
    number: change.number,
    after_outcome: change.afterOutcome,
    after_digest: change.afterDigest,
    instance_changes: change.instanceChanges,
  }));
  await sql`
    insert into plan_rows (plan_id, person_id, person_order, kind, reason, before, after, before_number, number,
                           after_outcome, after_digest, instance_changes, state)
    select ${planId}::text, row.*, 'open'
    from jsonb_to_recordset(${json(rows)}::jsonb) as row (
      person_id text, person_order text, kind text, reason text, before jsonb, after jsonb, before_number bigint,
      number bigint, after_outcome text, after_digest text, instance_changes jsonb)
    on conflict (plan_id, person_id) do update set
      kind = excluded.kind, reason = excluded.reason, before = excluded.before, after = excluded.after,
      before_number = excluded.before_number, number = excluded.number, after_outcome = excluded.after_outcome,
      after_digest = excluded.after_digest, instance_changes = excluded.instance_changes, state = 'open', at = null
    where ${isOtherChange}`.execute(trx);
}
