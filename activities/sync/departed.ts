import { DAY_MS } from '../../src/contracts/time.ts';
import type { PersonRow } from '../../src/registry/registry.ts';
import type { SyncContext } from '../sync-activities.ts';
import { isMerged } from './merged-persons.ts';
import { isApplied } from './plan-change.ts';

/** Whom HR is asked for, one by one. */
export interface Due {
  readonly persons: readonly PersonRow[];
  /** Of these, whom HR does not know, as everybody was told, and who has no account any more. */
  readonly departed: ReadonlySet<string>;
}

/**
 * Leaves out whoever has departed and was asked for within a day: they grow in number for ever, and HR's list shows who
 * comes back. Under an id that HR gave up for another one it is asked for nothing. Rule: "What HR tells us".
 */
export async function whomToAsk(context: SyncContext, known: readonly PersonRow[]): Promise<Due> {
  const persons = known.filter((person) => !isMerged(person));
  const unknown = persons
    .filter((person) => person.observation?.outcome === 'no-person' && isApplied(person))
    .map(({ personId }) => personId);
  if (unknown.length === 0) return { persons, departed: new Set() };
  const holders = await context.deps.registry.holdersAmong(unknown);
  const departed = new Set(unknown.filter((personId) => !holders.has(personId)));
  const since = context.now() - DAY_MS;
  const wasAsked = ({ personId, departedAskedAt: at }: PersonRow) =>
    departed.has(personId) && at !== null && at > since;
  return { persons: persons.filter((person) => !wasAsked(person)), departed };
}
