import type { CalendarDate, Instant } from '../../contracts/time.ts';
import { dateOf, isCalendarDate } from '../../policy/calendar.ts';

const DATE_TIME =
  /^(\d{4}-\d{2}-\d{2})T([01]\d|2[0-3]):([0-5]\d)(?::([0-5]\d)(?:\.\d{1,9})?)?(Z|[+-](?:0\d|1[0-8]):?[0-5]\d)$/;
const SECONDS_A_DAY = 86_400;
const FIRST_MS = Date.parse('0001-01-02T00:00:00Z');
const LAST_MS = Date.parse('9999-12-30T23:59:59Z');

/** Minutes east of UTC that an offset such as `Z`, `+0000` or `+02:00` stands for. */
function offsetMinutes(offset: string): number {
  if (offset === 'Z') return 0;
  const digits = offset.slice(1).replace(':', '');
  const minutes = Number(digits.slice(0, 2)) * 60 + Number(digits.slice(2));
  return offset.startsWith('-') ? -minutes : minutes;
}

/**
 * Systems that keep dates as moments write midnight or the last second of the day: in UTC most of them, in their
 * own zone the others. Only the second kind depends on where HR stands.
 */
function dateOfInstant(instant: Instant, timeZone: string): CalendarDate | null {
  if (!Number.isInteger(instant) || instant < FIRST_MS || instant > LAST_MS) return null;
  const secondOfDay = ((Math.floor(instant / 1000) % SECONDS_A_DAY) + SECONDS_A_DAY) % SECONDS_A_DAY;
  const isUtcDate = secondOfDay === 0 || secondOfDay === SECONDS_A_DAY - 1;
  return dateOf(instant, isUtcDate ? 'UTC' : timeZone);
}

/**
 * The calendar date that HR means: a plain date, an ISO date-time with an offset, or epoch milliseconds. `null` if
 * it is none of these; a date-time without an offset names no moment and is none either. `timeZone` = HR's own.
 * Rule: docs/rules.md, "Dates that HR sends".
 */
export function readHrDate(value: string | number, timeZone: string): CalendarDate | null {
  if (typeof value === 'number') return dateOfInstant(value, timeZone);
  if (isCalendarDate(value)) return value.startsWith('0000') ? null : value;
  const match = DATE_TIME.exec(value);
  if (!match) return null;
  const [, date, hour, minute, second = '00', offset = 'Z'] = match;
  if (!isCalendarDate(date)) return null;
  const atUtc = Date.parse(`${date}T${hour ?? ''}:${minute ?? ''}:${second}Z`);
  return dateOfInstant(atUtc - offsetMinutes(offset) * 60_000, timeZone);
}
