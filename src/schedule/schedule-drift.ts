import type { CalendarSpecDescription, ScheduleDescription } from '@temporalio/client';
import { isDeepStrictEqual } from 'node:util';
import type { TemporalCalendar } from './temporal-calendar.ts';

/** What a schedule of ours must look like on the server. */
export interface WantedSchedule {
  /** Empty where it fires at an interval, or never. */
  readonly calendars: readonly TemporalCalendar[];
  /** Fires so many ms apart; `null` = at its calendars only. */
  readonly everyMs: number | null;
  readonly timeZone: string;
  readonly workflowType: string;
  readonly workflowId: string;
  readonly taskQueue: string;
  /** The workflow's one argument, plain JSON. */
  readonly input: unknown;
  readonly catchUpWindowMs: number;
  /** `null` = Temporal's own. */
  readonly workflowTaskTimeoutMs: number | null;
  /** `null` = it runs; otherwise why it is paused. */
  readonly pausedBecause: string | null;
}

/** How a schedule on the server differs from the wanted one, in words; empty = it does not. */
export function scheduleDrift(there: ScheduleDescription, wanted: WantedSchedule): string[] {
  const { spec, action, policies, state } = there;
  const drift: string[] = [];
  const compare = (what: string, is: unknown, should: unknown): void => {
    if (!isDeepStrictEqual(is, should)) drift.push(`${what}: was ${inWords(is)}, is now ${inWords(should)}`);
  };
  const calendarsThere = (spec.calendars ?? []).map(calendarInWords).sort();
  compare('firing times', calendarsThere, wanted.calendars.map(calendarInWords).sort());
  compare(
    'time zone',
    spec.timezone === undefined || spec.timezone === '' ? 'UTC' : spec.timezone,
    wanted.timeZone,
  );
  const { everyMs } = wanted;
  const intervals = spec.intervals ?? [];
  if (everyMs !== null) {
    compare('interval', intervals.map(intervalInWords), [intervalInWords({ every: everyMs, offset: 0 })]);
  }
  const others = [
    ...(everyMs === null && intervals.length > 0 ? ['intervals'] : []),
    ...((spec.skip ?? []).length > 0 ? ['times to skip'] : []),
    ...(spec.startAt === undefined ? [] : ['a first day']),
    ...(spec.endAt === undefined ? [] : ['a last day']),
    ...((spec.jitter ?? 0) > 0 ? ['jitter'] : []),
    ...(state.remainingActions === undefined ? [] : ['a number of runs left']),
    ...(policies.pauseOnFailure ? ['a pause on failure'] : []),
  ];
  if (others.length > 0) drift.push(`it had ${others.join(', ')}, which nothing here sets: taken out`);
  compare('workflow type', action.workflowType, wanted.workflowType);
  compare('workflow id', action.workflowId, wanted.workflowId);
  compare('task queue', action.taskQueue, wanted.taskQueue);
  // Its values stay out of the words: an operator needs to know that, not what.
  if (!isDeepStrictEqual(action.args, plain([wanted.input])))
    drift.push('input of the workflow: was another');
  compare('overlap', policies.overlap, 'SKIP');
  compare('catch-up window in ms', policies.catchupWindow, wanted.catchUpWindowMs);
  const note = state.note === undefined || state.note === '' ? '' : ` (note: ${state.note})`;
  if (state.paused && wanted.pausedBecause === null) drift.push(`it was paused${note}: it runs again`);
  if (!state.paused && wanted.pausedBecause !== null)
    drift.push(`it was running: paused, ${wanted.pausedBecause}`);
  return drift;
}

/** A calendar as the values that each field takes, however its ranges are cut. */
function calendarInWords(calendar: TemporalCalendar | CalendarSpecDescription): string {
  const fields = [
    ['second', calendar.second],
    ['minute', calendar.minute],
    ['hour', calendar.hour],
    ['dayOfMonth', calendar.dayOfMonth],
    ['month', calendar.month],
    ['dayOfWeek', calendar.dayOfWeek],
    ['year', 'year' in calendar ? calendar.year : []],
  ] as const;
  return fields
    .filter(([, ranges]) => ranges.length > 0)
    .map(([name, ranges]) => `${name} ${ranges.map(rangeInWords).join(',')}`)
    .join(' ');
}

function intervalInWords({ every, offset }: { every: number; offset?: number }): string {
  return `${every} ms${offset === undefined || offset === 0 ? '' : ` after ${offset} ms`}`;
}

function rangeInWords(range: { start: string | number; end: string | number; step: number }): string {
  if (range.start === range.end) return String(range.start);
  return `${range.start}-${range.end}${range.step > 1 ? `/${range.step}` : ''}`;
}

function inWords(value: unknown): string {
  return Array.isArray(value) ? (value.length === 0 ? 'none' : value.join('; ')) : String(value);
}

/** As it comes back from the server. */
function plain(value: unknown): unknown {
  const parsed: unknown = JSON.parse(JSON.stringify(value));
  return parsed;
}
