import { isFinal } from '../../src/policy/facts.ts';
import type { AccountRow } from '../../src/registry/registry.ts';
import type { SeenWorkflow } from './account-watch.ts';
import type { WatchAlarm } from './alarms.ts';
import type { WatchContext } from './watch-context.ts';

/** What came of an account without a running workflow. */
export type Healing =
  | { readonly result: 'started' }
  /** It has ended as it should, in this stage; the registry does not know. It is never started again. */
  | { readonly result: 'over'; readonly stage: string }
  | { readonly result: 'failed' };

/** Whether such an account must have a workflow that runs; a guest is carried by another account's. */
export function needsWorkflow({ kind, state }: AccountRow): boolean {
  return kind !== 'guest' && !isFinal(state.stage);
}

async function startAgain(context: WatchContext, { state }: AccountRow): Promise<void> {
  const { registry, workflows } = context.deps;
  const { clock } = context;
  const told = (await registry.person(state.personId))?.applied ?? null;
  // What it was told since the registry last heard of it; never what still waits for a synchronisation's plan.
  const isNewer = told !== null && told.number > (state.observation?.number ?? -1);
  if (isNewer) await workflows.tell({ state, observation: told, clock });
  else await workflows.ensureStarted({ state, clock });
}

/**
 * Gives an account its workflow back, from the registry's snapshot, and writes the audit log. A life that is over is
 * never begun again. Rule: "The watchdog".
 */
export async function heal(
  context: WatchContext,
  input: { readonly row: AccountRow; readonly seen: SeenWorkflow; readonly actor: string },
): Promise<Healing> {
  const { row, seen, actor } = input;
  const { registry, watch } = context.deps;
  const { accountId, personId } = row;
  if (seen.status === 'completed') {
    const stage = await watch.endedAs(accountId);
    return { result: 'over', stage: stage ?? 'unknown' };
  }
  await startAgain(context, row);
  const after = await watch.look(accountId);
  if (after.status !== 'running' && after.status !== 'completed') return { result: 'failed' };
  await registry.audit({
    at: context.now(),
    what: 'workflow started again',
    actor,
    accountId,
    personId,
    reason: `it was ${seen.status}`,
    commandId: null,
    facts: { was: seen.status, sequence: row.state.sequence },
  });
  return { result: 'started' };
}

/** The alarm that such an account gets. */
export function alarmOf({ status }: SeenWorkflow): WatchAlarm {
  return status === 'missing' ? 'workflow-missing' : 'workflow-closed';
}

const WAS: Readonly<Record<SeenWorkflow['status'], string>> = {
  running: 'ran',
  completed: 'had ended',
  failed: 'had failed',
  terminated: 'was terminated',
  timedOut: 'had timed out',
  cancelled: 'was cancelled',
  missing: 'was missing',
};

/** What happened, and what is to be done, in words for an alarm or a row of reconcile. */
export function healingWords(row: AccountRow, seen: SeenWorkflow, healing: Healing): string {
  const { accountId, state } = row;
  const was = `The workflow of account ${accountId} ${WAS[seen.status]}`;
  switch (healing.result) {
    case 'started':
      return `${was}. It was started again from the registry and goes on with its plan. Find out who or what ended it.`;
    case 'over':
      return (
        `${was} as ${healing.stage}, but the registry says ${state.stage}: the registry is older than the workflow, as after ` +
        `a restore. It is not started again. Remedy: npm run reconcile -- --account ${accountId} --repair writes the end ` +
        'into the registry; if the account is still wanted, it must be made anew.'
      );
    case 'failed':
      return `${was}, and could not be started again; the worker's log says why. The next visit tries again.`;
  }
}
