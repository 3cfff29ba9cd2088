import { setTimeout as delay } from 'node:timers/promises';
import { createClock, type Clock } from '../clock.ts';

const DAY_SECONDS = 86_400;
/** Longest real sleep at once, in ms: timers of Node are no longer than this, and Ctrl-C is answered anyway. */
const LONGEST_MS = 2 ** 31 - 1;

/** The story's clock, and a way to wait for a moment on it. */
export interface StoryClock extends Clock {
  until(moment: number, signal: AbortSignal): Promise<void>;
}

/** A clock that shows `begins` in `leadMs` real ms, and runs a day in `secondsPerDay`. */
export function createStoryClock(input: {
  readonly begins: number;
  readonly leadMs: number;
  readonly secondsPerDay: number;
}): StoryClock {
  const anchor = {
    realMs: Date.now() + input.leadMs,
    virtualMs: input.begins,
    speed: DAY_SECONDS / input.secondsPerDay,
  };
  const clock = createClock(anchor, () => Date.now());
  return {
    ...clock,
    async until(moment, signal) {
      while (clock.now() < moment) {
        await delay(Math.min(clock.realMillisecondsUntil(moment), LONGEST_MS), undefined, { signal });
      }
    },
  };
}
