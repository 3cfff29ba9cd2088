import type { StepContext, StepResult } from '../step-context.ts';
import { accountRow } from './access.ts';
import { tellNewOwner } from './transfer-mail.ts';
import { factsOfHeir } from './transfer.ts';
import { writeOwner } from './write-owner.ts';

/**
 * Hands a service account on to who agreed to own it. What the registry says of the request counts, and not who told the
 * account. Rule: "Re-assigning a service account".
 */
export async function reassignServiceAccount(context: StepContext): Promise<StepResult> {
  const { deps, input, now } = context;
  const request = input.state.reassign;
  const known = request && (await deps.registry.reassignment(request.requestId));
  const { accountId } = input.state;
  if (known?.status !== 'approved' || known.accountId !== accountId) {
    return { result: 'done', note: 'nothing to do: no such request was approved' };
  }
  const { newOwner } = await deps.registry.completeReassignment({ requestId: known.requestId, at: now });
  const account = await accountRow(context);
  if (account.personId !== newOwner) {
    return { result: 'done', note: 'nothing to do: the account went on to somebody else since' };
  }
  const facts = await factsOfHeir(context, newOwner);
  await writeOwner(context, account.login, newOwner);
  await tellNewOwner(context, { account, newOwner });
  return { result: 'done', note: `re-assigned to person ${newOwner}`, newOwner: facts };
}
