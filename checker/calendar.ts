import type { DateText, Moment } from './life.ts';

/** Days since 1970-01-01, a date without a zone. */
export type Day = number;

export const HOUR = 3_600_000;
export const DAY = 24 * HOUR;

const DAYS_IN_400_YEARS = 146_097;
/** From 0000-03-01 to 1970-01-01. */
const DAYS_BEFORE_1970 = 719_468;

/** The day of a date, counted in eras of 400 years that begin in March. Throws when the text is no date. */
export function dayOf(date: DateText): Day {
  const [year = NaN, month = NaN, day = NaN] = date.split('-').map(Number);
  const marchYear = month <= 2 ? year - 1 : year;
  const era = Math.floor(marchYear / 400);
  const yearOfEra = marchYear - era * 400;
  const dayOfYear = Math.floor((153 * (month > 2 ? month - 3 : month + 9) + 2) / 5) + day - 1;
  const dayOfEra = yearOfEra * 365 + Math.floor(yearOfEra / 4) - Math.floor(yearOfEra / 100) + dayOfYear;
  const result = era * DAYS_IN_400_YEARS + dayOfEra - DAYS_BEFORE_1970;
  if (!Number.isInteger(result)) throw new RangeError(`not a date: ${date}`);
  return result;
}

/** The date of a day. */
export function dateOf(day: Day): DateText {
  const shifted = day + DAYS_BEFORE_1970;
  const era = Math.floor(shifted / DAYS_IN_400_YEARS);
  const dayOfEra = shifted - era * DAYS_IN_400_YEARS;
  const leaps =
    Math.floor(dayOfEra / 1460) -
    Math.floor(dayOfEra / 36_524) +
    Math.floor(dayOfEra / (DAYS_IN_400_YEARS - 1));
  const yearOfEra = Math.floor((dayOfEra - leaps) / 365);
  const dayOfYear = dayOfEra - (365 * yearOfEra + Math.floor(yearOfEra / 4) - Math.floor(yearOfEra / 100));
  const marchMonth = Math.floor((5 * dayOfYear + 2) / 153);
  const dayOfMonth = dayOfYear - Math.floor((153 * marchMonth + 2) / 5) + 1;
  const month = marchMonth < 10 ? marchMonth + 3 : marchMonth - 9;
  const year = yearOfEra + era * 400 + (month <= 2 ? 1 : 0);
  const pad = (value: number, width: number) => String(value).padStart(width, '0');
  return `${pad(year, 4)}-${pad(month, 2)}-${pad(dayOfMonth, 2)}`;
}

/** The calendar of one time zone. */
export interface Zone {
  /** The date at a moment. */
  readonly dayAt: (moment: Moment) => Day;
  /** The first moment of a date. */
  readonly startOf: (day: Day) => Moment;
  /** So many minutes past midnight on the wall; a time that a clock change skips moves forward. */
  readonly wallTime: (day: Day, minutes: number) => Moment;
}

/** From `at` on the zone's clocks are `offset` ms ahead of UTC. */
interface Change {
  readonly at: Moment;
  readonly offset: number;
}

const OFFSET = /GMT(?:([+-])(\d{2}):(\d{2})(?::(\d{2}))?)?$/;

function createOffsetReader(name: string): (moment: Moment) => number {
  const format = new Intl.DateTimeFormat('en-US', { timeZone: name, timeZoneName: 'longOffset' });
  return (moment) => {
    const [, sign, hours = '0', minutes = '0', seconds = '0'] = OFFSET.exec(format.format(moment)) ?? [];
    const size = (Number(hours) * 60 + Number(minutes)) * 60 + Number(seconds);
    return (sign === '-' ? -size : size) * 1000;
  };
}

/** More often than any zone changes its clocks twice. */
const PROBE = 9 * DAY;
const YEAR = 366 * DAY;

/** The clock changes of a stretch of time, found by looking often and halving where two looks differ. */
function changesIn(from: Moment, to: Moment, read: (moment: Moment) => number): readonly Change[] {
  const changes: Change[] = [{ at: from, offset: read(from) }];
  for (let left = from; left < to; left += PROBE) {
    const before = read(left);
    let [low, high] = [left, left + PROBE];
    const offset = read(high);
    if (offset === before) continue;
    while (high - low > 1) {
      const middle = Math.floor((low + high) / 2);
      if (read(middle) === before) low = middle;
      else high = middle;
    }
    changes.push({ at: high, offset });
  }
  return changes;
}

/** The calendar of a zone by its IANA name. */
export function createZone(name: string): Zone {
  const read = createOffsetReader(name);
  const years = new Map<number, readonly Change[]>();
  const changesAround = (moment: Moment): readonly Change[] => {
    const index = Math.floor(moment / YEAR);
    let known = years.get(index);
    if (!known) {
      known = changesIn(index * YEAR, (index + 1) * YEAR, read);
      years.set(index, known);
    }
    return known;
  };
  const offsetAt = (moment: Moment): number => {
    const changes = changesAround(moment);
    let offset = changes[0]?.offset ?? 0;
    for (const change of changes) if (change.at <= moment) offset = change.offset;
    return offset;
  };
  /** The first moment at which the wall shows `shown`; `skipped` says what stands for one that never comes. */
  const momentOf = (shown: number, skipped: (before: number, after: number) => Moment): Moment => {
    const [before, after] = [offsetAt(shown - DAY), offsetAt(shown + DAY)];
    if (before === after) return shown - before;
    const fits = [shown - before, shown - after].filter((moment) => moment + offsetAt(moment) === shown);
    return fits.length > 0 ? Math.min(...fits) : skipped(before, after);
  };
  return {
    dayAt: (moment) => Math.floor((moment + offsetAt(moment)) / DAY),
    startOf: (day) =>
      momentOf(day * DAY, (before, after) => {
        const nearest = [
          shownChange(changesAround(day * DAY - before), day),
          shownChange(changesAround(day * DAY - after), day),
        ];
        return Math.min(...nearest);
      }),
    wallTime: (day, minutes) =>
      momentOf(day * DAY + minutes * 60_000, (before) => day * DAY + minutes * 60_000 - before),
  };
}

/** The clock change that skips the midnight of a day. */
function shownChange(changes: readonly Change[], day: Day): Moment {
  const near = changes.filter(({ at }, index) => index > 0 && Math.abs(at - day * DAY) < 2 * DAY);
  return near[0]?.at ?? Infinity;
}
