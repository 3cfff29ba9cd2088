import type { Client, ScheduleHandle } from '@temporalio/client';
import { ScheduleAlreadyRunning, ScheduleNotFoundError } from '@temporalio/client';
import type { ScheduleDescription, ScheduleUpdateOptions } from '@temporalio/client';
import { taskQueues } from '../contracts/task-queues.ts';
import type { WantedSchedule } from './schedule-drift.ts';
import { scheduleDrift } from './schedule-drift.ts';
import { translateSpringCron } from './spring-cron.ts';

/** The id of a deployment's schedule, after the prefix of its queues: two deployments in one namespace have one each. */
export function syncScheduleId(prefix: string): string {
  return `${prefix}-hr-sync`;
}

const SYNC_WORKFLOW_TYPE = 'hrSync';

export interface AppliedSchedule {
  readonly result: 'created' | 'updated' | 'unchanged';
  /** What differed on the server and was put right, in words; somebody may have changed it there on purpose. */
  readonly drift: readonly string[];
  /** When it fires next, in ms since the epoch; empty when it is paused. */
  readonly nextRuns: readonly number[];
}

/**
 * Makes the Temporal Schedule of the synchronisation what the configuration says: workflow `hrSync` with one
 * input object, overlap *skip*. A cron of `-`, or `enabled: false`, leaves it there, paused.
 *
 * Throws a `ConfigurationError` for a cron that cannot be translated. Source: `docs/configuration.md`,
 * "When it synchronises".
 */
export async function applySyncSchedule(
  client: Client,
  options: {
    readonly cron: string;
    readonly timeZone: string;
    readonly enabled: boolean;
    readonly catchUpWindowSeconds: number;
    /** Of the deployment's task queues. */
    readonly prefix: string;
    /** The workflow's input: plain JSON, nothing personal. */
    readonly input: unknown;
    /** Temporal's own, 10 s, by default. It is no drift when another stands on the server. */
    readonly workflowTaskTimeoutMs?: number;
    readonly scheduleId?: string;
  },
): Promise<AppliedSchedule> {
  const scheduleId = options.scheduleId ?? syncScheduleId(options.prefix);
  return applySchedule(client, scheduleId, wantedSchedule(options, scheduleId));
}

/**
 * Makes a Temporal Schedule what is wanted: creates it, or puts right what differs and says so. Two that do it at once
 * make one schedule.
 */
export async function applySchedule(
  client: Client,
  scheduleId: string,
  wanted: WantedSchedule,
): Promise<AppliedSchedule> {
  const handle = client.schedule.getHandle(scheduleId);
  const there = await describeIfThere(handle);
  if (there === null && (await create(client, scheduleId, wanted))) {
    return { result: 'created', drift: [], nextRuns: await nextRuns(handle) };
  }
  let drift = scheduleDrift(there ?? (await handle.describe()), wanted);
  if (drift.length === 0) return { result: 'unchanged', drift, nextRuns: await nextRuns(handle) };
  await handle.update((current) => {
    // What is replaced is what stands there now, not what stood there when we first looked.
    drift = scheduleDrift(current, wanted);
    return { ...asOptions(wanted), typedSearchAttributes: current.typedSearchAttributes };
  });
  return { result: 'updated', drift, nextRuns: await nextRuns(handle) };
}

function wantedSchedule(
  options: Parameters<typeof applySyncSchedule>[1],
  scheduleId: string,
): WantedSchedule {
  const translation = translateSpringCron(options.cron, options.timeZone);
  const disabled = translation.type === 'disabled' ? 'since sync.cron is "-"' : null;
  return {
    calendars: translation.type === 'disabled' ? [] : translation.calendars,
    everyMs: null,
    timeZone: options.timeZone,
    workflowType: SYNC_WORKFLOW_TYPE,
    workflowId: scheduleId,
    taskQueue: taskQueues(options.prefix).operator,
    input: options.input,
    catchUpWindowMs: options.catchUpWindowSeconds * 1000,
    workflowTaskTimeoutMs: options.workflowTaskTimeoutMs ?? null,
    pausedBecause: disabled ?? (options.enabled ? null : 'since sync.enabled is false'),
  };
}

function asOptions(
  wanted: WantedSchedule,
): ScheduleUpdateOptions & { state: { paused: boolean; note: string } } {
  return {
    spec: {
      calendars: wanted.calendars.map((calendar) => ({ ...calendar })),
      ...(wanted.everyMs !== null && { intervals: [{ every: wanted.everyMs }] }),
      timezone: wanted.timeZone,
    },
    action: {
      type: 'startWorkflow',
      workflowType: wanted.workflowType,
      workflowId: wanted.workflowId,
      taskQueue: wanted.taskQueue,
      args: [wanted.input],
      ...(wanted.workflowTaskTimeoutMs !== null && { workflowTaskTimeout: wanted.workflowTaskTimeoutMs }),
    },
    policies: { overlap: 'SKIP', catchupWindow: wanted.catchUpWindowMs, pauseOnFailure: false },
    state: {
      paused: wanted.pausedBecause !== null,
      note: wanted.pausedBecause === null ? 'runs as configured' : `paused ${wanted.pausedBecause}`,
    },
  };
}

/** `false` = somebody else was faster. */
async function create(client: Client, scheduleId: string, wanted: WantedSchedule): Promise<boolean> {
  try {
    await client.schedule.create({ scheduleId, ...asOptions(wanted) });
    return true;
  } catch (error) {
    if (error instanceof ScheduleAlreadyRunning) return false;
    throw error;
  }
}

async function describeIfThere(handle: ScheduleHandle): Promise<ScheduleDescription | null> {
  try {
    return await handle.describe();
  } catch (error) {
    if (error instanceof ScheduleNotFoundError) return null;
    throw error;
  }
}

async function nextRuns(handle: ScheduleHandle): Promise<number[]> {
  const { state, info } = await handle.describe();
  return state.paused ? [] : info.nextActionTimes.map((date) => date.getTime());
}
