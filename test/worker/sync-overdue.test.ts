import { describe, expect, it } from 'vitest';
import { syncOverdueMs } from '../../src/worker/sync-overdue.ts';

const MINUTE_MS = 60_000;

function minutes(cron: string, over: { enabled?: boolean; syncOverdueMinutes?: number } = {}): number | null {
  const { enabled = true, ...watchdog } = over;
  const sync = {
    ...{ enabled, cron, timeZone: 'UTC', catchUpWindowSeconds: 60, pageSize: 1, rangeSize: 1 },
    ...{
      giveUpMinutes: 15,
      keepPlansDays: 90,
      sightings: { noPerson: { count: 3, hours: 72 }, noParticipation: 1 },
    },
    safeguard: {
      ...{ lossCount: 3, lossPercent: 5, lossMaximum: 200, hours: 24 },
      ...{ answeredPercent: 90, missingCount: 3, lapseDays: 14 },
    },
  };
  const ms = syncOverdueMs({
    sync,
    watchdog: { enabled: true, everyMinutes: 10, overdueMinutes: 15, frozenDays: 7, ...watchdog },
  });
  return ms === null ? null : ms / MINUTE_MS;
}

describe('a synchronisation is overdue', () => {
  it.each([
    ['0 15 * * * *', 180],
    ['0 */5 * * * *', 180],
    ['0 0 */2 * * *', 300],
    ['0 23 */12 * * *', 25 * 60],
  ])('by default after twice the longest pause and an hour: %s', (cron, after) => {
    expect(minutes(cron)).toBe(after);
  });

  it('after what the setting says', () => {
    expect(minutes('0 23 */12 * * *', { syncOverdueMinutes: 60 })).toBe(60);
  });

  it('never, when none is scheduled', () => {
    expect(minutes('-', { syncOverdueMinutes: 60 })).toBeNull();
    expect(minutes('0 15 * * * *', { enabled: false, syncOverdueMinutes: 60 })).toBeNull();
  });
});
