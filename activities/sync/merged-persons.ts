import type { HrRecord } from '../../src/connectors/hr-source.ts';
import { governing } from '../../src/policy/governing.ts';
import type { PersonRow } from '../../src/registry/registry.ts';
import type { SyncContext } from '../sync-activities.ts';
import { today } from './plan-change.ts';

/** Whether HR gave up the person's id for another one: it is asked for nothing more under it. */
export function isMerged({ mergedInto }: PersonRow): boolean {
  return mergedInto !== null;
}

/** A person whose id HR gave up, and what its list says of the id all the same; `null` = nothing, as it should. */
export interface MergedPerson {
  readonly person: PersonRow;
  readonly record: HrRecord | null;
}

function hasAffiliation(context: SyncContext, { personId, ties }: HrRecord): boolean {
  const observation = { number: 0, personId, outcome: 'found', ties, at: context.now() } as const;
  const day = today(context);
  const { standing } = governing({ kind: 'primary', experiment: null, observation, today: day });
  return standing === 'member' || standing === 'future';
}

/**
 * One alarm for each id that HR gave up and shows with an affiliation all the same, for as long as its list does: nobody
 * gets an account for it. Rule: "Merging two person ids".
 */
export async function reportMerged(context: SyncContext, merged: readonly MergedPerson[]): Promise<void> {
  const { registry } = context.deps;
  const at = context.now();
  for (const { person, record } of merged) {
    const { personId, mergedInto } = person;
    const key = `hr-merged-person:${personId}`;
    if (record === null || !hasAffiliation(context, record)) {
      await registry.clearAlarm({ key, at });
      continue;
    }
    const message =
      `HR shows person ${personId} with an affiliation, who was merged into person ${mergedInto ?? 'unknown'}. No account is ` +
      'made for the id, and it is told to nobody. Ask HR which of the two is right.';
    await registry.raiseAlarm({ key, message, at });
  }
}
