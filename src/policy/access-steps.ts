import type { AccountState } from '../contracts/account.ts';
import type { Policy } from '../contracts/policy.ts';
import type { GiveAccessReason, Step } from '../contracts/step.ts';
import type { CalendarDate, Instant } from '../contracts/time.ts';
import { addDays } from './calendar.ts';
import { nextExclusionChange } from './exclusion.ts';
import type { Facts } from './facts.ts';
import {
  accountDate,
  activeStatusOn,
  factsOn,
  GRACE_PERIOD_DAYS,
  isFinal,
  isValidOn,
  ownsAccess,
  wantsAccess,
} from './facts.ts';
import { dateMoment, milestoneDate, milestoneOf } from './moments.ts';
import { step } from './steps.ts';

interface Look {
  readonly state: AccountState;
  readonly policy: Policy;
  readonly now: Instant;
  readonly today: CalendarDate;
  readonly facts: Facts;
}

function giveAccess(look: Look, reason: GiveAccessReason, dueAt: Instant, why: string): Step {
  const key = `${String(look.state.epoch + 1)}/giveAccess/${reason}`;
  const lastDay = look.facts.lastDay.type === 'on' ? look.facts.lastDay.date : null;
  return step({ key, action: 'giveAccess', dueAt, why, lastDay, giveAccess: reason });
}

/** When today's affiliation, or the admin date, began to count for this account. */
function validSince({ state, policy, now, facts, today }: Look): Instant {
  const admin = state.adminDate && state.adminDate.until >= today ? state.adminDate.at : Infinity;
  // An affiliation of years ago counts for an account since it stands where it does.
  const begun = facts.since === null ? 0 : dateMoment(facts.since, state.accountId, policy);
  const hr = facts.standing === 'member' ? Math.max(begun, state.stageSince) : Infinity;
  return Math.min(admin, hr, now);
}

/** A joiner's first day. */
function activation(look: Look): readonly Step[] {
  const { state, policy, facts } = look;
  if (state.stage !== 'pending') return [];
  const key = `${String(state.epoch)}/activate`;
  if (facts.valid)
    return [step({ key, action: 'activate', dueAt: validSince(look), why: 'the affiliation has begun' })];
  if (facts.future === null) return [];
  const dueAt = dateMoment(facts.future, state.accountId, policy);
  return [step({ key, action: 'activate', dueAt, why: `the affiliation begins on ${facts.future}` })];
}

/** A returner, or one whose last day was corrected so that the block came too early. */
function comingBack(look: Look): readonly Step[] {
  const { state, policy, facts, today } = look;
  if (state.stage === 'active') return foreseenReturn(look);
  if (state.stage !== 'grace' && state.stage !== 'blocked') return [];
  if (facts.valid) return [giveAccess(look, 'returned', validSince(look), 'the person is back')];
  const block = milestoneOf(policy, 'block');
  const { lastDay } = facts;
  const moved = state.stage === 'blocked' && lastDay.type === 'on' && lastDay.date !== state.blocked?.lastDay;
  if (moved && block && today < milestoneDate(block, lastDay.date)) {
    return [giveAccess(look, 'corrected', look.now, `the last day moved to ${lastDay.date}: still in grace`)];
  }
  return foreseenReturn(look);
}

/** The return that HR names already; of one who has not left yet it ends the leaving that is planned. */
function foreseenReturn(look: Look): readonly Step[] {
  const { state, policy, facts } = look;
  if (facts.future === null || !ownsAccess(state)) return [];
  // An experiment's next participation may begin before the governing one ends.
  if (facts.valid && !(facts.lastDay.type === 'on' && facts.lastDay.date < facts.future)) return [];
  const dueAt = dateMoment(facts.future, state.accountId, policy);
  return [giveAccess(look, 'returned', dueAt, `a new affiliation begins on ${facts.future}`)];
}

/** Exclusion begins and ends with HR's contracts, while the person has not left. Rule: "Exclusion". */
function exclusion(look: Look): readonly Step[] {
  const { state, policy, facts, now, today } = look;
  if (state.stage !== 'active' || !['primary', 'secondary'].includes(state.kind)) return [];
  const held = state.holds.excluded !== null;
  const start = (dueAt: Instant, why: string) =>
    step({ key: `${String(state.epoch)}/exclude`, action: 'exclude', dueAt, why });
  const end = (dueAt: Instant, why: string) => giveAccess(look, 'exclusionEnded', dueAt, why);
  // Who is gone from HR altogether has not come back from leave.
  const isHere = facts.standing === 'member' || (state.adminDate !== null && state.adminDate.until >= today);
  if (held && isHere && !facts.excluded) return [end(now, 'no valid contract is excluded any more')];
  if (!held && facts.excluded && state.holds.ignored === null) {
    return [start(now, 'every valid contract is excluded')];
  }
  const change = nextExclusionChange(state.observation, today);
  if (change === null || facts.excluded !== held || !isValidOn(facts.lastDay, change)) return [];
  const dueAt = dateMoment(change, state.accountId, policy);
  if (held) return [end(dueAt, `the exclusion ends on ${change}`)];
  return state.holds.ignored ? [] : [start(dueAt, `every valid contract is excluded from ${change} on`)];
}

/** What the targets were told differs from what the holds say. */
function mending(look: Look): readonly Step[] {
  const { state, now } = look;
  if (!ownsAccess(state) || isFinal(state.stage) || state.access === 'none') return [];
  const wanted = wantsAccess(state);
  if (!wanted && state.access !== 'off') {
    const why = state.holds.disabledManually
      ? 'disabled manually'
      : 'a change of access was called off halfway';
    return [step({ key: `${String(state.epoch)}/disable`, action: 'disable', dueAt: now, why })];
  }
  if (!wanted || state.access === 'on') return [];
  if (state.access === 'partial') {
    return [giveAccess(look, 'repaired', now, 'a change of access was called off halfway')];
  }
  return [giveAccess(look, 'enabled', now, 'enabled by an admin')];
}

/** The directory's `cernActiveStatus`, which no hold, freeze or late block stops. Rule: "What others read". */
function status(look: Look): readonly Step[] {
  const { state, policy, facts, now, today } = look;
  if (state.kind !== 'primary' || state.stage === 'pending' || state.access === 'none') return [];
  const lastDay = facts.lastDay.type === 'on' ? facts.lastDay.date : null;
  const write = (activeStatus: Step['activeStatus'], dueAt: Instant) =>
    step({
      key: `${String(state.epoch)}/status/${String(activeStatus)}/${lastDay ?? 'open'}`,
      action: 'status',
      dueAt,
      lastDay,
      activeStatus,
      why: `the directory says ${String(activeStatus)}`,
    });
  const current = activeStatusOn(state.stage, facts.lastDay, today);
  if (current !== state.activeStatus) return [write(current, now)];
  if (lastDay === null) return [];
  const changes = [addDays(lastDay, 1), addDays(lastDay, GRACE_PERIOD_DAYS + 1)].filter(
    (date) => date > today,
  );
  const [next] = changes.filter((date) => facts.future === null || date < facts.future);
  if (next === undefined) return [];
  return [write(activeStatusOn(state.stage, facts.lastDay, next), dateMoment(next, state.accountId, policy))];
}

/** Every step about access and status that is due or foreseen. */
export function accessSteps(state: AccountState, policy: Policy, now: Instant): readonly Step[] {
  const today = accountDate(state, policy, now);
  const look: Look = { state, policy, now, today, facts: factsOn(state, today) };
  // What the instance shows is its stage; only a disabling by hand is ours.
  if (state.instance !== undefined) return mending(look);
  const excluding = exclusion(look);
  const isExcludedNow = excluding.some(({ action, dueAt }) => action === 'exclude' && dueAt <= now);
  // Who is to be excluded at this moment is not let in before, not even for that moment.
  const mended = mending(look).filter(({ action }) => !isExcludedNow || action !== 'giveAccess');
  return [...activation(look), ...comingBack(look), ...excluding, ...mended, ...status(look)];
}
