import { Context } from '@temporalio/activity';
import type { AccountState } from '../src/contracts/account.ts';
import type { StepOutcome } from '../src/contracts/step.ts';
import type { Instant } from '../src/contracts/time.ts';
import { virtualNow } from '../src/contracts/time.ts';
import type { StepInput } from '../src/contracts/workflow-input.ts';
import { decide } from '../src/policy/decide.ts';
import { momentWords, actionWords } from '../src/policy/describe.ts';
import { isFinal } from '../src/policy/facts.ts';
import { policyAfter } from '../src/policy/merge-steps.ts';
import { planAhead } from '../src/policy/next-step.ts';
import type { Fence, Projection } from '../src/registry/registry.ts';
import type { ActivityDependencies } from './dependencies.ts';
import { refuseWhileFrozen } from './frozen.ts';
import { hasBegun } from './has-begun.ts';
import { errorFacts, failureOf } from './failures.ts';

/** What the body of a step works with. */
export interface StepContext {
  readonly deps: ActivityDependencies;
  readonly input: StepInput;
  /** The moment it began, on the deployment's clock. */
  readonly now: Instant;
  readonly fence: Fence;
  /** Aborted when the step is called off, or the worker stops. */
  readonly signal: AbortSignal;
}

/** An outcome without what the wrapper adds. */
export type StepResult =
  | {
      readonly result: 'done';
      readonly note: string;
      readonly newOwner?: NonNullable<DoneOutcome['newOwner']>;
      readonly facts?: NonNullable<DoneOutcome['facts']>;
      readonly followed?: NonNullable<DoneOutcome['followed']>;
    }
  | { readonly result: 'refused'; readonly why: RefusedOutcome['why'] };

type DoneOutcome = Extract<StepOutcome, { result: 'done' }>;
type RefusedOutcome = Extract<StepOutcome, { result: 'refused' }>;

/** The registry's picture of a state: what comes next and what is wrong. */
export function projectionOf(input: {
  readonly state: AccountState;
  readonly policy: StepInput['policy'];
  readonly now: Instant;
  readonly notes: AccountState['unrecorded'];
}): Projection {
  const { state, policy, now, notes } = input;
  const next = isFinal(state.stage)
    ? undefined
    : planAhead(state, policy, now).find(({ held }) => !held)?.step;
  const [failure] = state.failures;
  return {
    state: { ...state, unrecorded: [] },
    nextStep: next ? `${actionWords(next, state.kind)} on ${momentWords(next.dueAt, policy.timeZone)}` : null,
    nextStepAt: next?.dueAt ?? null,
    problem: failure ? `${failure.code}: ${failure.message}` : null,
    notes,
  };
}

/** How often an activity beats while it works, as a part of the time-out that it has for it. */
const BEATS_PER_TIMEOUT = 3;

function startBeating(context: Context): () => void {
  const timeout = context.info.heartbeatTimeoutMs;
  if (!timeout) return () => undefined;
  const timer = setInterval(() => {
    context.heartbeat();
  }, timeout / BEATS_PER_TIMEOUT);
  return () => {
    clearInterval(timer);
  };
}

/**
 * Makes an activity of a step's body: claims the account for this attempt, beats while it works, writes the
 * projection and the audit notes of what came of it, and turns errors into failures.
 */
export function stepActivity(
  deps: ActivityDependencies,
  body: (context: StepContext) => Promise<StepResult>,
): (input: StepInput) => Promise<StepOutcome> {
  return async (input) => {
    const context = Context.current();
    const { state, policy, step, clock } = input;
    const now = () => virtualNow(clock, Date.now());
    const fence: Fence = {
      accountId: state.accountId,
      sequence: state.sequence,
      attempt: context.info.attempt,
    };
    const stopBeating = startBeating(context);
    try {
      await deps.registry.claim(fence);
      const stepContext = { deps, input, now: now(), fence, signal: context.cancellationSignal };
      await refuseWhileFrozen(stepContext);
      const result = await body(stepContext);
      const common = { at: now(), recorded: state.noteSequence };
      const outcome: StepOutcome =
        result.result === 'done'
          ? { ...result, ...common }
          : { ...result, ...common, begun: await hasBegun(stepContext) };
      const ended = { type: 'stepEnded', at: outcome.at, step, outcome } as const;
      const after = decide(state, ended, policy);
      const ruling = policyAfter(ended, policy);
      await deps.registry.project(
        projectionOf({ state: after, policy: ruling, now: outcome.at, notes: state.unrecorded }),
      );
      return outcome;
    } catch (error) {
      if (context.cancellationSignal.aborted) await context.cancelled;
      deps.log.warn('step not carried out', {
        accountId: state.accountId,
        step: step.key,
        attempt: context.info.attempt,
        ...errorFacts(error),
      });
      throw failureOf(error);
    } finally {
      stopBeating();
    }
  };
}
