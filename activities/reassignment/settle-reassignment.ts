import type { ReassignmentDecision } from '../../src/contracts/reassignment.ts';
import { LifecycleError } from '../../src/errors.ts';
import type { ReassignmentEvent } from '../../src/policy/reassignment.ts';
import { today } from '../sync/plan-change.ts';
import type { SyncContext } from '../sync-activities.ts';
import { refusalOfHandover } from './handover-facts.ts';

/**
 * Brings the request to its end. An approval is checked once more, since the proposed owner may have left by now or have
 * too many accounts; the account's own workflow then hands the account on.
 */
export async function settleReassignment(
  context: SyncContext,
  { requestId, decision }: { readonly requestId: string; readonly decision: ReassignmentDecision },
): Promise<ReassignmentEvent> {
  const { registry, workflows } = context.deps;
  const row = await registry.reassignment(requestId);
  const newOwner = row?.newOwner ?? '';
  const settled = await registry.decideReassignment({
    ...{ requestId, decision, at: context.now() },
    judge: (facts) => refusalOfHandover(facts, { newOwner, today: today(context) })?.why ?? null,
  });
  const { status, decidedWhy: why, accountId } = settled;
  if (status === 'open') throw new TypeError('a request that was decided on is not open');
  if (status === 'approved' && settled.doneAt === null) {
    const account = await registry.account(accountId);
    if (account === null) {
      throw new LifecycleError({
        code: 'ACCOUNT_UNKNOWN',
        message: `the registry has no account ${accountId}`,
        retryable: false,
      });
    }
    const fact = { requestId, newOwner: settled.newOwner };
    await workflows.tellReassigned({ state: account.state, fact, clock: context.clock });
  }
  return { type: 'settled', status, why };
}
