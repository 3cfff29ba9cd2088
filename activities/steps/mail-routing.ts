import type { Directory } from '../../src/connectors/directory.ts';
import { TargetError } from '../../src/errors.ts';
import { isFinal } from '../../src/policy/facts.ts';
import type { AccountRow } from '../../src/registry/registry.ts';
import type { ActivityDependencies } from '../dependencies.ts';
import { throwRejected } from '../failures.ts';
import { livingPrimary } from '../living-primary.ts';
import type { StepContext } from '../step-context.ts';

/** The address of a person's primary account that is not over; `null` = none. */
export async function primaryAddressOf(deps: ActivityDependencies, personId: string): Promise<string | null> {
  const primary = livingPrimary(await deps.registry.accounts({ personId, kind: 'primary' }));
  return primary ? `${primary.login}@${deps.settings.mailDomain}` : null;
}

/** Where a login's mail goes: a primary account has its own mailbox, all others lead to their person's. */
export async function mailRoutingOf(deps: ActivityDependencies, account: AccountRow): Promise<string | null> {
  if (account.kind !== 'secondary' && account.kind !== 'service') return null;
  return primaryAddressOf(deps, account.personId);
}

/**
 * Writes where an account's mail goes to one directory. It is looked up again after each write: an owner who changes at
 * the same moment is written by two, and whoever is last must have written the new one.
 */
async function routeMail(context: StepContext, directory: Directory, account: AccountRow): Promise<void> {
  const { deps, signal } = context;
  let written: string | null = null;
  for (let current: AccountRow | null = account; current !== null;) {
    const to = await mailRoutingOf(deps, current);
    if (to === null || to === written) return;
    try {
      await directory.setMailRouting({ login: account.login, to, signal });
    } catch (error) {
      // What was never made there gets its route when it is.
      if (error instanceof TargetError && error.code === 'TARGET_NO_ENTRY') return;
      throw error;
    }
    written = to;
    current = await deps.registry.account(account.accountId);
  }
}

/** A person's new primary account takes the mail of every other account of theirs. Rule: "Mail". */
export async function routeMailToPrimary(
  context: StepContext,
  personId = context.input.state.personId,
): Promise<void> {
  const { registry, directories } = context.deps;
  const accounts = await registry.accounts({ personId });
  const others = accounts.filter(({ state }) => state.access !== 'none' && !isFinal(state.stage));
  throwRejected(
    await Promise.allSettled(
      others.flatMap((account) => directories.map((directory) => routeMail(context, directory, account))),
    ),
  );
}
