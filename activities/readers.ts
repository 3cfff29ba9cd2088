import { MailError } from '../src/errors.ts';
import type { PersonName } from '../src/notices/notice-facts.ts';
import type { PersonRow } from '../src/registry/registry.ts';
import type { ActivityDependencies } from './dependencies.ts';

/** Where a notice for a person goes. */
export interface Reader {
  readonly to: string;
  readonly language: string | null;
  /** The supervisor who gets it because the person has no address; else `null`. */
  readonly via: PersonRow | null;
}

export function nameOf(person: PersonRow): PersonName {
  return { givenName: person.givenName, familyName: person.familyName };
}

/** The person's supervisor, as HR names or last named them. */
export async function supervisorOf(deps: ActivityDependencies, person: PersonRow): Promise<PersonRow | null> {
  const supervisorId = person.supervisorId ?? person.lastKnownSupervisorId;
  const supervisor = supervisorId === null ? null : await deps.registry.person(supervisorId);
  // HR may go on naming an id that it gave up.
  const into = supervisor?.mergedInto ?? null;
  return into === null ? supervisor : deps.registry.person(into);
}

/** The person's own address, else the external one; `null` = none. */
export function addressOf(person: PersonRow): string | null {
  return person.email ?? person.externalEmail;
}

/**
 * Who reads a notice for the person: their primary address, else the external one, else the supervisor.
 *
 * @throws MailError `MAIL_NO_ADDRESS`, when there is nobody.
 */
export async function readerOf(deps: ActivityDependencies, person: PersonRow): Promise<Reader> {
  const own = addressOf(person);
  if (own !== null) return { to: own, language: person.language, via: null };
  const supervisor = await supervisorOf(deps, person);
  const address = supervisor && addressOf(supervisor);
  if (supervisor && address) return { to: address, language: supervisor.language, via: supervisor };
  throw new MailError({
    code: 'MAIL_NO_ADDRESS',
    message: 'neither the person nor their supervisor has a mail address; give one in HR',
    retryable: false,
    facts: { personId: person.personId },
  });
}
