import type { Plan, PlanDecision, PlanRow } from '../../src/contracts/plan.ts';
import { LifecycleError } from '../../src/errors.ts';
import { renderNotice } from '../../src/notices/render-notice.ts';
import { rowsIn } from '../../src/policy/plan-words.ts';
import type { SyncContext } from '../sync-activities.ts';
import { heldPlanAlarm } from './settle-plan.ts';

/** So many rows stand in the mail; the command line shows them all. */
const ROWS_IN_MAIL = 50;

async function planOf(context: SyncContext, planId: string): Promise<Plan> {
  const plan = await context.deps.registry.plan(planId);
  if (plan) return plan;
  throw new LifecycleError({
    code: 'PLAN_UNKNOWN',
    message: `the registry has no plan ${planId}`,
    retryable: false,
  });
}

function rowWords({ kind, personId, reason }: PlanRow): string {
  return `${personId}: ${kind}, ${reason}`;
}

/**
 * Tells every admin, each apart, that a plan waits for them, once. Throws, to be retried, when nobody could be told.
 * Rule: "A held plan".
 */
export async function mailHeldPlan(context: SyncContext, planId: string): Promise<Pick<Plan, 'state'>> {
  const { registry, mailer, settings, log } = context.deps;
  const plan = await planOf(context, planId);
  const { state } = plan;
  if (state !== 'held') return { state };
  const rows = await registry.planRows({ planId, states: ['held'], after: null, limit: ROWS_IN_MAIL });
  const held = rowsIn(plan.rows, 'held');
  const facts = {
    planId,
    held,
    because: plan.heldBecause,
    rows: rows.map(rowWords),
    more: Math.max(0, held - rows.length),
    lapsesAt: plan.lapsesAt ?? context.now(),
    timeZone: settings.timeZone,
  };
  const { defaultLanguage, site, admins } = settings;
  const rendered = renderNotice({ template: 'held-plan', facts, language: null, defaultLanguage, site });
  const results = await Promise.allSettled(
    admins.map((to) =>
      mailer.send({ mail: { ...rendered, to, key: `held-plan/${planId}/${to}` }, signal: context.signal }),
    ),
  );
  const refused = results.filter(({ status }) => status === 'rejected').length;
  if (refused > 0) log.warn('held plan not mailed to every admin', { planId, refused });
  if (refused === admins.length) {
    throw new LifecycleError({
      code: 'NOBODY_TOLD',
      message: 'no admin could be mailed that a plan waits for approval; trying again',
      retryable: true,
    });
  }
  await registry.alarmMailed({ key: heldPlanAlarm(planId), at: context.now() });
  return { state };
}

/** An admin's word on a plan. Answers the plan as it then is: somebody else may have been faster. */
export async function decidePlan(
  context: SyncContext,
  input: { readonly planId: string; readonly decision: Omit<PlanDecision, 'at'> },
): Promise<Plan> {
  const { registry } = context.deps;
  const at = context.now();
  await planOf(context, input.planId);
  const plan = await registry.decidePlan({ planId: input.planId, decision: { ...input.decision, at } });
  if (plan.state !== 'held') await registry.clearAlarm({ key: heldPlanAlarm(input.planId), at });
  return plan;
}

/** Nobody decided in time. */
export async function lapsePlan(context: SyncContext, planId: string): Promise<Plan> {
  const { registry } = context.deps;
  const at = context.now();
  const plan = await registry.lapsePlan({ planId, at });
  await registry.clearAlarm({ key: heldPlanAlarm(planId), at });
  return plan;
}
