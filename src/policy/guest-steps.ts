import type { AccountState } from '../contracts/account.ts';
import type { Policy } from '../contracts/policy.ts';
import type { Step } from '../contracts/step.ts';
import type { Instant } from '../contracts/time.ts';
import { accountDate, factsOn } from './facts.ts';
import { milestoneMoment, milestoneOf } from './moments.ts';
import { isBackSoon } from './return-soon.ts';
import { step } from './steps.ts';

/** The guest account that a primary account opens for a leaving, foreseen or due. */
function opening(state: AccountState, policy: Policy, now: Instant): readonly Step[] {
  const guest = milestoneOf(policy, 'guest');
  const { lastDay } = factsOn(state, accountDate(state, policy, now));
  if (!guest || state.stage === 'pending' || lastDay.type !== 'on') return [];
  const isDone = state.guest?.state === 'open' && state.guest.departure === state.departure;
  // Whom an admin has disabled gets no other way in.
  if (isDone || state.holds.disabledManually !== null || isBackSoon(state, policy, lastDay.date, now))
    return [];
  const key = `${String(state.epoch)}/guest/${lastDay.date}`;
  const dueAt = milestoneMoment(guest, lastDay.date, state.accountId, policy);
  return [
    step({
      key,
      action: 'guest',
      dueAt,
      lastDay: lastDay.date,
      why: `the last day, ${lastDay.date}, is over`,
    }),
  ];
}

/** The person is back, or was disabled by hand. */
function shutting(state: AccountState, now: Instant): readonly Step[] {
  if (state.guest === undefined || state.guest.state === 'shut') return [];
  const isDisabled = state.holds.disabledManually !== null;
  const isBack = state.stage === 'active' || state.guest.departure !== state.departure;
  if (!isDisabled && !isBack) return [];
  const key = `${String(state.epoch)}/shutGuest/${String(state.guest.departure)}`;
  const why = isDisabled ? 'disabled manually: no guest account either' : 'the person is back';
  return [step({ key, action: 'shutGuest', dueAt: now, why })];
}

/** What a primary account does about its person's guest account. Rule: "Guests". */
export function guestSteps(state: AccountState, policy: Policy, now: Instant): readonly Step[] {
  return [...opening(state, policy, now), ...shutting(state, now)];
}
