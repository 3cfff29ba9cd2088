import type { Command } from 'commander';
import { randomUUID } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import { realAnchor } from '../clock.ts';
import type { Difference, ReconcileInput, ReconcileResult } from '../contracts/reconcile.ts';
import type { ClockAnchor } from '../contracts/time.ts';
import { ConfigurationError } from '../errors.ts';
import { watchdogScheduleId } from '../schedule/watchdog-schedule.ts';
import { tuningOf } from '../tuning.ts';
import { reconcileProgress, reconcileRows } from '../../workflows/messages.ts';
import { reconcileText } from './reconcile-text.ts';
import { withDeployment, type CliSurroundings, type Deployment } from './deployment.ts';

interface Options {
  readonly config: string;
  readonly account?: string;
  readonly repair?: boolean;
  readonly json?: boolean;
}

export interface ReconcileSurroundings extends CliSurroundings {
  /** The program ends with this code. */
  readonly setExitCode: (code: number) => void;
}

const PROGRESS_MS = 1_000;
const PAGE = 500;
/** Differences are left. */
const EXIT_DIFFERENCES = 3;

/** The clock that the deployment's own visits go by; the machine's where there are none. */
async function clockOf({ client, prefix }: Deployment): Promise<ClockAnchor> {
  try {
    const { action } = await client.schedule.getHandle(watchdogScheduleId(prefix)).describe();
    const input: unknown = action.args?.[0];
    return hasClock(input) ? input.clock : realAnchor();
  } catch {
    return realAnchor();
  }
}

function hasClock(value: unknown): value is { readonly clock: ClockAnchor } {
  return typeof value === 'object' && value !== null && 'clock' in value && typeof value.clock === 'object';
}

/** Runs the comparison on the workers, and says every now and then how far it has come. */
async function run(
  deployment: Deployment,
  input: ReconcileInput,
  surroundings: CliSurroundings,
): Promise<{ readonly result: ReconcileResult; readonly rows: readonly Difference[] }> {
  const { client, prefix, queues } = deployment;
  const handle = await client.workflow.start<(input: ReconcileInput) => Promise<ReconcileResult>>(
    'reconcile',
    {
      workflowId: `${prefix}-reconcile-${randomUUID()}`,
      taskQueue: queues.operator,
      args: [input],
      staticSummary: input.repair ? 'compare and repair' : 'compare',
    },
  );
  surroundings.progress(`workflow ${handle.workflowId}`);
  const ended = new AbortController();
  const telling = (async () => {
    for (let last = ''; !ended.signal.aborted && !surroundings.signal.aborted;) {
      await delay(PROGRESS_MS, undefined, { signal: ended.signal }).catch(() => undefined);
      const words = await handle.query(reconcileProgress).then(
        ({ accounts, total, differences }) =>
          `${String(accounts)} of ${String(total)} accounts, ${String(differences)} differences`,
        () => 'waiting for a worker',
      );
      if (words !== last) surroundings.progress(words);
      last = words;
    }
  })();
  try {
    const result = await handle.result();
    const rows: Difference[] = [];
    while (rows.length < result.differences) {
      const page = await handle.query(reconcileRows, { from: rows.length, limit: PAGE });
      if (page.length === 0) break;
      rows.push(...page);
    }
    return { result, rows };
  } catch (error) {
    const why = error instanceof Error ? error.message : 'unknown reason';
    throw new ConfigurationError(
      `The comparison failed (${why}). Its workflow ${handle.workflowId} says why.`,
    );
  } finally {
    ended.abort();
    await telling;
  }
}

/** Adds `reconcile`: compares registry, workflows and targets, and with `--repair` mends what differs. */
export function addReconcileCommand(program: Command, surroundings: ReconcileSurroundings): void {
  const { print, setExitCode } = surroundings;
  program
    .command('reconcile')
    .description('compare registry, workflows and targets; with --repair, mend what differs')
    .option('--config <file>', 'configuration file', 'lifecycle.yaml')
    .option('--account <id>', 'only this account')
    .option('--repair', 'mend what differs, as the accounts’ state says')
    .option('--json', 'print counts and rows as JSON')
    .action(async ({ config: file, account, repair = false, json = false }: Options) => {
      await withDeployment(surroundings, file, async (deployment) => {
        const input: ReconcileInput = {
          clock: await clockOf(deployment),
          tuning: tuningOf(deployment.config),
          accountId: account ?? null,
          repair,
        };
        const { result, rows } = await run(deployment, input, surroundings);
        if (account !== undefined && result.accounts === 0) {
          throw new ConfigurationError(`The registry has no account ${account}.`);
        }
        if (json) print(JSON.stringify({ ...result, rows }));
        else {
          for (const line of reconcileText(result, rows)) print(line);
        }
        if (result.repaired < result.differences) setExitCode(EXIT_DIFFERENCES);
      });
    });
}
