import type { Observation } from '../../src/contracts/affiliation.ts';
import { LifecycleError } from '../../src/errors.ts';
import { dateOf } from '../../src/policy/calendar.ts';
import { governing } from '../../src/policy/governing.ts';
import { canOwn, chooseHeir, type LineMember } from '../../src/policy/heir.ts';
import type { PersonRow } from '../../src/registry/registry.ts';
import type { StepContext } from '../step-context.ts';
import { storeLook } from '../store-look.ts';
import { lossWaits } from './loss-waits.ts';

/** Who is to own the account. */
export interface Heir {
  readonly personId: string;
  readonly isFallback: boolean;
}

/**
 * Somebody of whom only the id is known, because HR names them as a supervisor: from now on each synchronisation asks for
 * them, so that their absence can be confirmed. Until then nobody is passed over because of it.
 */
async function rememberUnknown(
  context: StepContext,
  { number, personId }: { number: number; personId: string },
): Promise<void> {
  const { now: at, input } = context;
  const source = input.step.action;
  await context.deps.registry.storeObservation({
    observation: { number, personId, at, source, outcome: 'no-person', digest: null, ties: [], detail: null },
    person: {
      personId,
      ...{ givenName: '', familyName: '', email: null, externalEmail: null, language: null },
      ...{ supervisorId: null, lastKnownSupervisorId: null },
      ...{ department: null, group: null, section: null, institute: null },
      ...{ observation: null, digest: null, appliedDigest: null, appliedOutcome: null, applied: null },
      ...{ noPersonSightings: null, hadContracts: false, departedAskedAt: null, mergedInto: null },
    },
  });
}

/** Reads one person of the line. Throws, to be retried, while HR is unavailable for them. */
async function readMember(context: StepContext, personId: string): Promise<LineMember> {
  const { registry, hr } = context.deps;
  const number = await registry.nextObservationNumber();
  const before = await registry.person(personId);
  const into = before?.mergedInto ?? null;
  // HR gave up the id: the next in the line is the same person under the other one.
  if (into !== null) return { personId, valid: false, leavesSameDay: false, supervisorId: into };
  const answer = await hr.readPerson({ personId, signal: context.signal });
  const source = context.input.step.action;
  const look = await storeLook(context.deps, { number, personId, answer, before, at: context.now, source });
  switch (look.outcome) {
    case 'unavailable':
      throw new LifecycleError({
        code: 'HR_UNAVAILABLE',
        message: `HR is unavailable for somebody in the line above the owner (${look.code}); waiting for HR`,
        retryable: true,
      });
    case 'no-person':
      if (!look.confirmed) {
        if (!before) await rememberUnknown(context, { number, personId });
        throw new LifecycleError({
          code: 'HR_NO_PERSON_UNCONFIRMED',
          message:
            'HR knows no such person in the line above the owner, which is not confirmed; waiting for HR',
          retryable: true,
        });
      }
      return notPassedOver(context, before, {
        personId,
        valid: false,
        leavesSameDay: false,
        supervisorId: before?.lastKnownSupervisorId ?? null,
      });
    case 'found':
      return notPassedOver(context, before, {
        personId,
        ...affiliationOf(context, look.observation),
        supervisorId: look.person.supervisorId ?? look.person.lastKnownSupervisorId,
      });
  }
}

function affiliationOf(
  context: StepContext,
  observation: Observation,
): Pick<LineMember, 'valid' | 'leavesSameDay'> {
  const today = dateOf(context.now, context.input.policy.timeZone);
  const { standing, lastDay } = governing({ kind: 'primary', experiment: null, observation, today });
  return {
    valid: standing === 'member',
    leavesSameDay: lastDay.type === 'on' && lastDay.date <= today,
  };
}

/**
 * Nobody is passed over because of a loss that no synchronisation's safeguard has let through yet: what was handed on does
 * not come back. Throws, to be retried. Rule: "A fresh look".
 */
function notPassedOver(context: StepContext, before: PersonRow | null, member: LineMember): LineMember {
  const told = before?.applied ?? null;
  if (canOwn(member) || told === null || !canOwn(affiliationOf(context, told))) return member;
  throw lossWaits('somebody in the line above the owner is there no more');
}

/** Goes up the line until somebody can own the account. Rule: "Service accounts at leaving". */
export async function findHeir(context: StepContext, owner: PersonRow | null): Promise<Heir> {
  const line = new Map<string, LineMember>();
  const ownerId = context.input.state.personId;
  const firstSupervisorId = owner?.supervisorId ?? owner?.lastKnownSupervisorId ?? null;
  for (;;) {
    const choice = chooseHeir({ ownerId, firstSupervisorId, line });
    if (choice.type === 'heir') return { personId: choice.personId, isFallback: false };
    if (choice.type === 'read') {
      line.set(choice.personId, await readMember(context, choice.personId));
      continue;
    }
    const { fallbackOwner } = context.deps.settings;
    if (fallbackOwner !== ownerId) return { personId: fallbackOwner, isFallback: true };
    throw new LifecycleError({
      code: 'FALLBACK_OWNER_LEFT',
      message:
        'the fallback owner is leaving too: configure another one; the transfer is tried again every day',
      retryable: false,
    });
  }
}
