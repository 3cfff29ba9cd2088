import { LifecycleError } from '../src/errors.ts';
import type { PersonRow } from '../src/registry/registry.ts';

/** HR gave up the person's id, and what still goes by it waits for the other one. Rule: "Merging two person ids". */
export function mergedError(personId: string, into: string): LifecycleError {
  return new LifecycleError({
    code: 'PERSON_MERGED',
    message:
      `HR merged person ${personId} into person ${into}; waiting until the account follows that one (an account of an ` +
      'instance: until its label names that one)',
    retryable: true,
    facts: { personId, into },
  });
}

/** Throws {@link mergedError} if HR gave up the person's id. */
export function refuseMerged(person: PersonRow | null): void {
  if (person !== null && person.mergedInto !== null) throw mergedError(person.personId, person.mergedInto);
}
