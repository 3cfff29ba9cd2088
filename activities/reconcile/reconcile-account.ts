import { setTimeout as delay } from 'node:timers/promises';
import type { AccountState } from '../../src/contracts/account.ts';
import type { AccountStatus } from '../../src/contracts/account-status.ts';
import type { Difference, DifferenceKind } from '../../src/contracts/reconcile.ts';
import { decide } from '../../src/policy/decide.ts';
import { isFinal } from '../../src/policy/facts.ts';
import { accountStatus } from '../../src/policy/status.ts';
import type { AccountRow } from '../../src/registry/registry.ts';
import type { SeenWorkflow } from '../watchdog/account-watch.ts';
import { heal, needsWorkflow } from '../watchdog/heal.ts';
import { apart, type WatchContext } from '../watchdog/watch-context.ts';
import { reconcileTargets } from './reconcile-targets.ts';

/** What came of one account. `busy` = it is in the middle of a step, so nothing was concluded. */
export interface Reconciled {
  readonly busy: boolean;
  readonly differences: readonly Difference[];
}

/** So long an account has to tell the registry where it stands; real ms. */
const RECORD_PATIENCE_MS = 10_000;
const LOOK_EVERY_MS = 100;
/** A difference that a second look does not show was only a moment. */
const LOOKS = 2;

const CLOSED: Readonly<Partial<Record<SeenWorkflow['status'], string>>> = {
  failed: 'its workflow failed',
  terminated: 'its workflow was terminated',
  timedOut: 'its workflow timed out',
  cancelled: 'its workflow was cancelled',
};

function isBusy({ status, step, taskAttempt }: SeenWorkflow): boolean {
  return status === 'running' && (step !== null || taskAttempt > 0);
}

/** Where registry and workflow differ, in words; `null` = they agree. */
function projectionWords(context: WatchContext, row: AccountRow, status: AccountStatus): string | null {
  const policy = context.deps.settings.policies.policies[row.kind];
  if (!policy) return null;
  const at = context.now();
  // Time alone ends holds: neither side has to write that down.
  const state = decide(row.state, { type: 'woke', at }, policy);
  const known = accountStatus(state, policy, at, null);
  const last = ({ past }: AccountStatus): string => {
    const step = past.at(-1);
    return step ? `${step.action} ${step.result} on ${new Date(step.at).toISOString()}` : 'nothing done yet';
  };
  const sides = (one: AccountStatus) =>
    ({
      stage: one.stage,
      standing: one.standing,
      holds: [...one.holds].sort().join(', ') || 'none',
      'last day': one.lastDay ?? 'none',
      'last step': last(one),
    }) as const;
  const [registry, workflow] = [Object.entries(sides(known)), Object.values(sides(status))];
  const words = registry.flatMap(([name, is], index) =>
    is === workflow[index] ? [] : [`${name}: registry ${is}, workflow ${workflow[index] ?? ''}`],
  );
  return words.length === 0 ? null : words.join('; ');
}

async function differenceOfRunning(context: WatchContext, row: AccountRow): Promise<string | null> {
  return projectionWords(context, row, await context.deps.watch.status(row.accountId));
}

/** Asks the account to tell the registry, and waits until it has. */
async function renewProjection(context: WatchContext, accountId: string): Promise<boolean> {
  const { registry, watch } = context.deps;
  await watch.recordAgain(accountId);
  const giveUpAt = Date.now() + RECORD_PATIENCE_MS;
  while (Date.now() < giveUpAt) {
    const row = await registry.account(accountId);
    if (row && (await differenceOfRunning(context, row)) === null) return true;
    await delay(LOOK_EVERY_MS, undefined, { signal: context.signal });
  }
  return false;
}

/** Writes into the registry that a life is over, as its workflow said when it ended. */
async function writeEnd(context: WatchContext, row: AccountRow, stage: AccountState['stage']): Promise<void> {
  const { registry } = context.deps;
  const at = context.now();
  const { accountId, personId, state } = row;
  const access = stage === 'deleted' ? 'off' : state.access;
  const ended: AccountState = { ...state, stage, stageSince: at, access, failures: [], notBefore: null };
  await registry.project({ state: ended, nextStep: null, nextStepAt: null, problem: null, notes: [] });
  await registry.audit({
    ...{ at, what: 'reconcile: end written into the registry', actor: 'reconcile', accountId, personId },
    ...{ reason: `its workflow has ended as ${stage}`, commandId: null, facts: { was: state.stage } },
  });
}

/** The difference between registry and workflow; `null` = they agree. Mends it if asked to. */
async function workflowDifference(
  context: WatchContext,
  input: { readonly row: AccountRow; readonly seen: SeenWorkflow; readonly repair: boolean },
): Promise<Difference | null> {
  const { row, seen, repair } = input;
  const { accountId } = row;
  const difference = (kind: DifferenceKind, words: string, repaired: boolean, note: string): Difference => {
    return { accountId, kind, words, repaired, note };
  };
  if (seen.status === 'running') {
    const words = await differenceOfRunning(context, row);
    if (words === null) return null;
    if (!repair) return difference('projection', words, false, '');
    const renewed = await renewProjection(context, accountId);
    const note = renewed ? 'the account told the registry anew' : 'the account did not tell it in time';
    return difference('projection', words, renewed, note);
  }
  if (!needsWorkflow(row)) return null;
  if (seen.status === 'completed') {
    const stage = await context.deps.watch.endedAs(accountId);
    const words = `its workflow has ended as ${stage ?? 'unknown'}, and the registry says ${row.state.stage}`;
    if (stage === null || !isFinal(stage)) {
      return difference(
        'workflow-over',
        words,
        false,
        'its result cannot be read: look at it in Temporal UI',
      );
    }
    if (!repair) return difference('workflow-over', words, false, '');
    await writeEnd(context, row, stage);
    return difference('workflow-over', words, true, 'the end is written into the registry');
  }
  const kind = seen.status === 'missing' ? 'workflow-missing' : 'workflow-closed';
  const words = CLOSED[seen.status] ?? 'it has no workflow';
  if (!repair) return difference(kind, words, false, '');
  const healing = await heal(context, { row, seen, actor: 'reconcile' });
  const started = healing.result === 'started';
  return difference(
    kind,
    words,
    started,
    started ? 'started again from the registry' : 'could not be started',
  );
}

async function once(context: WatchContext, accountId: string, repair: boolean): Promise<Reconciled> {
  const { registry, watch } = context.deps;
  const seen = await watch.look(accountId);
  if (isBusy(seen)) return { busy: true, differences: [] };
  const row = await registry.account(accountId);
  if (row === null) return { busy: false, differences: [] };
  const difference = await workflowDifference(context, { row, seen, repair });
  // Targets are compared with a state that is sure.
  if (difference) return { busy: false, differences: [difference] };
  return { busy: false, differences: await reconcileTargets(context, { row, repair }) };
}

/**
 * Compares what registry, workflow and targets say of one account, and mends it if asked to. What a second look does
 * not show any more was a step on its way.
 */
export async function reconcileAccount(
  context: WatchContext,
  input: { readonly accountId: string; readonly repair: boolean },
): Promise<Reconciled> {
  const { accountId, repair } = input;
  let result: Reconciled = { busy: false, differences: [] };
  const wentWell = await apart(context, accountId, async () => {
    for (let looks = 1; looks <= LOOKS; looks += 1) {
      // Only a look that has shown the same before may mend.
      result = await once(context, accountId, repair && looks === LOOKS);
      if (result.busy || result.differences.length === 0) return;
    }
  });
  if (wentWell) return result;
  const words = 'it could not be compared';
  const note = "the worker's log says why";
  return { busy: false, differences: [{ accountId, kind: 'failed', words, repaired: false, note }] };
}
