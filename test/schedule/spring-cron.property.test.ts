import { Cron } from 'croner';
import { describe, expect, it } from 'vitest';
import { ConfigurationError } from '../../src/errors.ts';
import type { TemporalCalendar } from '../../src/schedule/temporal-calendar.ts';
import { translateSpringCron } from '../../src/schedule/spring-cron.ts';
import { nextFirings } from './next-firings.ts';

function calendarsOf(expression: string, timeZone = 'UTC'): readonly TemporalCalendar[] {
  const translation = translateSpringCron(expression, timeZone);
  expect(translation.type).toBe('calendars');
  return translation.type === 'calendars' ? translation.calendars : [];
}

function oracle(expression: string, options: { timeZone: string; after: string; count: number }): string[] {
  const cron = new Cron(expression, { timezone: options.timeZone, domAndDow: true, sloppyRanges: true });
  const runs = cron.nextRuns(options.count, new Date(options.after));
  return runs.map((date) => date.toISOString().replace('.000Z', 'Z'));
}

/** Spring's expression, and the same for the oracle where the two read it differently. */
const EXPRESSIONS: [spring: string, oracle?: string][] = [
  // INDIGO IAM's own default, and the one of its documentation.
  ['0 23 */12 * * *'],
  ['0 0 */12 * * *'],
  ['0 0 * * * *'],
  ['*/10 59 * * * *'],
  ['0 0 8-10 * * *'],
  ['0 0 6,19 * * *'],
  ['0 0/30 8-10 * * *'],
  ['0 0 9-17 * * MON-FRI'],
  ['0 0 9-17 * * mon-fri'],
  ['0 0 0 25 12 ?'],
  ['0 5/15 * * * *'],
  ['0 0-30/10,45 * * * *'],
  ['0 50/3,5 4 * * *'],
  ['0 10-40/10 * * * *'],
  ['0 10-40/7,3,50-52 * * * *'],
  ['15,45 */20 4 * * *'],
  ['0 0 4 ? * SUN'],
  ['0 0 4 ? * ?'],
  ['0 0 4 ? * MON,WED-FRI'],
  ['0 0 4 ? JAN-MAR,dec MON'],
  ['0 0 4 * * 0'],
  ['0 0 4 * * 7'],
  ['0 0 4 * * SAT-SUN'],
  ['0 0 4 * * SUN-TUE'],
  ['0 0 4 * * 7-2', '0 0 4 * * 0-2'],
  ['0 0 4 * * 0-7'],
  ['0 0 4 * * 5-7'],
  ['0 0 4 * * MON-FRI/2'],
  // Spring’s week begins on Monday, so that every other day of it is Monday, Wednesday, Friday, Sunday.
  ['0 0 4 * * */2', '0 0 4 * * MON,WED,FRI,SUN'],
  ['0 0 4 * * 0/2', '0 0 4 * * SUN,TUE,THU,SAT'],
  ['0 0 4 * * 2/3', '0 0 4 * * TUE,FRI'],
  // Both day fields must fit.
  ['0 0 4 1 * MON'],
  ['0 0 4 13 * FRI'],
  ['0 0 4 1-7 * SUN'],
  ['0 0 4 29 2 *'],
  ['0 0 4 31 * *'],
  ['0 0 4 */10 * *'],
  ['0 0 4 1 JAN,APR,JUL,OCT *'],
  ['0 0 4 1 NOV-DEC *'],
  ['0 0 4 1 */5 *'],
  ['0 0 4 1 2/4 *'],
  ['59 59 23 31 12 *'],
  ['0  15\t4 * * *', '0 15 4 * * *'],
  ['@hourly', '0 0 * * * *'],
  ['@daily', '0 0 0 * * *'],
  ['@MIDNIGHT', '0 0 0 * * *'],
  ['@weekly', '0 0 0 * * 0'],
  ['@monthly', '0 0 0 1 * *'],
  ['@yearly', '0 0 0 1 1 *'],
  ['@annually', '0 0 0 1 1 *'],
];

/** A year’s end, a leap day, and days around changes of the clock: both directions, west, east, half an hour. */
const SITUATIONS: [timeZone: string, after: string][] = [
  ['UTC', '2027-12-30T22:59:30Z'],
  ['Europe/Zurich', '2028-02-27T12:00:00Z'],
  ['Europe/Zurich', '2027-03-27T12:00:00Z'],
  ['America/New_York', '2027-11-05T12:00:00Z'],
  ['Pacific/Auckland', '2027-04-02T12:00:00Z'],
  ['Asia/Kolkata', '2027-06-29T12:00:00Z'],
];

describe('translateSpringCron', () => {
  // Each in two of the situations, in turn: all of them in all takes seconds and finds no more.
  const situated = EXPRESSIONS.flatMap(([spring, equal], index) =>
    [0, 3].map(
      (shift) => [spring, ...(SITUATIONS[(index + shift) % 6] ?? ['', '']), equal ?? spring] as const,
    ),
  );
  it.each(situated)('%s in %s from %s fires when the oracle does', (spring, timeZone, after, equal) => {
    const options = { timeZone, after, count: 5 };
    // No expression fires only within the hour of a change: there the oracle goes its own way.
    expect(nextFirings(calendarsOf(spring, timeZone), options)).toEqual(oracle(equal, options));
  });

  it('skips a local time that a clock change skips', () => {
    const timeZone = 'Europe/Zurich';
    const calendars = calendarsOf('0 30 2 * * *', timeZone);
    expect(nextFirings(calendars, { timeZone, after: '2027-03-27T00:00:00Z', count: 2 })).toEqual([
      '2027-03-27T01:30:00Z',
      '2027-03-29T00:30:00Z',
    ]);
  });

  it('hourly is hourly through both changes', () => {
    const timeZone = 'Europe/Zurich';
    for (const after of ['2027-03-27T23:30:00Z', '2027-10-30T22:30:00Z']) {
      const firings = nextFirings(calendarsOf('@hourly', timeZone), { timeZone, after, count: 6 });
      const gaps = firings.slice(1).map((at, index) => Date.parse(at) - Date.parse(firings[index] ?? ''));
      expect(new Set(gaps)).toEqual(new Set([3_600_000]));
    }
  });

  it('says it as few ranges, every field of them', () => {
    expect(calendarsOf('0 5/15 0-2,22 * 2/4 MON-FRI')).toEqual([
      {
        second: [{ start: 0, end: 0, step: 1 }],
        minute: [{ start: 5, end: 50, step: 15 }],
        hour: [
          { start: 0, end: 2, step: 1 },
          { start: 22, end: 22, step: 1 },
        ],
        dayOfMonth: [{ start: 1, end: 31, step: 1 }],
        month: [{ start: 'FEBRUARY', end: 'OCTOBER', step: 4 }],
        dayOfWeek: [{ start: 'MONDAY', end: 'FRIDAY', step: 1 }],
      },
    ]);
  });

  it('a dash disables', () => {
    expect(translateSpringCron(' - ', 'UTC')).toEqual({ type: 'disabled' });
  });

  it.each<[string, RegExp]>([
    ['0 * * * *', /5 fields, not six.*begin with minutes.*"0 0 \* \* \* \*"/],
    ['0 0 4 * * * 2027', /7 fields, not six.*year.*write "0 0 4 \* \* \*"/],
    ['', /0 fields, not six/],
    ['0 0 4 L * *', /"L" means the last day.*fixed days only/],
    ['0 0 4 L-3 * *', /"L-3" means the last day/],
    ['0 0 4 ? * FRIL', /"FRIL" means the last day/],
    ['0 0 4 ? * 5L', /"5L" means the last day/],
    ['0 0 4 15W * *', /"15W" means the nearest working day/],
    ['0 0 4 LW * *', /"LW" means the nearest working day/],
    ['0 0 4 ? * MON#1', /"MON#1" means the nth weekday/],
    ['0 0 4 * * FRI-MON', /runs backwards, which Spring refuses; write "FRI-SUN,MON-MON"/],
    ['0 0 22-6 * * *', /write "22-23,0-6"/],
    ['0 0 4 * NOV-FEB *', /write "NOV-12,JAN-FEB"/],
    ['0 60 * * * *', /minute "60" is no number from 0 to 59/],
    ['0 0 24 * * *', /hour "24" is no number from 0 to 23/],
    ['0 0 4 0 * *', /day of the month "0" is no number from 1 to 31/],
    ['0 0 4 * 13 *', /month "13" is no number from 1 to 12 or a name/],
    ['0 0 4 * * 8', /day of the week "8" is no number from 0 to 7/],
    ['0 0 4 * * MONDAY', /day of the week "MONDAY"/],
    ['0 0 4 * APRIL *', /month "APRIL"/],
    ['0 */0 4 * * *', /step of the minute "\*\/0" is not 1 or more/],
    ['0 */x 4 * * *', /step of the minute/],
    ['0 1/2/3 4 * * *', /two steps/],
    ['0 1-2-3 4 * * *', /is no range/],
    ['0 , 4 * * *', /minute "" is no number/],
    ['0 5- 4 * * *', /minute "" is no number/],
    ['0 -5 4 * * *', /minute "" is no number/],
    ['0 - 4 * * *', /minute "" is no number/],
    ['0 5/ 4 * * *', /step of the minute "5\/" is not 1 or more/],
    ['0 0 4 1W,15 * *', /"1W" means the nearest working day/],
    ['? 0 4 * * *', /second "\?" is no number/],
    ['0 0 4 30 2 *', /never fires/],
    ['0 0 4 31 2,4,6 *', /never fires/],
    ['@every 5m', /known are @yearly/],
    ['99 99 4 * * *', /second "99".*; .*minute "99"/],
  ])('refuses %j with the reason', (expression, reason) => {
    expect(() => translateSpringCron(expression, 'UTC')).toThrow(ConfigurationError);
    expect(() => translateSpringCron(expression, 'UTC')).toThrow(reason);
  });

  it('refuses a time zone that the server does not know', () => {
    expect(() => translateSpringCron('@daily', 'Europe/Geneva')).toThrow(
      /Europe\/Geneva is no IANA time zone/,
    );
    expect(() => translateSpringCron('@daily', 'europe/zurich')).toThrow(/is written Europe\/Zurich/);
  });
});
