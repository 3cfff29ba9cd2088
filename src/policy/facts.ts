import type { AccountState, ActiveStatus, Stage } from '../contracts/account.ts';
import type { Standing } from '../contracts/affiliation.ts';
import type { InstanceFacts } from '../contracts/instance.ts';
import type { Policy } from '../contracts/policy.ts';
import type { CalendarDate, Instant } from '../contracts/time.ts';
import { assertNever } from './assert-never.ts';
import { addDays, dateOf, laterOf } from './calendar.ts';
import { isExcludedOn } from './exclusion.ts';
import { lastDayOfEndTime } from './instance-facts.ts';
import type { LastDay } from './governing.ts';
import { governing } from './governing.ts';
import { spreadOf } from './spread.ts';

/** What an account's state comes to on one day. */
export interface Facts {
  readonly standing: Standing;
  /** The later of HR's last day and the admin date. Rule: "Effective last day". */
  readonly lastDay: LastDay;
  /** Whether the effective last day is not over. */
  readonly valid: boolean;
  /** First day of the affiliation that covers the day, if HR names it. */
  readonly since: CalendarDate | null;
  /** First day of the next affiliation. */
  readonly future: CalendarDate | null;
  /** Every contract that is valid on the day is excluded. */
  readonly excluded: boolean;
}

/**
 * The date it is for this account: dates begin for it as much later as its milestones are spread, so that "the
 * date has come" and "the milestone is due" are one thing.
 */
export function accountDate(
  state: { readonly accountId: string },
  policy: Policy,
  now: Instant,
): CalendarDate {
  return dateOf(now - spreadOf(state.accountId, policy), policy.timeZone);
}

function lastDayWithAdminDate(hr: LastDay, admin: CalendarDate | null): LastDay {
  if (admin === null || hr.type === 'open') return hr;
  if (hr.type === 'unknown') return { type: 'on', date: admin };
  return { type: 'on', date: laterOf(hr.date, admin) };
}

/** The facts of an account on a day. Pure derivation: nothing of it is stored. */
export function factsOn(state: AccountState, today: CalendarDate): Facts {
  const { kind, experiment, observation } = state;
  const hr = governing({ kind, experiment, observation, today });
  if (state.instance !== undefined) return factsOfInstance(state, state.instance, hr.standing, today);
  const vanished = hr.lastDay.type === 'unknown' ? state.vanishedLastDay : null;
  const known: LastDay = vanished === null ? hr.lastDay : { type: 'on', date: vanished };
  const lastDay = lastDayWithAdminDate(known, state.adminDate?.until ?? null);
  return {
    standing: hr.standing,
    lastDay,
    valid: isValidOn(lastDay, today),
    since: hr.since,
    future: hr.future,
    excluded: isExcludedOn(observation, today),
  };
}

/**
 * Of an experiment account the end time in its instance counts, whatever HR says: the synchronisation has written there
 * what HR said, and an admin may have changed it since. Rule: "Experiment accounts".
 */
function factsOfInstance(
  state: AccountState,
  { endTime }: InstanceFacts,
  standing: Standing,
  today: CalendarDate,
): Facts {
  const shown: LastDay =
    endTime === null ? { type: 'open' } : { type: 'on', date: lastDayOfEndTime(endTime) };
  const lastDay = lastDayWithAdminDate(shown, state.adminDate?.until ?? null);
  const valid = isValidOn(lastDay, today);
  return { standing, lastDay, valid, since: null, future: null, excluded: false };
}

/** Whether an account of an instance was never told what HR says of its person, also not while it is ignored. */
export function isUncompared({ instance, observation, withheld }: AccountState): boolean {
  return instance !== undefined && observation === null && withheld === null;
}

/** Whether a last day is not over on the day. */
export function isValidOn(lastDay: LastDay, today: CalendarDate): boolean {
  switch (lastDay.type) {
    case 'open':
      return true;
    case 'on':
      return lastDay.date >= today;
    case 'unknown':
      return false;
    default:
      return assertNever(lastDay);
  }
}

/**
 * Whether an `ignore` stops the milestones. On experiment accounts it stops what HR says only; expiry by end time
 * goes on.
 */
export function isPaused(state: Pick<AccountState, 'kind' | 'holds'>): boolean {
  return state.holds.ignored !== null && state.kind !== 'experiment';
}

/** Whether the stage is an end: the workflow is over. */
export function isFinal(stage: Stage): boolean {
  switch (stage) {
    case 'deleted':
    case 'released':
    case 'neverJoined':
    case 'deletedOutside':
      return true;
    case 'pending':
    case 'active':
    case 'grace':
    case 'blocked':
      return false;
    default:
      return assertNever(stage);
  }
}

/** Whether the lifecycle turns this account's access on and off: a service account's it never does. */
export function ownsAccess(state: Pick<AccountState, 'kind'>): boolean {
  return state.kind !== 'service';
}

/** Whether the account may have access, by its stage and holds. Rule: "Access". */
export function wantsAccess(state: AccountState): boolean {
  if (state.stage === 'pending' || state.stage === 'blocked' || isFinal(state.stage)) return false;
  return state.holds.disabledManually === null && state.holds.excluded === null;
}

/** Days after the last day on which the directory says `Grace Period`. It is CERN's, whatever the policy. */
export const GRACE_PERIOD_DAYS = 60;

/** The value of `cernActiveStatus` on a day. Rule: "What others read". */
export function activeStatusOn(stage: Stage, lastDay: LastDay, today: CalendarDate): ActiveStatus {
  if (stage === 'pending' || lastDay.type === 'unknown') return 'Inactive';
  if (isValidOn(lastDay, today)) return 'Active';
  return lastDay.type === 'on' && today <= addDays(lastDay.date, GRACE_PERIOD_DAYS)
    ? 'Grace Period'
    : 'Inactive';
}
