import type { LifecycleStatus } from '../../src/contracts/instance.ts';
import type { Instant } from '../../src/contracts/time.ts';
import { isExpired } from '../../src/policy/instance-facts.ts';
import { lifecycleStatusOf } from '../../src/policy/instance/labels.ts';
import type { InstanceRow } from '../../src/registry/instance-registry.ts';
import type { EffectRow, Registry } from '../../src/registry/registry.ts';
import type { KeptInstance } from '../dependencies.ts';
import type { AccountLook } from './assess-account.ts';

/** The step of ours that writes this value of the label `lifecycle.status`. */
const OURS: Readonly<Record<LifecycleStatus, string>> = {
  PENDING_SUSPENSION: 'leaving',
  SUSPENDED: 'block',
  PENDING_REMOVAL: 'block',
};

type Effects = Pick<Registry, 'effects'>;
type Settings = Pick<KeptInstance['settings'], 'expiredAccounts'>;

/** Whether this effect may have written what was not there yet at that moment; one that was cut off may have at any. */
function mayHaveWritten({ state, doneAt }: EffectRow, since: Instant): boolean {
  return state === 'intent' || (doneAt ?? 0) >= since;
}

/** Whether the label `lifecycle.status` came, or has another value than before, and no step of ours wrote it. */
async function isMarkedByOthers(
  registry: Effects,
  { accountId, at, snapshot }: InstanceRow,
  status: LifecycleStatus | null,
): Promise<boolean> {
  if (accountId === null || status === null || status === lifecycleStatusOf(snapshot.labels)) return false;
  const effects = await registry.effects(accountId);
  return !effects.some((effect) => effect.action === OURS[status] && mayHaveWritten(effect, at));
}

/** Whether an account whose end was over is gone, and no step of ours was about to delete it. */
async function isDeletedByOthers(
  registry: Effects,
  { accountId, snapshot }: InstanceRow,
  at: Instant,
): Promise<boolean> {
  if (accountId === null || !isExpired(snapshot.user.endTime, at)) return false;
  return !(await registry.effects(accountId)).some(({ action }) => action === 'delete');
}

interface RowLook {
  readonly row: InstanceRow;
  readonly seen: AccountLook['seen'];
  readonly at: Instant;
}

/** Whether what is there now, where there was the row, was done by others, in an account that has not ended. */
async function isRowTouched(
  registry: Effects,
  { row, seen, at }: RowLook,
  { expiredAccounts }: Settings,
): Promise<boolean> {
  if (expiredAccounts !== 'manage' || row.presence !== 'there') return false;
  if (seen === null) return isDeletedByOthers(registry, row, at);
  return isMarkedByOthers(registry, row, lifecycleStatusOf(seen.labels));
}

/**
 * Whether INDIGO IAM's own handler of expired accounts, which is to be off where ours manages them, seems to have marked
 * or deleted the account since it was last looked at: what is there now no step of ours explains.
 */
export async function showsExpiryTask(
  registry: Effects,
  { known, seen, at }: Pick<AccountLook, 'known' | 'seen' | 'at'>,
  settings: Settings,
): Promise<boolean> {
  if (known?.account?.hasEnded !== false) return false;
  return isRowTouched(registry, { row: known.row, seen, at }, settings);
}

/**
 * Remembers such a trace that a step sees: its look is stored, so that the next synchronisation finds nothing new, and
 * what the step writes then would be taken for the author. `seen` `null` = the account is gone.
 */
export async function noteExpiryTask(
  registry: Effects & Pick<Registry, 'noteExpiryTrace'>,
  look: RowLook,
  settings: Settings,
): Promise<void> {
  if (!(await isRowTouched(registry, look, settings))) return;
  await registry.noteExpiryTrace({ externalId: look.row.externalId, at: look.at });
}
