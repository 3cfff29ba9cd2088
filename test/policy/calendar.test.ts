import fc from 'fast-check';
import { Temporal } from 'temporal-polyfill';
import { describe, expect, it } from 'vitest';
import {
  addDays,
  dateOf,
  daysBetween,
  daysLater,
  instantOf,
  isCalendarDate,
  isWallTime,
  startOfDate,
} from '../../src/policy/calendar.ts';
import { milestoneMoment, nextNoticeMoment } from '../../src/policy/moments.ts';
import { at, LAST_DAY, policyFor, wall, ZURICH } from '../support/policy-builders.ts';

const ZONES = [
  'UTC',
  'Europe/Zurich',
  'Pacific/Auckland',
  'Pacific/Kiritimati',
  'Pacific/Chatham',
  'America/Los_Angeles',
  'America/St_Johns',
  'America/Havana',
  'America/Santiago',
  'Africa/Cairo',
  'Asia/Beirut',
  'Asia/Kolkata',
  'Australia/Lord_Howe',
];
const zone = fc.constantFrom(...ZONES);
const instant = fc.integer({ min: Date.UTC(2000, 0, 1), max: Date.UTC(2039, 11, 31) });
const date = fc
  .integer({ min: Date.UTC(2000, 0, 2) / 86_400_000, max: Date.UTC(2039, 11, 30) / 86_400_000 })
  .map((day) => new Date(day * 86_400_000).toISOString().slice(0, 10));
const minuteOfDay = fc.integer({ min: 0, max: 1439 });

describe('the table of the calendar, last day 2027-03-31', () => {
  const policy = policyFor('primary');
  const rows = [
    ['notice', -60, '2027-01-30 08:00'],
    ['notice', -27, '2027-03-04 08:00'],
    ['notice', -7, '2027-03-24 08:00'],
    ['leaving', 0, '2027-04-01 00:00'],
    ['block', 60, '2027-05-31 00:00'],
    ['delete', 180, '2027-09-28 00:00'],
  ] as const;

  it.each(rows)('%s %d is on %s', (action, offset, expected) => {
    const milestone = policy.milestones.find((one) => one.action === action && one.offset === offset);
    if (!milestone) throw new Error('the shipped policy lacks it');
    expect(wall(milestoneMoment(milestone, LAST_DAY, 'acc-1', policy))).toBe(expected);
  });

  it('has no other row', () => {
    expect(policy.milestones).toHaveLength(rows.length);
  });

  it.each([
    ['a leap day among the sixty', '2028-02-15', '2028-02-16 00:00', '2028-04-16 00:00', '2028-08-14 00:00'],
    ['a last day on a leap day', '2028-02-29', '2028-03-01 00:00', '2028-04-30 00:00', '2028-08-28 00:00'],
    ['a year end', '2027-12-31', '2028-01-01 00:00', '2028-03-01 00:00', '2028-06-29 00:00'],
    [
      'winter time begins on the last day',
      '2027-10-31',
      '2027-11-01 00:00',
      '2027-12-31 00:00',
      '2028-04-29 00:00',
    ],
    [
      'summer time begins on the last day',
      '2027-03-28',
      '2027-03-29 00:00',
      '2027-05-28 00:00',
      '2027-09-25 00:00',
    ],
  ])('%s: leaving, block and delete', (_what, lastDay, leaving, block, remove) => {
    const moments = policy.milestones
      .filter(({ action }) => action !== 'notice')
      .map((milestone) => wall(milestoneMoment(milestone, lastDay, 'acc-1', policy)));
    expect(moments).toEqual([leaving, block, remove]);
  });

  it('INDIGO suspends strictly after seven days and removes after thirty, in UTC', () => {
    const indigo = policyFor('experiment');
    const moments = indigo.milestones.map((milestone) =>
      wall(milestoneMoment(milestone, LAST_DAY, 'acc-1', indigo), 'UTC'),
    );
    expect(moments).toEqual(['2027-04-01 00:00', '2027-04-08 00:00', '2027-05-01 00:00']);
  });
});

describe('days and clock changes', () => {
  it.each([
    ['Europe/Zurich', '2027-03-28', '2027-03-27T23:00:00Z'],
    ['Europe/Zurich', '2027-03-29', '2027-03-28T22:00:00Z'],
    ['Europe/Zurich', '2027-10-31', '2027-10-30T22:00:00Z'],
    ['Europe/Zurich', '2027-11-01', '2027-10-31T23:00:00Z'],
    ['Pacific/Auckland', '2027-04-05', '2027-04-04T12:00:00Z'],
    ['Pacific/Kiritimati', '2027-04-05', '2027-04-04T10:00:00Z'],
    ['America/Los_Angeles', '2027-03-15', '2027-03-15T07:00:00Z'],
    // Midnight itself is skipped: the day begins at one o'clock.
    ['Africa/Cairo', '2024-04-26', '2024-04-25T22:00:00Z'],
    ['Asia/Beirut', '2024-03-31', '2024-03-30T22:00:00Z'],
    ['America/Santiago', '2024-09-08', '2024-09-08T04:00:00Z'],
    // The hour before midnight comes twice.
    ['America/Santiago', '2024-04-07', '2024-04-07T04:00:00Z'],
    // Midnight itself comes twice: the day begins with the first.
    ['America/Havana', '2024-11-03', '2024-11-03T04:00:00Z'],
  ])('in %s, %s begins at %s', (timeZone, day, expected) => {
    expect(new Date(startOfDate(day, timeZone)).toISOString()).toBe(expected.replace('Z', '.000Z'));
  });

  it('a notice time that a clock change skips moves forward', () => {
    expect(wall(instantOf('2027-03-28', '02:30', ZURICH))).toBe('2027-03-28 03:30');
    expect(wall(instantOf('2024-04-26', '00:15', 'Africa/Cairo'), 'Africa/Cairo')).toBe('2024-04-26 01:15');
  });

  it('a notice time that comes twice is the first one', () => {
    expect(new Date(instantOf('2027-10-31', '02:30', ZURICH)).toISOString()).toBe('2027-10-31T00:30:00.000Z');
  });

  it('days later is the same time of day, across clock changes in both directions', () => {
    expect(wall(daysLater(at('2027-03-25 08:00'), 7, ZURICH))).toBe('2027-04-01 08:00');
    expect(wall(daysLater(at('2027-03-28 08:00'), 7, ZURICH))).toBe('2027-04-04 08:00');
    expect(wall(daysLater(at('2027-10-31 08:00'), 7, ZURICH))).toBe('2027-11-07 08:00');
    expect(wall(daysLater(at('2027-03-21 02:30'), 7, ZURICH))).toBe('2027-03-28 03:30');
  });

  it('dates are counted as calendar days', () => {
    expect(addDays('2028-02-28', 1)).toBe('2028-02-29');
    expect(addDays('2028-03-01', -1)).toBe('2028-02-29');
    expect(addDays('2027-12-31', 1)).toBe('2028-01-01');
    expect(daysBetween('2027-03-01', '2027-04-01')).toBe(31);
    expect(daysBetween('2027-04-01', '2027-03-01')).toBe(-31);
  });

  it('the calendar ends with the date that HR writes for never', () => {
    expect(addDays('9999-12-31', 1)).toBe('9999-12-31');
    expect(addDays('9999-12-01', 181)).toBe('9999-12-31');
    expect(addDays('0001-01-01', -1)).toBe('0001-01-01');
  });

  it.each(['0001-01-01', '0001-01-02', '0050-06-01', '9999-12-31'])('%s has a beginning', (day) => {
    const plain = Temporal.PlainDate.from(day);
    for (const timeZone of ['UTC', ZURICH, 'America/Los_Angeles', 'Pacific/Kiritimati']) {
      const expected = plain.toZonedDateTime(timeZone).epochMilliseconds;
      // Before railways clocks differed by seconds, which no rule of ours counts.
      expect(Math.abs(startOfDate(day, timeZone) - expected)).toBeLessThan(60_000);
    }
  });
});

describe('against Temporal', () => {
  it('the date of an instant', () => {
    fc.assert(
      fc.property(instant, zone, (ms, timeZone) => {
        const expected = Temporal.Instant.fromEpochMilliseconds(ms)
          .toZonedDateTimeISO(timeZone)
          .toPlainDate();
        expect(dateOf(ms, timeZone)).toBe(expected.toString());
      }),
      { numRuns: 200 },
    );
  });

  it('the first instant of a date', () => {
    fc.assert(
      fc.property(date, zone, (day, timeZone) => {
        const expected = Temporal.PlainDate.from(day).toZonedDateTime(timeZone).epochMilliseconds;
        expect(startOfDate(day, timeZone)).toBe(expected);
      }),
      { numRuns: 200 },
    );
  });

  it('the first instant of every date around clock changes', () => {
    for (const timeZone of ZONES) {
      let next = Temporal.ZonedDateTime.from(`2023-01-01T00:00[${timeZone}]`).getTimeZoneTransition('next');
      for (let count = 0; next && count < 4; count += 1) {
        const around = next.toPlainDate();
        for (const days of [-1, 0, 1]) {
          const day = around.add({ days });
          const expected = day.toZonedDateTime(timeZone).epochMilliseconds;
          expect(startOfDate(day.toString(), timeZone), `${timeZone} ${day.toString()}`).toBe(expected);
        }
        next = next.getTimeZoneTransition('next');
      }
    }
  });

  it('the instant of a time of day', () => {
    fc.assert(
      fc.property(date, minuteOfDay, zone, (day, minute, timeZone) => {
        const plainTime = Temporal.PlainTime.from({ hour: Math.floor(minute / 60), minute: minute % 60 });
        const expected = Temporal.PlainDate.from(day).toZonedDateTime({ timeZone, plainTime });
        const time = plainTime.toString({ smallestUnit: 'minute' });
        expect(instantOf(day, time, timeZone)).toBe(expected.epochMilliseconds);
      }),
      { numRuns: 200 },
    );
  });
});

describe('the next notice time', () => {
  const policy = policyFor('primary');
  it.each([
    ['2027-03-24 07:59', '2027-03-24 08:00'],
    ['2027-03-24 08:00', '2027-03-25 08:00'],
    ['2027-03-27 20:00', '2027-03-28 08:00'],
  ])('after %s is %s', (now, expected) => {
    expect(wall(nextNoticeMoment(at(now), 'acc-1', policy))).toBe(expected);
  });

  it('a spread that reaches over midnight is counted from the day before', () => {
    const late = policyFor('primary', { noticeTime: '23:30', spreadMinutes: 1439 });
    for (const accountId of ['acc-1', 'acc-2', 'acc-3', 'acc-4']) {
      const now = at('2027-05-10 00:30');
      const next = nextNoticeMoment(now, accountId, late);
      expect(next).toBeGreaterThan(now);
      expect(next - now).toBeLessThanOrEqual(24 * 3_600_000);
    }
  });
});

describe('what is a date or a time', () => {
  it.each([
    '2027-02-29',
    '2027-13-01',
    '2027-00-10',
    '27-01-01',
    '2027-1-1',
    '',
    ' 2027-01-01',
    null,
    20270101,
    {},
  ])('%j is no date', (text) => {
    expect(isCalendarDate(text)).toBe(false);
  });
  it.each(['2028-02-29', '2027-12-31', '0001-01-01', '9999-12-31'])('%s is a date', (text) => {
    expect(isCalendarDate(text)).toBe(true);
  });
  it.each(['24:00', '8:00', '08:60', '', null, '08:00:00'])('%j is no time of day', (text) => {
    expect(isWallTime(text)).toBe(false);
  });
  it('what is none is refused', () => {
    expect(() => addDays('yesterday', 1)).toThrow(RangeError);
    expect(() => instantOf(LAST_DAY, '25:00', ZURICH)).toThrow(RangeError);
  });
});
