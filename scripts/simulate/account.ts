import type { AccountState } from '../../src/contracts/account.ts';
import type { AccountEvent } from '../../src/contracts/event.ts';
import type { Policy } from '../../src/contracts/policy.ts';
import type { Step, StepOutcome } from '../../src/contracts/step.ts';
import type { Instant } from '../../src/contracts/time.ts';
import { decide } from '../../src/policy/decide.ts';
import { nextLook, nextStep } from '../../src/policy/next-step.ts';

/** How one attempt at a step goes; one that `waits` is tried again then, if nobody has called it off. */
export type Attempt =
  | { readonly type: 'ends'; readonly outcome: StepOutcome }
  | { readonly type: 'fails'; readonly code: string }
  | { readonly type: 'waits'; readonly until: Instant };

/** What stands for activities, and hears what came of each step. */
export interface Hands {
  readonly attempt: (state: AccountState, step: Step, now: Instant) => Attempt;
  readonly done: (step: Step, now: Instant, after: AccountState, outcome: StepOutcome) => void;
  /** Something was folded that leaves a note for the audit log. */
  readonly noted: (after: AccountState, before: AccountState, now: Instant) => void;
  /** The account has ended without a step. */
  readonly ended: (after: AccountState, now: Instant) => void;
}

/** One account's workflow, as its loop goes, but on a clock that jumps. */
export interface Account {
  readonly state: () => AccountState;
  readonly policy: Policy;
  /** Folds a message; carries out nothing. */
  readonly take: (event: AccountEvent) => void;
  /** Carries out whatever is due. */
  readonly run: (now: Instant) => void;
  /** When it looks again by itself; `null` = only a message wakes it. */
  readonly wakeAt: () => Instant | null;
  readonly isFinished: () => boolean;
}

/** A step that is being retried. */
interface Running {
  readonly step: Step;
  readonly retryAt: Instant;
  readonly seen: AccountState;
  readonly lookAt: Instant;
}

/** More acts than this without the clock moving is a livelock. */
const ACTS_AT_ONCE = 80;

export function createAccount(initial: AccountState, policy: Policy, hands: Hands): Account {
  let state = initial;
  let running: Running | null = null;
  let wakeAt: Instant | null = -Infinity;
  let isFinished = false;

  const fold = (event: AccountEvent): void => {
    const before = state;
    state = decide(before, event, policy);
    if (state.noteSequence !== before.noteSequence) hands.noted(state, before, event.at);
  };
  const watching = (step: Step, retryAt: Instant, now: Instant): Running => {
    const lookAt = nextLook(state, policy, now) ?? Infinity;
    return { step, retryAt, seen: state, lookAt };
  };
  /** Whether the attempt brought the step to an end. */
  const tryOnce = (step: Step, now: Instant): boolean => {
    const attempt = hands.attempt(state, step, now);
    if (attempt.type === 'waits') {
      running = watching(step, Math.max(attempt.until, now + 1), now);
      return false;
    }
    running = null;
    if (attempt.type === 'fails') {
      fold({ type: 'stepFailed', at: now, step, code: attempt.code, message: 'no retry mends it' });
      return true;
    }
    const { outcome } = attempt;
    fold({ type: 'stepEnded', at: now, step, outcome });
    hands.done(step, now, state, outcome);
    return true;
  };
  const callOff = (step: Step, now: Instant): void => {
    running = null;
    fold({ type: 'stepCalledOff', at: now, step });
  };
  /** Goes on with what is under way; answers whether the account is free. */
  const goOn = (now: Instant): boolean => {
    if (!running) return true;
    const { step, retryAt, seen, lookAt } = running;
    if (now >= (step.deadline ?? Infinity)) {
      callOff(step, now);
      return true;
    }
    // As the workflow does, it asks again when something was folded, and when something else falls due.
    if (state !== seen || now >= lookAt) {
      const next = nextStep(state, policy, now);
      if (next.type !== 'act' || next.step.key !== step.key) {
        callOff(step, now);
        return true;
      }
      running = watching(step, retryAt, now);
    }
    return now >= retryAt && tryOnce(step, now);
  };
  const run = (now: Instant): void => {
    for (let acts = 0; ; acts += 1) {
      if (acts > ACTS_AT_ONCE)
        throw new Error(`livelock of ${state.accountId} at ${new Date(now).toISOString()}`);
      if (!goOn(now)) {
        wakeAt = running && Math.min(running.retryAt, running.lookAt, running.step.deadline ?? Infinity);
        return;
      }
      fold({ type: 'woke', at: now });
      const next = nextStep(state, policy, now);
      if (next.type !== 'act') {
        // Only now it is over: one that was half made comes back for a moment, so that its access is turned off.
        if (next.type === 'finished' && !isFinished && state.stage === 'neverJoined') hands.ended(state, now);
        isFinished = next.type === 'finished';
        wakeAt = next.type === 'wait' ? next.until : null;
        return;
      }
      fold({ type: 'stepBegun', at: now, step: next.step });
      tryOnce(next.step, now);
    }
  };
  return {
    state: () => state,
    policy,
    take: fold,
    run,
    wakeAt: () => wakeAt,
    isFinished: () => isFinished,
  };
}
