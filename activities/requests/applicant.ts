import type { Observation } from '../../src/contracts/affiliation.ts';
import type { CalendarDate } from '../../src/contracts/time.ts';
import type { Applicant } from '../../src/policy/account-requests.ts';
import { isFinal } from '../../src/policy/facts.ts';
import { governing } from '../../src/policy/governing.ts';
import type { AccountRow, PersonRow } from '../../src/registry/registry.ts';
import { livingPrimary } from '../living-primary.ts';
import { toldOf } from '../told-of.ts';

function isMember(observation: Observation | null, today: CalendarDate): boolean {
  return governing({ kind: 'primary', experiment: null, observation, today }).standing === 'member';
}

/** Whether the person has an affiliation, by the newest that HR said, and by what their accounts were told. */
export function isValidPerson(person: PersonRow, today: CalendarDate): boolean {
  return isMember(person.observation, today) && isMember(toldOf(person), today);
}

/** The person as the rule of requests sees them. `coming` = service accounts on their way to them. */
export function applicantOf(input: {
  readonly person: PersonRow | null;
  readonly accounts: readonly AccountRow[];
  readonly coming: number;
  readonly today: CalendarDate;
}): Applicant {
  const { person, accounts, coming, today } = input;
  const primary = livingPrimary(accounts);
  const living = (wanted: AccountRow['kind']) =>
    accounts.filter(({ kind, state }) => kind === wanted && !isFinal(state.stage)).length;
  return {
    isKnown: person !== null && person.observation !== null,
    isValid: person !== null && isValidPerson(person, today),
    isDisabled: (primary?.state.holds.disabledManually ?? null) !== null,
    hasPrimary: primary !== null,
    has: { secondary: living('secondary'), service: living('service') + coming },
  };
}
