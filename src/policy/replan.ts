import type { AccountState } from '../contracts/account.ts';
import type { Policy } from '../contracts/policy.ts';
import type { CalendarDate, Instant } from '../contracts/time.ts';
import { addDays, dateOf, laterOf } from './calendar.ts';
import { accountDate, factsOn } from './facts.ts';
import { nextNoticeMoment } from './moments.ts';
import { lateNoticeToPin } from './notices.ts';

/** The latest date the person was told and not cleared of; `null` = none. */
function latestTold(state: AccountState): CalendarDate | null {
  return Object.values(state.told).reduce<CalendarDate | null>(
    (latest, { lastDay }) =>
      lastDay === null ? latest : latest === null ? lastDay : laterOf(latest, lastDay),
    null,
  );
}

/** Sets or drops the all-clear: due while the person is valid beyond a date that they were told. */
function withAllClear(state: AccountState, policy: Policy, at: Instant): AccountState {
  if (policy.noticesBy !== 'self' || state.stage !== 'active' || state.allClear?.returned) return state;
  const { lastDay, valid } = factsOn(state, accountDate(state, policy, at));
  const tolds = Object.values(state.told).flatMap((told) => (told.lastDay === null ? [] : [told.lastDay]));
  const told = tolds.filter(
    (date) => lastDay.type === 'open' || (lastDay.type === 'on' && date < lastDay.date),
  );
  const isDue = valid && told.length > 0 && state.holds.ignored === null;
  if (!isDue) return state.allClear ? { ...state, allClear: null } : state;
  if (state.allClear) return state;
  const dueAt = nextNoticeMoment(at, state.accountId, policy);
  return { ...state, allClear: { told: latestTold(state), dueAt, returned: false } };
}

/** Sets the notice time of a notice that was missed. */
function withLateNotice(state: AccountState, policy: Policy, at: Instant, learned: boolean): AccountState {
  const { lastDay } = factsOn(state, accountDate(state, policy, at));
  const date = lastDay.type === 'on' ? lastDay.date : null;
  // While ignored nothing is told; when it ends, what was missed is told at the notice time after that.
  if (date === null || state.holds.ignored) return state.lateNotice ? { ...state, lateNotice: null } : state;
  const kept =
    state.lateNotice?.lastDay === date || !state.lateNotice ? state : { ...state, lateNotice: null };
  const dueAt = lateNoticeToPin(kept, policy, date, { now: at, learned });
  return dueAt === null ? kept : { ...kept, lateNotice: { lastDay: date, dueAt } };
}

/** The last day that counts when HR shows no affiliation that ever began. Rule: "When everything vanishes". */
function withVanished(before: AccountState, state: AccountState, policy: Policy, at: Instant): AccountState {
  const today = dateOf(at, policy.timeZone);
  const { observation } = state;
  const bare = { ...state, vanishedLastDay: null, adminDate: null };
  const isKnown = factsOn(bare, today).lastDay.type !== 'unknown';
  if (isKnown || state.stage === 'pending' || observation === null) {
    return state.vanishedLastDay === null ? state : { ...state, vanishedLastDay: null };
  }
  if (state.vanishedLastDay !== null) return state;
  const known = factsOn({ ...before, adminDate: null }, today).lastDay;
  const vanishedLastDay = known.type === 'on' && known.date < today ? known.date : today;
  return { ...state, vanishedLastDay };
}

/** A joiner who will not come: nothing valid, nothing ahead. */
function withoutJoiner(state: AccountState, policy: Policy, at: Instant): AccountState {
  if (state.stage !== 'pending' || state.observation === null) return state;
  const { valid, future } = factsOn(state, accountDate(state, policy, at));
  return valid || future !== null ? state : { ...state, stage: 'neverJoined', stageSince: at };
}

/** A hold that was given an end has come to it. */
function withoutEndedHold(state: AccountState, policy: Policy, at: Instant): AccountState {
  const until = state.holds.ignored?.until ?? null;
  if (until === null || accountDate(state, policy, at) < addDays(until, 1)) return state;
  return { ...state, holds: { ...state.holds, ignored: null } };
}

/** An observation that waited for the end of a hold on an experiment account. */
function withWithheld(state: AccountState): AccountState {
  if (state.withheld === null || state.holds.ignored) return state;
  const newer = state.withheld.number > (state.observation?.number ?? -1);
  return { ...state, withheld: null, observation: newer ? state.withheld : state.observation };
}

/**
 * Brings everything that follows from facts, holds and time into line, after any change and at every look:
 * ended holds, the vanished last day, joiners who never come, all-clears and late notices. Answers the same object
 * when nothing changed.
 */
export function replan(input: {
  readonly before: AccountState;
  readonly state: AccountState;
  readonly policy: Policy;
  readonly at: Instant;
}): AccountState {
  const { before, policy, at } = input;
  const freed = withWithheld(withoutEndedHold(input.state, policy, at));
  const dated = withoutJoiner(withVanished(before, freed, policy, at), policy, at);
  const learned = isLearned(before, dated, policy, at);
  return withLateNotice(withAllClear(dated, policy, at), policy, at, learned);
}

/** Whether the last day, or that milestones count again, became known just now. */
function isLearned(before: AccountState, after: AccountState, policy: Policy, at: Instant): boolean {
  if (before === after) return false;
  const today = accountDate(after, policy, at);
  const [was, is] = [factsOn(before, today).lastDay, factsOn(after, today).lastDay];
  const moved = was.type !== is.type || (was.type === 'on' && is.type === 'on' && was.date !== is.date);
  const resumed = before.holds.ignored !== null && after.holds.ignored === null;
  return moved || resumed || before.stage !== after.stage;
}
