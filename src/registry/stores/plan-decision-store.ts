import { sql, type SqlBool, type Transaction } from 'kysely';
import type { PlanDecision, RowState } from '../../contracts/plan.ts';
import type { Instant } from '../../contracts/time.ts';
import { storable, wholeMs } from '../column-values.ts';
import type { RegistryDatabase } from '../registry-database.ts';
import type { Registry } from '../registry.ts';
import type { Tables } from '../tables.ts';
import { insertAudit } from './audit-store.ts';
import { lockPlan, readPlan } from './plan-reading.ts';

type PlanDecisionStore = Pick<Registry, 'carryDecisions' | 'decidedAbsences' | 'decidePlan' | 'lapsePlan'>;

/** What an admin says of a held plan, or does not say in time; and that it holds for later plans too. */
export function createPlanDecisionStore(database: RegistryDatabase): PlanDecisionStore {
  return {
    carryDecisions: ({ planId, at, replanRejected = false }) =>
      database.transaction(async (trx) => {
        const plan = await lockPlan(trx, planId, 'for update');
        let approved = 0;
        if (plan.settled_at === null) {
          approved = await leaveOutApproved(trx, { planId, since: null });
          if (!replanRejected) await rejectAgain(trx, { planId, since: null, at });
        }
        return { approved, rejected: await rejectedAgain(trx, planId, plan.settled_at) };
      }),

    decidedAbsences: ({ replanRejected }) =>
      database.query(async (db) => {
        const { rows } = await sql<{ count: number }>`
          select count(*) as count
          from decisions
          join persons on persons.person_id = decisions.person_id
          where decisions.after_outcome = 'no-person' and persons.outcome = 'no-person' and persons.merged_into is null
            and persons.applied_observation ->> 'outcome' = 'found'
            and (persons.applied_observation ->> 'number')::bigint = decisions.before_number
            and (decisions.verdict = 'rejected' and not ${replanRejected}::boolean or ${isToBeApplied})`.execute(
          db,
        );
        return rows[0]?.count ?? 0;
      }),

    decidePlan: ({ planId, decision }) =>
      database.transaction(async (trx) => {
        const { verdict, actor, reason, at } = decision;
        const known = await lockPlan(trx, planId, 'for update');
        if (known.state !== 'held') return readPlan(trx, planId);
        await trx
          .updateTable('plans')
          .set({
            state: verdict,
            verdict,
            actor: storable(actor),
            decision_reason: storable(reason),
            decided_at: wholeMs(at),
          })
          .where('plan_id', '=', planId)
          .execute();
        const rows = await decideHeldRows(trx, { planId, verdict, at });
        await insertAudit(trx, {
          at,
          what: `plan-${verdict}`,
          actor,
          accountId: null,
          personId: null,
          reason,
          commandId: null,
          facts: { planId, rows },
        });
        return readPlan(trx, planId);
      }),

    lapsePlan: ({ planId, at }) =>
      database.transaction(async (trx) => {
        const known = await lockPlan(trx, planId, 'for update');
        if (known.state !== 'held') return readPlan(trx, planId);
        await trx.updateTable('plans').set({ state: 'lapsed' }).where('plan_id', '=', planId).execute();
        await moveHeldRows(trx, { planId, to: 'lapsed', at });
        return readPlan(trx, planId);
      }),
  };
}

/** An approval that still waits to be carried out. */
const isToBeApplied = sql<SqlBool>`(decisions.verdict = 'approved' and exists (
  select from plan_rows as decided
  where decided.plan_id = decisions.plan_id and decided.person_id = decisions.person_id
    and decided.state = 'approved'))`;

/** Answers how many rows were decided on. What was said of each person is remembered apart from them. */
async function decideHeldRows(
  trx: Transaction<Tables>,
  input: { planId: string; verdict: PlanDecision['verdict']; at: Instant },
): Promise<number> {
  const { planId, verdict, at } = input;
  const { rows } = await sql`
    with decided as (
      update plan_rows set state = ${verdict}, at = ${wholeMs(at)}::bigint
      where plan_id = ${planId} and state = 'held'
      returning person_id, plan_id, state, at, before_number, after_outcome, after_digest, instance_changes)
    insert into decisions (person_id, plan_id, verdict, decided_at, before_number, after_outcome, after_digest,
                           instance_changes)
    select person_id, plan_id, state, at, before_number, after_outcome, after_digest, instance_changes from decided
    on conflict (person_id) do update set
      plan_id = excluded.plan_id, verdict = excluded.verdict, decided_at = excluded.decided_at,
      before_number = excluded.before_number, after_outcome = excluded.after_outcome,
      after_digest = excluded.after_digest, instance_changes = excluded.instance_changes
    returning person_id`.execute(trx);
  return rows.length;
}

/** Answers how many rows changed. */
export async function moveHeldRows(
  trx: Transaction<Tables>,
  input: { planId: string; to: RowState; at: Instant },
): Promise<number> {
  const moved = await trx
    .updateTable('plan_rows')
    .set({ state: input.to, at: wholeMs(input.at) })
    .where('plan_id', '=', input.planId)
    .where('state', '=', 'held')
    .returning('person_id')
    .execute();
  return moved.length;
}

/**
 * Carries decisions made since a moment into a plan: for those that an admin made after `carryDecisions` was asked,
 * while the plan was being checked.
 */
export async function carryLateDecisions(
  trx: Transaction<Tables>,
  input: { planId: string; since: Instant; at: Instant },
): Promise<void> {
  await leaveOutApproved(trx, input);
  await rejectAgain(trx, input);
}

/** Answers how many rows are gone. */
async function leaveOutApproved(
  trx: Transaction<Tables>,
  input: { planId: string; since: Instant | null },
): Promise<number> {
  const { rows } = await sql`
    delete from plan_rows
    where plan_id = ${input.planId} and person_id in (${decidedOn({ ...input, verdict: 'approved' })})
    returning person_id`.execute(trx);
  return rows.length;
}

async function rejectAgain(
  trx: Transaction<Tables>,
  input: { planId: string; since: Instant | null; at: Instant },
): Promise<void> {
  await sql`
    update plan_rows set state = 'rejected', at = ${wholeMs(input.at)}::bigint
    where plan_id = ${input.planId} and person_id in (${decidedOn({ ...input, verdict: 'rejected' })})`.execute(
    trx,
  );
}

/**
 * Persons of the plan's open rows on whose very change the newest decision is this one, and still stands. Of what an
 * instance says beside HR, some may have become nothing since; more than was decided on is another change.
 */
function decidedOn(input: { planId: string; verdict: PlanDecision['verdict']; since: Instant | null }) {
  const stands = input.verdict === 'approved' ? isToBeApplied : sql<SqlBool>`decisions.verdict = 'rejected'`;
  return sql`
    select mine.person_id
    from plan_rows as mine
    join decisions on decisions.person_id = mine.person_id
    where mine.plan_id = ${input.planId} and mine.state = 'open'
      and ${stands} and decisions.decided_at >= ${wholeMs(input.since ?? 0)}::bigint
      and decisions.before_number is not distinct from mine.before_number
      and decisions.after_outcome = mine.after_outcome
      and decisions.after_digest is not distinct from mine.after_digest
      and mine.instance_changes <@ decisions.instance_changes`;
}

/** Rows that the plan was settled with as rejected; the others were rejected with the plan itself. */
async function rejectedAgain(
  trx: Transaction<Tables>,
  planId: string,
  settledAt: Instant | null,
): Promise<number> {
  let query = trx
    .selectFrom('plan_rows')
    .select((column) => column.fn.countAll<number>().as('count'))
    .where('plan_id', '=', planId)
    .where('state', '=', 'rejected');
  if (settledAt !== null) query = query.where('at', '<=', settledAt);
  return (await query.executeTakeFirstOrThrow()).count;
}
