import type { AccountKind, AccountState, Stage } from '../contracts/account.ts';
import type { Observation } from '../contracts/affiliation.ts';
import type { Instant } from '../contracts/time.ts';

/** The state of an account that begins to be managed at `at`: made for a joiner (`pending`) or taken over as it is. */
export function initialState(input: {
  readonly accountId: string;
  readonly kind: AccountKind;
  readonly personId: string;
  readonly experiment: string | null;
  readonly stage: Extract<Stage, 'pending' | 'active' | 'grace' | 'blocked'>;
  readonly observation: Observation | null;
  /** Number of the person's next leaving; 0 for the first. */
  readonly departure?: number;
  readonly at: Instant;
}): AccountState {
  const { accountId, kind, personId, experiment, stage, observation, at, departure = 0 } = input;
  const access = stage === 'pending' ? 'none' : stage === 'blocked' ? 'off' : 'on';
  return {
    schema: 1,
    accountId,
    kind,
    personId,
    experiment,
    stage,
    stageSince: at,
    managedSince: at,
    epoch: 0,
    departure,
    sequence: 0,
    observation,
    withheld: null,
    vanishedLastDay: null,
    adminDate: null,
    holds: { ignored: null, disabledManually: null, excluded: null },
    access,
    activeStatus: null,
    told: {},
    named: null,
    lateNotice: null,
    allClear: null,
    allClears: 0,
    blocked: null,
    notBefore: null,
    deleteBegun: false,
    failures: [],
    past: [],
    noteSequence: 0,
    unrecorded: [],
    handledCommands: [],
    lastRefusal: null,
  };
}
