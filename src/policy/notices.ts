import type { AccountState } from '../contracts/account.ts';
import type { Milestone, Policy } from '../contracts/policy.ts';
import type { CalendarDate, Instant } from '../contracts/time.ts';
import { dateOf } from './calendar.ts';
import {
  daysLater,
  milestoneDate,
  milestoneMoment,
  milestoneOf,
  nextNoticeMoment,
  noticesOf,
} from './moments.ts';

type Notice = Extract<Milestone, { action: 'notice' }>;

/** A notice that is due or will be, and when it goes out. */
export interface PlannedNotice {
  readonly notice: Notice;
  readonly dueAt: Instant;
}

function lastToldDay(state: AccountState, notice: Notice): CalendarDate | null {
  return state.told[String(notice.offset)]?.lastDay ?? null;
}

/** Notices dated before the account became active or was taken over do not exist. */
export function noticeExists(
  state: AccountState,
  policy: Policy,
  notice: Notice,
  lastDay: CalendarDate,
): boolean {
  return milestoneDate(notice, lastDay) >= dateOf(state.managedSince, policy.timeZone);
}

/** The latest notice whose moment has passed, if the person was not told this date by it. */
function overdueNotice(
  state: AccountState,
  policy: Policy,
  lastDay: CalendarDate,
  now: Instant,
): { readonly notice: Notice; readonly moment: Instant } | null {
  const passed = noticesOf(policy)
    .filter((notice) => noticeExists(state, policy, notice, lastDay))
    .map((notice) => ({ notice, moment: milestoneMoment(notice, lastDay, state.accountId, policy) }))
    .filter(({ moment }) => moment <= now);
  const latest = passed.at(-1);
  return latest && lastToldDay(state, latest.notice) !== lastDay ? latest : null;
}

/** When the account was last blocked by calendar with no notice ever naming it: a block that must be named first. */
function isUnnamedBlockOverdue(
  state: AccountState,
  policy: Policy,
  lastDay: CalendarDate,
  now: Instant,
): boolean {
  const block = milestoneOf(policy, 'block');
  if (!block || state.stage !== 'grace' || policy.blockAfterNoticeDays === 0) return false;
  if (state.named?.lastDay === lastDay) return false;
  return milestoneMoment(block, lastDay, state.accountId, policy) <= now;
}

/**
 * The notices of an account with this last day that are due now or later, in their order: of several missed ones
 * only the latest, at the notice time that was set for it. Rule: "Late notices".
 */
export function plannedNotices(
  state: AccountState,
  policy: Policy,
  lastDay: CalendarDate,
  now: Instant,
): readonly PlannedNotice[] {
  if (policy.noticesBy !== 'self' || state.stage === 'pending') return [];
  const planned: PlannedNotice[] = [];
  const pinned = state.lateNotice?.lastDay === lastDay ? state.lateNotice.dueAt : null;
  const overdue = overdueNotice(state, policy, lastDay, now);
  if (overdue) {
    planned.push({ notice: overdue.notice, dueAt: pinned ?? overdue.moment });
  } else if (pinned !== null) {
    // A block that no notice named: the last notice stands in, although its own date does not exist.
    const last = noticesOf(policy).at(-1);
    if (last && lastToldDay(state, last) !== lastDay) planned.push({ notice: last, dueAt: pinned });
  }
  for (const notice of noticesOf(policy)) {
    const moment = milestoneMoment(notice, lastDay, state.accountId, policy);
    if (moment <= now || lastToldDay(state, notice) === lastDay) continue;
    if (noticeExists(state, policy, notice, lastDay)) planned.push({ notice, dueAt: moment });
  }
  // A late notice whose time has not come when a later one's has gives way to it.
  const [first, second] = planned;
  return first && second && second.dueAt <= first.dueAt ? planned.slice(1) : planned;
}

/**
 * The notice time at which a missed notice goes out, or `null` when none was missed or its time is set already.
 * `learned` = the last day, or a hold's end, became known just now; else only what a whole day missed counts, since
 * a notice may go out late on its own date.
 */
export function lateNoticeToPin(
  state: AccountState,
  policy: Policy,
  lastDay: CalendarDate,
  input: { readonly now: Instant; readonly learned: boolean },
): Instant | null {
  const { now, learned } = input;
  if (policy.noticesBy !== 'self' || state.stage === 'pending') return null;
  if (state.lateNotice?.lastDay === lastDay) return null;
  const next = nextNoticeMoment(now, state.accountId, policy);
  const overdue = overdueNotice(state, policy, lastDay, now);
  if (overdue) {
    const missed = learned || dateOf(overdue.moment, policy.timeZone) < dateOf(now, policy.timeZone);
    return missed ? next : null;
  }
  return isUnnamedBlockOverdue(state, policy, lastDay, now) ? next : null;
}

/**
 * When the first notice that named this last day was or will be due; `null` when the policy has no notices or
 * no such wait. A block comes only `blockAfterNoticeDays` later.
 */
function firstNamedAt(
  state: AccountState,
  policy: Policy,
  lastDay: CalendarDate,
  now: Instant,
): Instant | null {
  if (policy.noticesBy !== 'self' || policy.blockAfterNoticeDays === 0 || noticesOf(policy).length === 0)
    return null;
  if (state.named?.lastDay === lastDay) return state.named.dueAt;
  const [first] = plannedNotices(state, policy, lastDay, now);
  if (first) return first.dueAt;
  const block = milestoneOf(policy, 'block');
  if (!block) return null;
  const overdueAt = Math.max(now, milestoneMoment(block, lastDay, state.accountId, policy));
  return nextNoticeMoment(overdueAt, state.accountId, policy);
}

/** When the block may be carried out. Rule: "No block without warning". */
export function blockMoment(
  state: AccountState,
  policy: Policy,
  lastDay: CalendarDate,
  now: Instant,
): Instant | null {
  const block = milestoneOf(policy, 'block');
  if (!block) return null;
  const moment = milestoneMoment(block, lastDay, state.accountId, policy);
  const namedAt = firstNamedAt(state, policy, lastDay, now);
  if (namedAt === null) return moment;
  return Math.max(moment, daysLater(namedAt, policy.blockAfterNoticeDays, policy.timeZone));
}
