import type { DirectoryPerson } from '../src/connectors/directory.ts';
import type { PersonRow } from '../src/registry/registry.ts';

/** The person's attributes as a directory holds them. */
export function directoryPerson(person: PersonRow): DirectoryPerson {
  return {
    personId: person.personId,
    displayName: `${person.givenName} ${person.familyName}`,
    givenName: person.givenName,
    familyName: person.familyName,
    mail: person.email,
    department: person.department,
    group: person.group,
    section: person.section,
    institute: person.institute,
    language: person.language,
  };
}
