import type { AccountState } from '../../src/contracts/account.ts';
import type { Observation } from '../../src/contracts/affiliation.ts';
import type { Change } from '../../src/contracts/plan.ts';
import { dateOf } from '../../src/policy/calendar.ts';
import { differenceOf } from '../../src/policy/sync-diff.ts';
import type { PersonRow } from '../../src/registry/registry.ts';
import type { SyncContext } from '../sync-activities.ts';

/** The date it is where the primary accounts' calendar counts. */
export function today(context: SyncContext): string {
  const { policies, timeZone } = context.deps.settings;
  return dateOf(context.now(), policies.policies.primary?.timeZone ?? timeZone);
}

/** Whether every account of the person has been told the newest fact. */
export function isApplied(person: PersonRow): boolean {
  const { observation, digest, appliedDigest, appliedOutcome } = person;
  return observation === null || (appliedOutcome === observation.outcome && appliedDigest === digest);
}

/** Whether the two observations are one answer of HR's, the base that a row stands on. */
export function isBase(row: Pick<Change, 'beforeNumber'>, applied: Observation | null): boolean {
  return row.beforeNumber === (applied?.number ?? null);
}

/** The rows of persons whose newest fact is to be told; who has no fact yet has none. */
export async function changesOf(
  context: SyncContext,
  persons: readonly PersonRow[],
): Promise<readonly Change[]> {
  const states = new Map<string, AccountState[]>(persons.map(({ personId }) => [personId, []]));
  for (const { personId, state } of await context.deps.registry.accountsOfPersons([...states.keys()])) {
    states.get(personId)?.push(state);
  }
  return persons.flatMap((person): Change[] => {
    const { personId, observation: newest, applied, digest } = person;
    if (!newest) return [];
    const accounts = states.get(personId) ?? [];
    return [
      {
        ...differenceOf({ applied, newest, today: today(context), accounts }),
        personId,
        beforeNumber: applied?.number ?? null,
        number: newest.number,
        afterOutcome: newest.outcome,
        afterDigest: digest,
      },
    ];
  });
}
