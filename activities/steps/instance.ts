import { adminLabels, LIFECYCLE_STATUS, ours } from '../../src/policy/instance/labels.ts';
import { isExpired, lastDayOfEndTime } from '../../src/policy/instance-facts.ts';
import type { LifecycleStatus } from '../../src/contracts/instance.ts';
import { IamError, LifecycleError } from '../../src/errors.ts';
import { accountDate } from '../../src/policy/facts.ts';
import { laterOf, startOfDate } from '../../src/policy/calendar.ts';
import { governing } from '../../src/policy/governing.ts';
import { saysHold } from '../../src/policy/instance-steps.ts';
import { milestoneOf } from '../../src/policy/moments.ts';
import { effectOnce } from '../effects.ts';
import { freshLook } from '../fresh-look.ts';
import { type InstanceLook, lookAtAccount } from '../instance/look-at-account.ts';
import { namedPerson } from '../instance/named-person.ts';
import type { StepContext, StepResult } from '../step-context.ts';

/** The target's name in effects. */
const TARGET = 'indigo-iam';

function isGone(): LifecycleError {
  return new LifecycleError({
    code: 'IAM_NO_ACCOUNT',
    message:
      'the instance has no such account any more; waiting for the next synchronisation, which plans what follows',
    retryable: true,
  });
}

/** It is let go, or somebody else's: what follows is planned, and nothing is done to it meanwhile. */
function isNotOurs(): LifecycleError {
  return new LifecycleError({
    code: 'IAM_NOT_OURS',
    message:
      'its label is gone or names another person; waiting for the next synchronisation, which plans what follows',
    retryable: true,
  });
}

/** The account as it is right now; `null` = it is not there. Throws if its label does not name our person any more. */
async function lookAtOurs(context: StepContext): Promise<InstanceLook | null> {
  const look = await lookAtAccount(context);
  if (look === null) return null;
  const named = namedPerson(look.labels, look.instance.settings.personIdLabel);
  // A label without an id in it names nobody else.
  if (named === undefined || (named !== null && named !== context.input.state.personId)) throw isNotOurs();
  return look;
}

async function lookHere(context: StepContext): Promise<InstanceLook> {
  const look = await lookAtOurs(context);
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

/** The end time is over: the account is marked, and stays active for the days of grace. */
export async function expireInInstance(context: StepContext): Promise<StepResult> {
  const look = await lookHere(context);
  if (isOtherEnd(look, context)) return showsOther(look);
  return onInstance(context, look, async () => {
    await setLifecycleStatus(context, look, 'PENDING_SUSPENSION');
    return 'marked as PENDING_SUSPENSION';
  });
}

/** Throws, to be retried, if HR, read afresh, knows the person as a member: the next synchronisation moves the end. */
async function refuseIfMember(context: StepContext, { labels }: InstanceLook): Promise<void> {
  const { state, policy } = context.input;
  const { ignore, skipEndTime } = adminLabels(labels);
  // HR does not count for the end: admins keep it by hand. The labels say so, as they are now.
  if (ignore || skipEndTime) return;
  const { observation } = await freshLook(context, state.personId);
  const { kind, experiment } = state;
  const today = accountDate(state, policy, context.now);
  if (governing({ kind, experiment, observation, today }).standing !== 'member') return;
  throw new LifecycleError({
    code: 'HR_SAYS_MEMBER',
    message:
      'HR, read afresh, shows a valid participation; waiting for the next synchronisation, which moves the end',
    retryable: true,
  });
}

/**
 * The grace is over: inactive, and marked with what comes next. The mark comes first: an account that is found inactive
 * without it counts as suspended by an admin, and would never be restored.
 */
export async function suspendInInstance(context: StepContext): Promise<StepResult> {
  const look = await lookHere(context);
  if (isOtherEnd(look, context)) return showsOther(look);
  await refuseIfMember(context, look);
  const next = milestoneOf(context.input.policy, 'delete') === null ? 'SUSPENDED' : 'PENDING_REMOVAL';
  return onInstance(context, look, async ({ instance, user }) => {
    await setLifecycleStatus(context, look, next);
    const wrote = await instance.iam.setActive({ user, active: false, signal: context.signal });
    return wrote ? `suspended, and marked as ${next}` : `it was suspended by an admin; marked as ${next}`;
  });
}

/** Deletes the account in its instance. What is not there any more is deleted. */
export async function deleteInInstance(context: StepContext): Promise<StepResult> {
  const look = await lookAtOurs(context);
  if (look === null) return { result: 'done', note: 'it was deleted in the instance already' };
  if (isOtherEnd(look, context)) return showsOther(look);
  const { instance, user } = look;
  // Somebody has given it back since: it is suspended first.
  if (user.active) return showsOther(look);
  await refuseIfMember(context, look);
  await effectOnce(context, TARGET, async () => {
    await instance.iam.deleteUser({ id: user.id, signal: context.signal });
    return null;
  });
  return { result: 'done', note: 'deleted in the instance' };
}

/** A disabling by hand, or its end. */
export async function setActiveInInstance(context: StepContext): Promise<StepResult> {
  const { action, giveAccess } = context.input.step;
  const active = action === 'giveAccess';
  return onInstance(context, await lookHere(context), async ({ instance, user, row }) => {
    // A step that was called off may have suspended it, and so may an admin have, whose word stands.
    if (giveAccess === 'repaired' && row.suspendedBy === 'admin')
      return 'an admin suspended it: left as it is';
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
    if (state.holds.disabledManually === null) await iam.setActive({ user, active: true, signal });
    const until = step.lastDay === null ? null : startOfDate(step.lastDay, policy.timeZone);
    const isLater = until !== null && user.endTime !== null && user.endTime < until;
    const isWritten = isLater && (await isEndTimeSet(iam.setEndTime({ user, endTime: until, signal })));
    const end = isWritten ? until : user.endTime;
    if (!isExpired(end, context.now)) {
      await iam.deleteLabel({ id: user.id, labels, label: LIFECYCLE_STATUS, signal });
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
