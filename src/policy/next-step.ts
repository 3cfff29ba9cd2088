import type { AccountState } from '../contracts/account.ts';
import type { Policy } from '../contracts/policy.ts';
import type { NextStep, Step } from '../contracts/step.ts';
import type { Instant } from '../contracts/time.ts';
import { accessSteps } from './access-steps.ts';
import { addDays } from './calendar.ts';
import { accountDate, factsOn, isFinal, isPaused, isUncompared } from './facts.ts';
import { guestSteps } from './guest-steps.ts';
import { instanceSteps } from './instance-steps.ts';
import { allClearSteps, milestoneSteps, reminderSteps } from './milestone-steps.ts';
import { dateMoment, milestoneMoment, milestoneOf } from './moments.ts';
import { isHeldByMerge, mergeSteps } from './merge-steps.ts';
import { reassignSteps } from './reassign-steps.ts';
import { compareDue, compareUrgency, isMilestone, step } from './steps.ts';

/** Everything that is due or foreseen, in the order in which it comes, whether a hold stops it or not. */
function foreseen(state: AccountState, policy: Policy, now: Instant): readonly Step[] {
  const steps = [
    ...accessSteps(state, policy, now),
    ...instanceSteps(state, now),
    // Before its first comparison with HR, which an admin may have to approve, nothing is taken from it.
    ...(isUncompared(state) && !state.holds.ignored ? [] : milestoneSteps(state, policy, now)),
    ...guestSteps(state, policy, now),
    ...reassignSteps(state),
    ...mergeSteps(state),
    ...allClearSteps(state, policy, now),
    ...reminderSteps(state, policy, now),
  ].sort(compareDue);
  // What comes after the return belongs to a leaving that the return ends.
  const back = steps.find((one) => one.giveAccess === 'returned');
  return back
    ? steps.filter((one) => one.dueAt < back.dueAt || !isMilestone(one.action) || one === back)
    : steps;
}

/** A step of the plan, and whether a hold stops it for now. */
export interface PlannedStep {
  readonly step: Step;
  readonly held: boolean;
}

function isHeld(state: AccountState, one: Step): boolean {
  return isPaused(state) && isMilestone(one.action) && one.notice?.template !== 'returned';
}

/** The whole plan ahead as it stands now, held steps too. Pure. */
export function planAhead(state: AccountState, policy: Policy, now: Instant): readonly PlannedStep[] {
  if (isFinal(state.stage)) return [];
  if (isDeleteBegun(state)) return [{ step: finishDelete(state, now), held: false }];
  const plan = foreseen(state, policy, now).map((one) => ({ step: one, held: isHeld(state, one) }));
  // Leaving writes the status itself, unless it is held.
  const leaving = plan.find(({ step: one, held }) => one.action === 'leaving' && !held);
  return plan.filter(
    ({ step: one }) => one.action !== 'status' || one.activeStatus !== leaving?.step.activeStatus,
  );
}

/** The plan without what a hold stops: what is acted upon, and so the only measure of what is still planned. */
function freeSteps(state: AccountState, policy: Policy, now: Instant): readonly Step[] {
  if (isFinal(state.stage)) return [];
  if (isDeleteBegun(state)) return [finishDelete(state, now)];
  return foreseen(state, policy, now).filter((one) => !isHeld(state, one));
}

/** Every step that will be carried out as things stand: of the plan, what no hold stops, and recording. */
export function stepsInPlan(state: AccountState, policy: Policy, now: Instant): readonly Step[] {
  return [...freeSteps(state, policy, now), ...recording(state, now)];
}

/** Whether the account stands where the step can be carried out at all: delete only from `blocked`, a guest only after leaving. */
function isReachable(state: AccountState, one: Step): boolean {
  if (one.action === 'block') return state.stage === 'grace';
  if (one.action === 'guest') return state.stage === 'grace' || state.stage === 'blocked';
  return one.action !== 'delete' || state.stage === 'blocked';
}

function recording(state: AccountState, now: Instant): readonly Step[] {
  if (state.unrecorded.length === 0) return [];
  return [step({ key: 'record', action: 'record', dueAt: now, why: 'tell the registry what changed' })];
}

function isDeleteBegun(state: AccountState): boolean {
  return state.deleteBegun && state.stage === 'blocked';
}

function finishDelete(state: AccountState, now: Instant): Step {
  const lastDay = state.blocked?.lastDay ?? null;
  const key = `${String(state.epoch)}/delete/${lastDay ?? 'begun'}`;
  return step({ key, action: 'delete', dueAt: now, lastDay, why: 'a delete that has begun is finished' });
}

/** The calendar's moment of a block, at which it turns out whether a notice must name it first. */
function unnamedBlock(state: AccountState, policy: Policy, now: Instant): readonly Instant[] {
  const { lastDay } = factsOn(state, accountDate(state, policy, now));
  const block = milestoneOf(policy, 'block');
  if (!block || lastDay.type !== 'on' || state.stage !== 'grace' || policy.noticesBy !== 'self') return [];
  return [milestoneMoment(block, lastDay.date, state.accountId, policy)];
}

/** Whether the step itself said that it must not be carried out yet. */
function isHeldBack(state: AccountState, one: Step, now: Instant): boolean {
  return state.notBefore?.key === one.key && state.notBefore.at > now;
}

/** Moments at which nothing is done but the plan may change. */
function wakeUps(state: AccountState, policy: Policy, now: Instant): readonly Instant[] {
  const { future } = factsOn(state, accountDate(state, policy, now));
  const ignoredUntil = state.holds.ignored?.until ?? null;
  const dates = [
    ...(future === null ? [] : [future]),
    ...(ignoredUntil === null ? [] : [addDays(ignoredUntil, 1)]),
  ];
  return [
    ...dates.map((date) => dateMoment(date, state.accountId, policy)),
    ...state.failures.map((failure) => failure.retryAt),
    ...(state.notBefore === null ? [] : [state.notBefore.at]),
    ...unnamedBlock(state, policy, now),
  ].filter((at) => at > now);
}

/**
 * The first moment after `now` at which something else of the plan falls due, so that a step that is being retried must
 * be looked at again; `null` = only a message changes anything.
 */
export function nextLook(state: AccountState, policy: Policy, now: Instant): Instant | null {
  const later = freeSteps(state, policy, now).flatMap(({ dueAt }) => (dueAt > now ? [dueAt] : []));
  const at = Math.min(...later, ...wakeUps(state, policy, now));
  return Number.isFinite(at) ? at : null;
}

/**
 * What the account's workflow does now: carry out a step, wait for a moment or a message, or end. Pure: the same
 * state, policy and moment give the same answer, and the key of a step stays the same while it is the same step.
 */
export function nextStep(state: AccountState, policy: Policy, now: Instant): NextStep {
  if (isFinal(state.stage)) {
    const [record] = recording(state, now);
    if (!record) return { type: 'finished' };
    const failed = state.failures.find(({ key, retryAt }) => key === record.key && retryAt > now);
    return failed ? { type: 'wait', until: failed.retryAt, step: null } : { type: 'act', step: record };
  }
  const failing = new Set(state.failures.filter(({ retryAt }) => retryAt > now).map(({ key }) => key));
  const plan = freeSteps(state, policy, now);
  const due = [...plan, ...recording(state, now)]
    .filter((one) => one.dueAt <= now && isReachable(state, one) && !failing.has(one.key))
    .filter((one) => !isHeldBack(state, one, now) && !isHeldByMerge(state, one))
    .sort(compareUrgency(state));
  const [first] = due;
  if (first) return { type: 'act', step: first };
  const later = plan.filter((one) => one.dueAt > now);
  const until = Math.min(...later.map((one) => one.dueAt), ...wakeUps(state, policy, now));
  return { type: 'wait', until: Number.isFinite(until) ? until : null, step: later[0] ?? null };
}
