import type { AccountState } from '../../src/contracts/account.ts';
import { isFinal, isUncompared } from '../../src/policy/facts.ts';
import type { InstanceRow } from '../../src/registry/instance-registry.ts';
import type { SyncContext } from '../sync-activities.ts';

/** What accounts of an instance are to be told beside HR's answer about their person. */
export interface InstanceChanges {
  /** Accounts that are not there any more, or whose label names another person, and were not told so. */
  readonly leaving: readonly InstanceRow[];
  /** Ids of accounts that were adopted and never heard what HR says. */
  readonly untold: readonly string[];
}

export const NO_INSTANCE_CHANGES: InstanceChanges = { leaving: [], untold: [] };

/** By person; who has none is not in it. */
export async function instanceChangesOf(
  context: SyncContext,
  personIds: readonly string[],
): Promise<ReadonlyMap<string, InstanceChanges>> {
  const { registry, instance } = context.deps;
  const changes = new Map<string, InstanceChanges>();
  if (instance === null || personIds.length === 0) return changes;
  const departing = await registry.departing(personIds);
  const rows = new Map(departing.map((row) => [row.accountId, row]));
  for (const { accountId, personId, state } of await registry.accountsOfPersons(personIds)) {
    const row = rows.get(accountId);
    const { leaving, untold } = changes.get(personId) ?? NO_INSTANCE_CHANGES;
    if (row !== undefined) changes.set(personId, { leaving: [...leaving, row], untold });
    else if (isUntold(state)) changes.set(personId, { leaving, untold: [...untold, accountId] });
  }
  return changes;
}

function isUntold(state: AccountState): boolean {
  return isUncompared(state) && !isFinal(state.stage);
}

/** How a row of a plan names an account that is told what HR says for the first time. */
export function nameOfUntold(accountId: string): string {
  return `${accountId} new`;
}

/** The changes as a row of a plan names them, see `Change`. */
export function namesOf({ leaving, untold }: InstanceChanges): readonly string[] {
  return [
    ...leaving.map(({ accountId, presence, personId }) =>
      [accountId, presence, ...(presence === 'there' ? [personId] : [])].join(' '),
    ),
    ...untold.map(nameOfUntold),
  ].sort();
}
