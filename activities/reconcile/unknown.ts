import type { Directory, ListedEntry } from '../../src/connectors/directory.ts';
import type { Difference } from '../../src/contracts/reconcile.ts';
import { guestLogin } from '../../src/policy/guest-identity.ts';
import { forEachOf } from '../sync/for-each-of.ts';
import { SIDE_BY_SIDE, type WatchContext } from '../watchdog/watch-context.ts';

/** A page of what belongs to nobody. */
export interface UnknownPage {
  readonly differences: readonly Difference[];
  /** Where the next page begins; `null` = this was the last. */
  readonly next: string | null;
}

function unknownEntry(
  directory: Directory,
  entry: { personId: string; kind: string; access: string },
): Difference {
  return {
    accountId: null,
    kind: 'entry-unknown',
    // The login stays out: what this answers stands in a history. The directory finds it by the person.
    words: `${directory.name} has a ${entry.kind} entry of person ${entry.personId}, access ${entry.access}, whose login is no account of ours`,
    repaired: false,
    note: 'find out who made it; adopt it, or remove it there',
  };
}

/** Names under which a directory has one entry. */
function sameName(login: string): string {
  return login.normalize('NFKC').toLowerCase();
}

/** Whether the entry is an account's, or a guest account's of the person whom it names. */
async function isKnown({ deps }: WatchContext, { kind, login, personId }: ListedEntry): Promise<boolean> {
  if (kind !== 'guest') return deps.registry.loginTaken(login);
  const guests = await deps.registry.guests(personId);
  return guests.some((guest) => sameName(guestLogin(guest)) === sameName(login));
}

/** Entries of a directory whose login the registry does not know: one page. None, where it cannot list. */
export async function unknownEntries(
  context: WatchContext,
  input: { readonly directory: string; readonly after: string | null; readonly limit: number },
): Promise<UnknownPage> {
  const { deps, signal } = context;
  const directory = deps.directories.find(({ name }) => name === input.directory);
  if (!directory) return { differences: [], next: null };
  const page = await directory.list({ after: input.after, limit: input.limit, signal });
  if (page.outcome === 'unsupported') return { differences: [], next: null };
  const differences: Difference[] = [];
  await forEachOf(page.entries, SIDE_BY_SIDE, async (entry) => {
    if (!(await isKnown(context, entry))) differences.push(unknownEntry(directory, entry));
  });
  return { differences, next: page.next };
}

/** More rows than this are no list that anybody reads. */
const MOST_WORKFLOWS = 500;

/** Workflows of accounts that the registry does not know. */
export async function unknownWorkflows(context: WatchContext): Promise<readonly Difference[]> {
  const { registry, settings, watch } = context.deps;
  const differences: Difference[] = [];
  let page: string[] = [];
  const visit = async (): Promise<void> => {
    await forEachOf(page, SIDE_BY_SIDE, async (accountId) => {
      if (differences.length >= MOST_WORKFLOWS || (await registry.account(accountId)) !== null) return;
      differences.push({
        accountId,
        kind: 'workflow-unknown',
        words: 'its workflow runs, and the registry has no such account',
        repaired: false,
        note: 'restore its row; its steps wait until then (docs/operations.md, "Backup and restore")',
      });
    });
    page = [];
  };
  for await (const accountId of watch.running()) {
    page.push(accountId);
    if (page.length >= settings.pageSize) await visit();
  }
  await visit();
  return differences;
}
