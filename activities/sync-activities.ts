import { Context } from '@temporalio/activity';
import type { ClockAnchor } from '../src/contracts/time.ts';
import type { ObserveResult, ObserveRange, SyncCounts } from '../src/contracts/sync.ts';
import { virtualNow } from '../src/contracts/time.ts';
import type { ActivityDependencies } from './dependencies.ts';
import { errorFacts, failureOf } from './failures.ts';
import { applyPersons } from './sync/apply-persons.ts';
import { mailAlarms } from './sync/mail-alarms.ts';
import { observePersons } from './sync/observe-persons.ts';
import { withSyncLease } from './sync/sync-lease.ts';

/** The activities of a synchronisation with HR, in their order. */
export interface SyncActivities {
  /** Looks at every person of a range and stores what changed. Resumes where its last attempt stopped. */
  observePersons(input: { clock: ClockAnchor; runId: string; range: ObserveRange }): Promise<ObserveResult>;
  /** Makes accounts for joiners and tells every account of a changed person. Repeats without harm. */
  applyObservations(input: { clock: ClockAnchor; runId: string }): Promise<SyncCounts>;
  /** Mails alarms that nobody was told of yet. */
  mailAlarms(input: { clock: ClockAnchor }): Promise<{ mailed: number }>;
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

async function inContext<T>(
  deps: ActivityDependencies,
  clock: ClockAnchor,
  body: (context: SyncContext) => Promise<T>,
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
    deps.log.warn('synchronisation not carried out', {
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
  return {
    observePersons: ({ clock, runId, range }) =>
      inContext(deps, clock, (context) =>
        withSyncLease(context, runId, () => observePersons(context, range)),
      ),
    applyObservations: ({ clock, runId }) =>
      inContext(deps, clock, (context) => withSyncLease(context, runId, () => applyPersons(context))),
    mailAlarms: ({ clock }) => inContext(deps, clock, mailAlarms),
  };
}
