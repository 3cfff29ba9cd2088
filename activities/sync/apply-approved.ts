import type { Plan } from '../../src/contracts/plan.ts';
import type { ApplyCounts } from '../../src/contracts/sync.ts';
import { DAY_MS } from '../../src/contracts/time.ts';
import { LifecycleError } from '../../src/errors.ts';
import { rowsIn } from '../../src/policy/plan-words.ts';
import { addApplied } from '../../src/policy/sync-counts.ts';
import type { SyncContext } from '../sync-activities.ts';
import { applyRows } from './apply-rows.ts';
import { tellGivenUp, watchApproved } from './approved-alarm.ts';

const EVERYONE = { after: null, upTo: null, expected: 0 };

/**
 * Applies what was approved, row by row, each looked at once more. Throws, to be retried, while HR is silent about some
 * of it or some of it failed: the plan is not over before every approved row is applied or stale. A synchronisation may
 * run between two attempts. Rule: "A held plan".
 */
export async function applyApproved(context: SyncContext, planId: string): Promise<ApplyCounts> {
  const { registry } = context.deps;
  const { counts, silent } = await applyRows(context, {
    planId,
    range: EVERYONE,
    states: ['open', 'approved'],
  });
  const givenUp = await giveUpLate(context, planId);
  const plan = await registry.closePlan({ planId, at: context.now() });
  await watchApproved(context, plan);
  const left = rowsIn(plan.rows, 'approved');
  if (left > 0) throw notAllApplied(left, silent);
  return addApplied(counts, { stale: givenUp });
}

function notAllApplied(left: number, silent: number): LifecycleError {
  const words = `${String(left)} approved changes are not applied yet`;
  return silent > 0
    ? new LifecycleError({
        code: 'HR_UNAVAILABLE',
        message: `${words}: HR gives no answer; waiting for HR`,
        retryable: true,
      })
    : new LifecycleError({
        code: 'APPROVED_NOT_APPLIED',
        message: `${words}: they failed, see the worker's log; trying again`,
        retryable: true,
      });
}

function isTooLate(context: SyncContext, { decision }: Plan): boolean {
  const { lapseDays } = context.deps.settings.safeguard;
  return decision !== null && context.now() - decision.at >= lapseDays * DAY_MS;
}

/** Nobody's word is good for ever: what could not be applied for that long is planned anew. Answers how many. */
async function giveUpLate(context: SyncContext, planId: string): Promise<number> {
  const { registry, settings } = context.deps;
  const plan = await registry.plan(planId);
  if (plan === null || !isTooLate(context, plan)) return 0;
  const count = rowsIn(plan.rows, 'approved');
  if (count === 0) return 0;
  // First told, then done: the other way round, a crash between the two would leave nobody told.
  await tellGivenUp(context, { planId, count });
  for (;;) {
    const rows = await registry.planRows({
      planId,
      states: ['approved'],
      after: null,
      limit: settings.pageSize,
    });
    if (rows.length === 0) return count;
    for (const { personId } of rows) {
      await registry.markRow({ planId, personId, state: 'stale', at: context.now() });
    }
  }
}
