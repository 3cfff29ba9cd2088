import type { AccountState } from '../../src/contracts/account.ts';
import type { Observation } from '../../src/contracts/affiliation.ts';
import type { Change } from '../../src/contracts/plan.ts';
import { dateOf } from '../../src/policy/calendar.ts';
import { type Difference, differenceOf } from '../../src/policy/sync-diff.ts';
import type { InstanceRow } from '../../src/registry/instance-registry.ts';
import type { PersonRow } from '../../src/registry/registry.ts';
import type { SyncContext } from '../sync-activities.ts';
import { type InstanceChanges, namesOf, NO_INSTANCE_CHANGES } from './instance-changes.ts';

/** The date it is where the primary accounts' calendar counts. */
export function today(context: SyncContext): string {
  const { policies, timeZone } = context.deps.settings;
  return dateOf(context.now(), policies.policies.primary?.timeZone ?? timeZone);
}

/** Whether persons get primary accounts here: a deployment may keep nothing but an INDIGO IAM instance. */
export function mayJoin(context: SyncContext): boolean {
  return context.deps.settings.policies.policies.primary !== undefined;
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

/**
 * The rows of persons whose newest fact is to be told, or whose accounts are leaving their instance; who has no fact yet
 * has none.
 */
export async function changesOf(
  context: SyncContext,
  persons: readonly PersonRow[],
  instanceChanges: ReadonlyMap<string, InstanceChanges>,
): Promise<readonly Change[]> {
  const states = new Map<string, AccountState[]>(persons.map(({ personId }) => [personId, []]));
  for (const { personId, state } of await context.deps.registry.accountsOfPersons([...states.keys()])) {
    states.get(personId)?.push(state);
  }
  return persons.flatMap((person): Change[] => {
    const { personId, observation: newest, applied, digest } = person;
    if (!newest) return [];
    const accounts = states.get(personId) ?? [];
    if (accounts.length === 0 && !mayJoin(context)) return [];
    const difference = differenceOf({ applied, newest, today: today(context), accounts });
    const beside = instanceChanges.get(personId) ?? NO_INSTANCE_CHANGES;
    return [
      {
        ...withLeaving(difference, beside.leaving, person.mergedInto),
        personId,
        beforeNumber: applied?.number ?? null,
        number: newest.number,
        afterOutcome: newest.outcome,
        afterDigest: digest,
        instanceChanges: namesOf(beside),
      },
    ];
  });
}

function leavingWords({ accountId, personId, presence }: InstanceRow): string {
  const account = `account ${accountId ?? 'unknown'}`;
  switch (presence) {
    case 'released':
      return `${account} is let go: its label was removed in the instance`;
    case 'deleted':
      return `${account} was deleted by the instance`;
    case 'deletedOutside':
      return `${account} was deleted in the instance by somebody else`;
    case 'there':
      return `${account} goes to person ${personId ?? 'unknown'}, whom its label names now`;
  }
}

/**
 * Accounts that leave are a loss, whatever else HR says of the person. Rule: "Losses". To the id that HR goes on with they
 * only go over.
 */
function withLeaving(
  difference: Difference,
  leaving: readonly InstanceRow[],
  mergedInto: string | null,
): Difference {
  if (leaving.length === 0) return difference;
  const goesOver = ({ presence, personId }: InstanceRow) => presence === 'there' && personId === mergedInto;
  if (mergedInto !== null && leaving.every(goesOver)) {
    return { ...difference, kind: 'correction', reason: leaving.map(leavingWords).join('; ') };
  }
  const hr = difference.kind === 'loss' || difference.kind === 'shortening' ? [difference.reason] : [];
  return { ...difference, kind: 'loss', reason: [...leaving.map(leavingWords), ...hr].join('; ') };
}
