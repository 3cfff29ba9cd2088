import type { HrSaid } from '../../src/policy/instance/wanted.ts';
import type { PersonRow } from '../../src/registry/registry.ts';

/**
 * What HR said of a person in this synchronisation, and what of it their accounts were told: a loss that is held was not
 * told, and counts for nothing here. Rule: "Experiment accounts".
 *
 * @param isUnheard HR gave no answer for the person in this run
 */
export function hrSaid(person: PersonRow | null, isUnheard: boolean): HrSaid {
  // Of an id that HR gave up it says nothing any more: the label has to name the other one.
  if (isUnheard || (person !== null && person.mergedInto !== null)) return { outcome: 'unavailable' };
  // A good answer resets them: HR said so, if not often enough yet.
  if (person !== null && person.noPersonSightings !== null) return { outcome: 'no-person', isApplied: false };
  if (!person?.observation) return { outcome: 'not-applied' };
  const { observation, applied, givenName, familyName, email } = person;
  if (observation.outcome === 'no-person') {
    return { outcome: 'no-person', isApplied: applied?.outcome === 'no-person' };
  }
  if (applied?.outcome !== 'found') return { outcome: 'not-applied' };
  return { outcome: 'found', person: { givenName, familyName, email }, applied, newest: observation };
}
