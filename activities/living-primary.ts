import { isFinal } from '../src/policy/facts.ts';
import type { AccountRow } from '../src/registry/registry.ts';

/** The primary account among a person's accounts that is not over; `null` = none. */
export function livingPrimary(accounts: readonly AccountRow[]): AccountRow | null {
  return accounts.find(({ kind, state }) => kind === 'primary' && !isFinal(state.stage)) ?? null;
}
