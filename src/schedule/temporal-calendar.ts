import type { DayOfWeek, Month } from '@temporalio/client';

export interface CalendarRange<Unit> {
  readonly start: Unit;
  readonly end: Unit;
  readonly step: number;
}

/** One calendar of a Temporal schedule, every field said. A moment fits when all fields do; any year fits. */
export interface TemporalCalendar {
  readonly second: CalendarRange<number>[];
  readonly minute: CalendarRange<number>[];
  readonly hour: CalendarRange<number>[];
  readonly dayOfMonth: CalendarRange<number>[];
  readonly month: CalendarRange<Month>[];
  readonly dayOfWeek: CalendarRange<DayOfWeek>[];
}

/** Rising values as few ranges: one if they are evenly spaced, else one for each run of neighbours. */
export function toRanges(values: readonly number[]): CalendarRange<number>[] {
  const [first, second] = values;
  const last = values.at(-1);
  if (first === undefined || last === undefined) return [];
  const step = second === undefined ? 1 : second - first;
  if (values.every((value, index) => value === first + index * step))
    return [{ start: first, end: last, step }];
  const ranges: { start: number; end: number; step: number }[] = [];
  for (const value of values) {
    const range = ranges.at(-1);
    if (range?.end === value - 1) range.end = value;
    else ranges.push({ start: value, end: value, step: 1 });
  }
  return ranges;
}
