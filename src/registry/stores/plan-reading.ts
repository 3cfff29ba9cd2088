import type { Kysely, Selectable, Transaction } from 'kysely';
import type { ChangeKind, Plan, PlanRow, RowCounts, RowState } from '../../contracts/plan.ts';
import { RegistryError } from '../../errors.ts';
import type { PlanRowsTable, PlansTable, Tables } from '../tables.ts';

/** Reads one plan with the counts of its rows. Throws `NO_PLAN`. */
export async function readPlan(trx: Transaction<Tables>, planId: string): Promise<Plan> {
  const row = await trx.selectFrom('plans').selectAll().where('plan_id', '=', planId).executeTakeFirst();
  const [plan] = row === undefined ? [] : await withCounts(trx, [row]);
  if (plan === undefined) throw noPlan(planId);
  return plan;
}

/**
 * Locks a plan until the transaction is over, and reads it: `for update` whoever decides what becomes of it,
 * `for share` whoever relies on its staying as it is. Throws `NO_PLAN`.
 */
export async function lockPlan(
  trx: Transaction<Tables>,
  planId: string,
  lock: 'for update' | 'for share',
): Promise<Selectable<PlansTable>> {
  const query = trx.selectFrom('plans').selectAll().where('plan_id', '=', planId);
  const row = await (lock === 'for update' ? query.forUpdate() : query.forShare()).executeTakeFirst();
  if (row === undefined) throw noPlan(planId);
  return row;
}

/** Plans in the order given, each with the counts of its rows. */
export async function withCounts(
  db: Kysely<Tables>,
  rows: readonly Selectable<PlansTable>[],
): Promise<readonly Plan[]> {
  if (rows.length === 0) return [];
  const counted = await db
    .selectFrom('plan_rows')
    .select(['plan_id', 'kind', 'state', (column) => column.fn.countAll<number>().as('count')])
    .where(
      'plan_id',
      'in',
      rows.map((row) => row.plan_id),
    )
    .groupBy(['plan_id', 'kind', 'state'])
    .execute();
  return rows.map((row) =>
    toPlan(
      row,
      counted.filter((count) => count.plan_id === row.plan_id),
    ),
  );
}

function toPlan(
  row: Selectable<PlansTable>,
  counted: readonly { kind: ChangeKind; state: RowState; count: number }[],
): Plan {
  const { verdict, actor, decision_reason: reason, decided_at: at } = row;
  const rows: Partial<Record<ChangeKind, Partial<Record<RowState, number>>>> = {};
  for (const { kind, state, count } of counted) rows[kind] = { ...rows[kind], [state]: count };
  return {
    planId: row.plan_id,
    state: row.state,
    createdAt: row.created_at,
    settledAt: row.settled_at,
    looks: row.looks,
    heldBecause: row.held_because,
    lapsesAt: row.lapses_at,
    decision:
      verdict === null || actor === null || reason === null || at === null
        ? null
        : { verdict, actor, reason, at },
    supersededBy: row.superseded_by,
    rows: rows satisfies RowCounts,
  };
}

export function toPlanRow(row: Selectable<PlanRowsTable>): PlanRow {
  return {
    planId: row.plan_id,
    personId: row.person_id,
    kind: row.kind,
    reason: row.reason,
    before: row.before,
    after: row.after,
    beforeNumber: row.before_number,
    number: row.number,
    afterOutcome: row.after_outcome,
    afterDigest: row.after_digest,
    instanceChanges: row.instance_changes,
    state: row.state,
  };
}

function noPlan(planId: string): RegistryError {
  return new RegistryError({
    code: 'NO_PLAN',
    message: `The registry has no plan ${planId}: it never had it, or has forgotten it.`,
    retryable: false,
    facts: { planId },
  });
}
