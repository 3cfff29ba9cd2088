import type { Milestone, Policy } from '../contracts/policy.ts';
import type { CalendarDate, Instant } from '../contracts/time.ts';
import { addDays, dateOf, instantOf, startOfDate } from './calendar.ts';
import { spreadOf } from './spread.ts';

export { daysLater } from './calendar.ts';

/** The date on which a milestone falls for a last day. Rule: "The calendar". */
export function milestoneDate(milestone: Milestone, lastDay: CalendarDate): CalendarDate {
  return addDays(lastDay, milestone.action === 'notice' ? milestone.offset : milestone.offset + 1);
}

/** When an account's part in a date begins: its first instant, and the account's place in the spread. */
export function dateMoment(date: CalendarDate, accountId: string, policy: Policy): Instant {
  return startOfDate(date, policy.timeZone) + spreadOf(accountId, policy);
}

/** When an account's notices of a date go out. */
export function noticeMoment(date: CalendarDate, accountId: string, policy: Policy): Instant {
  return instantOf(date, policy.noticeTime, policy.timeZone) + spreadOf(accountId, policy);
}

/** When a milestone falls for an account with this last day. */
export function milestoneMoment(
  milestone: Milestone,
  lastDay: CalendarDate,
  accountId: string,
  policy: Policy,
): Instant {
  const date = milestoneDate(milestone, lastDay);
  return milestone.action === 'notice'
    ? noticeMoment(date, accountId, policy)
    : dateMoment(date, accountId, policy);
}

/** The first notice time of the account that is after `now`. */
export function nextNoticeMoment(now: Instant, accountId: string, policy: Policy): Instant {
  // The spread can carry yesterday's notice time into today.
  let date = addDays(dateOf(now, policy.timeZone), -1);
  for (;;) {
    const moment = noticeMoment(date, accountId, policy);
    if (moment > now) return moment;
    date = addDays(date, 1);
  }
}

/** The milestone with this action, if the policy has one. Notices occur several times and are asked for apart. */
export function milestoneOf(
  policy: Policy,
  action: Exclude<Milestone['action'], 'notice'>,
): Milestone | null {
  return policy.milestones.find((milestone) => milestone.action === action) ?? null;
}

/** The policy's notices, earliest first. */
export function noticesOf(policy: Policy): readonly Extract<Milestone, { action: 'notice' }>[] {
  return policy.milestones
    .filter((milestone) => milestone.action === 'notice')
    .sort((a, b) => a.offset - b.offset);
}
