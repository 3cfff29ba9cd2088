import { setTimeout as delay } from 'node:timers/promises';
import { parseExpected } from './check/expected.ts';
import { personIdOf } from './play-story.ts';
import type { Character } from './story/character.ts';
import type { WorkerKeeper } from './worker-keeper.ts';

const POLL_MS = 100;

/** Whether the character's primary account is there before the story begins. */
function isThereFromTheStart(character: Character): boolean {
  return parseExpected(character.expected).some(
    ({ what, from }) => what === 'activate' && from === -Infinity,
  );
}

async function untilActive(
  keeper: WorkerKeeper,
  isMissing: (logins: ReadonlySet<string>, persons: ReadonlySet<string>) => boolean,
  signal: AbortSignal,
) {
  for (;;) {
    const active = (await keeper.accounts()).filter(({ state }) => state.stage === 'active');
    const logins = new Set(active.map(({ login }) => login));
    const persons = new Set(active.filter(({ kind }) => kind === 'primary').map(({ personId }) => personId));
    if (!isMissing(logins, persons)) return active;
    await delay(POLL_MS, undefined, { signal });
  }
}

/**
 * Waits until everybody who is there from the start has an account, which the synchronisation makes, and adds what
 * nobody can ask for yet: secondary and service accounts, and memberships of groups.
 */
export async function prepareAccounts(input: {
  readonly characters: readonly Character[];
  readonly keeper: WorkerKeeper;
  readonly signal: AbortSignal;
}): Promise<void> {
  const { characters, keeper, signal } = input;
  const present = characters.filter(isThereFromTheStart).map(personIdOf);
  const primaries = await untilActive(
    keeper,
    (_logins, persons) => present.some((id) => !persons.has(id)),
    signal,
  );
  const accounts = characters.flatMap((character) =>
    (character.accounts ?? []).map((account) => ({ ...account, personId: personIdOf(character) })),
  );
  await keeper.add({ ask: 'addAccounts', accounts });
  const groups = characters.flatMap((character) => {
    const login = primaries.find(({ personId }) => personId === personIdOf(character))?.login;
    return login === undefined || !character.groups ? [] : [{ login, groups: character.groups }];
  });
  await keeper.add({ ask: 'addGroups', groups });
  await untilActive(keeper, (logins) => accounts.some(({ login }) => !logins.has(login)), signal);
}
