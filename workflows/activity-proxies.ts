import { ActivityCancellationType, proxyActivities, workflowInfo } from '@temporalio/workflow';
import type { AccountActivities } from '../activities/account-activities.ts';
import type { StepAction, StepOutcome } from '../src/contracts/step.ts';
import { queuesAround, type TaskQueues } from '../src/contracts/task-queues.ts';
import type { StepInput, Tuning } from '../src/contracts/workflow-input.ts';

/** Kinds of work that get workers and rates of their own. */
type Queue = Extract<keyof TaskQueues, 'mail' | 'target' | 'sync'>;

function stepActivities(queue: Queue, tuning: Tuning, summary: string) {
  return proxyActivities<AccountActivities>({
    taskQueue: queuesAround(workflowInfo().taskQueue)[queue],
    startToCloseTimeout: tuning.startToCloseMs,
    heartbeatTimeout: tuning.heartbeatMs,
    // For ever: a failing step stays visible and is tried again; it never closes the workflow.
    retry: {
      initialInterval: tuning.retryInitialMs,
      backoffCoefficient: 2,
      maximumInterval: tuning.retryMaximumMs,
    },
    // What has begun is waited for: its outcome must be known before the next step.
    cancellationType: ActivityCancellationType.WAIT_CANCELLATION_COMPLETED,
    summary,
  });
}

type StepActivity = keyof AccountActivities;

/** The activity that carries out a step, and the queue its workers listen on. */
const ACTIVITIES: Readonly<Record<StepAction, readonly [StepActivity, Queue]>> = {
  activate: ['activateAccount', 'target'],
  notice: ['sendNotice', 'mail'],
  reminder: ['sendReminder', 'mail'],
  allClear: ['sendAllClear', 'mail'],
  leaving: ['enterGrace', 'target'],
  status: ['writeActiveStatus', 'target'],
  transfer: ['transferServiceAccount', 'target'],
  reassign: ['reassignServiceAccount', 'target'],
  merge: ['followMerge', 'target'],
  guest: ['openGuest', 'target'],
  shutGuest: ['shutGuest', 'target'],
  writeGuests: ['writeGuests', 'target'],
  block: ['blockAccount', 'target'],
  delete: ['deleteAccount', 'target'],
  giveAccess: ['giveAccess', 'target'],
  disable: ['disableAccount', 'target'],
  exclude: ['excludeAccount', 'target'],
  hold: ['mirrorHold', 'target'],
  adminDate: ['writeAdminDate', 'target'],
  record: ['recordChange', 'target'],
};

/** Starts the activity of a step; it is retried without end until it answers, or fails for good. */
export function carryOut(input: StepInput, tuning: Tuning, summary: string): Promise<StepOutcome> {
  const [activity, queue] = ACTIVITIES[input.step.action];
  return stepActivities(queue, tuning, summary)[activity](input);
}
