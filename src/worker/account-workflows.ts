import {
  type Client,
  WorkflowExecutionAlreadyStartedError,
  type WorkflowStartOptions,
} from '@temporalio/client';
import type { AccountWorkflows } from '../../activities/dependencies.ts';
import type { AccountState } from '../contracts/account.ts';
import type { PolicySet } from '../contracts/policy.ts';
import type { ClockAnchor } from '../contracts/time.ts';
import type { Tuning } from '../contracts/workflow-input.ts';
import { ConfigurationError } from '../errors.ts';
import { isFinal } from '../policy/facts.ts';
import {
  guestChanged,
  instanceChanged,
  participationChanged,
  personsMerged,
  reassigned,
} from '../../workflows/messages.ts';
import type { accountLifecycle } from '../../workflows/account-lifecycle.ts';

/** The id of an account's workflow. */
export function accountWorkflowId(accountId: string): string {
  return `account/${accountId}`;
}

/**
 * Steps that a lost workflow may have begun since the registry last heard of it: whoever goes on from the registry's
 * snapshot counts on from behind them, else its first step would stand back before an attempt that nobody carries on.
 */
const STEPS_SKIPPED = 100;

/** A life that ended a moment ago, before the registry knew, has nothing to be told any more. */
async function unlessOver(call: () => Promise<unknown>): Promise<void> {
  try {
    await call();
  } catch (error) {
    if (!(error instanceof WorkflowExecutionAlreadyStartedError)) throw error;
  }
}

/** Starts and signals accounts' workflows through a Temporal client. */
export function createAccountWorkflows(input: {
  readonly client: Client;
  readonly taskQueue: string;
  readonly policies: PolicySet;
  readonly tuning: Tuning;
  /** Temporal's own, 10 s, by default. */
  readonly workflowTaskTimeoutMs?: number;
}): AccountWorkflows {
  const { client, taskQueue, policies, tuning, workflowTaskTimeoutMs } = input;

  const startOptions = (state: AccountState, clock: ClockAnchor) => {
    const policy = policies.policies[state.kind];
    if (!policy) {
      throw new ConfigurationError(
        `the policy set ${policies.name} has no policy for ${state.kind} accounts; add one, or let the account go`,
        { accountId: state.accountId, kind: state.kind },
      );
    }
    return {
      workflowId: accountWorkflowId(state.accountId),
      taskQueue,
      args: [{ state: { ...state, sequence: state.sequence + STEPS_SKIPPED }, policy, clock, tuning }],
      // A finished life is never started again: a late signal would bring a deleted account back.
      workflowIdReusePolicy: 'ALLOW_DUPLICATE_FAILED_ONLY',
      workflowIdConflictPolicy: 'USE_EXISTING',
      ...(workflowTaskTimeoutMs !== undefined && { workflowTaskTimeout: workflowTaskTimeoutMs }),
      staticSummary: `${state.kind} account ${state.accountId}`,
      staticDetails:
        'The life of one account. Current details say where it stands, why, and what comes next; ' +
        'the query lifecycleStatus says the same for programs.',
    } satisfies WorkflowStartOptions<typeof accountLifecycle>;
  };

  return {
    async ensureStarted({ state, clock }) {
      if (isFinal(state.stage)) return;
      await unlessOver(() =>
        client.workflow.start<typeof accountLifecycle>('accountLifecycle', startOptions(state, clock)),
      );
    },
    async tell({ state, observation, clock }) {
      if (isFinal(state.stage)) return;
      await unlessOver(() =>
        client.workflow.signalWithStart<typeof accountLifecycle, [typeof observation]>('accountLifecycle', {
          ...startOptions(state, clock),
          signal: participationChanged,
          signalArgs: [observation],
        }),
      );
    },
    async tellReassigned({ state, fact, clock }) {
      if (isFinal(state.stage)) return;
      await unlessOver(() =>
        client.workflow.signalWithStart<typeof accountLifecycle, [typeof fact]>('accountLifecycle', {
          ...startOptions(state, clock),
          signal: reassigned,
          signalArgs: [fact],
        }),
      );
    },
    async tellGuestChanged({ state, change, clock }) {
      if (isFinal(state.stage)) return;
      await unlessOver(() =>
        client.workflow.signalWithStart<typeof accountLifecycle, [typeof change]>('accountLifecycle', {
          ...startOptions(state, clock),
          signal: guestChanged,
          signalArgs: [change],
        }),
      );
    },
    async tellMerged({ state, fact, clock }) {
      if (isFinal(state.stage)) return;
      await unlessOver(() =>
        client.workflow.signalWithStart<typeof accountLifecycle, [typeof fact]>('accountLifecycle', {
          ...startOptions(state, clock),
          signal: personsMerged,
          signalArgs: [fact],
        }),
      );
    },
    async tellInstance({ state, facts, clock }) {
      if (isFinal(state.stage)) return;
      await unlessOver(() =>
        client.workflow.signalWithStart<typeof accountLifecycle, [typeof facts]>('accountLifecycle', {
          ...startOptions(state, clock),
          signal: instanceChanged,
          signalArgs: [facts],
        }),
      );
    },
  };
}
