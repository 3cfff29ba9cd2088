import type { AccountState } from '../../src/contracts/account.ts';
import type { AccountEvent } from '../../src/contracts/event.ts';
import type { Policy } from '../../src/contracts/policy.ts';
import type { Step, StepAction } from '../../src/contracts/step.ts';
import type { Instant } from '../../src/contracts/time.ts';
import type { Attempt, Life } from './live.ts';
import { live } from './live.ts';
import { account, at, policyFor, wall } from './policy-builders.ts';

const QUIET: readonly StepAction[] = ['record', 'status'];

/** What was done and when, on Zurich's clock, but for status and records: `2027-03-24 08:00 notice -7`. */
export function diary(life: Life, quiet: readonly StepAction[] = QUIET): readonly string[] {
  return life.deeds
    .filter(({ result, step }) => result === 'done' && !quiet.includes(step.action))
    .map(({ at: when, step }) => {
      const mail = step.notice?.offset ?? (step.notice ? step.notice.template : null);
      const about = mail ?? step.giveAccess ?? (step.action === 'status' ? step.activeStatus : null);
      return [wall(when), step.action, ...(about === null ? [] : [String(about)])].join(' ');
    });
}

/** Lives a life told in Zurich's wall clock: from 2027 on, the account and policy of the rules' table unless told. */
export function run(
  input: {
    state?: AccountState;
    policy?: Policy;
    from?: string;
    until?: string;
    messages?: readonly AccountEvent[];
    down?: readonly (readonly [string, string])[];
    attempt?: (step: Step, now: Instant, state: AccountState) => Attempt;
  } = {},
): Life {
  const state = input.state ?? account();
  return live({
    state,
    policy: input.policy ?? policyFor(state.kind, { timeZone: 'Europe/Zurich' }),
    from: at(input.from ?? '2027-01-01'),
    until: at(input.until ?? '2029-01-01'),
    messages: input.messages ?? [],
    down: (input.down ?? []).map(([from, to]) => ({ from: at(from), to: at(to) })),
    ...(input.attempt && { attempt: input.attempt }),
  });
}
