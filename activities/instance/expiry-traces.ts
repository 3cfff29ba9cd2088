import type { LifecycleStatus } from '../../src/contracts/instance.ts';
import { lifecycleStatusOf } from '../../src/policy/instance/labels.ts';
import type { Registry } from '../../src/registry/registry.ts';
import type { KeptInstance } from '../dependencies.ts';
import type { AccountLook } from './assess-account.ts';

/** The step of ours that writes this value of the label `lifecycle.status`. */
const OURS: Readonly<Record<LifecycleStatus, string>> = {
  PENDING_SUSPENSION: 'leaving',
  SUSPENDED: 'block',
  PENDING_REMOVAL: 'block',
};

/**
 * Whether INDIGO IAM's own handler of expired accounts, which is to be off where ours manages them, seems to have marked
 * the account: the label `lifecycle.status` came, or has another value, and no step of ours has written it since.
 */
export async function showsExpiryTask(
  registry: Pick<Registry, 'effects'>,
  { known, seen }: Pick<AccountLook, 'known' | 'seen'>,
  { expiredAccounts }: Pick<KeptInstance['settings'], 'expiredAccounts'>,
): Promise<boolean> {
  if (expiredAccounts !== 'manage' || seen === null || known?.account?.hasEnded !== false) return false;
  const { row } = known;
  const status = lifecycleStatusOf(seen.labels);
  if (row.accountId === null || status === null || status === lifecycleStatusOf(row.snapshot.labels))
    return false;
  const effects = await registry.effects(row.accountId);
  return !effects.some(({ action, intentAt }) => action === OURS[status] && intentAt >= row.at);
}
