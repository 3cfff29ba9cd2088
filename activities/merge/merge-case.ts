import type { AccountKind } from '../../src/contracts/account.ts';
import type { MergeAsk } from '../../src/contracts/merge.ts';
import type { MergeCase, MergeSide } from '../../src/policy/merge-rules.ts';
import type { AccountRow, MergeFacts, PersonRow } from '../../src/registry/registry.ts';
import { toldOf } from '../told-of.ts';
import { today } from '../sync/plan-change.ts';
import type { SyncContext } from '../sync-activities.ts';

const KINDS = ['primary', 'secondary', 'service', 'guest', 'experiment'] as const satisfies AccountKind[];

function sideOf(person: PersonRow | null, accounts: readonly AccountRow[]): MergeSide {
  return {
    isKnown: person !== null,
    mergedInto: person?.mergedInto ?? null,
    told: person && toldOf(person),
    accounts,
  };
}

/** What the registry knows of the two, as the rules of a merge look at it. */
export function mergeCaseOf(
  context: SyncContext,
  { fromPerson, toPerson }: Pick<MergeAsk, 'fromPerson' | 'toPerson'>,
  facts: MergeFacts,
): MergeCase {
  const { settings } = context.deps;
  const { from, to, fromAccounts, toAccounts, guests, reassignments, merge } = facts;
  return {
    ...{ fromPerson, toPerson, guests, reassignments, done: merge, today: today(context) },
    from: sideOf(from, fromAccounts),
    to: sideOf(to, toAccounts),
    fallbackOwner: settings.fallbackOwner,
    kinds: KINDS.filter((kind) => settings.policies.policies[kind] !== undefined),
  };
}
