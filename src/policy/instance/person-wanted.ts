import { adminLabels } from './labels.ts';
import type { AccountInput, HrPerson, Wanted } from './wanted.ts';

const SHORTEST_NAME = 2;
const LONGEST_NAME = 64;

/** Whether IAM takes the name; an empty one is left as it is there. */
function isTaken(name: string): boolean {
  return name === '' || (name.length >= SHORTEST_NAME && name.length <= LONGEST_NAME && !/[<>%$]/.test(name));
}

/**
 * Names and e-mail follow HR. A name that IAM would refuse is left as it is, the other one goes on; the e-mail is left if
 * HR has none, or an admin said so.
 */
export function personWanted({ hr, account }: AccountInput): Pick<Wanted, 'person' | 'isNameRefused'> {
  if (hr.outcome !== 'found') return { person: undefined, isNameRefused: false };
  const { givenName, familyName, email } = hr.person;
  const [given, family] = [isTaken(givenName), isTaken(familyName)];
  const person: HrPerson = {
    givenName: given ? givenName : '',
    familyName: family ? familyName : '',
    email: adminLabels(account.labels).skipEmail ? null : email,
  };
  return { person, isNameRefused: !given || !family };
}
