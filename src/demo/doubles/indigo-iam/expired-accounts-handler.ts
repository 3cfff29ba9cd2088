import { isSameLabel, LIFECYCLE_STATUS, type AccountStore, type IndigoIamAccount } from './account-store.ts';

/**
 * INDIGO IAM's own handling of expired accounts. Graces are counted in days from the end time, both of them, and today
 * is the last midnight in UTC. Source: the expiry rule in the wire formats.
 */

const DAY_MS = 86_400_000;

export interface ExpiryRules {
  /** 0 = as soon as the account is expired. */
  readonly suspensionGraceDays: number;
  readonly removalGraceDays: number;
  readonly removalEnabled: boolean;
}

function expire(
  store: AccountStore,
  account: IndigoIamAccount,
  pastSuspension: boolean,
  pending: string,
): void {
  const by = 'expired-accounts-handler';
  if (pastSuspension && account.active) store.change(account.id, by, { active: false });
  const status = pastSuspension ? pending : 'PENDING_SUSPENSION';
  const before = account.labels.find((label) => isSameLabel(label, LIFECYCLE_STATUS));
  if (before?.value !== status) store.putLabel(account.id, by, { ...LIFECYCLE_STATUS, value: status });
}

/** One run over all accounts: removals last, and at once also for an account that nobody had suspended before. */
export function handleExpiredAccounts(store: AccountStore, rules: ExpiryRules, now: number): void {
  const today = Math.floor(now / DAY_MS) * DAY_MS;
  const isPast = (endTime: number, days: number): boolean => days <= 0 || today > endTime + days * DAY_MS;
  const pending = rules.removalEnabled ? 'PENDING_REMOVAL' : 'SUSPENDED';
  const removed: string[] = [];
  for (const account of store.all()) {
    const { id, endTime } = account;
    if (endTime === null || endTime >= today) continue;
    if (rules.removalEnabled && isPast(endTime, rules.removalGraceDays)) removed.push(id);
    else expire(store, account, isPast(endTime, rules.suspensionGraceDays), pending);
  }
  for (const id of removed) store.remove(id, 'expired-accounts-handler');
}
