import {
  proxySinks,
  type Sinks,
  type WorkflowInterceptors,
  type WorkflowInterceptorsFactory,
} from '@temporalio/workflow';
import type { AccountState } from '../../../src/contracts/account.ts';
import type { Step } from '../../../src/contracts/step.ts';
import type { ClockAnchor } from '../../../src/contracts/time.ts';
import { virtualNow } from '../../../src/contracts/time.ts';
import type { TracedEnd, TracedStep } from './golden.ts';

/** Carries what a run does out of the sandbox. */
export interface TraceSinks extends Sinks {
  trace: {
    step(step: TracedStep): void;
    end(end: TracedEnd): void;
  };
}

/** What of a state must get into the next run, but for words, which may be put better. */
function kept(state: AccountState): Readonly<Record<string, unknown>> {
  const { stage, epoch, departure, access, activeStatus, observation, vanishedLastDay, told, named } = state;
  const { holds, adminDate, lateNotice, allClear, allClears, blocked, notBefore, deleteBegun } = state;
  const { handledCommands, managedSince, sequence, noteSequence } = state;
  return {
    ...{ stage, epoch, departure, sequence, noteSequence, managedSince, access, activeStatus },
    ...{ observation: observation?.number ?? null, vanishedLastDay, holds, adminDate, told, named },
    ...{ lateNotice, allClear, allClears, blocked, notBefore, deleteBegun, handledCommands },
  };
}

const iso = (instant: number) => new Date(instant).toISOString();

/** Runs in the sandbox: reports every activity that a workflow schedules, and the state it leaves to the next run. */
export const interceptors: WorkflowInterceptorsFactory = (): WorkflowInterceptors => {
  const { trace } = proxySinks<TraceSinks>();
  let clock: ClockAnchor = { realMs: 0, virtualMs: 0, speed: 1 };
  return {
    inbound: [
      {
        async execute(input, next) {
          clock = (input.args[0] as { clock: ClockAnchor }).clock;
          const result = await next(input);
          trace.end({ type: 'completed', state: result as Readonly<Record<string, unknown>> });
          return result;
        },
      },
    ],
    outbound: [
      {
        async scheduleActivity(input, next) {
          const { step } = input.args[0] as { step?: Step };
          const at = iso(virtualNow(clock, Date.now()));
          if (step) trace.step({ key: step.key, action: step.action, due: iso(step.dueAt), at });
          else trace.step({ key: input.activityType, action: input.activityType, due: null, at });
          return next(input);
        },
        async continueAsNew(input, next) {
          const { state } = input.args[0] as { state: AccountState };
          trace.end({ type: 'continuedAsNew', state: kept(state) });
          return next(input);
        },
      },
    ],
  };
};
