import type { Observation } from '../src/contracts/affiliation.ts';
import type { HrAnswer } from '../src/connectors/hr-source.ts';
import { LifecycleError } from '../src/errors.ts';
import type { PersonRow } from '../src/registry/registry.ts';
import { refuseMerged } from './merged.ts';
import type { StepContext } from './step-context.ts';
import { storeLook } from './store-look.ts';

/** What a fresh look at one person came to; `person` as the registry has them now. */
export interface FreshLook {
  readonly observation: Observation;
  readonly person: PersonRow | null;
}

function notUsable(code: string, reason: string): LifecycleError {
  return new LifecycleError({ code, message: `${reason}; waiting for HR`, retryable: true });
}

/**
 * Reads HR right before harm is done, and stores what it saw. Throws, to be retried, when HR is unavailable, and when
 * it says that it knows no such person but that is not confirmed, and when it gave up the person's id for another one. Rule: "A fresh look".
 */
export async function freshLook(context: StepContext, personId: string): Promise<FreshLook> {
  const { registry, hr } = context.deps;
  const number = await registry.nextObservationNumber();
  const before = await registry.person(personId);
  refuseMerged(before);
  const answer: HrAnswer = await hr.readPerson({ personId, signal: context.signal });
  const look = await storeLook(context.deps, {
    number,
    personId,
    answer,
    before,
    at: context.now,
    source: context.input.step.action,
  });
  switch (look.outcome) {
    case 'found':
      return { observation: look.observation, person: look.person };
    case 'unavailable':
      throw notUsable('HR_UNAVAILABLE', `HR is unavailable (${look.code})`);
    case 'no-person': {
      // Only what a synchronisation has confirmed is a fact, and only once the safeguard has let it through.
      const confirmed = before?.applied?.outcome === 'no-person';
      if (!confirmed)
        throw notUsable('HR_NO_PERSON_UNCONFIRMED', 'HR knows no such person, which is not confirmed');
      return {
        observation: { number, personId, outcome: 'no-person', ties: [], at: context.now },
        person: before,
      };
    }
  }
}
