import { createHash } from 'node:crypto';
import { virtualNow } from '../contracts/time.ts';
import { initialState } from '../policy/initial-state.ts';
import type { Deployment } from '../worker/start-deployment.ts';
import type { SeedAccount } from './worker-messages.ts';

/** An id as random ids look, the same for the same login: adding an account twice adds it once. */
function accountIdOf(login: string): string {
  const hex = createHash('sha256').update(login).digest('hex');
  return [
    hex.slice(0, 8),
    hex.slice(8, 12),
    `4${hex.slice(13, 16)}`,
    `8${hex.slice(17, 20)}`,
    hex.slice(20, 32),
  ].join('-');
}

/**
 * Adds secondary and service accounts of persons the registry knows: a row, and a workflow that makes the account on
 * every target. Stands in for requests.
 */
export async function addAccounts(deployment: Deployment, accounts: readonly SeedAccount[]): Promise<null> {
  const { registry, workflows } = deployment.deps;
  const at = virtualNow(deployment.clock, Date.now());
  for (const { kind, login, personId } of accounts) {
    const person = await registry.person(personId);
    const own = { accountId: accountIdOf(login), kind, personId, experiment: null } as const;
    const observation = person?.observation ?? null;
    const state = initialState({ ...own, stage: 'pending', observation, at });
    await registry.createAccount({ ...own, login, state, at, reason: 'there before the story begins' });
    await workflows.ensureStarted({ state, clock: deployment.clock });
  }
  return null;
}
