import type { Plan } from '../../src/contracts/plan.ts';
import { rowsIn } from '../../src/policy/plan-words.ts';
import type { SyncContext } from '../sync-activities.ts';

const PREFIX = 'approved-plan:';
const GIVEN_UP = 'approval-given-up:';

/**
 * One alarm while changes that were approved are not applied although the patience time is over. Rule: "A held plan".
 */
export async function watchApproved(context: SyncContext, plan: Plan): Promise<void> {
  const { registry, settings } = context.deps;
  const at = context.now();
  const key = PREFIX + plan.planId;
  const left = rowsIn(plan.rows, 'approved');
  if (left === 0) return registry.clearAlarm({ key, at });
  const since = plan.decision?.at ?? plan.createdAt;
  if (at - since < settings.patienceMs * context.clock.speed) return;
  const message = `${String(left)} changes that were approved in plan ${plan.planId} are not applied yet; they are tried again`;
  await registry.raiseAlarm({ key, message, at });
}

/**
 * The same for every plan that is approved, whatever became of its workflow; and ends the alarms of those that are
 * approved no more, and of changes given up that the admins were told of.
 */
export async function watchAllApproved(context: SyncContext, approved: readonly Plan[]): Promise<void> {
  const { registry } = context.deps;
  for (const plan of approved) await watchApproved(context, plan);
  const waiting = new Set(approved.map(({ planId }) => PREFIX + planId));
  for (const { key, mailedAt } of await registry.alarms({ open: true })) {
    const isOver = key.startsWith(PREFIX) ? !waiting.has(key) : key.startsWith(GIVEN_UP) && mailedAt !== null;
    if (isOver) await registry.clearAlarm({ key, at: context.now() });
  }
}

/** Approved changes could not be applied for so long that the approval counts no more. */
export async function tellGivenUp(
  context: SyncContext,
  input: { readonly planId: string; readonly count: number },
): Promise<void> {
  const { registry, settings } = context.deps;
  const { planId, count } = input;
  const { lapseDays } = settings.safeguard;
  const message =
    `${String(count)} changes that were approved in plan ${planId} could not be applied for ` +
    `${String(lapseDays)} days and count as approved no more; the next synchronisation plans them anew`;
  await registry.raiseAlarm({ key: GIVEN_UP + planId, message, at: context.now() });
}
