import type { Followed } from '../../src/contracts/merge.ts';
import type { Policy } from '../../src/contracts/policy.ts';
import { LifecycleError } from '../../src/errors.ts';
import type { AccountRow } from '../../src/registry/registry.ts';
import { directoryPerson } from '../directory-person.ts';
import { onEveryDirectory } from '../effects.ts';
import { livingPrimary } from '../living-primary.ts';
import type { StepContext, StepResult } from '../step-context.ts';
import { accountRow } from './access.ts';
import { mailRoutingOf, routeMailToPrimary } from './mail-routing.ts';
import { factsOfHeir } from './transfer.ts';

function policyOf(context: StepContext, { kind, accountId }: AccountRow): Policy {
  const { policies } = context.deps.settings;
  const policy = policies.policies[kind];
  if (policy) return policy;
  throw new LifecycleError({
    code: 'CONFIGURATION',
    message: `the policy set ${policies.name} has no policy for ${kind} accounts; add one`,
    retryable: false,
    facts: { accountId, kind },
  });
}

/** The entry says whose it is and of which kind, and its mail goes to the other id's primary account. */
async function writeEntry(context: StepContext, account: AccountRow): Promise<void> {
  const { deps, signal, input } = context;
  const { login, kind, personId } = account;
  if (input.state.access === 'none') return;
  const person = await deps.registry.person(personId);
  const to = await mailRoutingOf(deps, account);
  await onEveryDirectory(context, async (directory) => {
    const call = { login, signal };
    if (person) await directory.setPerson({ ...call, person: directoryPerson(person) });
    await directory.setKind({ ...call, kind });
    if (to !== null) await directory.setMailRouting({ ...call, to });
    return null;
  });
}

/** What the other id's living primary account has that holds for all of a person's own accounts. */
async function ofPrimary(
  context: StepContext,
  account: AccountRow,
): Promise<Pick<Followed, 'departure' | 'adminDate' | 'disabledManually'>> {
  const { state } = context.input;
  const accounts = await context.deps.registry.accounts({ personId: account.personId });
  const primary = livingPrimary(accounts);
  if (account.kind === 'secondary' && primary !== null) {
    const { departure, adminDate, holds } = primary.state;
    return { departure, adminDate, disabledManually: holds.disabledManually };
  }
  // Keys of notices that other primary accounts of the person sent are used up.
  const others = accounts.filter(
    ({ accountId, kind }) => kind === 'primary' && accountId !== account.accountId,
  );
  const next = Math.max(-1, ...others.map((one) => one.state.departure)) + 1;
  const departure = account.kind === 'primary' ? Math.max(state.departure, next) : state.departure;
  return { departure, adminDate: null, disabledManually: null };
}

/**
 * Follows the other id after HR merged two. What the registry says of the account counts, and not who told it: whose it
 * is, and its kind. Rule: "Merging two person ids".
 */
export async function followMerge(context: StepContext): Promise<StepResult> {
  const { state } = context.input;
  const account = await accountRow(context);
  if (account.personId === state.personId && account.kind === state.kind) {
    return { result: 'done', note: 'nothing to do: the registry says that it is still theirs' };
  }
  const { personId, kind } = account;
  const policy = policyOf(context, account);
  await writeEntry(context, account);
  if (kind === 'primary') await routeMailToPrimary(context, personId);
  const observation = await factsOfHeir(context, personId);
  const followed = { personId, kind, policy, observation, ...(await ofPrimary(context, account)) };
  const words = kind === state.kind ? '' : `, as a ${kind} account`;
  return { result: 'done', note: `follows person ${personId}${words}`, followed };
}
