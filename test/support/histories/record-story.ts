import { Context } from '@temporalio/activity';
import type { Client, WorkflowHandle } from '@temporalio/client';
import { ApplicationFailure } from '@temporalio/common';
import { NativeConnection, Worker, type WorkflowBundleWithSourceMap } from '@temporalio/worker';
import { setTimeout as delay } from 'node:timers/promises';
import type { AccountActivities } from '../../../activities/account-activities.ts';
import type { MergeActivities } from '../../../activities/merge-activities.ts';
import type { ReassignmentActivities } from '../../../activities/reassignment-activities.ts';
import type { SyncActivities } from '../../../activities/sync-activities.ts';
import type { StepOutcome } from '../../../src/contracts/step.ts';
import { taskQueues } from '../../../src/contracts/task-queues.ts';
import type { ClockAnchor, Instant } from '../../../src/contracts/time.ts';
import { DAY_MS, virtualNow } from '../../../src/contracts/time.ts';
import type { AccountLifecycleInput, StepInput, Tuning } from '../../../src/contracts/workflow-input.ts';
import { PAYLOAD_CONVERTER_PATH } from '../../../src/worker/bundle-workflows.ts';
import type { HistoryJson } from './golden.ts';
import { toHistoryJson } from './history-json.ts';
import { mergeStory } from './merge-story.ts';
import { reassignmentStory } from './reassignment-story.ts';
import { syncStory } from './sync-story.ts';
import { watchStory } from './watch-story.ts';
import type { Answer, Story, StoryMessage } from './story.ts';

export const QUEUES = taskQueues('histories');

/** Short, so that retries and patience have their turn within days that last less than a second. */
export const TUNING: Tuning = {
  startToCloseMs: 5_000,
  heartbeatMs: 5_000,
  retryInitialMs: 150,
  retryMaximumMs: 600,
  patienceMs: 400,
};

function outcomeOf(answer: Answer, input: StepInput): StepOutcome {
  const at = virtualNow(input.clock, Date.now());
  const recorded = input.state.noteSequence;
  switch (answer.type) {
    case 'done':
      return {
        result: 'done',
        at,
        note: input.step.why,
        recorded,
        ...(answer.newOwner && { newOwner: answer.newOwner }),
        ...(answer.followed && { followed: answer.followed }),
      };
    case 'refused':
      return { result: 'refused', at, recorded, why: answer.why };
    case 'fails':
      throw ApplicationFailure.create({
        type: answer.code,
        message: 'as the story goes',
        nonRetryable: !answer.retryable,
      });
  }
}

/** Activities that do nothing but what the account's story says. */
function storyActivities(
  stories: readonly Story[],
): AccountActivities &
  SyncActivities &
  ReturnType<typeof watchStory> &
  ReassignmentActivities &
  MergeActivities {
  const byAccount = new Map(stories.map((story) => [story.state.accountId, story]));
  const act = (input: StepInput): Promise<StepOutcome> => {
    const story = byAccount.get(input.state.accountId);
    const answer = story?.answer?.(input, Context.current().info.attempt) ?? { type: 'done' };
    return Promise.resolve().then(() => outcomeOf(answer, input));
  };
  return {
    activateAccount: act,
    sendNotice: act,
    sendReminder: act,
    sendAllClear: act,
    enterGrace: act,
    writeActiveStatus: act,
    transferServiceAccount: act,
    reassignServiceAccount: act,
    followMerge: act,
    openGuest: act,
    shutGuest: act,
    writeGuests: act,
    blockAccount: act,
    deleteAccount: act,
    giveAccess: act,
    disableAccount: act,
    excludeAccount: act,
    mirrorHold: act,
    writeAdminDate: act,
    recordChange: act,
    ...syncStory(),
    ...watchStory(),
    ...reassignmentStory(),
    ...mergeStory(),
  };
}

/** Workers for the stories; resolves when `work` has. */
export async function withStoryWorkers<T>(
  input: {
    readonly address: string;
    readonly namespace: string;
    readonly stories: readonly Story[];
    readonly workflowBundle: WorkflowBundleWithSourceMap;
  },
  work: () => Promise<T>,
): Promise<T> {
  const { address, namespace, stories, workflowBundle } = input;
  const connection = await NativeConnection.connect({ address });
  const common = { connection, namespace, dataConverter: { payloadConverterPath: PAYLOAD_CONVERTER_PATH } };
  const activities = storyActivities(stories);
  const workers = await Promise.all([
    Worker.create({ ...common, taskQueue: QUEUES.accounts, workflowBundle }),
    Worker.create({ ...common, taskQueue: QUEUES.operator, workflowBundle, activities }),
    ...[QUEUES.mail, QUEUES.target, QUEUES.sync].map((taskQueue) =>
      Worker.create({ ...common, taskQueue, activities }),
    ),
  ]);
  const running = Promise.all(workers.map((worker) => worker.run()));
  try {
    return await Promise.race([work(), running.then(() => Promise.reject(new Error('a worker has ended')))]);
  } finally {
    for (const worker of workers) if (worker.getState() === 'RUNNING') worker.shutdown();
    await running;
    await connection.close();
  }
}

/** Waits until the clock shows the moment. */
async function until(clock: ClockAnchor, instant: Instant): Promise<void> {
  const ms = (instant - virtualNow(clock, Date.now())) / clock.speed;
  if (ms > 0) await delay(ms);
}

async function deliver(client: Client, workflowId: string, message: StoryMessage): Promise<void> {
  const handle = client.workflow.getHandle(workflowId);
  const { by, name, payload } = message;
  if (by === 'signal') await handle.signal(name, payload);
  else if (by === 'update') await handle.executeUpdate(name, { args: [payload] });
  else await handle.cancel();
}

/** Every run of a chain, in its order. */
export async function fetchChain(
  client: Client,
  workflowId: string,
  firstRunId: string,
): Promise<{ readonly runs: readonly HistoryJson[]; readonly runIds: readonly string[] }> {
  const runs: HistoryJson[] = [];
  const runIds: string[] = [];
  let runId: string | undefined = firstRunId;
  while (runId !== undefined && runId !== '') {
    const history = await client.workflow.getHandle(workflowId, runId).fetchHistory();
    const json = toHistoryJson(history);
    runs.push(json);
    runIds.push(runId);
    const last = json.events.at(-1);
    const attributes = last?.['workflowExecutionContinuedAsNewEventAttributes'];
    runId = (attributes as { newExecutionRunId?: string } | undefined)?.newExecutionRunId;
  }
  return { runs, runIds };
}

/** A recorded chain, and the clock it was recorded by. */
export interface Recording {
  readonly runs: readonly HistoryJson[];
  readonly runIds: readonly string[];
  readonly clock: ClockAnchor;
}

/** More days than this no story takes. */
const LONGEST_DAYS = 300;

async function untilOver(story: Story, handle: WorkflowHandle, msPerDay: number): Promise<void> {
  const giveUp = new AbortController();
  const tooLong = delay(LONGEST_DAYS * msPerDay, undefined, { signal: giveUp.signal });
  try {
    await Promise.race([
      handle.result(),
      tooLong.then(() => Promise.reject(new Error(`${story.name} does not end`))),
    ]);
  } finally {
    giveUp.abort();
  }
}

/** Lives one story on the server, at so many real milliseconds a day, and brings its histories home. */
export async function recordStory(
  client: Client,
  story: Story,
  msPerDay: number,
  tuning = TUNING,
): Promise<Recording> {
  const clock = { realMs: Date.now(), virtualMs: story.startsAt, speed: Math.round(DAY_MS / msPerDay) };
  const workflowId = `golden/${story.name}`;
  const input: AccountLifecycleInput = { state: story.state, policy: story.policy, clock, tuning };
  const started = { workflowId, taskQueue: QUEUES.accounts, args: [input] };
  const { firstExecutionRunId } = await client.workflow.start('accountLifecycle', started);
  const handle = client.workflow.getHandle(workflowId);
  try {
    for (const message of story.messages) {
      await until(clock, message.at);
      await deliver(client, workflowId, message);
    }
    if (story.endsAt === null) await untilOver(story, handle, msPerDay);
    else await until(clock, story.endsAt);
    return { ...(await fetchChain(client, workflowId, firstExecutionRunId)), clock };
  } finally {
    await handle.terminate('recorded').catch(() => undefined);
  }
}
