import { dateOf } from '../calendar.ts';
import { isExpired } from '../instance-facts.ts';
import { isExpiryMarked, isLifecycleMarked, ours, valueOf } from './labels.ts';
import type { Membership } from './membership.ts';
import type { AccountInput, Wanted } from './wanted.ts';

type Labelled = Pick<Wanted, 'active' | 'endTime' | 'endsExpiry' | 'status' | 'message' | 'action'>;

const NOTHING: Labelled = {
  active: undefined,
  // The older table knows no end times.
  endTime: undefined,
  endsExpiry: false,
  status: undefined,
  message: undefined,
  action: undefined,
};

function actionOf({ account }: AccountInput): string | null {
  return valueOf(account.labels, ours('action'));
}

/**
 * Nothing changes. As long as an account stays disabled by us its mark stays, by which we know it again: only what IAM's
 * expired-accounts handler suspended has another one.
 */
function unchanged(input: AccountInput, message: string | null): Labelled {
  const { active, suspendedBy, labels } = input.account;
  const isOurs = !active && suspendedBy === 'lifecycle';
  const keepsMark = isOurs && (actionOf(input) === 'DISABLE_ACCOUNT' || !isExpiryMarked(labels));
  return { ...NOTHING, status: 'OK', message, action: keepsMark ? 'DISABLE_ACCOUNT' : 'NO_ACTION' };
}

/** Given back is what the lifecycle had disabled, unless its end time is over, which here only an admin moves. */
function member(input: AccountInput): Labelled {
  const { account, wishes, now } = input;
  const isOurs = account.suspendedBy === 'lifecycle' && !isExpired(account.endTime, now);
  const restores = !account.active && isOurs && !wishes.disabledManually;
  // An active account that still carries a mark, or was suspended just now, was given back by an attempt that was cut off.
  const isJustRestored = account.wasSuspendedBy === 'lifecycle' && actionOf(input) === 'RESTORE_ACCOUNT';
  const isRestored = account.active && (isLifecycleMarked(account.labels, 'legacy') || isJustRestored);
  const endsExpiry = (account.active || restores) && isExpiryMarked(account.labels);
  if (!restores && !isRestored) return unchanged(input, null);
  return {
    ...NOTHING,
    active: restores ? true : undefined,
    endsExpiry,
    status: 'OK',
    message: null,
    action: 'RESTORE_ACCOUNT',
  };
}

/** No grace: it is disabled at once, unless an admin gave it a date that is not over. */
function over(input: AccountInput, takes: boolean): Labelled {
  const { account, wishes, now, isFrozen } = input;
  if (isFrozen) return NOTHING;
  const isExtended = wishes.adminDate !== null && wishes.adminDate >= dateOf(now, 'UTC');
  // A synchronisation that did not know of the date yet may have disabled it.
  if (isExtended && !account.active) return member(input);
  if (!takes || isExtended || !account.active) return unchanged(input, null);
  return { ...NOTHING, active: false, status: 'OK', message: null, action: 'DISABLE_ACCOUNT' };
}

/** What the older table wants: labels say what was done. Rule: "Experiment accounts". */
export function wantedInLegacy(input: AccountInput, membership: Membership): Labelled {
  switch (membership.type) {
    case 'unknown':
      return { ...NOTHING, status: 'ERROR', message: membership.reason };
    case 'waiting':
      return unchanged(input, null);
    case 'member':
      return member(input);
    case 'over':
      return over(input, membership.takes);
  }
}

export function ignoredInLegacy(input: AccountInput, reason: string): Labelled {
  return unchanged(input, reason);
}
