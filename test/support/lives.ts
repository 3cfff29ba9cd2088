import type { AccountState } from '../../src/contracts/account.ts';
import type { Policy } from '../../src/contracts/policy.ts';
import type { Step } from '../../src/contracts/step.ts';
import type { ClockAnchor, Instant } from '../../src/contracts/time.ts';
import { DAY_MS } from '../../src/contracts/time.ts';
import type { StepInput, Tuning } from '../../src/contracts/workflow-input.ts';
import { decide } from '../../src/policy/decide.ts';
import { nextStep } from '../../src/policy/next-step.ts';

/** Time-outs for tests: real milliseconds, short, since the clock runs fast. */
export const TUNING: Tuning = {
  startToCloseMs: 10_000,
  heartbeatMs: 1_000,
  retryInitialMs: 50,
  retryMaximumMs: 200,
  patienceMs: 60_000,
};

/** A clock that shows `virtualMs` now and runs so many days a real second; without a speed, as the machine's. */
export function clockFrom(virtualMs: Instant, daysPerSecond?: number): ClockAnchor {
  const speed = daysPerSecond === undefined ? 1 : (daysPerSecond * DAY_MS) / 1000;
  return { realMs: Date.now(), virtualMs, speed };
}

/** Waits until `look` finds something; asks again and again, for 30 real seconds at most. */
export async function eventually<T>(
  what: string,
  look: () => Promise<T | null | undefined | false> | T | null | undefined | false,
  withinMs = 30_000,
): Promise<T> {
  const giveUpAt = Date.now() + withinMs;
  for (;;) {
    const found = await look();
    if (found !== null && found !== undefined && found !== false) return found;
    if (Date.now() > giveUpAt) throw new Error(`waited in vain for: ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

/** Whether the promise has settled within a deadline; says for what it waited. */
export async function within<T>(what: string, promise: Promise<T>, ms = 30_000): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => {
      reject(new Error(`waited in vain for: ${what}`));
    }, ms);
  });
  try {
    return await Promise.race([promise, late]);
  } finally {
    clearTimeout(timer);
  }
}

/** What the account would carry out at the moment. Throws when it would only wait. */
export function dueStep(state: AccountState, policy: Policy, now: Instant): Step {
  const woken = decide(state, { type: 'woke', at: now }, policy);
  const next = nextStep(woken, policy, now);
  if (next.type === 'act') return next.step;
  throw new Error(`nothing is due but ${next.type} ${next.type === 'wait' ? String(next.step?.key) : ''}`);
}

/** The argument of the activity that carries out what is due, as the workflow makes it. */
export function beginStep(
  state: AccountState,
  policy: Policy,
  now: Instant,
  action?: Step['action'],
): StepInput {
  const woken = decide(state, { type: 'woke', at: now }, policy);
  const step = dueStep(woken, policy, now);
  if (action !== undefined && step.action !== action) {
    throw new Error(`due is ${step.action} (${step.key}), not ${action}`);
  }
  return {
    step,
    state: decide(woken, { type: 'stepBegun', at: now, step }, policy),
    policy,
    clock: clockFrom(now),
  };
}
