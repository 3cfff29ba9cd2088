import { onEveryDirectory } from '../effects.ts';
import type { StepContext, StepResult } from '../step-context.ts';
import { directoryPerson } from '../directory-person.ts';
import { accountRow } from './access.ts';
import { primaryAddressOf } from './mail-routing.ts';
import { tellNewOwner } from './transfer-mail.ts';
import { factsOfHeir } from './transfer.ts';

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
  const owner = await deps.registry.person(newOwner);
  const to = await primaryAddressOf(deps, newOwner);
  await onEveryDirectory(context, async (directory) => {
    const call = { login: account.login, signal: context.signal };
    if (owner) await directory.setPerson({ ...call, person: directoryPerson(owner) });
    if (to !== null) await directory.setMailRouting({ ...call, to });
    return null;
  });
  await tellNewOwner(context, { account, newOwner });
  return { result: 'done', note: `re-assigned to person ${newOwner}`, newOwner: facts };
}
