import { DAY_MS } from '../contracts/time.ts';
import { DAYS, MONTHS } from './spring-cron.ts';
import type { CalendarRange, TemporalCalendar } from './temporal-calendar.ts';

/** Every leap year in between has come by then: what fires on 29 February fires twice. */
const DAYS_LOOKED_AT = 10 * 366;
/** A year without a change of the clock. */
const FROM = Date.UTC(2027, 0, 1);

function valuesOf<Unit>(ranges: readonly CalendarRange<Unit>[], numberOf: (unit: Unit) => number): number[] {
  return ranges.flatMap(({ start, end, step }) => {
    const [first, last] = [numberOf(start), numberOf(end)];
    return Array.from({ length: Math.floor((last - first) / step) + 1 }, (_, index) => first + index * step);
  });
}

const same = (value: number): number => value;

/** Times of day at which it fires, in ms, rising. */
function timesOfDay(calendar: TemporalCalendar): readonly number[] {
  const hours = valuesOf(calendar.hour, same);
  const minutes = valuesOf(calendar.minute, same);
  const seconds = valuesOf(calendar.second, same);
  return hours.flatMap((hour) =>
    minutes.flatMap((minute) => seconds.map((second) => ((hour * 60 + minute) * 60 + second) * 1000)),
  );
}

/**
 * The longest time between two firings of a calendar, in ms on the clock on the wall; `null` = it does not fire twice in
 * ten years.
 */
export function longestPause(calendar: TemporalCalendar): number | null {
  const days = new Set(valuesOf(calendar.dayOfMonth, same));
  const months = new Set(valuesOf(calendar.month, (name) => MONTHS.indexOf(name)));
  const weekdays = new Set(valuesOf(calendar.dayOfWeek, (name) => DAYS.indexOf(name)));
  const times = timesOfDay(calendar);
  const [first = 0] = times;
  const last = times.at(-1) ?? 0;
  const within = times.slice(1).reduce((most, time, index) => Math.max(most, time - (times[index] ?? 0)), 0);
  let longest: number | null = null;
  let before: number | null = null;
  for (let day = 0; day < DAYS_LOOKED_AT; day += 1) {
    const midnight = FROM + day * DAY_MS;
    const date = new Date(midnight);
    const isDay =
      days.has(date.getUTCDate()) && months.has(date.getUTCMonth()) && weekdays.has(date.getUTCDay());
    if (!isDay) continue;
    if (before !== null) longest = Math.max(longest ?? 0, within, midnight + first - before);
    before = midnight + last;
  }
  return longest;
}
