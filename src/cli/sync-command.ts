import type { Command } from 'commander';
import { randomUUID } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import { realAnchor } from '../clock.ts';
import type { HrSyncInput, HrSyncResult } from '../contracts/sync.ts';
import { ConfigurationError } from '../errors.ts';
import { tuningOf } from '../tuning.ts';
import { allRows, planOf, withDeployment, type CliSurroundings, type Deployment } from './deployment.ts';
import { planText, rowTexts } from './plan-text.ts';
import { tellProgress } from './sync-progress.ts';

interface Options {
  readonly config: string;
  readonly dryRun?: boolean;
  readonly replanRejected?: boolean;
  readonly json?: boolean;
}

const PROGRESS_MS = 2_000;

/** Runs one synchronisation and says every now and then where it stands. */
async function run(
  deployment: Deployment,
  options: Options,
  surroundings: CliSurroundings,
): Promise<HrSyncResult> {
  const { client, prefix, queues, config } = deployment;
  const { dryRun = false, replanRejected = false } = options;
  const input = { clock: realAnchor(), tuning: tuningOf(config), dryRun, replanRejected };
  const handle = await client.workflow.start<(input: HrSyncInput) => Promise<HrSyncResult>>('hrSync', {
    workflowId: `${prefix}-hr-sync-by-hand-${randomUUID()}`,
    taskQueue: queues.operator,
    args: [input],
    staticSummary: dryRun ? 'dry run of the synchronisation' : 'synchronisation by hand',
  });
  surroundings.progress(`workflow ${handle.workflowId}`);
  const ended = new AbortController();
  const telling = tellProgress({
    pending: async () => (await handle.describe()).raw.pendingActivities ?? [],
    pause: () => pause(ended.signal, surroundings.signal),
    progress: surroundings.progress,
  });
  try {
    return await handle.result();
  } catch (error) {
    const why = error instanceof Error ? error.message : 'unknown reason';
    throw new ConfigurationError(
      `The synchronisation failed (${why}). Its workflow ${handle.workflowId} says why.`,
    );
  } finally {
    ended.abort();
    await telling;
  }
}

/** Waits until it is time to look again; `false` = there is nothing to look at any more. */
async function pause(ended: AbortSignal, stopped: AbortSignal): Promise<boolean> {
  await delay(PROGRESS_MS, undefined, { signal: ended }).catch(() => undefined);
  return !ended.aborted && !stopped.aborted;
}

/** Adds `sync`: one synchronisation now, or only a look at what it would change. */
export function addSyncCommand(program: Command, surroundings: CliSurroundings): void {
  program
    .command('sync')
    .description('synchronise with HR now; with --dry-run, only show what that would change')
    .option('--config <file>', 'configuration file', 'lifecycle.yaml')
    .option('--dry-run', 'print counts and rows, change nothing')
    .option('--replan-rejected', 'plan changes anew that were rejected and that HR still says')
    .option('--json', 'print the plan and its rows as JSON')
    .action(async (options: Options) => {
      await withDeployment(surroundings, options.config, async (deployment) => {
        const result = await run(deployment, options, surroundings);
        const plan = await planOf(deployment, result.planId);
        const rows = await allRows(deployment, plan.planId, null);
        const { print } = surroundings;
        if (options.json) {
          print(JSON.stringify({ plan, rows, result }));
          return;
        }
        print(planText(plan));
        for (const line of rowTexts(rows)) print(line);
        if (options.dryRun) print('A dry run: nothing was changed.');
        else if (result.heldPlan !== null) {
          print(`Plan ${result.heldPlan} waits for a decision: plan approve | reject ${result.heldPlan}`);
        }
        if (result.hrProblem !== null) print(`HR: ${result.hrProblem}`);
      });
    });
}
