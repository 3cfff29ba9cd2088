import {
  ActivityCancellationType,
  ActivityFailure,
  isCancellation,
  proxyActivities,
  setCurrentDetails,
  workflowInfo,
} from '@temporalio/workflow';
import type { WatchdogActivities } from '../activities/watchdog-activities.ts';
import type { WatchdogInput, WatchdogMemory, WatchdogResult } from '../src/contracts/watchdog.ts';
import { queuesAround } from '../src/contracts/task-queues.ts';
import { virtualNow } from '../src/contracts/time.ts';
import { realNow } from './clock.ts';

/** So often an attempt may be long: one activity looks at every account, beats, and resumes. */
const LENGTH_FACTOR = 60;
/** A part that fails again and again gives way to the others; the next visit tries it anew. */
const ATTEMPTS = 5;
const MINUTE_MS = 60_000;

function isMemory(value: unknown): value is WatchdogMemory {
  if (typeof value !== 'object' || value === null) return false;
  const numbers = ['visitedAt', 'comparedAt', 'difference', 'explained'] as const;
  const has: Readonly<Partial<Record<keyof WatchdogMemory, unknown>>> = value;
  return numbers.every((name) => typeof has[name] === 'number') && Array.isArray(has.overdue);
}

/** What the visit before left: the schedule passes on its result. */
function memoryOf(input: WatchdogInput): WatchdogMemory | null {
  const last: unknown = workflowInfo().lastResult;
  return isMemory(last) ? last : (input.memory ?? null);
}

/**
 * One visit of the watchdog: gives accounts without a workflow another one, raises alarms for what cannot go on, wakes
 * who overslept. A part that fails keeps no other from being done. Rule: "The watchdog".
 */
export async function watchdog(input: WatchdogInput): Promise<WatchdogResult> {
  const { clock, tuning } = input;
  const memory = memoryOf(input);
  const visitedAt = realNow();
  const visitBegan = virtualNow(clock, visitedAt);
  const overdueMs = input.overdueMinutes * MINUTE_MS;
  const broken: string[] = [];

  const activities = (summary: string): WatchdogActivities =>
    proxyActivities<WatchdogActivities>({
      taskQueue: queuesAround(workflowInfo().taskQueue).operator,
      startToCloseTimeout: tuning.startToCloseMs * LENGTH_FACTOR,
      heartbeatTimeout: tuning.heartbeatMs,
      retry: {
        initialInterval: tuning.retryInitialMs,
        maximumInterval: tuning.retryMaximumMs,
        maximumAttempts: ATTEMPTS,
      },
      cancellationType: ActivityCancellationType.WAIT_CANCELLATION_COMPLETED,
      summary,
    });
  const part = async <T>(what: string, work: () => Promise<T>, otherwise: T): Promise<T> => {
    setCurrentDetails(what);
    try {
      return await work();
    } catch (error) {
      if (isCancellation(error) || !(error instanceof ActivityFailure)) throw error;
      broken.push(what);
      return otherwise;
    }
  };

  const healing = 'accounts without a workflow';
  const ended = await part(
    healing,
    () =>
      activities(healing).healEnded({ clock, memory: forHealing(memory), visitedAt, visitBegan, overdueMs }),
    // The next visit then compares every account: what was closed meanwhile is found.
    { comparedAt: 0, difference: 0, explained: 0, healed: 0, failed: 0 },
  );
  const unable = 'workflows that cannot go on';
  const stuck = await part(unable, () => activities(unable).reportStuck({ clock, visitBegan }), {
    failed: 0,
  });
  const late = 'accounts that are overdue';
  const remembered = memory?.overdue ?? [];
  const overdue = await part(
    late,
    () =>
      activities(late).wakeOverdue({
        ...{ clock, remembered, overdueMs, visitBegan },
        patienceMs: tuning.patienceMs,
      }),
    { overdue: remembered, woken: 0, healed: 0, failed: 0 },
  );
  await part('telling the admins', () => activities('mail new alarms').tellAdmins({ clock, broken }), {
    mailed: 0,
  });
  const { comparedAt, difference, explained } = ended;
  const result: WatchdogResult = {
    ...{ visitedAt, comparedAt, difference, explained, overdue: overdue.overdue, broken },
    healed: ended.healed + overdue.healed,
    woken: overdue.woken,
    failed: ended.failed + stuck.failed + overdue.failed,
  };
  setCurrentDetails(
    `${String(result.healed)} workflows started again, ${String(result.woken)} accounts woken, ` +
      `${String(overdue.overdue.length)} overdue, ${String(result.failed)} failed`,
  );
  return result;
}

/** Without the accounts that were overdue: the other part needs them. */
function forHealing(memory: WatchdogMemory | null) {
  if (memory === null) return null;
  const { visitedAt, comparedAt, difference, explained } = memory;
  return { visitedAt, comparedAt, difference, explained };
}
