import { Context } from '@temporalio/activity';
import type { OperatorAnswer, OperatorRequest } from '../src/contracts/operator.ts';
import type { HandledCounts } from '../src/contracts/instance-handling.ts';
import type { InstanceRead } from '../src/contracts/instance-sync.ts';
import type { LookCounts, Plan, PlanDecision, PlanState } from '../src/contracts/plan.ts';
import type { ApplyCounts, ObserveRange } from '../src/contracts/sync.ts';
import type { ClockAnchor } from '../src/contracts/time.ts';
import { virtualNow } from '../src/contracts/time.ts';
import type { ActivityDependencies } from './dependencies.ts';
import { errorFacts, failureOf } from './failures.ts';
import { handleInstance, type HandleInput } from './instance/handle-instance.ts';
import { readInstance } from './instance/read-instance.ts';
import { answerOperator } from './sync/answer-operator.ts';
import { backoffBefore } from './sync/backoff.ts';
import { applyPlanned } from './sync/apply-rows.ts';
import { applyApproved } from './sync/apply-approved.ts';
import { decidePlan, lapsePlan, mailHeldPlan } from './sync/approval.ts';
import { observePersons } from './sync/observe-persons.ts';
import { beginRun, type BegunRun, cutRanges, endRun, type RunEnd } from './sync/run.ts';
import { settlePlan, type SettleInput, type Settled } from './sync/settle-plan.ts';
import { releaseSyncLease, withSyncLease } from './sync/sync-lease.ts';

/** The activities of a synchronisation with HR, in their order, and those of a plan that is held. */
export interface SyncActivities {
  /** Waits its turn, opens the plan, cuts everyone known into ranges. */
  beginRun(input: Run & { dryRun: boolean }): Promise<BegunRun>;
  /** Reads every account of the INDIGO IAM instance, adopts those of HR's, and cuts everyone known anew. */
  readInstance(input: Run & { dryRun: boolean }): Promise<InstanceRead & Pick<BegunRun, 'ranges'>>;
  /** Looks at every person of a range, stores what changed, and plans it. Resumes where its last attempt stopped. */
  observePersons(input: Run & { range: ObserveRange; dryRun: boolean }): Promise<LookCounts>;
  /** Checks the whole plan and holds what must wait. */
  settlePlan(input: Run & Omit<SettleInput, 'planId'>): Promise<Settled>;
  /** Applies the rows of a range that are to be applied. Repeats without harm. */
  applyRows(input: Run & { range: ObserveRange }): Promise<ApplyCounts>;
  /** Does for accounts of the instance what HR's facts ask for, and tells their workflows what it shows. */
  handleInstance(input: Run & Omit<HandleInput, 'backoffMs'>): Promise<HandledCounts>;
  /** Alarms, and the lease. */
  endRun(input: Run & RunEnd): Promise<void>;
  /** The run is over before it came to its end: gives back its turn. */
  giveUpRun(input: Run): Promise<void>;
  /** Tells the admins of a plan that is held; answers where it stands. */
  mailHeldPlan(input: Run): Promise<{ readonly state: PlanState }>;
  decidePlan(input: Run & { decision: Omit<PlanDecision, 'at'> }): Promise<Plan>;
  lapsePlan(input: Run): Promise<Plan>;
  /** Waits its turn, then applies what was approved. */
  applyApproved(input: Run): Promise<ApplyCounts>;
  /** Does or reads what an operator asks for. */
  answerOperator(input: { clock: ClockAnchor; request: OperatorRequest }): Promise<OperatorAnswer>;
}

/** A run of the synchronisation, or of an approval, by the plan it works on. */
interface Run {
  readonly clock: ClockAnchor;
  readonly planId: string;
}

/** What the bodies of synchronisation activities work with. */
export interface SyncContext {
  readonly deps: ActivityDependencies;
  readonly clock: ClockAnchor;
  readonly signal: AbortSignal;
  readonly now: () => number;
  /** Says that it is alive, and where it would resume. */
  readonly beat: (details: unknown) => void;
  /** Where the last attempt said that it would resume. */
  readonly resumeFrom: unknown;
}

/** Runs an activity's body: beats while it works, and turns errors into failures. `what` = what is not carried out then. */
export async function inContext<T>(
  deps: ActivityDependencies,
  clock: ClockAnchor,
  body: (context: SyncContext) => Promise<T>,
  what = 'synchronisation',
): Promise<T> {
  const context = Context.current();
  let details: unknown = context.info.heartbeatDetails;
  const timer = setInterval(
    () => {
      context.heartbeat(details);
    },
    (context.info.heartbeatTimeoutMs ?? 30_000) / 3,
  );
  try {
    return await body({
      deps,
      clock,
      signal: context.cancellationSignal,
      now: () => virtualNow(clock, Date.now()),
      beat: (next) => {
        details = next;
        context.heartbeat(next);
      },
      resumeFrom: details,
    });
  } catch (error) {
    if (context.cancellationSignal.aborted) await context.cancelled;
    deps.log.warn(`${what} not carried out`, {
      activity: context.info.activityType,
      attempt: context.info.attempt,
      ...errorFacts(error),
    });
    throw failureOf(error);
  } finally {
    clearInterval(timer);
  }
}

export function createSyncActivities(deps: ActivityDependencies): SyncActivities {
  const underLease = <T>({ clock, planId }: Run, body: (context: SyncContext) => Promise<T>): Promise<T> =>
    inContext(deps, clock, (context) => withSyncLease(context, planId, body));
  const thenRelease = <T>(
    run: Run,
    body: (context: SyncContext) => Promise<T>,
    holder = run.planId,
  ): Promise<T> =>
    inContext(deps, run.clock, async (context) => {
      try {
        return await withSyncLease(context, holder, body);
      } finally {
        // What failed is tried again under a lease of its own; meanwhile others need not wait.
        await releaseSyncLease(context, holder).catch(() => undefined);
      }
    });
  return {
    beginRun: async (input) =>
      underLease({ ...input, clock: await deps.registry.clock(input.clock) }, (context) =>
        beginRun(context, input),
      ),
    readInstance: (input) =>
      underLease(input, async (context) => {
        const backoffMs = backoffBefore(Context.current().info);
        const read = await readInstance(context, { ...input, backoffMs });
        return { ...read, ranges: await cutRanges(context) };
      }),
    observePersons: (input) =>
      underLease(input, (context) =>
        observePersons(context, { ...input, backoffMs: backoffBefore(Context.current().info) }),
      ),
    settlePlan: (input) => underLease(input, (context) => settlePlan(context, input)),
    applyRows: (input) => underLease(input, (context) => applyPlanned(context, input)),
    handleInstance: (input) =>
      underLease(input, (context) =>
        handleInstance(context, { ...input, backoffMs: backoffBefore(Context.current().info) }),
      ),
    endRun: (input) => thenRelease(input, (context) => endRun(context, input)),
    giveUpRun: (input) => inContext(deps, input.clock, (context) => releaseSyncLease(context, input.planId)),
    mailHeldPlan: ({ clock, planId }) => inContext(deps, clock, (context) => mailHeldPlan(context, planId)),
    decidePlan: (input) => inContext(deps, input.clock, (context) => decidePlan(context, input)),
    lapsePlan: ({ clock, planId }) => inContext(deps, clock, (context) => lapsePlan(context, planId)),
    // The run that made the plan may still be at work under its name: an approval waits for it as any other does.
    applyApproved: (input) =>
      thenRelease(input, (context) => applyApproved(context, input.planId), `approval/${input.planId}`),
    // Whoever asks need not know by which clock the deployment runs.
    answerOperator: async ({ clock, request }) =>
      inContext(deps, await deps.registry.clock(clock), (context) => answerOperator(context, request)),
  };
}
