import type { Client } from '@temporalio/client';
import { taskQueues } from '../contracts/task-queues.ts';
import type { WatchdogInput } from '../contracts/watchdog.ts';
import { applySchedule, type AppliedSchedule } from './apply-schedule.ts';

/** The id of a deployment's watchdog schedule, after the prefix of its task queues. */
export function watchdogScheduleId(prefix: string): string {
  return `${prefix}-watchdog`;
}

const WATCHDOG_WORKFLOW_TYPE = 'watchdog';
/** A visit that was missed is no loss: the next one sees the same. */
const CATCH_UP_MS = 10_000;
/** What a schedule can keep to. */
const SHORTEST_SECONDS = 1;

/**
 * Makes the Temporal Schedule of the watchdog what the configuration says: workflow `watchdog` with one input object,
 * overlap *skip*. `enabled: false` leaves it there, paused. Source: `docs/configuration.md`, "The watchdog".
 */
export function applyWatchdogSchedule(
  client: Client,
  options: {
    /** May be a fraction; a second at least. */
    readonly everyMinutes: number;
    readonly enabled: boolean;
    /** Of the deployment's task queues. */
    readonly prefix: string;
    readonly input: WatchdogInput;
    /** Temporal's own, 10 s, by default. */
    readonly workflowTaskTimeoutMs?: number;
  },
): Promise<AppliedSchedule> {
  const scheduleId = watchdogScheduleId(options.prefix);
  return applySchedule(client, scheduleId, {
    calendars: [],
    everyMs: Math.max(SHORTEST_SECONDS, Math.round(options.everyMinutes * 60)) * 1000,
    timeZone: 'UTC',
    workflowType: WATCHDOG_WORKFLOW_TYPE,
    workflowId: scheduleId,
    taskQueue: taskQueues(options.prefix).operator,
    input: options.input,
    catchUpWindowMs: CATCH_UP_MS,
    workflowTaskTimeoutMs: options.workflowTaskTimeoutMs ?? null,
    pausedBecause: options.enabled ? null : 'since watchdog.enabled is false',
  });
}
