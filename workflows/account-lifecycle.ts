import {
  ActivityFailure,
  allHandlersFinished,
  ApplicationFailure,
  CancellationScope,
  condition,
  isCancellation,
  makeContinueAsNewFunc,
  workflowInfo,
} from '@temporalio/workflow';
import type { AccountState } from '../src/contracts/account.ts';
import type { AccountEvent } from '../src/contracts/event.ts';
import type { Step, StepOutcome } from '../src/contracts/step.ts';
import type { Instant } from '../src/contracts/time.ts';
import { DAY_MS } from '../src/contracts/time.ts';
import type { AccountLifecycleInput, AccountLifecycleResult } from '../src/contracts/workflow-input.ts';
import { decide } from '../src/policy/decide.ts';
import { actionWords, momentWords } from '../src/policy/describe.ts';
import { policyAfter } from '../src/policy/merge-steps.ts';
import { nextLook, nextStep } from '../src/policy/next-step.ts';
import { accountStatus } from '../src/policy/status.ts';
import { carryOut } from './activity-proxies.ts';
import { setAccountHandlers } from './account-handlers.ts';
import { workflowClock } from './clock.ts';
import { present, type Problem } from './presentation.ts';

/** A longer sleep begins in a fresh run, so that new code only ever meets "started, shown, sleeping". */
const LONG_SLEEP_MS = 3 * DAY_MS;

/** How a step's activity ended. */
type Ending =
  | { readonly type: 'answered'; readonly outcome: StepOutcome }
  | { readonly type: 'calledOff' }
  | { readonly type: 'failed'; readonly code: string; readonly message: string };

function endingOf(error: unknown): Ending {
  if (isCancellation(error)) return { type: 'calledOff' };
  // Anything that is no failure of the activity is a bug of ours: it must stop here until the code is mended.
  if (!(error instanceof ActivityFailure)) throw error;
  const cause = error.cause;
  const code = cause instanceof ApplicationFailure ? (cause.type ?? 'UNKNOWN') : (cause?.name ?? 'UNKNOWN');
  return { type: 'failed', code, message: cause?.message ?? error.message };
}

/**
 * The life of one account, for years: waits for the next moment of its plan or for a message, carries out what is
 * due, and ends when the account has. All rules are in `src/policy`; here is only waiting and ordering.
 */
export async function accountLifecycle(input: AccountLifecycleInput): Promise<AccountLifecycleResult> {
  const { tuning } = input;
  let { policy } = input;
  const clock = workflowClock(input.clock);
  let state: AccountState = input.state;
  let presented = input.presented;
  let problem: Problem | null = null;
  let isFresh = true;

  const { now } = clock;
  const fold = (event: AccountEvent): void => {
    const next = decide(state, event, policy);
    if (next !== state) isFresh = false;
    state = next;
    policy = policyAfter(event, policy);
  };
  const show = (): void => {
    const trouble = problem ?? problemOf(state);
    presented = present({ state, policy, now: now(), problem: trouble, presented, isSettled: isFresh });
  };
  const status = () => accountStatus(state, policy, now(), (problem ?? problemOf(state))?.words ?? null);

  setAccountHandlers({ clock, policy: () => policy, state: () => state, fold, status });

  const isStillNext = (step: Step): boolean => {
    const next = nextStep(state, policy, now());
    return next.type === 'act' && next.step.key === step.key;
  };

  const act = async (step: Step): Promise<void> => {
    fold({ type: 'stepBegun', at: now(), step });
    const scope = new CancellationScope({ cancellable: true });
    const summary = `${actionWords(step, state.kind)}: ${step.why}, due ${momentWords(step.dueAt, policy.timeZone)}`;
    let ending: Ending | undefined;
    const running = scope
      .run(() => carryOut({ step, state, policy, clock: input.clock }, tuning, summary))
      .then(
        (outcome) => (ending = { type: 'answered', outcome }),
        (error: unknown) => (ending = endingOf(error)),
      );
    const hasEnded = () => ending !== undefined;
    const patienceEnds = now() + tuning.patienceMs * input.clock.speed;
    while (!hasEnded()) {
      const seen = state;
      // What falls due meanwhile may be more urgent: a mail that cannot be delivered delays nobody's return.
      const nextDue = nextLook(state, policy, now()) ?? Infinity;
      const wakeAt = Math.min(step.deadline ?? Infinity, problem ? Infinity : patienceEnds, nextDue);
      const changed = () => hasEnded() || state !== seen || now() >= wakeAt;
      if (wakeAt === Infinity) await condition(changed);
      else {
        await condition(changed, clock.realMillisecondsUntil(wakeAt), {
          summary: `patience with ${actionWords(step, state.kind)}`,
        });
      }
      if (hasEnded()) break;
      if (now() >= (step.deadline ?? Infinity) || !isStillNext(step)) {
        scope.cancel();
        break;
      }
      if (!problem && now() >= patienceEnds) {
        const words = `${actionWords(step, state.kind)} does not succeed and is being retried`;
        problem = { code: `RETRYING_${step.action.toUpperCase()}`, words };
      }
      show();
    }
    const ended = await running;
    problem = null;
    if (ended.type === 'answered') fold({ type: 'stepEnded', at: now(), step, outcome: ended.outcome });
    else if (ended.type === 'failed') {
      fold({ type: 'stepFailed', at: now(), step, code: ended.code, message: ended.message });
    } else fold({ type: 'stepCalledOff', at: now(), step });
  };

  const sleep = async (until: Instant | null, step: Step | null): Promise<void> => {
    const isLong = until === null || until - now() > LONG_SLEEP_MS;
    if ((isLong && !isFresh) || workflowInfo().continueAsNewSuggested) {
      const seen = state;
      await condition(allHandlersFinished);
      if (state !== seen) return;
      // A memo that was written by the run does not pass on to the next one by itself.
      const goOn = makeContinueAsNewFunc<typeof accountLifecycle>(
        presented === undefined ? {} : { memo: { summary: presented } },
      );
      await goOn({ ...input, state, policy, ...(presented !== undefined && { presented }) });
    }
    const seen = state;
    if (until === null) {
      await condition(() => state !== seen);
      return;
    }
    const what = step
      ? `${actionWords(step, state.kind)} on ${momentWords(step.dueAt, policy.timeZone)}`
      : 'look again';
    await condition(() => state !== seen || now() >= until, clock.realMillisecondsUntil(until), {
      summary: what,
    });
  };

  return CancellationScope.nonCancellable(async () => {
    for (;;) {
      fold({ type: 'woke', at: now() });
      const next = nextStep(state, policy, now());
      if (next.type === 'act') {
        await act(next.step);
        continue;
      }
      show();
      if (next.type === 'finished') return { accountId: state.accountId, stage: state.stage };
      await sleep(next.until, next.step);
    }
  });
}

/** The trouble of a step that no retry mends: it is tried again a day later. */
function problemOf(state: AccountState): Problem | null {
  const [failure] = state.failures;
  return failure ? { code: failure.code, words: `${failure.key}: ${failure.message}` } : null;
}
