import type { Instant } from '../../src/contracts/time.ts';
import { isGrpcServiceError } from '@temporalio/client';
import { createReporter, openIds } from './alarms.ts';
import { apart, type WatchContext } from './watch-context.ts';

// gRPC's status code of a query that cannot be understood.
const REFUSED: ReadonlySet<number> = new Set([3]);

/** A server from before it reported problems refuses the query. */
function isUnknownAttribute(error: unknown): boolean {
  if (isGrpcServiceError(error)) return REFUSED.has(error.code);
  return error instanceof Error && error.cause !== undefined && isUnknownAttribute(error.cause);
}

const REMEDIES: Readonly<Record<string, string>> = {
  NonDeterministicError:
    'this release cannot replay it: go back to the release before, or deploy one whose histories replay',
  WorkflowWorkerUnhandledFailure:
    'a fault of ours stops it: its stack stands in Temporal UI; deploy mended code',
  WorkflowTaskTimedOut:
    'workers take its task and do not finish it: look whether they run, and have time and memory',
};

function stuckWords(name: string, problems: readonly string[]): string {
  const said = problems.join(', ');
  const known = Object.entries(REMEDIES).find(([word]) => said.includes(word));
  const remedy = known?.[1] ?? 'its last failed workflow task in Temporal UI says why';
  return `${name} cannot go on (${said}): ${remedy}. Nothing is lost meanwhile; it goes on by itself.`;
}

/** Raises an alarm for every workflow of the deployment whose workflow tasks fail again and again. Rule: "The watchdog". */
export async function reportStuck(
  context: WatchContext,
  input: { readonly visitBegan: Instant },
): Promise<{ readonly failed: number }> {
  const { watch, log } = context.deps;
  const reporter = createReporter(context, { visitBegan: input.visitBegan, reported: {} });
  const ids = new Set<string>();
  // Temporal's list lags behind: what had an alarm is looked at once more before it is said to be over.
  for (const id of await openIds(context, ['stuck'])) ids.add(id.includes('/') ? id : `account/${id}`);
  try {
    for await (const workflowId of watch.stuck()) ids.add(workflowId);
  } catch (error) {
    if (!isUnknownAttribute(error)) throw error;
    log.warn(
      'this Temporal server reports no problems of workflow tasks; it needs version 1.30 or newer',
      {},
    );
  }
  let failed = 0;
  for (const workflowId of [...ids].sort()) {
    const accountId = watch.accountOf(workflowId);
    const wentWell = await apart(context, accountId ?? workflowId, async () => {
      const problems = await watch.problemsOf(workflowId);
      if (problems.length === 0) return;
      const name = accountId === null ? `Workflow ${workflowId}` : `The workflow of account ${accountId}`;
      await reporter.report('stuck', accountId ?? workflowId, stuckWords(name, problems));
    });
    if (!wentWell) failed += 1;
  }
  await reporter.settle(['stuck']);
  return { failed };
}
