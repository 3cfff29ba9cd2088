import type { Observation } from '../src/contracts/affiliation.ts';
import type { PersonRow } from '../src/registry/registry.ts';

/** What a person's accounts were told, or are being told at the moment; `null` = nothing yet. */
export function toldOf(person: PersonRow): Observation | null {
  return person.appliedOutcome === null ? person.observation : person.applied;
}
