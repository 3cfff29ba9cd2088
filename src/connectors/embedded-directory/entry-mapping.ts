import type { Selectable } from 'kysely';
import { storable, storableOrNull } from '../../registry/column-values.ts';
import type { DirectoryEntriesTable } from '../../registry/tables.ts';
import type { DirectoryEntry, DirectoryPerson } from '../directory.ts';

type PersonColumns = Pick<
  DirectoryEntriesTable,
  | 'person_id'
  | 'display_name'
  | 'given_name'
  | 'family_name'
  | 'mail'
  | 'department'
  | 'group_name'
  | 'section'
  | 'institute'
  | 'language'
>;

export function personColumns(person: DirectoryPerson): PersonColumns {
  return {
    person_id: person.personId,
    display_name: storable(person.displayName),
    given_name: storable(person.givenName),
    family_name: storable(person.familyName),
    mail: storableOrNull(person.mail),
    department: storableOrNull(person.department),
    group_name: storableOrNull(person.group),
    section: storableOrNull(person.section),
    institute: storableOrNull(person.institute),
    language: storableOrNull(person.language),
  };
}

export function toEntry(
  row: Selectable<DirectoryEntriesTable>,
  memberships: readonly string[],
): DirectoryEntry {
  return {
    login: row.login,
    kind: row.kind,
    person: {
      personId: row.person_id,
      displayName: row.display_name,
      givenName: row.given_name,
      familyName: row.family_name,
      mail: row.mail,
      department: row.department,
      group: row.group_name,
      section: row.section,
      institute: row.institute,
      language: row.language,
    },
    activeStatus: row.active_status,
    access: row.access,
    memberships,
    mailRouting: row.mail_routing,
  };
}
