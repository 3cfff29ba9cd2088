import type { Directory, DirectoryEntry } from '../connectors/directory.ts';
import type { Registry } from '../registry/registry.ts';
import type { Everything } from './worker-messages.ts';

/** Reads all that the checks look at. */
export async function readEverything(registry: Registry, directory: Directory): Promise<Everything> {
  const accounts = await registry.accounts({});
  const persons = await registry.persons({ after: null, limit: 10_000 });
  const signal = new AbortController().signal;
  const entries: Record<string, DirectoryEntry | null> = {};
  for (const { login } of accounts) entries[login] = await directory.read({ login, signal });
  const lists = async <T, R>(items: readonly T[], read: (item: T) => Promise<readonly R[]>) => {
    const all: R[] = [];
    for (const item of items) all.push(...(await read(item)));
    return all;
  };
  return {
    accounts,
    effects: await lists(accounts, ({ accountId }) => registry.effects(accountId)),
    notices: await lists(persons, ({ personId }) => registry.notices(personId)),
    ownership: await lists(accounts, ({ accountId }) => registry.ownership(accountId)),
    alarms: [...(await registry.alarms({ open: true })), ...(await registry.alarms({ open: false }))],
    observations: await lists(persons, ({ personId }) => registry.observations(personId)),
    entries,
  };
}
