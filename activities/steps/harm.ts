import type { Instant } from '../../src/contracts/time.ts';
import { accountDate, factsOn } from '../../src/policy/facts.ts';
import { daysLater, nextNoticeMoment } from '../../src/policy/moments.ts';
import type { LastDay } from '../../src/policy/governing.ts';
import { onEveryDirectory } from '../effects.ts';
import type { FreshLook } from '../fresh-look.ts';
import { freshLook } from '../fresh-look.ts';
import type { StepContext, StepResult } from '../step-context.ts';
import { accountRow } from './access.ts';
import { refusedByHr } from './refused-by-hr.ts';

/** Whether HR, read afresh, moves the last day later: a fresh look may stop or postpone, never hasten. */
function postpones(fresh: LastDay, lastDay: string | null): boolean {
  if (fresh.type === 'open') return true;
  return fresh.type === 'on' && lastDay !== null && fresh.date > lastDay;
}

/** HR's objection to a step that follows from a last day; `null` = none. */
export async function objection(context: StepContext): Promise<FreshLook | null> {
  const { state, step, policy } = context.input;
  const look = await freshLook(context, state.personId);
  const { lastDay } = factsOn(
    { ...state, observation: look.observation },
    accountDate(state, policy, context.now),
  );
  return postpones(lastDay, step.lastDay) ? look : null;
}

/**
 * When the notices that name the block were due; those before a welcome back, or an all-clear that names another date,
 * name nothing any more.
 */
async function namedAt(context: StepContext): Promise<readonly Instant[]> {
  const { state, step } = context.input;
  const notices = (await context.deps.registry.notices(state.personId)).filter(
    ({ audience }) => audience === 'person',
  );
  const clears = notices.filter(
    ({ template, lastDay }) =>
      template === 'returned' || (template === 'all-clear' && lastDay !== step.lastDay),
  );
  const cleared = Math.max(0, ...clears.map(({ dueAt }) => dueAt));
  return notices
    .filter(({ offset, lastDay, dueAt }) => offset !== null && lastDay === step.lastDay && dueAt > cleared)
    .map(({ dueAt }) => dueAt);
}

/**
 * Until when the block of a secondary account waits, because the notice that named it, which the primary account
 * sends, was due too late; `null` = it does not wait. Rule: "No block without warning".
 */
async function heldBackUntil(context: StepContext): Promise<Instant | null> {
  const { state, step, policy } = context.input;
  if (policy.noticesBy !== 'primary' || policy.blockAfterNoticeDays === 0) return null;
  const wait = (from: Instant) => daysLater(from, policy.blockAfterNoticeDays, policy.timeZone);
  const dueAts = await namedAt(context);
  if (dueAts.length > 0) {
    const until = wait(Math.min(...dueAts));
    return until > context.now ? until : null;
  }
  // It has waited for a notice once, and the primary account sends none: it is held, or has a date of its own.
  if (state.notBefore?.key === step.key) return null;
  const primaries = await context.deps.registry.accounts({ personId: state.personId, kind: 'primary' });
  const told = primaries.some(
    ({ state: primary }) => primary.stage === 'active' || primary.stage === 'grace',
  );
  // Nobody is left who would be told: the primary account is blocked or gone.
  return told ? wait(nextNoticeMoment(context.now, state.accountId, policy)) : null;
}

/** Blocks the account on every target and takes it out of every static group, if HR, read afresh, agrees. */
export async function blockAccount(context: StepContext): Promise<StepResult> {
  const look = await objection(context);
  if (look) return refusedByHr(context, look.observation);
  const at = await heldBackUntil(context);
  if (at !== null) return { result: 'refused', why: { code: 'notBefore', at } };
  const { login } = await accountRow(context);
  const notes = await onEveryDirectory(context, async (directory) => {
    await directory.setAccess({ login, access: 'off', signal: context.signal });
    const groups = await directory.removeStaticMemberships({ login, signal: context.signal });
    return groups.length > 0 ? `${directory.name}: ${String(groups.length)} memberships deleted` : null;
  });
  return { result: 'done', note: notes.length > 0 ? notes.join('; ') : 'blocked on every target' };
}

/** Deletes the account on every target, if HR, read afresh, agrees; one that has begun is finished. */
export async function deleteAccount(context: StepContext): Promise<StepResult> {
  if (!context.input.state.deleteBegun) {
    const look = await objection(context);
    if (look) return refusedByHr(context, look.observation);
  }
  const { login } = await accountRow(context);
  await onEveryDirectory(context, async (directory) => {
    await directory.delete({ login, signal: context.signal });
    return null;
  });
  return { result: 'done', note: 'deleted on every target; the login stays reserved' };
}
