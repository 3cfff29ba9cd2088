import type { Observation } from './affiliation.ts';
import type { Command } from './command.ts';
import type { GuestChanged } from './guest.ts';
import type { InstanceFacts } from './instance.ts';
import type { PersonsMerged } from './merge.ts';
import type { Reassigned } from './reassignment.ts';
import type { Step, StepOutcome } from './step.ts';
import type { Instant } from './time.ts';

/** Everything that can happen to an account. `at` is stamped by the workflow, on the deployment's clock. */
export type AccountEvent =
  | { readonly type: 'observed'; readonly at: Instant; readonly observation: Observation }
  /** What the INDIGO IAM instance shows of an experiment account. */
  | { readonly type: 'instanceSeen'; readonly at: Instant; readonly facts: InstanceFacts }
  /** The proposed owner of a service account agreed. */
  | { readonly type: 'reassigned'; readonly at: Instant; readonly fact: Reassigned }
  /** HR merged the account's person into another one. */
  | { readonly type: 'merged'; readonly at: Instant; readonly fact: PersonsMerged }
  /** An admin associated an identity with the person's guest account, or released one. */
  | { readonly type: 'guestChanged'; readonly at: Instant; readonly change: GuestChanged }
  | { readonly type: 'commanded'; readonly at: Instant; readonly command: Command }
  /** Time has passed: what ends by date ends, what was missed is planned. */
  | { readonly type: 'woke'; readonly at: Instant }
  /** A step's activity was started. */
  | { readonly type: 'stepBegun'; readonly at: Instant; readonly step: Step }
  | { readonly type: 'stepEnded'; readonly at: Instant; readonly step: Step; readonly outcome: StepOutcome }
  /** It failed in a way that no retry mends. */
  | {
      readonly type: 'stepFailed';
      readonly at: Instant;
      readonly step: Step;
      readonly code: string;
      readonly message: string;
    }
  /** It was called off, by a newer plan or at its deadline. */
  | { readonly type: 'stepCalledOff'; readonly at: Instant; readonly step: Step }
  /** The registry is to be told anew where the account stands. */
  | { readonly type: 'recordAsked'; readonly at: Instant }
  /** A message could not be read or was refused. */
  | { readonly type: 'messageRefused'; readonly at: Instant; readonly message: string };
