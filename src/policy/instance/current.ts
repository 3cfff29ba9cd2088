import type { CalendarDate, Instant } from '../../contracts/time.ts';
import { dateOf, laterOf, startOfDate } from '../calendar.ts';
import { isExpired } from '../instance-facts.ts';
import { adminLabels, isExpiryMarked } from './labels.ts';
import type { Membership } from './membership.ts';
import type { AccountInput, Wanted } from './wanted.ts';

type Labelled = Pick<Wanted, 'active' | 'endTime' | 'endsExpiry' | 'status' | 'message' | 'action'>;

/** Nothing but the label that this dialect does without. */
const NOTHING: Labelled = {
  active: undefined,
  endTime: undefined,
  endsExpiry: false,
  status: undefined,
  message: undefined,
  action: null,
};

/** IAM keeps whole seconds. */
const SECOND_MS = 1000;

function midnight(date: CalendarDate): Instant {
  return startOfDate(date, 'UTC');
}

/**
 * An end time that a frozen deployment would take away with is left as it is, as is one that an admin set aside, or that
 * the instance lets nobody change.
 */
function allowed(
  { account, isFrozen, isEndTimeFixed }: AccountInput,
  endTime: Instant | null,
): Labelled['endTime'] {
  if (isEndTimeFixed || adminLabels(account.labels).skipEndTime) return undefined;
  const isEarlier = endTime !== null && (account.endTime === null || endTime < account.endTime);
  return isEarlier && isFrozen ? undefined : endTime;
}

/** What the lifecycle had suspended is given back, unless the end that stands then is over. */
function isGivenBack({ account, wishes, now }: AccountInput, endTime: Labelled['endTime']): boolean {
  const { disabledManually } = wishes;
  const isOver = isExpired(endTime === undefined ? account.endTime : endTime, now);
  return !account.active && account.suspendedBy === 'lifecycle' && !disabledManually && !isOver;
}

/**
 * The end time is the participation's last day, or an admin's if that is later. What the lifecycle had suspended is given
 * back, unless the end that stands then is over: it would be suspended again at once, and so on for ever. Its mark goes
 * with it, since it would undo an admin's suspension later.
 */
function member(input: AccountInput, until: CalendarDate | null): Labelled {
  const { account, wishes } = input;
  const { adminDate } = wishes;
  const last = until === null || adminDate === null ? until : laterOf(until, adminDate);
  const endTime = allowed(input, last === null ? null : midnight(last));
  const restores = isGivenBack(input, endTime);
  return {
    ...NOTHING,
    active: restores ? true : undefined,
    endTime,
    endsExpiry: (account.active || restores) && isExpiryMarked(account.labels),
    status: 'MEMBER',
    message: null,
  };
}

/**
 * An end that is over already stays: graces run from the day we learned it. But not before an admin's date that is not
 * over: a synchronisation that did not know of it yet may have ended the account early, and IAM suspended it since.
 */
function over(input: AccountInput, { reason, takes }: { reason: string; takes: boolean }): Labelled {
  const { account, now, wishes, isFrozen } = input;
  if (isFrozen) return NOTHING;
  const { adminDate } = wishes;
  const given = adminDate !== null && adminDate >= dateOf(now, 'UTC') ? midnight(adminDate) : null;
  const isStillValid = account.endTime === null || account.endTime > now;
  const isUndercut = given !== null && account.endTime !== null && account.endTime < given;
  const end = given ?? Math.floor(now / SECOND_MS) * SECOND_MS;
  const endTime = takes && (isStillValid || isUndercut) ? allowed(input, end) : undefined;
  const restores = isUndercut && endTime !== undefined && isGivenBack(input, endTime);
  return {
    ...NOTHING,
    active: restores ? true : undefined,
    endTime,
    status: 'EXPIRED',
    message: reason,
  };
}

/** What today's handler wants: labels say what HR says, the end time does the rest. Rule: "Experiment accounts". */
export function wantedInCurrent(input: AccountInput, membership: Membership): Labelled {
  switch (membership.type) {
    case 'unknown':
      return { ...NOTHING, status: 'ERROR', message: membership.reason };
    case 'waiting':
      return { ...NOTHING, message: membership.reason };
    case 'member':
      return member(input, membership.until);
    case 'over':
      return over(input, membership);
  }
}

export function ignoredInCurrent(reason: string): Labelled {
  return { ...NOTHING, status: 'IGNORED', message: reason };
}
