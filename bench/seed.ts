import { randomUUID } from 'node:crypto';
import { forEachOf } from '../activities/sync/for-each-of.ts';
import type { AccountWorkflows } from '../activities/dependencies.ts';
import { directoryPerson } from '../activities/directory-person.ts';
import { storeLook } from '../activities/store-look.ts';
import type { AccountState } from '../src/contracts/account.ts';
import type { ClockAnchor, Instant } from '../src/contracts/time.ts';
import { initialState } from '../src/policy/initial-state.ts';
import type { PersonRow } from '../src/registry/registry.ts';
import type { Deployment } from '../src/worker/start-deployment.ts';

const PAGE_SIZE = 500;
/** Starts under way at once: more than a few bring the server no further. */
const STARTS_AT_ONCE = 32;
const PROGRESS_EVERY = 2_500;

type Seeded = Pick<Deployment, 'deps' | 'opened'>;

/** A line about what is being prepared, aside from the report. */
export function say(line: string): void {
  console.error(line);
}

/** Reads everybody whom HR lists behind `after`, or so many of them, into the registry, as known and applied. */
export async function seedPersons(
  { deps }: Seeded,
  input: { readonly at: Instant; readonly after?: string | null; readonly atMost?: number },
): Promise<readonly PersonRow[]> {
  const { registry, hr } = deps;
  const { signal } = new AbortController();
  const { at, atMost = Infinity } = input;
  const persons: PersonRow[] = [];
  for (let after = input.after ?? null; persons.length < atMost;) {
    const limit = Math.min(PAGE_SIZE, atMost - persons.length);
    const page = await hr.listPersons({ after, limit, signal });
    if (page.outcome !== 'page') throw new Error(`HR cannot be listed: ${page.outcome}`);
    if (page.lastId === null) break;
    const numbers = await registry.observationNumbers(page.records.length);
    for (const [index, record] of page.records.entries()) {
      const { personId } = record;
      const answer = { outcome: 'found', record } as const;
      const number = numbers[index] ?? 0;
      const look = await storeLook(deps, {
        number,
        personId,
        answer,
        before: null,
        at,
        source: 'sync',
      });
      if (look.outcome !== 'found') throw new Error(`a person cannot be seeded: ${look.outcome}`);
      await registry.markApplied({ personId, digest: look.person.digest, number });
      persons.push(look.person);
    }
    after = page.lastId;
  }
  return persons;
}

/** An active account as it stands years after it was made: registry and directory; its workflow is started apart. */
export async function seedAccount(
  { deps, opened }: Seeded,
  input: { readonly person: PersonRow; readonly kind: 'primary' | 'service'; readonly at: Instant },
): Promise<AccountState> {
  const { person, kind, at } = input;
  const { personId, observation } = person;
  const own = { accountId: randomUUID(), kind, personId, experiment: null };
  const login = `${kind === 'primary' ? 'p' : 's'}${own.accountId.slice(0, 8)}${personId}`;
  const activeStatus = kind === 'primary' ? 'Active' : null;
  const state = { ...initialState({ ...own, stage: 'active', observation, at }), activeStatus } as const;
  await deps.registry.createAccount({ ...own, login, state, at, reason: 'there before the benchmark' });
  const { signal } = new AbortController();
  const uidNumber = (await deps.registry.account(own.accountId))?.uidNumber ?? 0;
  const directory = opened.directory('directory');
  await directory.create({ login, kind, person: directoryPerson(person), activeStatus, uidNumber, signal });
  await directory.setAccess({ login, access: 'on', signal });
  return state;
}

/** Starts the workflows of these accounts, and says how far it is. */
export async function startWorkflows(
  workflows: AccountWorkflows,
  states: readonly AccountState[],
  clock: ClockAnchor,
): Promise<void> {
  let started = 0;
  await forEachOf(states, STARTS_AT_ONCE, async (state) => {
    await workflows.ensureStarted({ state, clock });
    started += 1;
    if (started % PROGRESS_EVERY === 0) say(`  ${String(started)} workflows started`);
  });
}
