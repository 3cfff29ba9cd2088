import type { AccountState, PastStep } from './account.ts';
import type { IdentityState } from './identity-state.ts';
import type { Instant } from './time.ts';

/** One step of the plan ahead, as operators and the API see it. */
export interface StatusStep {
  readonly key: string;
  readonly action: string;
  readonly why: string;
  readonly dueAt: Instant;
  /** The same moment, in the policy's zone, for people. */
  readonly due: string;
  /** A hold stops it for now. */
  readonly held: boolean;
}

/** The answer of the query `lifecycleStatus`, and of every command. */
export interface AccountStatus {
  readonly accountId: string;
  readonly kind: AccountState['kind'];
  readonly stage: AccountState['stage'];
  readonly access: 'on' | 'off';
  readonly standing: string;
  /** Of a primary account: its person's state today; `null` = it is of another kind. */
  readonly identity: IdentityState | null;
  readonly holds: readonly string[];
  /** `null` = open-ended or not known. */
  readonly lastDay: string | null;
  /** One line: stage, why, what comes next. */
  readonly headline: string;
  /** What the account is in trouble with; `null` = nothing. */
  readonly problem: string | null;
  readonly lastRefusal: string | null;
  readonly past: readonly PastStep[];
  readonly plan: readonly StatusStep[];
}

/** The answer to a command. */
export interface CommandAnswer {
  /** `false` = a command with this id was carried out before; nothing was done now. */
  readonly applied: boolean;
  readonly status: AccountStatus;
}
