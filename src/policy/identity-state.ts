import type { AccountState } from '../contracts/account.ts';
import type { Observation, Tie } from '../contracts/affiliation.ts';
import type { IdentityState } from '../contracts/identity-state.ts';
import type { CalendarDate } from '../contracts/time.ts';
import { covers } from './exclusion.ts';
import { startsAfterItsEnd } from './governing.ts';

/** What a person's state follows from. */
interface IdentityFacts {
  /** `null` = HR has not shown them yet. */
  readonly observation: Observation | null;
  readonly disabledManually: boolean;
}

/** Contracts; participations only of a person who has no contract on record. One that ends before it begins is none. */
function affiliationsOf({ ties }: Observation): readonly Tie[] {
  const dated = ties.filter((tie) => !startsAfterItsEnd(tie));
  const contracts = dated.filter(({ kind }) => kind === 'contract');
  return ties.some(({ kind }) => kind === 'contract') ? contracts : dated;
}

function begins({ start }: Tie, day: CalendarDate): boolean {
  return start !== null && start > day;
}

/** The person's state on a day. Rule: "Identity state". */
export function identityStateOn(
  { observation, disabledManually }: IdentityFacts,
  today: CalendarDate,
): IdentityState {
  if (disabledManually) return 'DISABLED_MANUALLY';
  if (observation === null) return 'CREATED';
  const affiliations = affiliationsOf(observation);
  if (affiliations.length === 0) return 'NO_CONTRACT';
  const valid = affiliations.filter((tie) => covers(tie, today));
  if (valid.some(({ excluded }) => !excluded)) return 'VALID';
  if (affiliations.some((tie) => begins(tie, today))) return 'FUTURE_CONTRACT';
  return valid.length > 0 ? 'DISABLED' : 'LEFT';
}

/** The state of the person whose primary account this is; `null` = it is none: whose it is says another account. */
export function identityOf(state: AccountState, today: CalendarDate): IdentityState | null {
  if (state.kind !== 'primary') return null;
  const { observation, holds } = state;
  return identityStateOn({ observation, disabledManually: holds.disabledManually !== null }, today);
}
