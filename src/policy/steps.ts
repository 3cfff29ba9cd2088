import type { AccountState } from '../contracts/account.ts';
import type { GiveAccessReason, NoticeDetails, Step, StepAction } from '../contracts/step.ts';
import type { CalendarDate, Instant } from '../contracts/time.ts';

/** Who goes first among steps that are due: disabling outranks everything, recording waits for everything. */
const RANK: Readonly<Record<StepAction, number>> = {
  disable: 0,
  activate: 1,
  giveAccess: 2,
  leaving: 3,
  status: 4,
  exclude: 5,
  transfer: 6,
  allClear: 7,
  notice: 8,
  reminder: 9,
  block: 10,
  delete: 11,
  record: 12,
};

/** Orders steps that are due by rank; a delete that has begun is finished before anything else. */
export function compareUrgency(state: AccountState): (a: Step, b: Step) => number {
  const rank = (step: Step) => (step.action === 'delete' && state.deleteBegun ? -1 : RANK[step.action]);
  return (a, b) => rank(a) - rank(b) || a.dueAt - b.dueAt;
}

/** Orders steps of a plan by when they come. */
export function compareDue(a: Step, b: Step): number {
  return a.dueAt - b.dueAt || RANK[a.action] - RANK[b.action];
}

/** Milestones, which an `ignore` stops. Everything else still acts. Rule: "Holds". */
export function isMilestone(action: StepAction): boolean {
  return ['notice', 'allClear', 'leaving', 'transfer', 'block', 'delete'].includes(action);
}

/** A step, with what most steps do not have left out. */
export function step(input: {
  key: string;
  action: StepAction;
  dueAt: Instant;
  why: string;
  lastDay?: CalendarDate | null;
  deadline?: Instant | null;
  notice?: NoticeDetails;
  giveAccess?: GiveAccessReason;
  activeStatus?: Step['activeStatus'];
}): Step {
  return {
    key: input.key,
    action: input.action,
    dueAt: input.dueAt,
    deadline: input.deadline ?? null,
    lastDay: input.lastDay ?? null,
    why: input.why,
    notice: input.notice ?? null,
    giveAccess: input.giveAccess ?? null,
    activeStatus: input.activeStatus ?? null,
  };
}
