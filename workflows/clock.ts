import type { ClockAnchor, Instant } from '../src/contracts/time.ts';
import { realMillisecondsUntil, virtualNow } from '../src/contracts/time.ts';

/** The deployment's clock inside a workflow: the replayed clock, seen through the anchor. */
export interface WorkflowClock {
  readonly now: () => Instant;
  /** Real milliseconds until the clock shows `until`, at least 1. */
  readonly realMillisecondsUntil: (until: Instant) => number;
}

export function workflowClock(anchor: ClockAnchor): WorkflowClock {
  return {
    now: () => virtualNow(anchor, Date.now()),
    realMillisecondsUntil: (until) => realMillisecondsUntil(anchor, until, Date.now()),
  };
}

/** The machine's clock as it was replayed, in ms since the epoch: for what is said of processes, not of accounts. */
export function realNow(): number {
  return Date.now();
}
