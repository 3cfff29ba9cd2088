import type { ClockAnchor, Instant } from './contracts/time.ts';
import { realMillisecondsUntil, virtualNow } from './contracts/time.ts';

/** The deployment's clock, for entry points, the API and activities. Workflows compute from the anchor alone. */
export interface Clock {
  readonly anchor: ClockAnchor;
  /** What the deployment's clock shows. */
  now(): Instant;
  /** Real milliseconds until it shows `until`; at least 1. */
  realMillisecondsUntil(until: Instant): number;
}

/** A clock over an anchor. `readRealMs` reads the machine's clock; entry points pass `() => Date.now()`. */
export function createClock(anchor: ClockAnchor, readRealMs: () => number): Clock {
  return {
    anchor,
    now: () => virtualNow(anchor, readRealMs()),
    realMillisecondsUntil: (until) => realMillisecondsUntil(anchor, until, readRealMs()),
  };
}

/** The anchor of production: the deployment's clock is the machine's, whenever it was anchored. */
export function realAnchor(): ClockAnchor {
  return { realMs: 0, virtualMs: 0, speed: 1 };
}
