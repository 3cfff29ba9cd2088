import { setTimeout as wait } from 'node:timers/promises';

/** A clock that only runs forward, in milliseconds, and a way to wait on it. */
export interface GateClock {
  now(): number;
  /** Rejects when the signal aborts. */
  wait(ms: number, signal: AbortSignal): Promise<void>;
}

export type Entry =
  | { readonly entered: true; readonly leave: () => void }
  | { readonly entered: false; readonly closedMs: number };

/** Lets requests through one by one: so many at a time, so many a second, none while the gate is closed. */
export interface RequestGate {
  /** Waits for its turn. A gate closed for longer than `patienceMs` is not waited for. Throws when called off. */
  enter(signal: AbortSignal): Promise<Entry>;
  /** Nobody enters for so many milliseconds: the server asked for it. A shorter wish changes nothing. */
  closeFor(ms: number): void;
}

const realClock: GateClock = {
  now: () => performance.now(),
  wait: (ms, signal) => wait(Math.ceil(ms), undefined, { signal }),
};

/**
 * Timers are no finer, and would come late: who is so little before their turn goes at once. The turns themselves stay as
 * far apart as the rate wants.
 */
const FINEST_WAIT_MS = 4;

/** @param ratePerSecond requests a second, evenly spaced; `null` = as many as come */
export function createRequestGate(options: {
  concurrency: number;
  ratePerSecond: number | null;
  patienceMs: number;
  clock?: GateClock;
}): RequestGate {
  const clock = options.clock ?? realClock;
  const spacingMs = options.ratePerSecond === null ? 0 : 1000 / options.ratePerSecond;
  const queue: (() => void)[] = [];
  let free = options.concurrency;
  let nextAt = -Infinity;
  let closedUntil = -Infinity;

  const leave = (): void => {
    const next = queue.shift();
    if (next) next();
    else free += 1;
  };

  const takeSlot = (signal: AbortSignal): Promise<void> => {
    signal.throwIfAborted();
    if (free > 0) {
      free -= 1;
      return Promise.resolve();
    }
    return new Promise((resolve, reject) => {
      const onAbort = (): void => {
        queue.splice(queue.indexOf(granted), 1);
        // The caller's own reason, whatever it is.
        // eslint-disable-next-line @typescript-eslint/prefer-promise-reject-errors
        reject(signal.reason);
      };
      const granted = (): void => {
        signal.removeEventListener('abort', onAbort);
        resolve();
      };
      signal.addEventListener('abort', onAbort, { once: true });
      queue.push(granted);
    });
  };

  return {
    closeFor: (ms) => {
      closedUntil = Math.max(closedUntil, clock.now() + ms);
    },
    enter: async (signal) => {
      await takeSlot(signal);
      let isInside = false;
      try {
        const closedMs = () => closedUntil - clock.now();
        for (;;) {
          if (closedMs() > options.patienceMs) return { entered: false, closedMs: closedMs() };
          const turn = Math.max(clock.now(), nextAt, closedUntil);
          nextAt = turn + spacingMs;
          const ms = turn - clock.now();
          if (ms > FINEST_WAIT_MS) await clock.wait(ms, signal);
          // Closed since the turn was given: a new turn behind the reopening, or all who waited rush in at once.
          if (turn >= closedUntil) break;
        }
        isInside = true;
        let isOpen = true;
        return {
          entered: true,
          leave: () => {
            if (isOpen) leave();
            isOpen = false;
          },
        };
      } finally {
        if (!isInside) leave();
      }
    },
  };
}
