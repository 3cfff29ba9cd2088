import { type NativeConnection, Worker, type WorkerOptions, type WorkflowBundle } from '@temporalio/worker';
import { createAccountActivities } from '../../activities/create-account-activities.ts';
import type { ActivityDependencies } from '../../activities/dependencies.ts';
import { createMergeActivities } from '../../activities/merge-activities.ts';
import { createReassignmentActivities } from '../../activities/reassignment-activities.ts';
import { createReconcileActivities } from '../../activities/reconcile-activities.ts';
import { createSyncActivities } from '../../activities/sync-activities.ts';
import { createWatchdogActivities } from '../../activities/watchdog-activities.ts';
import type { AccountWatch } from '../../activities/watchdog/account-watch.ts';
import { taskQueues } from '../contracts/task-queues.ts';
import { bundleWorkflows, PAYLOAD_CONVERTER_PATH } from './bundle-workflows.ts';

/** Few workflows are of the whole deployment: a synchronisation, held plans, requests, visits of the watchdog. */
const OPERATOR_WORKFLOW_TASKS = 10;
const OPERATOR_CACHED_WORKFLOWS = 50;

/** How much one worker of a queue takes on. */
export interface QueueSettings {
  readonly concurrency: number;
  /** Over all workers of the queue. */
  readonly ratePerSecond: number;
}

export interface WorkersOptions {
  readonly connection: NativeConnection;
  readonly namespace: string;
  /** What the task queues are named after. */
  readonly prefix: string;
  readonly deps: ActivityDependencies;
  /** How watchdog and reconcile look at workflows. */
  readonly watch: AccountWatch;
  /** Of accounts, as is the next. */
  readonly workflowTasks: number;
  readonly cachedWorkflows: number;
  /** How long the server waits for the worker that has a workflow in its cache, in ms. */
  readonly stickyMs: number;
  readonly mail: QueueSettings;
  readonly target: QueueSettings;
  readonly sync: QueueSettings;
  /** Activities that must get through while a synchronisation fills its queue: operators' requests, watchdog, reconcile. */
  readonly operator: QueueSettings;
  /** A bundle that was made before; without it, one is made. */
  readonly workflowBundle?: WorkflowBundle;
}

/** A deployment's workers in one process: one for each queue. */
export interface Workers {
  /** Runs until {@link Workers.shutdown}, or until one of them fails. */
  run(): Promise<void>;
  shutdown(): void;
}

export async function createWorkers(options: WorkersOptions): Promise<Workers> {
  const { connection, namespace, deps } = options;
  const queues = taskQueues(options.prefix);
  const workflowBundle = options.workflowBundle ?? (await bundleWorkflows());
  const common = { connection, namespace, dataConverter: { payloadConverterPath: PAYLOAD_CONVERTER_PATH } };
  const account = { ...createAccountActivities(deps), ...createReassignmentActivities(deps) };
  const watching = { ...deps, watch: options.watch };
  // Both queues know all of them: workflows of another release may ask for one on the other queue.
  const whole = {
    ...createSyncActivities(deps),
    ...createWatchdogActivities(watching),
    ...createReconcileActivities(watching),
    ...createMergeActivities(deps),
  };
  const queue = (
    name: 'mail' | 'target' | 'sync' | 'operator',
    activities: object,
    workflows: Partial<WorkerOptions> = {},
  ) =>
    Worker.create({
      ...common,
      ...workflows,
      taskQueue: queues[name],
      activities,
      maxConcurrentActivityTaskExecutions: options[name].concurrency,
      maxTaskQueueActivitiesPerSecond: options[name].ratePerSecond,
      shutdownGraceTime: '10s',
    });
  const workers = await Promise.all([
    Worker.create({
      ...common,
      taskQueue: queues.accounts,
      workflowBundle,
      maxConcurrentWorkflowTaskExecutions: options.workflowTasks,
      maxCachedWorkflows: options.cachedWorkflows,
      stickyQueueScheduleToStartTimeout: options.stickyMs,
    }),
    queue('mail', account),
    queue('target', account),
    queue('sync', whole),
    // Its workflows wait behind no account's, however many wake at once.
    queue('operator', whole, {
      workflowBundle,
      maxConcurrentWorkflowTaskExecutions: OPERATOR_WORKFLOW_TASKS,
      maxCachedWorkflows: OPERATOR_CACHED_WORKFLOWS,
      stickyQueueScheduleToStartTimeout: options.stickyMs,
    }),
  ]);
  const shutdown = () => {
    for (const worker of workers) {
      if (worker.getState() === 'RUNNING') worker.shutdown();
    }
  };
  return {
    async run() {
      const runs = workers.map((worker) => worker.run());
      try {
        await Promise.all(runs);
      } finally {
        // One that failed takes the others with it: a half worker would go unnoticed.
        shutdown();
        await Promise.allSettled(runs);
      }
    },
    shutdown,
  };
}
