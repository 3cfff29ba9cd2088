import type { AccountState } from '../contracts/account.ts';
import type { Policy } from '../contracts/policy.ts';
import type { Instant } from '../contracts/time.ts';
import { addDays, dateOf } from './calendar.ts';
import { accountDate, factsOn, isPaused } from './facts.ts';
import { gaveUp, isOver, leftHalfway } from './fold-step.ts';
import { nextNoticeMoment } from './moments.ts';
import { stepsInPlan } from './next-step.ts';
import { withNote } from './notes.ts';
import { lateNoticeToPin } from './notices.ts';
import { actionOfKey, noticeOfKey } from './steps.ts';

/** Sets or drops the all-clear: due while the person is valid beyond a date that they were told. */
function withAllClear(state: AccountState, policy: Policy, at: Instant): AccountState {
  // Who has left again is not told that all is well.
  if (state.stage !== 'active') return state.allClear ? { ...state, allClear: null } : state;
  if (policy.noticesBy !== 'self' || state.allClear?.returned) return state;
  const { lastDay, valid } = factsOn(state, accountDate(state, policy, at));
  const tolds = Object.values(state.told).flatMap((told) => (told.lastDay === null ? [] : [told.lastDay]));
  const told = tolds.filter(
    (date) => lastDay.type === 'open' || (lastDay.type === 'on' && date < lastDay.date),
  );
  const latest = told.sort().at(-1) ?? null;
  const isDue = valid && latest !== null && !isPaused(state);
  if (!isDue) return state.allClear ? { ...state, allClear: null } : state;
  if (state.allClear) return state;
  const dueAt = nextNoticeMoment(at, state.accountId, policy);
  return { ...state, allClear: { told: latest, dueAt, returned: false } };
}

/** Sets the notice time of a notice that was missed. */
function withLateNotice(
  state: AccountState,
  policy: Policy,
  at: Instant,
  input: { readonly learned: boolean; readonly isLook: boolean },
): AccountState {
  const { lastDay } = factsOn(state, accountDate(state, policy, at));
  const date = lastDay.type === 'on' ? lastDay.date : null;
  // While ignored nothing is told; when it ends, what was missed is told at the notice time after that.
  if (date === null || isPaused(state)) return state.lateNotice ? { ...state, lateNotice: null } : state;
  const pinned = state.lateNotice;
  const isMissed = pinned !== null && input.isLook && isMissedAgain(state, policy, pinned, at);
  const kept = pinned && (pinned.lastDay !== date || isMissed) ? { ...state, lateNotice: null } : state;
  const dueAt = lateNoticeToPin(kept, policy, date, { now: at, learned: input.learned });
  if (dueAt === null) return kept;
  return { ...kept, lateNotice: { lastDay: date, dueAt, ...(isMissed && { again: true }) } };
}

/**
 * Nobody worked on the day on which a missed notice was to go out, nor on the next two; one that was tried and failed
 * is another matter. It is put off once only: where looks are always late, it would never go out.
 */
function isMissedAgain(
  state: AccountState,
  policy: Policy,
  pinned: NonNullable<AccountState['lateNotice']>,
  at: Instant,
): boolean {
  if (pinned.again) return false;
  const isLater = addDays(dateOf(pinned.dueAt, policy.timeZone), 2) < dateOf(at, policy.timeZone);
  return isLater && !state.failures.some(({ key }) => actionOfKey(key) === 'notice');
}

/** The last day that counts when HR shows no affiliation that ever began. Rule: "When everything vanishes". */
function withVanished(before: AccountState, state: AccountState, policy: Policy, at: Instant): AccountState {
  const today = accountDate(state, policy, at);
  const { observation } = state;
  const bare = { ...state, vanishedLastDay: null, adminDate: null };
  const isKnown = factsOn(bare, today).lastDay.type !== 'unknown';
  if (isKnown || state.stage === 'pending' || observation === null) {
    return state.vanishedLastDay === null ? state : { ...state, vanishedLastDay: null };
  }
  if (state.vanishedLastDay !== null) return state;
  const known = factsOn({ ...before, adminDate: null }, today).lastDay;
  const confirmedOn = dateOf(at, policy.timeZone);
  const vanishedLastDay = known.type === 'on' && known.date < confirmedOn ? known.date : confirmedOn;
  return { ...state, vanishedLastDay };
}

/** A joiner who will not come: nothing valid, nothing ahead. */
function withoutJoiner(state: AccountState, policy: Policy, at: Instant): AccountState {
  if (state.stage !== 'pending' || state.observation === null) return state;
  const { valid, future } = factsOn(state, accountDate(state, policy, at));
  // An account that was made halfway is turned off before it ends.
  if (valid || future !== null || state.access === 'partial') return state;
  const what = 'the person never came: the account ends, its login stays reserved';
  return withNote({ ...state, stage: 'neverJoined', stageSince: at }, { at, what });
}

/** Whether a later notice of the same last day has taken the place of the one with this key. */
function isSuperseded(state: AccountState, policy: Policy, key: string, at: Instant): boolean {
  const { lastDay } = factsOn(state, accountDate(state, policy, at));
  return actionOfKey(key) === 'notice' && lastDay.type === 'on' && key.split('/').at(-2) === lastDay.date;
}

/**
 * Drops failures of steps that are no longer in the plan, as if each had been called off, and gives up notices whose
 * time is over: else the account would stay in trouble that nobody can mend.
 */
function withoutStaleFailures(state: AccountState, policy: Policy, at: Instant): AccountState {
  if (state.failures.length === 0) return state;
  const plan = stepsInPlan(state, policy, at);
  return state.failures.reduce((before, { key }) => {
    const step = plan.find((one) => one.key === key);
    if (step) return isOver(step, at) ? gaveUp(before, step, at) : before;
    const rest = { ...before, failures: before.failures.filter((one) => one.key !== key) };
    const action = actionOfKey(key);
    const isLost = action === 'reminder' || action === 'allClear' || isSuperseded(rest, policy, key, at);
    return isLost
      ? withNote(rest, { at, what: `${action}: not delivered in its time`, failedNotice: noticeOfKey(key) })
      : leftHalfway(rest, { key, action });
  }, state);
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
  /** Somebody looks at what is due, and nothing is being carried out. */
  readonly isLook?: boolean;
}): AccountState {
  const { before, policy, at, isLook = false } = input;
  const freed = withWithheld(withoutEndedHold(input.state, policy, at));
  const dated = withVanished(before, freed, policy, at);
  const settled = withoutJoiner(withoutStaleFailures(dated, policy, at), policy, at);
  const learned = isLearned(before, settled, policy, at);
  return withLateNotice(withAllClear(settled, policy, at), policy, at, { learned, isLook });
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
