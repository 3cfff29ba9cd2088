import { randomUUID } from 'node:crypto';
import { adoptedState } from '../../src/policy/fold-instance.ts';
import type { InstanceRow } from '../../src/registry/instance-registry.ts';
import type { KeptInstance } from '../dependencies.ts';
import type { SyncContext } from '../sync-activities.ts';
import { factsOfRow } from './facts-of-row.ts';

/**
 * Gives an account of the instance one of ours, and answers its id; `null` = another attempt has by now. The registry gets
 * account and row, or neither. Its workflow is not started: {@link startAccount} does that. Rule: "Experiment accounts".
 */
export async function adoptAccount(
  context: SyncContext,
  { settings }: KeptInstance,
  adoption: { readonly row: InstanceRow & { readonly personId: string }; readonly instead: string | null },
): Promise<string | null> {
  const { experiment } = settings;
  const accountId = randomUUID();
  const row = { ...adoption.row, accountId };
  const { personId, snapshot } = row;
  const facts = factsOfRow(row);
  if (facts === null) throw new TypeError('somebody is named, and the row says nobody');
  const at = context.now();
  const own = { accountId, kind: 'experiment', personId, experiment } as const;
  const account = {
    ...own,
    login: snapshot.user.userName,
    state: adoptedState({ accountId, experiment, facts, at }),
    at,
    reason: 'its label in the instance names the person',
  };
  const { instead } = adoption;
  return (await context.deps.registry.adoptAccount({ account, row, instead })) ? accountId : null;
}

/** Starts the account's workflow, if it does not run. */
export async function startAccount(context: SyncContext, accountId: string): Promise<void> {
  const { registry, workflows } = context.deps;
  const account = await registry.account(accountId);
  if (account) await workflows.ensureStarted({ state: account.state, clock: context.clock });
}
