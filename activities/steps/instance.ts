import { isExpiryMarked, LIFECYCLE_STATUS, ours, valueOf } from '../../src/policy/instance/labels.ts';
import { isExpired, lastDayOfEndTime, stageShown } from '../../src/policy/instance-facts.ts';
import type { Observation } from '../../src/contracts/affiliation.ts';
import type { LifecycleStatus } from '../../src/contracts/instance.ts';
import type { Instant } from '../../src/contracts/time.ts';
import { IamError, LifecycleError } from '../../src/errors.ts';
import { accountDate } from '../../src/policy/facts.ts';
import { laterOf, startOfDate } from '../../src/policy/calendar.ts';
import { governing } from '../../src/policy/governing.ts';
import { saysHold } from '../../src/policy/instance-steps.ts';
import { milestoneOf } from '../../src/policy/moments.ts';
import type { PersonRow } from '../../src/registry/registry.ts';
import { effectKey } from '../effect-key.ts';
import { effectOnce } from '../effects.ts';
import { freshLook } from '../fresh-look.ts';
import { isStoppedByFreeze } from '../frozen.ts';
import { keepActive } from '../instance/keep-active.ts';
import { type InstanceLook, lookAtAccount } from '../instance/look-at-account.ts';
import type { StepContext, StepResult } from '../step-context.ts';
import { lossWaits } from './loss-waits.ts';

/** The target's name in effects. */
const TARGET = 'indigo-iam';
/** Under this name a block announces that it turns the account off; done is only what it has given back. */
const TURNED_OFF = 'indigo-iam/active';

function isGone(): LifecycleError {
  return new LifecycleError({
    code: 'IAM_NO_ACCOUNT',
    message:
      'the instance has no such account any more; waiting for the next synchronisation, which plans what follows',
    retryable: true,
  });
}

async function lookHere(context: StepContext): Promise<InstanceLook> {
  const look = await lookAtAccount(context);
  if (look === null) throw isGone();
  return look;
}

/** Acts on the account as it is now, once, and answers what the instance shows afterwards. */
async function onInstance(
  context: StepContext,
  look: InstanceLook,
  act: (look: InstanceLook) => Promise<string>,
): Promise<StepResult> {
  const note = await effectOnce(context, TARGET, () => act(look));
  const { facts } = await lookHere(context);
  return { result: 'done', note: note ?? context.input.step.why, facts };
}

/** Another end than the step follows from: the account plans anew from what the instance shows. */
function isOtherEnd({ user }: InstanceLook, { input, now }: StepContext): boolean {
  if (user.endTime === null || !isExpired(user.endTime, now)) return true;
  const end = lastDayOfEndTime(user.endTime);
  const adminDate = input.state.adminDate?.until ?? null;
  return (adminDate === null ? end : laterOf(end, adminDate)) !== input.step.lastDay;
}

function showsOther({ facts }: InstanceLook): StepResult {
  return { result: 'refused', why: { code: 'instance', facts } };
}

async function setLifecycleStatus(
  context: StepContext,
  { instance, user, labels }: InstanceLook,
  value: LifecycleStatus,
): Promise<void> {
  const label = { ...LIFECYCLE_STATUS, value };
  await instance.iam.setLabel({ id: user.id, labels, label, signal: context.signal });
}

/** Whether the lifecycle has gone further with it than this step would: its mark says more, and stays. */
function isFurther({ facts }: InstanceLook, now: Instant): boolean {
  return stageShown(facts, now) !== 'active' && facts.lifecycleStatus !== 'PENDING_SUSPENSION';
}

/** Thrown out of an effect that was taken back, so that it does not count as done. */
class TakenBack extends Error {
  readonly look: InstanceLook;
  constructor(look: InstanceLook) {
    super('the account was given back');
    this.look = look;
  }
}

/** Carries out an effect that may be taken back: then it is refused with what the instance shows. */
async function orTakenBack(acting: Promise<StepResult>): Promise<StepResult> {
  try {
    return await acting;
  } catch (error) {
    if (error instanceof TakenBack) return showsOther(error.look);
    throw error;
  }
}

/**
 * Takes away the mark that this step wrote, if its end is another one by now: the mark stands for an end that is over, and
 * IAM takes it away itself only if the end moves after it was written.
 */
async function withoutMark(
  context: StepContext,
  look: InstanceLook,
  mark: LifecycleStatus,
): Promise<InstanceLook> {
  const { instance, user, labels, facts } = look;
  if (!isOtherEnd(look, context) || facts.lifecycleStatus !== mark) return look;
  const { signal } = context;
  await instance.iam.deleteLabel({ id: user.id, labels, label: LIFECYCLE_STATUS, signal });
  return lookHere(context);
}

/** Marks the account, unless its end moved meanwhile: then that is taken back. */
async function markOnly(context: StepContext, look: InstanceLook, mark: LifecycleStatus): Promise<void> {
  await setLifecycleStatus(context, look, mark);
  const after = await lookHere(context);
  if (isOtherEnd(after, context)) throw new TakenBack(await withoutMark(context, after, mark));
}

/** The end time is over: the account is marked, and stays active for the days of grace. */
export async function expireInInstance(context: StepContext): Promise<StepResult> {
  const look = await lookHere(context);
  if (isOtherEnd(look, context)) return showsOther(await withoutWritten(context, look, 'PENDING_SUSPENSION'));
  if (isFurther(look, context.now)) return showsOther(look);
  const marking = onInstance(context, look, async () => {
    await markOnly(context, look, 'PENDING_SUSPENSION');
    return 'marked as PENDING_SUSPENSION';
  });
  return orTakenBack(marking);
}

/**
 * What the account was told last. Of a step that is retried the state is that of its beginning: what a plan applied since
 * stands in the person's row. `null` = nothing yet, so that what it has in its instance counts: an end that is over.
 */
function toldLast({ input }: StepContext, person: PersonRow | null): Observation | null {
  const { observation, withheld } = input.state;
  const tolds = [observation, withheld, person?.applied ?? null].filter((told) => told !== null);
  return tolds.sort((a, b) => a.number - b.number).at(-1) ?? null;
}

/**
 * Throws, to be retried, if HR, read afresh, knows the person as a member: the next synchronisation moves the end. And if
 * it does not, but the account was told so: that loss waits for the next plan, and its safeguard. Rule: "A fresh look".
 */
async function refuseByHr(context: StepContext): Promise<void> {
  const { state, policy } = context.input;
  const { observation: fresh, person } = await freshLook(context, state.personId);
  const { kind, experiment } = state;
  const today = accountDate(state, policy, context.now);
  const isMember = (observation: Observation) =>
    governing({ kind, experiment, observation, today }).standing === 'member';
  if (isMember(fresh)) {
    throw new LifecycleError({
      code: 'HR_SAYS_MEMBER',
      message:
        'HR, read afresh, shows a valid participation; waiting for the next synchronisation, which moves the end',
      retryable: true,
    });
  }
  const told = toldLast(context, person);
  if (told !== null && isMember(told)) throw lossWaits('the participation that the account was told of');
}

/**
 * The account as it is after HR was read afresh: much may have changed while HR was asked. `null` = it is not there. While
 * it is ignored HR does not count, as the label says now, and is not asked. Throws if HR knows the person as a member, or
 * did when the account was told last.
 */
async function lookAfterHr(context: StepContext, look: InstanceLook): Promise<InstanceLook | null> {
  if (look.facts.ignored) return look;
  await refuseByHr(context);
  return lookAtAccount(context);
}

/** Gives back what this step has turned off, and answers what the instance shows then. */
async function giveBack(context: StepContext, { instance, user }: InstanceLook): Promise<InstanceLook> {
  const { deps, fence, now, signal } = context;
  await instance.iam.setActive({ user, active: true, signal });
  const key = effectKey(context, TURNED_OFF);
  await deps.registry.effectDone({ key, fence, at: now, note: 'given back' });
  return lookHere(context);
}

/**
 * Takes back what an attempt of this step that was cut off has written, once somebody has moved the end: without its mark
 * an account that is off would be taken for suspended by an admin, and a mark on a valid one stands for nothing.
 */
async function withoutWritten(
  context: StepContext,
  look: InstanceLook,
  mark: LifecycleStatus,
): Promise<InstanceLook> {
  const { accountId, epoch, action, lastDay } = effectKey(context, TURNED_OFF);
  const effects = await context.deps.registry.effects(accountId);
  const stateOf = (target: string) =>
    effects.find(
      (one) =>
        one.target === target && one.epoch === epoch && one.action === action && one.lastDay === lastDay,
    )?.state;
  // It was never begun, or came to its end.
  if (stateOf(TARGET) !== 'intent') return look;
  // Another mark than this step's is IAM's own, which suspended it.
  const isOurs = look.facts.lifecycleStatus === mark || !isExpiryMarked(look.labels);
  const isLeftOff = stateOf(TURNED_OFF) === 'intent' && !look.user.active && isOurs;
  return withoutMark(context, isLeftOff ? await giveBack(context, look) : look, mark);
}

/** Marks the account, then makes it inactive; if mark or end is another by then, it is given back. */
async function suspend(context: StepContext, look: InstanceLook, mark: LifecycleStatus): Promise<string> {
  const { instance, user } = look;
  const { deps, fence, now, signal } = context;
  if (!user.active) {
    await markOnly(context, look, mark);
    return `it was suspended by an admin; marked as ${mark}`;
  }
  await setLifecycleStatus(context, look, mark);
  await deps.registry.intend({
    ...{ key: effectKey(context, TURNED_OFF), fence, at: now },
    // Writing the mark may have taken a while.
    unlessFrozen: isStoppedByFreeze(context),
  });
  await instance.iam.setActive({ user, active: false, signal });
  const after = await lookHere(context);
  const isOther = after.facts.lifecycleStatus !== mark || isOtherEnd(after, context);
  if (isOther) throw new TakenBack(await withoutMark(context, await giveBack(context, after), mark));
  return `suspended, and marked as ${mark}`;
}

/**
 * The grace is over: inactive, and marked with what comes next. The mark comes first: an account that is found inactive
 * without it counts as suspended by an admin, and would never be restored.
 */
export async function suspendInInstance(context: StepContext): Promise<StepResult> {
  const first = await lookHere(context);
  const mark = milestoneOf(context.input.policy, 'delete') === null ? 'SUSPENDED' : 'PENDING_REMOVAL';
  if (isOtherEnd(first, context)) return showsOther(await withoutWritten(context, first, mark));
  const look = await lookAfterHr(context, first);
  if (look === null) throw isGone();
  if (isOtherEnd(look, context)) return showsOther(await withoutWritten(context, look, mark));
  return orTakenBack(onInstance(context, look, () => suspend(context, look, mark)));
}

/** Why the account is not to be deleted as it is now; `null` = it may be. */
function keptFromDeletion(look: InstanceLook, context: StepContext): StepResult | null {
  // Somebody has given it back since, or an admin's suspension is all that is left of ours: it is suspended first.
  const isBlocked = stageShown(look.facts, context.now) === 'blocked';
  return isOtherEnd(look, context) || !isBlocked ? showsOther(look) : null;
}

const DELETED_ALREADY: StepResult = { result: 'done', note: 'it was deleted in the instance already' };

/** Deletes the account in its instance. What is not there any more is deleted. */
export async function deleteInInstance(context: StepContext): Promise<StepResult> {
  const first = await lookAtAccount(context);
  if (first === null) return DELETED_ALREADY;
  const kept = keptFromDeletion(first, context);
  if (kept !== null) return kept;
  const look = await lookAfterHr(context, first);
  if (look === null) return DELETED_ALREADY;
  const keptNow = keptFromDeletion(look, context);
  if (keptNow !== null) return keptNow;
  const { instance, user } = look;
  await effectOnce(context, TARGET, async () => {
    await instance.iam.deleteUser({ id: user.id, signal: context.signal });
    return null;
  });
  return { result: 'done', note: 'deleted in the instance' };
}

/** A disabling by hand, or its end. */
export async function setActiveInInstance(context: StepContext): Promise<StepResult> {
  const { step, state } = context.input;
  const { action, giveAccess } = step;
  const active = action === 'giveAccess';
  return onInstance(context, await lookHere(context), async ({ instance, user, facts }) => {
    // A step that was called off may have suspended it, and so may an admin have, whose word stands.
    const isAdmins = facts.suspendedBy === 'admin' && state.turnedOff !== true;
    if (giveAccess === 'repaired' && isAdmins) return 'an admin suspended it: left as it is';
    await instance.iam.setActive({ user, active, signal: context.signal });
    return active ? 'active in the instance' : 'suspended in the instance';
  });
}

/** Sets or removes the label `ignore`, as the hold says. */
export async function mirrorHold(context: StepContext): Promise<StepResult> {
  const isHeld = saysHold(context.input.step);
  return onInstance(context, await lookHere(context), async ({ instance, user, labels }) => {
    const call = { id: user.id, labels, signal: context.signal };
    const label = ours('ignore');
    if (isHeld) await instance.iam.setLabel({ ...call, label: { ...label, value: null } });
    else await instance.iam.deleteLabel({ ...call, label });
    return isHeld ? 'label ignore set' : 'label ignore removed';
  });
}

/**
 * The end time becomes the later of the instance's and the admin's, and the account active: first active, then the end
 * time, then the mark of its expiry, so that an attempt that is cut off leaves what the next one finishes.
 */
export async function writeAdminDate(context: StepContext): Promise<StepResult> {
  const { step, state, policy } = context.input;
  const { signal } = context;
  return onInstance(context, await lookHere(context), async ({ instance, user, labels }) => {
    const { iam } = instance;
    const isOn = state.holds.disabledManually === null;
    if (isOn) {
      await iam.setActive({ user, active: true, signal });
      // An admin who suspends it from now on is not to be taken for the lifecycle. Only the older table has this label.
      const action = ours('action');
      if (valueOf(labels, action) === 'DISABLE_ACCOUNT') {
        await iam.setLabel({ id: user.id, labels, label: { ...action, value: 'RESTORE_ACCOUNT' }, signal });
      }
    }
    const until = step.lastDay === null ? null : startOfDate(step.lastDay, policy.timeZone);
    const isLater = until !== null && user.endTime !== null && user.endTime < until;
    const isWritten = isLater && (await isEndTimeSet(iam.setEndTime({ user, endTime: until, signal })));
    const end = isWritten ? until : user.endTime;
    if (!isExpired(end, context.now)) {
      await iam.deleteLabel({ id: user.id, labels, label: LIFECYCLE_STATUS, signal });
      if (isOn) await keepActive(iam, { id: user.id, now: context.now, signal });
    }
    if (isLater && !isWritten) return 'active; the instance lets nobody change end times';
    return isLater ? `end time ${step.lastDay ?? ''}` : 'the end time is later already';
  });
}

/** `false` = this instance lets nobody change end times. */
async function isEndTimeSet(writing: Promise<boolean>): Promise<boolean> {
  try {
    await writing;
    return true;
  } catch (error) {
    if (error instanceof IamError && error.code === 'IAM_END_TIME_READ_ONLY') return false;
    throw error;
  }
}
