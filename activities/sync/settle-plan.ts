import type { LookCounts, Plan } from '../../src/contracts/plan.ts';
import { DAY_MS } from '../../src/contracts/time.ts';
import { checkSafeguard } from '../../src/policy/safeguard.ts';
import type { SyncContext } from '../sync-activities.ts';
import { addReturners } from './add-returners.ts';
import { watchAllApproved } from './approved-alarm.ts';

export interface SettleInput {
  readonly planId: string;
  readonly looks: LookCounts;
  readonly dryRun: boolean;
  readonly replanRejected: boolean;
  /** Ranges that HR gave no answer for in time. */
  readonly gaveUp: number;
}

/** The plan, known whole, and what follows from it. */
export interface Settled {
  readonly plan: Plan;
  /** HR answers for far fewer people than last time, or for nobody, in words; `null` = it does not. */
  readonly shrunk: string | null;
  /** The plan that waits for a decision: this one, or one from before that holds just what this one would. */
  readonly heldPlan: Plan | null;
  /** Plans that were approved and are not applied: their workflows are at it, or were lost. */
  readonly approved: readonly Plan[];
  readonly superseded: string | null;
  /** Changes that an admin rejected and that HR still says. */
  readonly rejectedAgain: number;
}

function openRows(plan: Plan | null, kind: 'loss' | 'shortening'): number {
  const counts = plan?.rows[kind];
  return (counts?.open ?? 0) + (counts?.held ?? 0);
}

/** The key of the alarm that says that a plan waits for a decision. */
export function heldPlanAlarm(planId: string): string {
  return `held-plan:${planId}`;
}

/** What is wrong with HR's answers as a whole. */
function silence(gaveUp: string | null, shrunk: string | null): string | null {
  return [gaveUp, shrunk].filter((one) => one !== null).join('; ') || null;
}

const SHRUNK_ALARM = 'hr-answers';
const REJECTED_ALARM = 'rejected-changes';

async function setAlarm(context: SyncContext, key: string, message: string | null): Promise<void> {
  const { registry } = context.deps;
  const at = context.now();
  if (message === null) await registry.clearAlarm({ key, at });
  else await registry.raiseAlarm({ key, message, at });
}

/**
 * HR has been read: checks the whole plan before anything of it is applied, and holds losses and shortenings if the
 * safeguard says so. Repeated, it comes to the same. Rule: "The safeguard".
 */
export async function settlePlan(context: SyncContext, input: SettleInput): Promise<Settled> {
  const { registry, settings } = context.deps;
  const { planId, looks, dryRun, replanRejected } = input;
  const at = context.now();
  await addReturners(context, planId);
  const carried = await registry.carryDecisions({ planId, at, replanRejected });
  const found = await registry.plan(planId);
  const { safeguard } = settings;
  const losses = openRows(found, 'loss');
  const earlierLosses = await registry.lossesSince({ since: at - safeguard.limits.hours * 3_600_000 });
  // Of whose absence somebody has decided, nobody is missed.
  const decided = await registry.decidedAbsences({ replanRejected });
  const notMissed = <C extends { expected: number; answered: number }>(counts: C): C => ({
    ...counts,
    expected: Math.max(counts.answered, counts.expected - decided),
  });
  const missed = { ...notMissed(looks), ...(looks.holders && { holders: notMissed(looks.holders) }) };
  const verdict = checkSafeguard({ losses, earlierLosses, looks: missed, limits: safeguard.limits });
  const holdable = losses + openRows(found, 'shortening');
  const gaveUp =
    input.gaveUp > 0 ? 'HR was unavailable for so long that the synchronisation went on without it' : null;
  // Losses may be few only because nobody has seen the others: the plan is not known whole.
  const because = [...verdict.heldBecause, ...(gaveUp === null ? [] : [gaveUp])];
  const heldBecause = holdable > 0 ? because : [];
  const lapsesAt = at + safeguard.lapseDays * DAY_MS;
  const settled = await registry.settlePlan({ planId, looks, heldBecause, lapsesAt, at });
  const { plan, stillHeld, superseded } = settled;
  const heldPlan = plan.state === 'held' ? plan : stillHeld === null ? null : await registry.plan(stillHeld);
  const shrunk = silence(gaveUp, verdict.shrunk);
  const approved = await registry.plansInState({ states: ['approved'] });
  const result = { plan, superseded, heldPlan, approved, shrunk, rejectedAgain: carried.rejected };
  if (dryRun) return result;
  await setAlarm(context, SHRUNK_ALARM, shrunk);
  const still = `HR still says ${String(carried.rejected)} changes that were rejected; they are not applied`;
  await setAlarm(context, REJECTED_ALARM, carried.rejected > 0 ? still : null);
  await watchAllApproved(context, approved);
  if (superseded !== null) await setAlarm(context, heldPlanAlarm(superseded), null);
  if (plan.state === 'held') {
    const message = `${String(holdable)} changes of HR wait for approval in plan ${planId}: ${heldBecause.join('; ')}`;
    await setAlarm(context, heldPlanAlarm(planId), message);
  }
  return result;
}
