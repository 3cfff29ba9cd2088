import { ignoredInCurrent, wantedInCurrent } from './current.ts';
import { adminLabels } from './labels.ts';
import { ignoredInLegacy, wantedInLegacy } from './legacy.ts';
import { membershipOf } from './membership.ts';
import { personWanted } from './person-wanted.ts';
import type { AccountInput, Wanted } from './wanted.ts';

const UNTOUCHED = { person: undefined, isNameRefused: false } as const;

/**
 * What a synchronisation wants of one account of the instance: names, e-mail, `active`, end time and labels, by what HR
 * said of its person and what of it was applied, by the admins' labels, and by who suspended it. The same input wants the
 * same; what is wanted may be so already. Rule: "Experiment accounts".
 */
export function decideAccount(input: AccountInput): Wanted {
  const { settings, account } = input;
  const { sightings } = account;
  const isLegacy = settings.dialect === 'legacy';
  if (adminLabels(account.labels).ignore) {
    const reason = 'ignored as the label ignore says';
    const labels = isLegacy ? ignoredInLegacy(input, reason) : ignoredInCurrent(reason);
    return { ...UNTOUCHED, ...labels, sightings };
  }
  const said = account.isNameless
    ? {
        membership: { type: 'unknown', reason: `no person id in label ${settings.personIdLabel}` } as const,
        sightings,
      }
    : membershipOf(input);
  const { membership } = said;
  const labels = isLegacy ? wantedInLegacy(input, membership) : wantedInCurrent(input, membership);
  const person = account.isNameless ? UNTOUCHED : personWanted(input);
  return { ...person, ...labels, sightings: said.sightings };
}
