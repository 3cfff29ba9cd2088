import type { AccountState } from '../contracts/account.ts';
import type { Policy } from '../contracts/policy.ts';
import type { CalendarDate, Instant } from '../contracts/time.ts';
import { daysBetween } from './calendar.ts';
import { accountDate, factsOn } from './facts.ts';

/**
 * Whether HR names an affiliation that begins so soon after the last day that transfer and guest account wait for it. They
 * follow at once if it vanishes. Rule: "Which affiliation governs".
 */
export function isBackSoon(
  state: AccountState,
  policy: Policy,
  lastDay: CalendarDate,
  now: Instant,
): boolean {
  const { future } = factsOn(state, accountDate(state, policy, now));
  return future !== null && daysBetween(lastDay, future) <= policy.transferWaitDays;
}
