import type { AccountState } from '../contracts/account.ts';
import type { Policy } from '../contracts/policy.ts';
import type { NoticeDetails, Step } from '../contracts/step.ts';
import type { CalendarDate, Instant } from '../contracts/time.ts';
import { addDays, dateOf } from './calendar.ts';
import { accountDate, activeStatusOn, factsOn, isPaused } from './facts.ts';
import { dateMoment, milestoneMoment, milestoneOf, noticeMoment, noticesOf } from './moments.ts';
import { blockMoment, noticeExists, plannedNotices } from './notices.ts';
import { isBackSoon } from './return-soon.ts';
import { step } from './steps.ts';

/** The moment before which the step itself said it must not be carried out. */
function heldBack(state: AccountState, key: string, dueAt: Instant): Instant {
  return state.notBefore?.key === key ? Math.max(dueAt, state.notBefore.at) : dueAt;
}

/** When the delete may be carried out: never in one go with a block. Rule: "Block and delete". */
function deleteMoment(
  state: AccountState,
  policy: Policy,
  lastDay: CalendarDate,
  blockAt: Instant,
): Instant | null {
  const block = milestoneOf(policy, 'block');
  const remove = milestoneOf(policy, 'delete');
  if (!block || !remove) return null;
  const moment = milestoneMoment(remove, lastDay, state.accountId, policy);
  const days = Math.min(policy.deleteAfterBlockDays, remove.offset - block.offset);
  const date = addDays(dateOf(blockAt, policy.timeZone), days);
  return Math.max(moment, dateMoment(date, state.accountId, policy));
}

interface Moments {
  readonly block: Instant | null;
  readonly delete: Instant | null;
}

/** When block and delete come, foreseen or due. */
function harmMoments(state: AccountState, policy: Policy, lastDay: CalendarDate, now: Instant): Moments {
  const blockKey = `${String(state.epoch)}/block/${lastDay}`;
  const planned = blockMoment(state, policy, lastDay, now);
  if (state.stage === 'blocked') {
    const blockedAt = state.blocked?.at ?? state.stageSince;
    return { block: blockedAt, delete: deleteMoment(state, policy, lastDay, blockedAt) };
  }
  const block = planned === null ? null : heldBack(state, blockKey, planned);
  return {
    block,
    delete: block === null ? null : deleteMoment(state, policy, lastDay, Math.max(block, now)),
  };
}

function noticeSteps(
  state: AccountState,
  policy: Policy,
  lastDay: CalendarDate,
  input: { readonly now: Instant; readonly moments: Moments },
): readonly Step[] {
  const { now, moments } = input;
  const leaving = milestoneOf(policy, 'leaving');
  const leavingAt = leaving ? milestoneMoment(leaving, lastDay, state.accountId, policy) : Infinity;
  const planned = plannedNotices(state, policy, lastDay, now);
  const days = (at: Instant | null) => (at === null ? null : dateOf(at, policy.timeZone));
  const noticeTimes = noticesOf(policy).map((notice) =>
    milestoneMoment(notice, lastDay, state.accountId, policy),
  );
  return planned.map(({ notice, dueAt }) => {
    const offset = String(notice.offset);
    const times = (state.told[offset]?.times ?? 0) + 1;
    const key = [state.personId, state.departure, offset, lastDay, times].join('/');
    const later = [...noticeTimes, leavingAt, moments.block ?? Infinity, moments.delete ?? Infinity];
    // What nobody has tried to deliver has not failed: its time runs from now. What failed keeps its time.
    const triedSince = state.failures.find((failure) => failure.key === `notice/${key}`)?.since ?? now;
    const deadline = Math.min(...later.filter((at) => at > Math.max(dueAt, triedSince)));
    const hasLeft = accountDate(state, policy, Math.max(dueAt, now)) > lastDay;
    const details: NoticeDetails = {
      key,
      template: hasLeft ? 'has-left' : 'leaving-soon',
      offset: notice.offset,
      lastDay,
      blockOn: days(moments.block),
      deleteOn: days(moments.delete),
      tellSupervisor: notice.tellSupervisor,
      actor: null,
    };
    return step({
      key: `notice/${key}`,
      action: 'notice',
      dueAt,
      deadline: Number.isFinite(deadline) ? deadline : null,
      lastDay,
      notice: details,
      why: `notice ${String(-notice.offset)} days before the last day, ${lastDay}`,
    });
  });
}

function leavingSteps(
  state: AccountState,
  policy: Policy,
  lastDay: CalendarDate,
  now: Instant,
): readonly Step[] {
  const leaving = milestoneOf(policy, 'leaving');
  if (!leaving || state.stage !== 'active') return [];
  const dueAt = milestoneMoment(leaving, lastDay, state.accountId, policy);
  const on = accountDate(state, policy, Math.max(dueAt, now));
  return [
    step({
      key: `${String(state.epoch)}/leaving/${lastDay}`,
      action: 'leaving',
      dueAt,
      lastDay,
      activeStatus:
        state.kind === 'primary' ? activeStatusOn('active', { type: 'on', date: lastDay }, on) : null,
      why: `the last day, ${lastDay}, is over`,
    }),
  ];
}

function transferSteps(
  state: AccountState,
  policy: Policy,
  lastDay: CalendarDate,
  now: Instant,
): readonly Step[] {
  const transfer = milestoneOf(policy, 'transfer');
  if (!transfer) return [];
  if (isBackSoon(state, policy, lastDay, now)) return [];
  const key = `${String(state.epoch)}/transfer/${lastDay}`;
  const dueAt = heldBack(state, key, milestoneMoment(transfer, lastDay, state.accountId, policy));
  return [
    step({ key, action: 'transfer', dueAt, lastDay, why: `the owner's last day, ${lastDay}, is over` }),
  ];
}

function harmSteps(state: AccountState, lastDay: CalendarDate, moments: Moments): readonly Step[] {
  const steps: Step[] = [];
  if (moments.block !== null && state.stage !== 'blocked') {
    const key = `${String(state.epoch)}/block/${lastDay}`;
    steps.push(step({ key, action: 'block', dueAt: moments.block, lastDay, why: `last day ${lastDay}` }));
  }
  if (moments.delete !== null) {
    const key = `${String(state.epoch)}/delete/${lastDay}`;
    steps.push(step({ key, action: 'delete', dueAt: moments.delete, lastDay, why: `last day ${lastDay}` }));
  }
  return steps;
}

/** The policy's milestones for an account that are due or foreseen, whatever holds say. */
export function milestoneSteps(state: AccountState, policy: Policy, now: Instant): readonly Step[] {
  const { lastDay } = factsOn(state, accountDate(state, policy, now));
  if (state.stage === 'pending' || lastDay.type !== 'on') return [];
  const moments = harmMoments(state, policy, lastDay.date, now);
  return [
    ...noticeSteps(state, policy, lastDay.date, { now, moments }),
    ...leavingSteps(state, policy, lastDay.date, now),
    ...transferSteps(state, policy, lastDay.date, now),
    ...harmSteps(state, lastDay.date, moments),
  ];
}

/** The all-clear that is due. Rule: "Dates that move". */
export function allClearSteps(state: AccountState, policy: Policy, now: Instant): readonly Step[] {
  if (!state.allClear) return [];
  const { lastDay } = factsOn(state, accountDate(state, policy, now));
  const date = lastDay.type === 'on' ? lastDay.date : null;
  const parts = [
    state.personId,
    state.departure,
    'all-clear',
    state.allClear.told ?? 'none',
    state.allClears + 1,
  ];
  const key = parts.join('/');
  const details: NoticeDetails = {
    key,
    template: state.allClear.returned ? 'returned' : 'all-clear',
    offset: null,
    lastDay: date,
    blockOn: null,
    deleteOn: null,
    tellSupervisor: false,
    actor: null,
  };
  const why = state.allClear.returned
    ? 'tell the person that they are back'
    : 'a date that was told no longer holds';
  const leaving = milestoneOf(policy, 'leaving');
  const deadline = date !== null && leaving ? milestoneMoment(leaving, date, state.accountId, policy) : null;
  return [
    step({
      key: `allClear/${key}`,
      action: 'allClear',
      dueAt: state.allClear.dueAt,
      deadline: deadline !== null && deadline > state.allClear.dueAt ? deadline : null,
      lastDay: date,
      notice: details,
      why,
    }),
  ];
}

function reminder(
  state: AccountState,
  policy: Policy,
  input: {
    readonly template: 'hold-ends' | 'admin-date-ends';
    readonly until: CalendarDate;
    readonly actor: string;
    readonly setAt: Instant;
    readonly now: Instant;
  },
): readonly Step[] {
  const { template, until, actor, setAt, now } = input;
  const dueAt = noticeMoment(addDays(until, -policy.reminderDays), state.accountId, policy);
  const deadline = dateMoment(addDays(until, 1), state.accountId, policy);
  // Set for less than the time of warning, it was told by setting it.
  if (dueAt <= setAt || deadline <= now) return [];
  // A person is told once of what holds for all of their own accounts; a service account is no such account.
  const whose = state.kind === 'service' ? state.accountId : state.personId;
  const key = [whose, state.departure, template, until, actor].join('/');
  const what = template === 'hold-ends' ? 'the hold' : 'the date an admin gave';
  const notice: NoticeDetails = {
    key,
    template,
    offset: null,
    lastDay: until,
    blockOn: null,
    deleteOn: null,
    tellSupervisor: false,
    actor,
  };
  const why = `${what} ends on ${until}`;
  return [step({ key: `reminder/${key}`, action: 'reminder', dueAt, deadline, lastDay: until, notice, why })];
}

/** Whether a notice goes out on the day of a reminder of the last day, and so stands for it. */
function isNoticed(state: AccountState, policy: Policy, until: CalendarDate): boolean {
  if (policy.noticesBy !== 'self' || isPaused(state)) return false;
  return noticesOf(policy).some(
    (notice) => notice.offset === -policy.reminderDays && noticeExists(state, policy, notice, until),
  );
}

/** Reminders that a hold or an admin date ends soon. Rule: "Reminders". */
export function reminderSteps(state: AccountState, policy: Policy, now: Instant): readonly Step[] {
  const { ignored } = state.holds;
  const { adminDate } = state;
  const { lastDay } = factsOn(state, accountDate(state, policy, now));
  const steps: Step[] = [];
  const heldUntil = ignored?.until ?? null;
  if (ignored && heldUntil !== null && !ignored.reminded) {
    const { actor, at } = ignored;
    steps.push(
      ...reminder(state, policy, { template: 'hold-ends', until: heldUntil, actor, setAt: at, now }),
    );
  }
  if (adminDate && !adminDate.reminded && state.stage === 'active') {
    const governs = lastDay.type === 'on' && lastDay.date === adminDate.until;
    if (governs && !isNoticed(state, policy, adminDate.until)) {
      const { until, actor, at } = adminDate;
      steps.push(...reminder(state, policy, { template: 'admin-date-ends', until, actor, setAt: at, now }));
    }
  }
  return steps;
}
