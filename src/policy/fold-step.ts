import type { AccountState } from '../contracts/account.ts';
import type { Policy } from '../contracts/policy.ts';
import type { Step, StepOutcome } from '../contracts/step.ts';
import type { CalendarDate, Instant } from '../contracts/time.ts';
import { DAY_MS } from '../contracts/time.ts';
import { assertNever } from './assert-never.ts';
import { accountDate, activeStatusOn, factsOn, wantsAccess } from './facts.ts';
import { withoutGuestChange } from './guest-steps.ts';
import { saysHold } from './instance-steps.ts';
import { withFollowed, withoutMerge } from './merge-steps.ts';
import { withNote, withPast } from './notes.ts';
import { withOwner, withoutReassign } from './reassign-steps.ts';

type Done = Extract<StepOutcome, { result: 'done' }>;

function withStage(state: AccountState, stage: AccountState['stage'], at: Instant): AccountState {
  return { ...state, stage, stageSince: at };
}

/** What the targets hold after a step that set access to what the account should have. */
function withAccessAsWanted(state: AccountState): AccountState {
  return { ...state, access: wantsAccess(state) ? 'on' : 'off' };
}

function withStatusToday(state: AccountState, today: CalendarDate): AccountState {
  if (state.kind !== 'primary') return state;
  return { ...state, activeStatus: activeStatusOn(state.stage, factsOn(state, today).lastDay, today) };
}

/**
 * What was told no longer counts, but for a date that still holds; how often something was told stays, since keys of
 * notices count it.
 */
function withoutTold(state: AccountState, holds: CalendarDate | null): AccountState {
  const told = Object.entries(state.told).map(
    ([offset, { lastDay, times }]) =>
      [offset, { lastDay: lastDay === holds ? lastDay : null, times }] as const,
  );
  return { ...state, told: Object.fromEntries(told) };
}

/**
 * All is clear: what was told no longer counts, nor does a block that it named. A notice of the new date may have gone
 * out while this mail could not be delivered: it stands.
 */
function cleared(state: AccountState, step: Step): AccountState {
  const named = state.named?.lastDay === step.lastDay ? state.named : null;
  return { ...withoutTold(state, step.lastDay), named, allClear: null, allClears: state.allClears + 1 };
}

function activated(state: AccountState, today: CalendarDate, at: Instant): AccountState {
  // While ignored no exclusion begins; one that holds goes on.
  const isHeld = state.holds.ignored !== null && state.holds.excluded === null;
  // A service account goes on while its owner is on leave.
  const begins = !isHeld && state.kind !== 'service';
  const excluded = factsOn(state, today).excluded && begins ? { at } : null;
  const active = { ...withStage(state, 'active', at), managedSince: at, holds: { ...state.holds, excluded } };
  return withStatusToday(withAccessAsWanted(active), today);
}

function returned(state: AccountState, policy: Policy, today: CalendarDate, at: Instant): AccountState {
  const latest = Object.values(state.told).flatMap(({ lastDay }) => (lastDay === null ? [] : [lastDay]));
  const allClear =
    policy.noticesBy === 'self' ? { told: latest.sort().at(-1) ?? null, dueAt: at, returned: true } : null;
  const untold = withoutTold(
    { ...state, blocked: null, named: null, lateNotice: null, notBefore: null },
    null,
  );
  return { ...activated(untold, today, at), departure: state.departure + 1, allClear };
}

function accessGiven(state: AccountState, step: Step, policy: Policy, at: Instant): AccountState {
  const raised = { ...state, epoch: state.epoch + 1 };
  const today = accountDate(state, policy, at);
  switch (step.giveAccess) {
    case 'returned':
      return returned(raised, policy, today, at);
    case 'corrected':
      return withAccessAsWanted({ ...withStage(raised, 'grace', at), blocked: null, notBefore: null });
    case 'exclusionEnded':
      return withAccessAsWanted({ ...raised, holds: { ...raised.holds, excluded: null } });
    case 'enabled':
    case 'repaired':
    case null:
      return withAccessAsWanted(raised);
    default:
      return assertNever(step.giveAccess);
  }
}

/** The first notice that names a last day counts from when it was due, delivered or not. */
export function withNamed(state: AccountState, step: Step): AccountState {
  const { action, lastDay, dueAt } = step;
  if (action !== 'notice' || lastDay === null || state.named?.lastDay === lastDay) return state;
  return { ...state, named: { lastDay, dueAt } };
}

function told(state: AccountState, step: Step): AccountState {
  const { lastDay, notice } = step;
  const number = notice?.offset ?? null;
  if (lastDay === null || number === null) return state;
  const offset = String(number);
  const times = (state.told[offset]?.times ?? 0) + 1;
  return {
    ...withNamed(state, step),
    told: { ...state.told, [offset]: { lastDay, times } },
    lateNotice: state.lateNotice?.lastDay === lastDay ? null : state.lateNotice,
  };
}

function reminded(state: AccountState, step: Step): AccountState {
  if (step.notice?.template === 'hold-ends') {
    const { ignored } = state.holds;
    return { ...state, holds: { ...state.holds, ignored: ignored && { ...ignored, reminded: true } } };
  }
  return { ...state, adminDate: state.adminDate && { ...state.adminDate, reminded: true } };
}

/** What the label `ignore` was told: the hold may be another one by the time that it has been. */
function withLabelIgnore(state: AccountState, ignored: boolean): AccountState {
  return state.instance === undefined ? state : { ...state, instance: { ...state.instance, ignored } };
}

function withGuest(state: AccountState, guest: NonNullable<AccountState['guest']>['state']): AccountState {
  return { ...state, guest: { departure: state.departure, state: guest } };
}

function effectOf(state: AccountState, step: Step, policy: Policy, outcome: Done): AccountState {
  const { at } = outcome;
  const today = accountDate(state, policy, at);
  switch (step.action) {
    case 'activate':
      return activated(state, today, at);
    case 'giveAccess':
      return accessGiven(state, step, policy, at);
    case 'leaving':
      return { ...withStage(state, 'grace', at), activeStatus: step.activeStatus ?? state.activeStatus };
    case 'status':
      return { ...state, activeStatus: step.activeStatus };
    case 'disable':
      return { ...state, access: 'off' };
    case 'exclude':
      return { ...state, access: 'off', holds: { ...state.holds, excluded: { at } } };
    case 'transfer':
      return outcome.newOwner ? withOwner(state, outcome.newOwner) : state;
    case 'reassign': {
      const settled = withoutReassign(state);
      return outcome.newOwner ? withOwner(settled, outcome.newOwner) : settled;
    }
    case 'merge': {
      const settled = withoutMerge(state, step);
      return outcome.followed ? withFollowed(settled, outcome.followed) : settled;
    }
    case 'guest':
      return withGuest(state, 'open');
    case 'shutGuest':
      return withGuest(state, 'shut');
    case 'writeGuests':
      return withoutGuestChange(state, step);
    case 'notice':
      return told(state, step);
    case 'allClear':
      return cleared(state, step);
    case 'reminder':
      return reminded(state, step);
    case 'block':
      return {
        ...withStage(state, 'blocked', at),
        access: 'off',
        blocked: { lastDay: step.lastDay ?? today, at },
      };
    case 'delete':
      return { ...withStage(state, 'deleted', at), access: 'off' };
    case 'adminDate':
      return { ...state, adminDate: state.adminDate && { ...state.adminDate, written: true } };
    case 'hold':
      return withLabelIgnore(state, saysHold(step));
    case 'record':
      return state;
    default:
      return assertNever(step.action);
  }
}

function withoutFailure(state: AccountState, step: Step): AccountState {
  if (!state.failures.some(({ key }) => key === step.key)) return state;
  return { ...state, failures: state.failures.filter(({ key }) => key !== step.key) };
}

function withRecorded(state: AccountState, recorded: number): AccountState {
  return { ...state, unrecorded: state.unrecorded.filter(({ sequence }) => sequence > recorded) };
}

/** A step was carried out. */
export function foldDone(state: AccountState, step: Step, policy: Policy, outcome: Done): AccountState {
  const effect = effectOf(withoutFailure(state, step), step, policy, outcome);
  const recorded = withRecorded(effect, outcome.recorded);
  if (step.action === 'record') return recorded;
  return withPast(recorded, step, { at: outcome.at, result: 'done', note: outcome.note });
}

/** A step refused to be carried out; an observation it made is folded by the caller. */
export function foldRefused(
  state: AccountState,
  step: Step,
  outcome: Extract<StepOutcome, { result: 'refused' }>,
): AccountState {
  const known = withRecorded(withoutFailure(state, step), outcome.recorded);
  // An earlier attempt acted before this one was refused.
  const base = outcome.begun ? leftHalfway(known, step) : known;
  const past = (note: string) => withPast(base, step, { at: outcome.at, result: 'refused', note });
  switch (outcome.why.code) {
    case 'observation':
      return past('HR, read afresh, says otherwise');
    case 'instance':
      return past('the instance, read afresh, shows something else');
    case 'notBefore':
      return { ...past('the person was told too late'), notBefore: { key: step.key, at: outcome.why.at } };
    case 'deleteBegun':
      return { ...past('its deletion has begun and is finished'), deleteBegun: true };
    default:
      return assertNever(outcome.why);
  }
}

/** After a failure that no retry mends, the step is tried again a day later. */
const FAILED_RETRY_MS = DAY_MS;

/** A step failed; a notice that fails when its time is over is given up. */
export function foldFailed(
  state: AccountState,
  step: Step,
  failure: { readonly at: Instant; readonly code: string; readonly message: string },
): AccountState {
  const { at, code, message } = failure;
  if (isOver(step, at)) return gaveUp(state, step, at);
  const since = state.failures.find(({ key }) => key === step.key)?.since ?? at;
  const kept = state.failures.filter(({ key }) => key !== step.key);
  const failures = [...kept, { key: step.key, code, message, since, retryAt: at + FAILED_RETRY_MS }];
  // Of a guest account that failed somewhere, another directory may have it by now.
  const left = step.action === 'guest' ? leftHalfway(state, step) : state;
  return withNote({ ...left, failures }, { at, what: `${step.action} failed: ${code}` });
}

/** Whether the deadline of a mail has come. */
export function isOver(step: Step, at: Instant): boolean {
  return step.deadline !== null && at >= step.deadline;
}

/** A notice that could not be delivered by the next milestone: the plan goes on, and an alarm says so. */
export function gaveUp(state: AccountState, step: Step, at: Instant): AccountState {
  const noted = withNote(withoutFailure(state, step), {
    at,
    what: `${step.why}: not delivered in time`,
    failedNotice: step.notice?.key ?? null,
  });
  const past = withPast(noted, step, { at, result: 'failed', note: 'not delivered in time' });
  if (step.action === 'notice') return told(past, step);
  if (step.action === 'reminder') return reminded(past, step);
  return cleared(past, step);
}

/** A step was called off: at its deadline, or because the plan changed while it was retried. */
export function foldCalledOff(state: AccountState, step: Step, at: Instant): AccountState {
  return isOver(step, at) ? gaveUp(state, step, at) : leftHalfway(state, step);
}

/**
 * The label may say by now what the step was to write: if the hold is another one since, the opposite step is due. Else it
 * is still due itself.
 */
function withLabelMaybe(state: AccountState, step: Pick<Step, 'key'>): AccountState {
  const said = saysHold(step);
  return said === (state.holds.ignored !== null) ? state : withLabelIgnore(state, said);
}

/** What is known of the targets after a step that may have been carried out on some of them. */
export function leftHalfway(state: AccountState, step: Pick<Step, 'key' | 'action'>): AccountState {
  const { action } = step;
  switch (action) {
    case 'giveAccess':
      // It may have given access somewhere: what was taken away in this epoch must be taken away anew.
      return { ...state, access: 'partial', epoch: state.epoch + 1 };
    case 'activate':
      // It is made anew under an epoch of its own, wherever it was made and turned off again.
      return { ...state, access: 'partial', epoch: state.epoch + 1 };
    case 'block':
    case 'disable':
    case 'exclude':
      return { ...state, access: 'partial' };
    case 'leaving':
    case 'status':
      return { ...state, activeStatus: null };
    case 'guest':
    case 'shutGuest':
      return withGuest(state, 'partial');
    case 'notice':
    case 'allClear':
    case 'reminder':
    case 'transfer':
    case 'writeGuests':
    case 'reassign':
    case 'merge':
    case 'delete':
    case 'adminDate':
    case 'record':
      return state;
    case 'hold':
      return withLabelMaybe(state, step);
    default:
      return assertNever(action);
  }
}
