import type { AccountState } from '../../src/contracts/account.ts';
import type { AccountEvent } from '../../src/contracts/event.ts';
import type { Policy } from '../../src/contracts/policy.ts';
import type { NextStep, Step, StepOutcome } from '../../src/contracts/step.ts';
import type { Instant } from '../../src/contracts/time.ts';
import { decide } from '../../src/policy/decide.ts';
import { nextStep } from '../../src/policy/next-step.ts';

/** How one attempt at a step goes. `hangs` = retried, in vain, until then; it succeeds if nobody calls it off. */
export type Attempt =
  | { readonly type: 'ends'; readonly outcome: StepOutcome }
  | { readonly type: 'fails' }
  | { readonly type: 'hangs'; readonly until: Instant };

/** Something that was carried out, or tried. */
export interface Deed {
  readonly at: Instant;
  readonly step: Step;
  readonly result: 'done' | 'refused' | 'failed' | 'calledOff';
}

/** What a test may look at while a life goes by. */
export interface Watch {
  readonly act?: (input: { state: AccountState; step: Step; now: Instant }) => void;
  readonly rest?: (input: { state: AccountState; next: NextStep; now: Instant }) => void;
  readonly folded?: (input: { before: AccountState; after: AccountState; event: AccountEvent }) => void;
}

export interface Life {
  readonly state: AccountState;
  readonly deeds: readonly Deed[];
}

/** More acts than this without the clock moving is a livelock. */
const ACTS_AT_ONCE = 60;

/**
 * Drives an account through a time as its workflow does: acts until nothing is due, then sleeps until the next moment
 * or message. Messages that come while nobody works (`down`) are read when work goes on.
 */
export function live(input: {
  readonly state: AccountState;
  readonly policy: Policy;
  readonly from: Instant;
  readonly until: Instant;
  readonly messages?: readonly AccountEvent[];
  readonly down?: readonly { readonly from: Instant; readonly to: Instant }[];
  readonly attempt?: (step: Step, now: Instant, state: AccountState) => Attempt;
  readonly watch?: Watch;
}): Life {
  const { policy, until, watch = {} } = input;
  const queue = [...(input.messages ?? [])].sort((a, b) => a.at - b.at);
  const deeds: Deed[] = [];
  let state = input.state;
  let now = input.from;
  let actsAtOnce = 0;

  const awake = (instant: Instant): Instant => {
    const gap = (input.down ?? []).find(({ from, to }) => instant >= from && instant < to);
    return gap ? gap.to : instant;
  };
  const moveTo = (instant: Instant): void => {
    const next = awake(instant);
    if (next > now) actsAtOnce = 0;
    now = Math.max(now, next);
  };
  const fold = (event: AccountEvent): void => {
    const stamped = { ...event, at: now };
    const before = state;
    state = decide(before, stamped, policy);
    watch.folded?.({ before, after: state, event: stamped });
  };
  const readMessages = (): void => {
    for (let first = queue[0]; first && first.at <= now; first = queue[0]) {
      queue.shift();
      fold(first);
    }
  };
  const ended = (step: Step, outcome: StepOutcome): void => {
    deeds.push({ at: now, step, result: outcome.result });
    fold({ type: 'stepEnded', at: now, step, outcome });
  };
  const success = (recorded: number): StepOutcome => ({ result: 'done', at: now, note: '', recorded });

  const hang = (step: Step, hangsUntil: Instant, recorded: number): void => {
    for (;;) {
      const next = Math.min(hangsUntil, step.deadline ?? Infinity, queue[0]?.at ?? Infinity);
      moveTo(next);
      readMessages();
      if (now >= hangsUntil) {
        ended(step, success(recorded));
        return;
      }
      const due = nextStep(state, policy, now);
      const isStillNext = due.type === 'act' && due.step.key === step.key;
      if (isStillNext && now < (step.deadline ?? Infinity)) continue;
      deeds.push({ at: now, step, result: 'calledOff' });
      fold({ type: 'stepCalledOff', at: now, step });
      return;
    }
  };

  const act = (step: Step): void => {
    actsAtOnce += 1;
    if (actsAtOnce > ACTS_AT_ONCE) throw new Error(`livelock at ${step.key}`);
    watch.act?.({ state, step, now });
    fold({ type: 'stepBegun', at: now, step });
    const recorded = state.noteSequence;
    const attempt = input.attempt?.(step, now, state) ?? { type: 'ends', outcome: success(recorded) };
    if (attempt.type === 'ends') ended(step, attempt.outcome);
    else if (attempt.type === 'hangs') hang(step, Math.max(attempt.until, now + 1), recorded);
    else {
      deeds.push({ at: now, step, result: 'failed' });
      fold({ type: 'stepFailed', at: now, step, code: 'TEST', message: 'no retry mends it' });
    }
  };

  moveTo(now);
  for (;;) {
    readMessages();
    fold({ type: 'woke', at: now });
    const next = nextStep(state, policy, now);
    if (next.type === 'act') {
      act(next.step);
      continue;
    }
    watch.rest?.({ state, next, now });
    if (next.type === 'finished') return { state, deeds };
    const wake = Math.min(next.until ?? Infinity, queue[0]?.at ?? Infinity);
    if (wake > until) return { state, deeds };
    moveTo(wake);
  }
}
