import { setTimeout as delay } from 'node:timers/promises';
import type { AccountRow } from '../registry/registry.ts';
import { parseExpected } from './check/expected.ts';
import { personIdOf, type Character } from './story/character.ts';
import type { SeedGroups } from './worker-messages.ts';
import type { WorkerKeeper } from './worker-keeper.ts';

const POLL_MS = 200;

/** Whether the character's primary account is there before the story begins. */
function isThereFromTheStart(character: Character): boolean {
  return parseExpected(character.expected).some(
    ({ what, from }) => what === 'activate' && from === -Infinity,
  );
}

/** Looks at all accounts until they are as they should be. */
async function until(
  keeper: WorkerKeeper,
  isSo: (accounts: readonly AccountRow[]) => boolean,
  signal: AbortSignal,
): Promise<readonly AccountRow[]> {
  for (;;) {
    const accounts = await keeper.accounts();
    if (isSo(accounts)) return accounts;
    await delay(POLL_MS, undefined, { signal });
  }
}

/**
 * Waits until everybody who is there from the start has an account, which the synchronisation makes, and every account of
 * the instance is adopted; adds what nobody can ask for yet: secondary and service accounts, and memberships of groups.
 */
export async function prepareAccounts(input: {
  readonly characters: readonly Character[];
  readonly keeper: WorkerKeeper;
  /** Puts accounts into groups. */
  readonly addGroups: (groups: readonly SeedGroups[]) => Promise<void>;
  readonly signal: AbortSignal;
}): Promise<void> {
  const { characters, keeper, addGroups, signal } = input;
  const present = characters.filter(isThereFromTheStart).map(personIdOf);
  const primaryOf = (accounts: readonly AccountRow[], id: string) =>
    accounts.find(({ kind, personId }) => kind === 'primary' && personId === id);
  const userNames = characters.flatMap(({ instance }) => (instance ? [instance.userName] : []));
  const isAdopted = (accounts: readonly AccountRow[], userName: string) =>
    accounts.some(({ kind, login }) => kind === 'experiment' && login === userName);
  await until(
    keeper,
    (accounts) =>
      present.every((id) => primaryOf(accounts, id)) &&
      userNames.every((userName) => isAdopted(accounts, userName)),
    signal,
  );
  const extra = characters.flatMap((character) =>
    (character.accounts ?? []).map((account) => ({ ...account, personId: personIdOf(character) })),
  );
  await keeper.add({ ask: 'addAccounts', accounts: extra });

  const isActive = (account: AccountRow | undefined) => account?.state.stage === 'active';
  const all = await until(
    keeper,
    (accounts) =>
      present.every((id) => isActive(primaryOf(accounts, id))) &&
      extra.every(({ login }) => isActive(accounts.find((account) => account.login === login))),
    signal,
  );
  const groups = characters.flatMap((character) => {
    const login = primaryOf(all, personIdOf(character))?.login;
    return login === undefined || !character.groups ? [] : [{ login, groups: character.groups }];
  });
  await addGroups(groups);
}
