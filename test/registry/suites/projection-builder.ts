import type { AccountState, AuditNote } from '../../../src/contracts/account.ts';
import type { Projection } from '../../../src/registry/registry.ts';
import { accountStateOf, NEW_YEAR } from '../../support/registry.ts';

export type AccountNote = AuditNote;

/** A projection of an account made by `newAccountOf`. */
export function projectionOf(accountId: string, state: Partial<AccountState>): Projection {
  return {
    state: accountStateOf({ accountId, personId: `person-of-${accountId}`, ...state }),
    nextStep: null,
    nextStepAt: null,
    problem: null,
    notes: [],
  };
}

export function noteOf(overrides: Partial<AuditNote> & { sequence: number }): AuditNote {
  return {
    at: NEW_YEAR + overrides.sequence,
    what: 'something',
    actor: 'workflow',
    commandId: null,
    reason: null,
    failedNotice: null,
    ...overrides,
  };
}
