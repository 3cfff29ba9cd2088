import type { AccountState } from '../contracts/account.ts';
import type { IdentityState } from '../contracts/identity-state.ts';
import type { Policy } from '../contracts/policy.ts';
import type { CalendarDate, Instant } from '../contracts/time.ts';
import { assertNever } from './assert-never.ts';
import { accountDate } from './facts.ts';
import { identityStateOn, nextIdentityChange, type IdentityFacts } from './identity-state.ts';
import { withNote } from './notes.ts';

function factsOf({ observation, holds }: AccountState): IdentityFacts {
  return { observation, disabledManually: holds.disabledManually !== null };
}

function reasonOf(state: IdentityState, { observation, holds }: AccountState): string {
  switch (state) {
    case 'CREATED':
      return 'HR has not shown the person yet';
    case 'NO_CONTRACT':
      return observation?.outcome === 'no-person' ? 'HR knows no such person' : 'HR shows no contract at all';
    case 'FUTURE_CONTRACT':
      return 'a contract begins later, none is valid';
    case 'VALID':
      return 'a contract is valid';
    case 'LEFT':
      return 'every contract is over';
    case 'DISABLED':
      return 'every valid contract is excluded';
    case 'DISABLED_MANUALLY':
      return `disabled by ${holds.disabledManually?.actor ?? 'somebody'}`;
    default:
      return assertNever(state);
  }
}

/** Keeps the person's state on their primary account, and notes every change. Rule: "Identity state". */
export function withIdentity(state: AccountState, policy: Policy, at: Instant): AccountState {
  // What was kept before there were such states goes on without, until its next run.
  if (state.kind !== 'primary' || state.identity === undefined) return state;
  const now = identityStateOn(factsOf(state), accountDate(state, policy, at));
  const before = state.identity?.state ?? null;
  if (now === before) return state;
  const why = reasonOf(now, state);
  const kept = { ...state, identity: { state: now, since: at, why } };
  return withNote(kept, { at, what: `identity state ${before ?? 'none'} → ${now}: ${why}` });
}

/** The next day on which the person's state changes by itself; `null` = none, or nobody keeps it. */
export function nextIdentityDate(state: AccountState, today: CalendarDate): CalendarDate | null {
  if (state.kind !== 'primary' || state.identity === undefined) return null;
  return nextIdentityChange(factsOf(state), today);
}

/** The state that a run goes on with: from its beginning on, a primary account keeps its person's state. */
export function keepingIdentity(state: AccountState): AccountState {
  return state.kind !== 'primary' || state.identity !== undefined ? state : { ...state, identity: null };
}
