import { Temporal } from 'temporal-polyfill';
import type { CalendarRange, TemporalCalendar } from '../../src/schedule/temporal-calendar.ts';

const MONTHS = 'JANUARY FEBRUARY MARCH APRIL MAY JUNE JULY AUGUST SEPTEMBER OCTOBER NOVEMBER DECEMBER'.split(
  ' ',
);
const DAYS = 'SUNDAY MONDAY TUESDAY WEDNESDAY THURSDAY FRIDAY SATURDAY'.split(' ');

/**
 * When a Temporal schedule with these calendars fires next: a moment fits when every field of its local time does,
 * so that a local time that a clock change skips never comes. One that comes twice is counted twice here; the
 * server fires once or twice, which `apply-schedule.workflow.test.ts` leaves open.
 */
export function nextFirings(
  calendars: readonly TemporalCalendar[],
  options: { timeZone: string; after: string; count: number },
): string[] {
  const { timeZone, count } = options;
  const after = Temporal.Instant.from(options.after);
  const local = after.toZonedDateTimeISO(timeZone);
  const found: Temporal.Instant[] = [];
  const midnight = Date.UTC(local.year, local.month - 1, local.day);
  const fields = calendars.map((calendar) => ({
    month: new Set(numbers(calendar.month, MONTHS, 1)),
    day: new Set(numbers(calendar.dayOfMonth)),
    weekday: new Set(numbers(calendar.dayOfWeek, DAYS, 0)),
    hour: new Set(numbers(calendar.hour)),
    minutes: numbers(calendar.minute),
    seconds: numbers(calendar.second),
  }));
  // Two hours more than enough: at a change of the clock, local times come out of order.
  let surplus = 2;
  for (let hours = Math.max(0, local.hour - 2); hours < 24 * 20_000 && surplus > 0; hours++) {
    const at = new Date(midnight + hours * 3_600_000);
    const today = fields.filter(
      ({ month, day, weekday }) =>
        day.has(at.getUTCDate()) && month.has(at.getUTCMonth() + 1) && weekday.has(at.getUTCDay()),
    );
    if (today.length === 0 && found.length < count) hours += 23 - at.getUTCHours();
    const due = today.filter(({ hour }) => hour.has(at.getUTCHours()));
    if (found.length >= count) surplus--;
    for (const { minutes, seconds } of due) {
      for (const minute of minutes) {
        for (const second of seconds) {
          const time = new Date(at.getTime() + minute * 60_000 + second * 1000).toISOString().slice(0, 19);
          found.push(
            ...instantsOf(Temporal.PlainDateTime.from(time), timeZone).filter(
              (instant) => instant.epochMilliseconds > after.epochMilliseconds,
            ),
          );
        }
      }
    }
  }
  return found
    .sort((a, b) => Temporal.Instant.compare(a, b))
    .slice(0, count)
    .map((instant) => instant.toString());
}

function numbers(
  ranges: readonly CalendarRange<string | number>[],
  names: string[] = [],
  first = 0,
): number[] {
  const number = (unit: string | number): number =>
    typeof unit === 'number' ? unit : names.indexOf(unit) + first;
  return ranges.flatMap(({ start, end, step }) => {
    const values: number[] = [];
    for (let value = number(start); value <= number(end); value += step) values.push(value);
    return values;
  });
}

function instantsOf(local: Temporal.PlainDateTime, timeZone: string): Temporal.Instant[] {
  const both = (['earlier', 'later'] as const).map((disambiguation) =>
    local.toZonedDateTime(timeZone, { disambiguation }),
  );
  const real = both
    .filter((zoned) => zoned.toPlainDateTime().equals(local))
    .map((zoned) => zoned.toInstant());
  const [earlier, later] = real;
  return earlier !== undefined && later !== undefined && earlier.equals(later) ? [earlier] : real;
}
