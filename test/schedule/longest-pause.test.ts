import { describe, expect, it } from 'vitest';
import { longestPause } from '../../src/schedule/longest-pause.ts';
import { translateSpringCron } from '../../src/schedule/spring-cron.ts';

const HOUR_MS = 3_600_000;
const DAY = 24;

/** In hours. */
function pauseOf(cron: string): number | null {
  const schedule = translateSpringCron(cron, 'UTC');
  const [calendar] = schedule.type === 'calendars' ? schedule.calendars : [];
  if (!calendar) throw new Error('it never fires');
  const pause = longestPause(calendar);
  return pause === null ? null : pause / HOUR_MS;
}

describe('the longest pause of a schedule', () => {
  it.each([
    ['every hour', '0 15 * * * *', 1],
    ['every five minutes', '0 */5 * * * *', 1 / 12],
    ['twice a day', '0 23 */12 * * *', 12],
    ['in the morning and at noon', '0 0 8,12 * * *', 20],
    ['every hour of the day', '0 0 8-18 * * *', 14],
    ['on workdays', '0 0 6 * * MON-FRI', 3 * DAY],
    ['every hour of workdays', '0 0 * * * MON-FRI', 2 * DAY + 1],
    ['once a month', '0 0 0 1 * *', 31 * DAY],
    ['once a year', '0 0 0 1 1 *', 366 * DAY],
    ['on leap days', '0 0 0 29 2 *', 1461 * DAY],
  ])('%s', (_, cron, hours) => {
    expect(pauseOf(cron)).toBeCloseTo(hours, 6);
  });
});
