import type { Config } from '../config.ts';
import { longestPause } from '../schedule/longest-pause.ts';
import { translateSpringCron } from '../schedule/spring-cron.ts';

const MINUTE_MS = 60_000;
/** Whatever the schedule: a run may take that long, and the one before it. */
const LEAST_MS = 180 * MINUTE_MS;
/** One run may be missed, and one more may take an hour. */
const MISSED = 2;
const RUN_MS = 60 * MINUTE_MS;

/**
 * After how many ms without a synchronisation the admins are told; `null` = never, since none is scheduled. By default
 * twice the longest pause of the schedule and an hour, three hours at least. Source: `docs/configuration.md`, "The watchdog".
 */
export function syncOverdueMs({ sync, watchdog }: Pick<Config, 'sync' | 'watchdog'>): number | null {
  if (!sync.enabled) return null;
  const schedule = translateSpringCron(sync.cron, sync.timeZone);
  if (schedule.type === 'disabled') return null;
  if (watchdog.syncOverdueMinutes !== undefined) return watchdog.syncOverdueMinutes * MINUTE_MS;
  const pauses = schedule.calendars.map(longestPause);
  if (pauses.some((pause) => pause === null)) return null;
  const longest = Math.max(...pauses.map((pause) => pause ?? 0));
  return Math.max(LEAST_MS, MISSED * longest + RUN_MS);
}
