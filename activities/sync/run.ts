import type { ObserveRange } from '../../src/contracts/sync.ts';
import type { ClockAnchor } from '../../src/contracts/time.ts';
import { DAY_MS } from '../../src/contracts/time.ts';
import type { SyncContext } from '../sync-activities.ts';
import { type InstanceEnd, reportHandling } from '../instance/instance-alarms.ts';
import { mailAlarms } from './mail-alarms.ts';
import { reportSightings } from './report-sightings.ts';

/** Cuts everyone known into ranges: behind the last of one begins the next; the last one has no end. */
export async function cutRanges(context: SyncContext): Promise<readonly ObserveRange[]> {
  const { registry, settings } = context.deps;
  const cut = await registry.cutPersons({ size: settings.rangeSize });
  return cut.map(({ upTo, expected }, index) => ({ after: cut[index - 1]?.upTo ?? null, upTo, expected }));
}

/** What a run begins with. */
export interface BegunRun {
  readonly ranges: readonly ObserveRange[];
  /** The deployment's clock, which whoever started the run need not know. */
  readonly clock: ClockAnchor;
  /** An INDIGO IAM instance is kept, and is to be read. */
  readonly keepsInstance?: true;
}

/** Opens the plan of a run and cuts the work. */
export async function beginRun(
  context: SyncContext,
  input: { readonly planId: string; readonly dryRun: boolean },
): Promise<BegunRun> {
  const { registry, instance } = context.deps;
  await registry.openPlan({ ...input, at: context.now() });
  const ranges = await cutRanges(context);
  return { ranges, clock: context.clock, ...(instance && { keepsInstance: true as const }) };
}

const FAILED_ALARM = 'sync-failed';

/** One alarm for all whom a run could not apply, over with the first that applies everybody. Rule: "A failing account". */
async function reportFailed({ deps, now }: SyncContext, failed: number): Promise<void> {
  const at = now();
  if (failed === 0) {
    await deps.registry.clearAlarm({ key: FAILED_ALARM, at });
    return;
  }
  const message =
    `Changes of ${String(failed)} persons could not be applied by the last synchronisation, and their accounts wait; each ` +
    'synchronisation tries again. The worker\'s log says whose, and why: "person not applied".';
  await deps.registry.raiseAlarm({ key: FAILED_ALARM, message, at });
}

/** What a run came to that an admin should know of. */
export interface RunEnd {
  /** HR answers for far fewer people than last time. */
  readonly shrunk: boolean;
  /** Persons whose changes could not be applied; absent in runs begun before this was told. */
  readonly failed?: number;
  readonly instance?: InstanceEnd;
}

/** What comes after a plan was applied: alarms, and forgetting plans of long ago. */
export async function endRun(
  context: SyncContext,
  input: { readonly planId: string } & RunEnd,
): Promise<void> {
  const { registry, settings } = context.deps;
  await reportSightings(context, input);
  if (input.failed !== undefined) await reportFailed(context, input.failed);
  if (input.instance) await reportHandling(context, input.instance);
  await registry.closePlan({ planId: input.planId, at: context.now() });
  await registry.forgetPlans({ before: context.now() - settings.keepPlansDays * DAY_MS });
  await mailAlarms(context);
}
