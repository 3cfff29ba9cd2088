import type { CalendarDate, Instant, WallTime } from '../contracts/time.ts';
import { DAY_MS } from '../contracts/time.ts';

const DATE_PATTERN = /^(\d{4})-(\d{2})-(\d{2})$/;
const TIME_PATTERN = /^([01]\d|2[0-3]):([0-5]\d)$/;

/** Whether the text is a date that exists, `YYYY-MM-DD`. */
export function isCalendarDate(text: unknown): text is CalendarDate {
  if (typeof text !== 'string' || !DATE_PATTERN.test(text)) return false;
  const ms = Date.parse(`${text}T00:00:00Z`);
  return !Number.isNaN(ms) && new Date(ms).toISOString().startsWith(text);
}

/** Whether the text is a time of day, `HH:MM`. */
export function isWallTime(text: unknown): text is WallTime {
  return typeof text === 'string' && TIME_PATTERN.test(text);
}

/** A look at an account asks for the same few dates and days again and again: so many answers are kept. */
const KEPT = 1024;

function keep<K, V>(kept: Map<K, V>, key: K, value: V): V {
  if (kept.size >= KEPT) kept.clear();
  kept.set(key, value);
  return value;
}

const utcOfDates = new Map<CalendarDate, number>();
const datesOfUtc = new Map<number, CalendarDate>();

/** The date as if it were at UTC, in ms: an aid to count with, not a moment. */
function utcOf(date: CalendarDate): number {
  const known = utcOfDates.get(date);
  if (known !== undefined) return known;
  const ms = Date.parse(`${date}T00:00:00Z`);
  if (Number.isNaN(ms)) throw new RangeError(`not a calendar date: ${date}`);
  return keep(utcOfDates, date, ms);
}

/** The date of a moment as if it were at UTC. */
function dateOfUtc(ms: number): CalendarDate {
  const day = Math.floor(ms / DAY_MS);
  return datesOfUtc.get(day) ?? keep(datesOfUtc, day, new Date(ms).toISOString().slice(0, 10));
}

const FIRST_DATE = '0001-01-01';
const LAST_DATE = '9999-12-31';

/**
 * The date `days` whole days later, or earlier when negative. HR systems write 9999-12-31 for "never": the calendar
 * ends there, and begins with the year 1.
 */
export function addDays(date: CalendarDate, days: number): CalendarDate {
  const ms = utcOf(date) + days * DAY_MS;
  if (ms > utcOf(LAST_DATE)) return LAST_DATE;
  if (ms < utcOf(FIRST_DATE)) return FIRST_DATE;
  return dateOfUtc(ms);
}

/** Whole days from the first date to the second; negative when the second is earlier. */
export function daysBetween(from: CalendarDate, to: CalendarDate): number {
  return Math.round((utcOf(to) - utcOf(from)) / DAY_MS);
}

/** The later of two dates. */
export function laterOf(a: CalendarDate, b: CalendarDate): CalendarDate {
  return a > b ? a : b;
}

interface Zone {
  readonly format: Intl.DateTimeFormat;
  /** How far its clock is ahead of UTC when a stretch of {@link STRETCH_MS} begins, by their number since 1970. */
  readonly offsets: Map<number, number>;
}

const zones = new Map<string, Zone>();
/** No zone has ever changed its clocks and changed them back so soon: Brazil did after a week, in 2000. */
const STRETCH_MS = 4 * DAY_MS;

function zoneOf(timeZone: string): Zone {
  let zone = zones.get(timeZone);
  if (!zone) {
    const format = new Intl.DateTimeFormat('en-US', {
      timeZone,
      calendar: 'gregory',
      numberingSystem: 'latn',
      hourCycle: 'h23',
      year: 'numeric',
      month: 'numeric',
      day: 'numeric',
      hour: 'numeric',
      minute: 'numeric',
      second: 'numeric',
    });
    zone = { format, offsets: new Map() };
    zones.set(timeZone, zone);
  }
  return zone;
}

/** What the clock on the wall shows at a whole second, as if it were UTC, in ms: as the zone's format has it. */
function formattedWallClock(second: Instant, format: Intl.DateTimeFormat): number {
  let [year, month, day, hour, minute, shown] = [0, 0, 0, 0, 0, 0];
  for (const part of format.formatToParts(second)) {
    const value = Number(part.value);
    if (part.type === 'year') year = value;
    else if (part.type === 'month') month = value;
    else if (part.type === 'day') day = value;
    else if (part.type === 'hour') hour = value;
    else if (part.type === 'minute') minute = value;
    else if (part.type === 'second') shown = value;
  }
  // `Date.UTC` takes the years 0 to 99 for 1900 to 1999.
  const date = new Date(0).setUTCFullYear(year, month - 1, day);
  return date + ((hour * 60 + minute) * 60 + shown) * 1000;
}

function offsetAsStretchBegins(index: number, zone: Zone): number {
  const known = zone.offsets.get(index);
  if (known !== undefined) return known;
  const begin = index * STRETCH_MS;
  return keep(zone.offsets, index, formattedWallClock(begin, zone.format) - begin);
}

/** What the clock on the wall shows at the instant, as if it were UTC, in ms. */
function wallClockOf(instant: Instant, timeZone: string): number {
  if (timeZone === 'UTC') return instant;
  const zone = zoneOf(timeZone);
  const index = Math.floor(instant / STRETCH_MS);
  const offset = offsetAsStretchBegins(index, zone);
  if (offset === offsetAsStretchBegins(index + 1, zone)) return instant + offset;
  const whole = Math.floor(instant / 1000) * 1000;
  return formattedWallClock(whole, zone.format) + (instant - whole);
}

/** How far the wall clock is ahead of UTC, in ms; before the year 1, which formats do not tell apart, as in it. */
function offsetAt(instant: Instant, timeZone: string): number {
  const known = Math.max(instant, utcOf(FIRST_DATE) + DAY_MS);
  return wallClockOf(known, timeZone) - known;
}

/** The calendar date at the instant in the zone. */
export function dateOf(instant: Instant, timeZone: string): CalendarDate {
  return dateOfUtc(wallClockOf(instant, timeZone));
}

/** The time of day at the instant in the zone, whole minutes. */
export function timeOf(instant: Instant, timeZone: string): WallTime {
  return new Date(wallClockOf(instant, timeZone)).toISOString().slice(11, 16);
}

/**
 * The instant at which the wall clock shows `wanted`. Shown twice: the first time. Never shown: the instant that
 * `gap` chooses, either the clock change itself or as long after it as the wanted time lies after its beginning.
 */
function instantOfWallClock(wanted: number, timeZone: string, gap: 'change' | 'forward'): Instant {
  const before = offsetAt(wanted - DAY_MS, timeZone);
  const after = offsetAt(wanted + DAY_MS, timeZone);
  const candidates = [wanted - before, wanted - after].sort((a, b) => a - b);
  for (const candidate of candidates) {
    if (wallClockOf(candidate, timeZone) === wanted) return candidate;
  }
  if (gap === 'forward') return wanted - before;
  let [low = wanted, high = wanted] = candidates;
  while (high - low > 1) {
    const middle = Math.floor((low + high) / 2);
    if (wallClockOf(middle, timeZone) >= wanted) high = middle;
    else low = middle;
  }
  return high;
}

/** The first instant of the date in the zone: 00:00, or the clock change where that midnight is skipped. */
export function startOfDate(date: CalendarDate, timeZone: string): Instant {
  return instantOfWallClock(utcOf(date), timeZone, 'change');
}

/** The instant of a time of day on the date. A time that a clock change skips moves forward. */
export function instantOf(date: CalendarDate, time: WallTime, timeZone: string): Instant {
  const match = TIME_PATTERN.exec(time);
  if (!match) throw new RangeError(`not a time of day: ${time}`);
  const minutes = Number(match[1]) * 60 + Number(match[2]);
  return instantOfWallClock(utcOf(date) + minutes * 60_000, timeZone, 'forward');
}

/** The same time of day so many calendar days later. A time that a clock change skips moves forward. */
export function daysLater(instant: Instant, days: number, timeZone: string): Instant {
  return instantOfWallClock(wallClockOf(instant, timeZone) + days * DAY_MS, timeZone, 'forward');
}
