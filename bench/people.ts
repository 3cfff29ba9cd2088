import type { HrDoublePerson } from '../src/demo/doubles/hr-double-person.ts';
import type { NewIndigoIamAccount } from '../src/demo/doubles/indigo-iam/indigo-iam-double.ts';
import type { CalendarDate } from '../src/contracts/time.ts';

/** Who leads everybody else, never leaves, and is the fallback owner. */
export const HEAD = 100_000;

/** The person id of the n-th of the others, from 1. */
export function personIdOf(index: number): number {
  return HEAD + index;
}

/** One person as HR knows them; `end` = the last day of the contract, `null` = open-ended. */
export function benchPerson(id: number, end: CalendarDate | null): HrDoublePerson {
  return {
    id,
    name: `Family${String(id)}`,
    firstName: `Given${String(id)}`,
    email: `person${String(id)}@example.org`,
    department: 'EP',
    group: 'EP-ADE',
    sector: 'EP-ADE-CA',
    preferredLanguage: id % 2 === 0 ? 'en' : 'fr',
    supervisorId: id === HEAD ? null : HEAD,
    participations: [
      {
        experiment: 'CMS',
        startDate: '2020-01-01',
        endDate: end,
        institute: { id: '000001', name: 'Example Institute', town: 'Geneva', country: 'CH' },
      },
    ],
    contracts: [{ id: `c${String(id)}`, startDate: '2020-01-01', endDate: end }],
  };
}

/** So many people in all: the head, and others whose contracts all end on the same day. */
export function benchPeople(count: number, end: CalendarDate | null): readonly HrDoublePerson[] {
  return Array.from({ length: count }, (_, index) => benchPerson(HEAD + index, index === 0 ? null : end));
}

/** The id, in the INDIGO IAM instance, of a person's account. */
export function instanceIdOf(personId: number): string {
  return `00000000-0000-4000-8000-${String(personId).padStart(12, '0')}`;
}

/** A person's account as it was imported from HR: nobody has handled it yet. */
export function benchInstanceAccount({ id, name, firstName, email }: HrDoublePerson): NewIndigoIamAccount {
  return {
    id: instanceIdOf(id),
    userName: `user${String(id)}`,
    givenName: firstName,
    familyName: name,
    email: email ?? '',
    labels: [{ prefix: 'hr.cern', name: 'cern_person_id', value: String(id) }],
  };
}
