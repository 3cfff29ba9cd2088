import type { SyncContext } from '../sync-activities.ts';
import { instanceChangesOf } from './instance-changes.ts';
import { changesOf, mayJoin, today } from './plan-change.ts';

/**
 * Adds rows for persons with an affiliation and without a primary account, of whom HR says nothing new: they came back
 * while their account was being deleted, and no new fact would ever say so again. Answers how many.
 */
export async function addReturners(context: SyncContext, planId: string): Promise<number> {
  const { registry, settings } = context.deps;
  let added = 0;
  if (!mayJoin(context)) return added;
  for (let after: string | null = null; ;) {
    const input = { today: today(context), after, limit: settings.pageSize };
    const persons = await registry.personsWithoutPrimary(input);
    const personIds = persons.map(({ personId }) => personId);
    const changes = await changesOf(context, persons, await instanceChangesOf(context, personIds));
    const joining = changes.filter(({ kind }) => kind === 'join' || kind === 'return');
    if (joining.length > 0) await registry.addChanges({ planId, changes: joining });
    added += joining.length;
    const last = persons.at(-1);
    if (!last) return added;
    after = last.personId;
    context.beat(added);
  }
}
