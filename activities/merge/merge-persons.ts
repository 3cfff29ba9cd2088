import type { Directory } from '../../src/connectors/directory.ts';
import type { Merge, MergeAsk, PersonMergeResult } from '../../src/contracts/merge.ts';
import type { OperatorAnswer, OperatorRequest } from '../../src/contracts/operator.ts';
import { guestLogin } from '../../src/policy/guest-identity.ts';
import { movesOfMerge, previewOfMerge, refusalOfMerge } from '../../src/policy/merge-rules.ts';
import { isText, parseActor } from '../../src/policy/parse-message.ts';
import type { GuestRow } from '../../src/registry/guest-registry.ts';
import type { PersonRow } from '../../src/registry/registry.ts';
import { directoryPerson } from '../directory-person.ts';
import { throwRejected } from '../failures.ts';
import { isEntryOf, writeGuestsOf } from '../guests/write-guests.ts';
import type { SyncContext } from '../sync-activities.ts';
import { mergeCaseOf } from './merge-case.ts';

function problemOf({ fromPerson, toPerson }: Pick<MergeAsk, 'fromPerson' | 'toPerson'>): string | null {
  if (!isText(fromPerson)) return 'fromPerson is missing: the person id that HR gave up';
  return isText(toPerson) ? null : 'toPerson is missing: the person id that HR goes on with';
}

/** What a merge would come to; changes nothing. */
export async function previewMerge(
  context: SyncContext,
  request: Extract<OperatorRequest, { type: 'previewMerge' }>,
): Promise<OperatorAnswer> {
  const problem = problemOf(request);
  if (problem !== null) return { type: 'refused', why: problem };
  const facts = await context.deps.registry.mergeFacts(request);
  return { type: 'mergePreview', preview: previewOfMerge(mergeCaseOf(context, request, facts)) };
}

/** Merges two persons in the registry, if no rule is against it. Repeated, it changes nothing. Rule: "Merging two person ids". */
export async function mergePersons(context: SyncContext, ask: MergeAsk): Promise<PersonMergeResult> {
  const said = parseActor(ask);
  const problem = said.ok ? problemOf(ask) : said.problem;
  if (problem !== null || !isText(ask.requestId)) {
    const why = problem ?? 'requestId is missing: an id of its own for each request';
    return { outcome: 'refused', code: 'PERSON_UNKNOWN', why };
  }
  const merged = await context.deps.registry.mergePersons({
    ...{ ask, at: context.now() },
    judge: (facts) => {
      const merge = mergeCaseOf(context, ask, facts);
      const refused = refusalOfMerge(merge);
      return refused === null ? { moves: movesOfMerge(merge) } : { refused };
    },
  });
  if ('refused' in merged) return { outcome: 'refused', ...merged.refused };
  return { outcome: merged.isNew ? 'merged' : 'known', merge: merged.merge };
}

async function tellAccounts(context: SyncContext, merge: Merge): Promise<void> {
  const { registry, workflows } = context.deps;
  const { requestId, toPerson } = merge;
  const results = await Promise.allSettled(
    merge.accounts.map(async ({ accountId }) => {
      const account = await registry.account(accountId);
      if (account === null) return;
      const { state } = account;
      await workflows.tellMerged({ state, fact: { requestId, toPerson }, clock: context.clock });
    }),
  );
  throwRejected(results);
}

async function tellReassignments(context: SyncContext, merge: Merge): Promise<void> {
  const { fromPerson, toPerson } = merge;
  const accountIds = new Set(merge.reassignments.map(({ accountId }) => accountId));
  const tell = (accountId: string) =>
    context.deps.reassignments.personsMerged({ accountId, fromPerson, toPerson });
  throwRejected(await Promise.allSettled([...accountIds].map(tell)));
}

/**
 * Says in a directory to whom a guest account leads now: the rest of an entry is written to its own person's alone. An
 * entry under that name that was not the guest account of the id that went is somebody else's.
 */
async function passOn(
  directory: Directory,
  input: {
    readonly guest: GuestRow;
    readonly fromPerson: string;
    readonly person: PersonRow;
    readonly signal: AbortSignal;
  },
): Promise<void> {
  const { guest, fromPerson, person, signal } = input;
  const call = { login: guestLogin(guest), signal };
  if (!isEntryOf({ personId: fromPerson }, await directory.read(call))) return;
  await directory.setPerson({ ...call, person: { ...directoryPerson(person), mail: guest.email } });
}

/** Guest accounts have no workflow of their own: those that went over are written to every directory here. */
async function tellGuests({ deps, signal }: SyncContext, merge: Merge): Promise<void> {
  const { registry, directories } = deps;
  const moved = new Set(merge.guests.map(({ guestId }) => guestId));
  const person = moved.size > 0 ? await registry.person(merge.toPerson) : null;
  if (person === null) return;
  const { personId } = person;
  const guests = (await registry.guests(personId)).filter(({ guestId }) => moved.has(guestId));
  const writes = directories.map(async (directory) => {
    for (const guest of guests)
      await passOn(directory, { guest, fromPerson: merge.fromPerson, person, signal });
    await writeGuestsOf({ registry, directory, signal }, personId);
  });
  throwRejected(await Promise.allSettled(writes));
}

/**
 * Tells everyone whom a merge concerns: the accounts' own workflows, which then follow the other id, requests to re-assign
 * accounts, and the directories' guests. Each apart; what fails is tried again, and a second time changes nothing.
 */
export async function tellMerged(context: SyncContext, { requestId }: { requestId: string }): Promise<void> {
  const { registry } = context.deps;
  const merge = await registry.merge(requestId);
  if (merge === null) return;
  throwRejected(
    await Promise.allSettled([
      tellAccounts(context, merge),
      tellReassignments(context, merge),
      tellGuests(context, merge),
    ]),
  );
  await registry.mergeTold({ requestId, at: context.now() });
}
