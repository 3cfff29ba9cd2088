import type { AccountState } from '../contracts/account.ts';
import type { GiveAccessReason, NoticeDetails, Step, StepAction } from '../contracts/step.ts';
import type { CalendarDate, Instant } from '../contracts/time.ts';

/** Who goes first among steps that are due: disabling outranks everything, recording waits for everything. */
const ACTIONS: readonly StepAction[] = [
  'disable',
  'merge',
  'activate',
  'giveAccess',
  'shutGuest',
  'hold',
  'adminDate',
  'leaving',
  'status',
  'exclude',
  'reassign',
  'writeGuests',
  'transfer',
  'guest',
  'allClear',
  'notice',
  'reminder',
  'block',
  'delete',
  'record',
];

function rankOf(step: Step): number {
  return ACTIONS.indexOf(step.action);
}

/** Orders steps that are due by rank; a delete that has begun is finished before anything else. */
export function compareUrgency(state: AccountState): (a: Step, b: Step) => number {
  const rank = (step: Step) => (step.action === 'delete' && state.deleteBegun ? -1 : rankOf(step));
  return (a, b) => rank(a) - rank(b) || a.dueAt - b.dueAt;
}

/** Orders steps of a plan by when they come. */
export function compareDue(a: Step, b: Step): number {
  return a.dueAt - b.dueAt || rankOf(a) - rankOf(b);
}

/** Milestones, which an `ignore` stops. Everything else still acts. Rule: "Holds". */
export function isMilestone(action: StepAction): boolean {
  return ['notice', 'allClear', 'leaving', 'transfer', 'guest', 'block', 'delete'].includes(action);
}

/** The action of the step with this key: it stands first, or behind the epoch. */
export function actionOfKey(key: string): StepAction {
  const [first = '', second = ''] = key.split('/');
  const named = /^\d+$/.test(first) ? second : first;
  return ACTIONS.find((action) => action === named) ?? 'record';
}

/** The key of the mail that the step with this key sends. */
export function noticeOfKey(key: string): string {
  return key.slice(key.indexOf('/') + 1);
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

/** What the key of a step says beside the epoch that it was planned in: that may be another one by the time it is done. */
export function withoutEpoch(key: string): string {
  return key.slice(key.indexOf('/') + 1);
}
