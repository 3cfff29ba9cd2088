import type { Directory } from '../../src/connectors/directory.ts';
import type { AccountKind } from '../../src/contracts/account.ts';
import type { Difference } from '../../src/contracts/reconcile.ts';
import { LifecycleError } from '../../src/errors.ts';
import type { AccountRow } from '../../src/registry/registry.ts';
import { isOutage, type WatchContext } from '../watchdog/watch-context.ts';
import type { Finding } from './finding.ts';
import { mailRoutingOf } from '../steps/mail-routing.ts';
import { guestFindings, guestsOf } from './guest-findings.ts';
import { mendTarget } from './mend-target.ts';
import { targetFindings } from './target-findings.ts';

/** Behind every attempt of a step that is over, and before the first one of the next step. */
const REPAIR_ATTEMPT = 1_000_000;

/** A difference at one directory, with who could mend it. */
interface Found {
  readonly directory: Directory;
  readonly finding: Finding;
}

/** Kinds whose accounts directories hold: experiment accounts live in their instance, guests with their person's. */
const IN_DIRECTORIES: ReadonlySet<string> = new Set<AccountKind>(['primary', 'secondary', 'service']);

async function look(context: WatchContext, row: AccountRow): Promise<readonly Found[]> {
  const { login, kind } = row;
  if (!IN_DIRECTORIES.has(kind)) return [];
  const routing = await mailRoutingOf(context.deps, row);
  const guests = await guestsOf(context, row);
  const found = await Promise.all(
    context.deps.directories.map(async (directory) => {
      const entry = await directory.read({ login, signal: context.signal });
      const own = targetFindings(row, directory.name, entry, routing);
      const ofGuests = await guestFindings(context, { directory, ...guests });
      return [...own, ...ofGuests].map((finding) => ({ directory, finding }));
    }),
  );
  return found.flat();
}

/** Why nothing may be done about it now; `null` = it may. Asked right before it is done. */
async function objection(context: WatchContext, row: AccountRow, finding: Finding): Promise<string | null> {
  const { registry, watch } = context.deps;
  if (finding.mend === null) return finding.why;
  if (finding.isHarm && (await registry.frozen())) return 'the deployment is frozen';
  const { status, step, taskAttempt } = await watch.look(row.accountId);
  if (status === 'running' && (step !== null || taskAttempt > 0)) {
    return 'the account is in the middle of a step: run it again later';
  }
  try {
    const { accountId, state } = row;
    await registry.claim({ accountId, sequence: state.sequence, attempt: REPAIR_ATTEMPT });
  } catch (error) {
    if (!(error instanceof LifecycleError) || error.code !== 'SUPERSEDED') throw error;
    return 'the account has begun a step: run it again later';
  }
  return null;
}

async function audit(context: WatchContext, row: AccountRow, finding: Finding, note: string): Promise<void> {
  const { accountId, personId } = row;
  await context.deps.registry.audit({
    at: context.now(),
    what: `reconcile: ${finding.kind} repaired`,
    actor: 'reconcile',
    accountId,
    personId,
    reason: `${finding.words}: ${note}`,
    commandId: null,
    facts: { kind: finding.kind },
  });
}

async function mend(context: WatchContext, row: AccountRow, found: Found): Promise<Difference> {
  const { directory, finding } = found;
  const { kind, words } = finding;
  const difference = (repaired: boolean, note: string): Difference => {
    return { accountId: row.accountId, kind, words, repaired, note };
  };
  try {
    const why = await objection(context, row, finding);
    if (why !== null || finding.mend === null) return difference(false, why ?? '');
    const note = await mendTarget(context, { row, directory, mend: finding.mend });
    await audit(context, row, finding, note);
    return difference(true, note);
  } catch (error) {
    if (context.signal.aborted || isOutage(error)) throw error;
    return difference(
      false,
      error instanceof LifecycleError ? `${error.code}: ${error.message}` : 'it failed',
    );
  }
}

/**
 * Compares every directory with what the account's state says, and mends what differs if asked to. What was mended is
 * looked at once more: the account may have moved meanwhile.
 */
export async function reconcileTargets(
  context: WatchContext,
  input: { readonly row: AccountRow; readonly repair: boolean },
): Promise<readonly Difference[]> {
  const { row, repair } = input;
  const { accountId } = row;
  const found = await look(context, row);
  if (!repair) {
    return found.map(({ finding }) => {
      const { kind, words, why } = finding;
      return { accountId, kind, words, repaired: false, note: why };
    });
  }
  const differences: Difference[] = [];
  for (const one of found) differences.push(await mend(context, row, one));
  if (!differences.some(({ repaired }) => repaired)) return differences;
  const now = await context.deps.registry.account(accountId);
  const left = now === null ? [] : await look(context, now);
  const isLeft = (kind: string) => left.some(({ finding }) => finding.kind === kind);
  return differences.map((one) =>
    one.repaired && isLeft(one.kind)
      ? { ...one, repaired: false, note: `${one.note}, and it differs again: run it again` }
      : one,
  );
}
