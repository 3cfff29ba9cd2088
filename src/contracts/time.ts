/** A calendar date, `YYYY-MM-DD`. It has no time and no zone: the policy's time zone says when it begins. */
export type CalendarDate = string;

/** A moment, in milliseconds since the epoch, on the deployment's own clock (see {@link ClockAnchor}). */
export type Instant = number;

/** A time of day on the clock on the wall, `HH:MM`. */
export type WallTime = string;

/**
 * Where the deployment's clock stands: at the real moment `realMs` it showed `virtualMs`, and since then it
 * has run `speed` times as fast. Production runs at speed 1 with both moments equal.
 */
export interface ClockAnchor {
  readonly realMs: number;
  readonly virtualMs: Instant;
  readonly speed: number;
}

/** The moment the clock shows when the machine's clock shows `realMs`. */
export function virtualNow(clock: ClockAnchor, realMs: number): Instant {
  return clock.virtualMs + (realMs - clock.realMs) * clock.speed;
}

/**
 * Real milliseconds until the clock shows `until`, rounded up: a fraction would wake a sleeper before its
 * moment, and zero would not sleep at all.
 */
export function realMillisecondsUntil(clock: ClockAnchor, until: Instant, realMs: number): number {
  return Math.max(1, Math.ceil((until - virtualNow(clock, realMs)) / clock.speed));
}

/** A day in milliseconds, for thresholds only: calendar arithmetic counts dates, never milliseconds. */
export const DAY_MS = 86_400_000;
