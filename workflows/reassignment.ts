import {
  ActivityCancellationType,
  ActivityFailure,
  allHandlersFinished,
  ApplicationFailure,
  CancellationScope,
  condition,
  isCancellation,
  proxyActivities,
  setCurrentDetails,
  setHandler,
  workflowInfo,
} from '@temporalio/workflow';
import type { ReassignmentActivities } from '../activities/reassignment-activities.ts';
import type {
  ReassignmentAnswer,
  ReassignmentAsk,
  ReassignmentInput,
  ReassignmentResult,
  ReassignmentState,
  ReassignmentWordAnswer,
} from '../src/contracts/reassignment.ts';
import { DAY_MS } from '../src/contracts/time.ts';
import { queuesAround } from '../src/contracts/task-queues.ts';
import { isRecord, isText } from '../src/policy/parse-message.ts';
import {
  decideReassignment,
  isPending,
  newReassignment,
  nextReassignmentStep,
  refusalOfWord,
  type ReassignmentEvent,
  type ReassignmentStep,
  wordsOfReassignment,
} from '../src/policy/reassignment.ts';
import { ALREADY_OPEN } from '../src/policy/reassignment-rules.ts';
import { workflowClock } from './clock.ts';
import {
  askReassignment,
  COMMAND_REFUSED,
  ownerChanged,
  reassignedPersonsMerged,
  reassignmentStatus,
  reassignmentWords,
} from './messages.ts';

const DESCRIPTIONS = {
  approved: 'The proposed owner agrees: {"requestId":"…","by":"their person id","reason":"…"}',
  rejected: 'The proposed owner says no: {"requestId":"…","by":"their person id","reason":"…"}',
  withdrawn: 'An admin withdraws the request: {"requestId":"…","by":"…","reason":"…"}',
} as const;

const VERDICTS = ['approved', 'rejected', 'withdrawn'] as const;

/** A step that an activity carries out. */
type Act = Exclude<ReassignmentStep, { type: 'wait' | 'finished' }>;

/** What follows from a failure that no retry mends. */
function eventOfFailure(step: Act, error: ActivityFailure): ReassignmentEvent | null {
  if (step.type === 'mail') return { type: 'told', mail: step.mail };
  if (step.type !== 'open') return null;
  const code = error.cause instanceof ApplicationFailure ? (error.cause.type ?? 'UNKNOWN') : 'UNKNOWN';
  return { type: 'refused', refusal: { code, why: error.cause?.message ?? error.message } };
}

/**
 * One request to re-assign a service account: opens it, asks and reminds the proposed owner, and waits for their answer,
 * for an admin, for the owner's leaving, or until it lapses. Rule: "Re-assigning a service account".
 */
export async function reassignment(input: ReassignmentInput): Promise<ReassignmentResult> {
  const { ask, tuning } = input;
  const { clock } = input;
  const { now, realMillisecondsUntil } = workflowClock(clock);
  const { requestId } = ask;
  let state: ReassignmentState = newReassignment(ask, now());
  const fold = (event: ReassignmentEvent): void => {
    state = decideReassignment(state, event);
  };
  const activities = (queue: 'mail' | 'target', summary: string) =>
    proxyActivities<ReassignmentActivities>({
      taskQueue: queuesAround(workflowInfo().taskQueue)[queue],
      startToCloseTimeout: tuning.startToCloseMs,
      heartbeatTimeout: tuning.heartbeatMs,
      retry: { initialInterval: tuning.retryInitialMs, maximumInterval: tuning.retryMaximumMs },
      cancellationType: ActivityCancellationType.WAIT_CANCELLATION_COMPLETED,
      summary,
    });

  setHandler(reassignmentStatus, () => state, { description: 'Where the request stands' });
  setHandler(
    askReassignment,
    async (asked: ReassignmentAsk): Promise<ReassignmentAnswer> => {
      if (asked.requestId !== requestId) {
        // Whoever asks anew waits for no mail about what is over.
        if (!isPending(state)) fold({ type: 'hurried' });
        return { outcome: 'ending' };
      }
      await condition(() => state.status !== 'new');
      const { code, why } = state;
      if (state.status === 'refused') return { outcome: 'refused', code: code ?? '', why: why ?? '' };
      return { outcome: 'open', lapsesAt: state.lapsesAt };
    },
    {
      validator: (asked: ReassignmentAsk) => {
        if (asked.requestId === requestId || !isPending(state)) return;
        throw ApplicationFailure.nonRetryable(ALREADY_OPEN.why, COMMAND_REFUSED, ALREADY_OPEN.code);
      },
    },
  );
  for (const verdict of VERDICTS) {
    setHandler(
      reassignmentWords[verdict],
      async ({ by, reason }): Promise<ReassignmentWordAnswer> => {
        fold({ type: 'said', decision: { verdict, by, why: reason } });
        await condition(() => state.status !== 'open');
        return { status: state.status, message: wordsOfReassignment(state, verdict) };
      },
      {
        description: DESCRIPTIONS[verdict],
        validator: (word: unknown) => {
          const isWord = isRecord(word) && isText(word['by']) && isText(word['reason']);
          const why = isWord
            ? refusalOfWord(state, verdict, { by: String(word['by']), requestId: String(word['requestId']) })
            : 'send an object: {"requestId":"…","by":"…","reason":"…"}';
          if (why !== null) throw ApplicationFailure.nonRetryable(why, COMMAND_REFUSED);
        },
      },
    );
  }
  setHandler(ownerChanged, (payload: unknown) => {
    if (isRecord(payload) && isText(payload['owner']))
      fold({ type: 'ownerChanged', owner: payload['owner'] });
  });

  setHandler(reassignedPersonsMerged, (payload: unknown) => {
    if (!isRecord(payload) || !isText(payload['fromPerson']) || !isText(payload['toPerson'])) return;
    fold({ type: 'merged', fromPerson: payload['fromPerson'], toPerson: payload['toPerson'] });
  });

  const carryOut = async (step: Act): Promise<ReassignmentEvent> => {
    switch (step.type) {
      case 'open':
        return activities('target', 'open the request').openReassignment({ clock, ask });
      case 'settle':
        return activities('target', step.decision.verdict).settleReassignment({
          ...{ clock, requestId, decision: step.decision },
        });
      case 'mail':
        await activities('mail', step.mail).mailReassignment({ clock, requestId, mail: step.mail });
        return { type: 'told', mail: step.mail };
    }
  };

  /** What can be mailed no more gives way to an answer, an end, or somebody who asks anew. */
  const act = async (step: Act): Promise<void> => {
    const scope = new CancellationScope({ cancellable: true });
    let isOver = false;
    const hasEnded = () => isOver;
    const running = scope
      .run(() => carryOut(step))
      .catch((error: unknown) => {
        if (isCancellation(error)) return null;
        if (!(error instanceof ActivityFailure)) throw error;
        return eventOfFailure(step, error);
      })
      .finally(() => {
        isOver = true;
      });
    const isStillNext = () => {
      const next = nextReassignmentStep(state, now());
      return (
        next.type === step.type && (next.type !== 'mail' || step.type !== 'mail' || next.mail === step.mail)
      );
    };
    const gaveWay = () => hasEnded() || (step.type === 'mail' && !isStillNext());
    if (step.type === 'mail' && now() < state.lapsesAt) {
      await condition(gaveWay, realMillisecondsUntil(state.lapsesAt));
    } else await condition(gaveWay);
    if (!hasEnded()) scope.cancel();
    const event = await running;
    if (event !== null) fold(event);
    // What no retry mends is tried again a day later.
    else if (step.type === 'settle') await condition(() => false, realMillisecondsUntil(now() + DAY_MS));
  };

  return CancellationScope.nonCancellable(async () => {
    for (;;) {
      const step = nextReassignmentStep(state, now());
      setCurrentDetails(wordsOfReassignment(state, null));
      if (step.type === 'finished') {
        await condition(allHandlersFinished);
        return { requestId, status: state.status };
      }
      if (step.type === 'wait') {
        const seen = state;
        await condition(() => state !== seen || now() >= step.until, realMillisecondsUntil(step.until));
      } else await act(step);
    }
  });
}
