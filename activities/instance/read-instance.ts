import type { IamListed } from '../../src/connectors/indigo-iam.ts';
import { IAM_GAVE_UP } from '../../src/contracts/instance-handling.ts';
import type { InstanceRead } from '../../src/contracts/instance-sync.ts';
import { IamError, LifecycleError } from '../../src/errors.ts';
import type { FollowedRow, InstanceRow } from '../../src/registry/instance-registry.ts';
import type { SyncContext } from '../sync-activities.ts';
import { raiseUnavailable, reportRead } from './instance-alarms.ts';
import { beat, beginRead, lookAtEach, type Read, stop } from './instance-read.ts';
import { namedPerson } from './named-person.ts';
import { confirmGone, readWhole } from './read-whole.ts';
import { takeIn } from './take-in.ts';

export interface ReadInstanceInput {
  readonly planId: string;
  /** Nothing is stored, adopted or started, and no alarm is raised: it is only counted. */
  readonly dryRun: boolean;
  /** The pause before this attempt, in real ms; by default none. */
  readonly backoffMs?: number;
}

/** Rows that are looked for in the instance at a time. */
const ROWS_AT_ONCE = 500;

async function knownAmong(
  read: Read,
  externalIds: readonly string[],
): Promise<ReadonlyMap<string, FollowedRow>> {
  const rows = await read.context.deps.registry.followedRows(externalIds);
  return new Map(rows.map((followed) => [followed.row.externalId, followed]));
}

/** Accounts of a page of the list, and the labels of each, which the list does not show. */
async function takePage(
  read: Read,
  number: number,
  { users, unreadable }: Extract<IamListed, { outcome: 'page' }>,
): Promise<void> {
  const { signal } = read.context;
  const byId = new Map(users.map((user) => [user.id, user]));
  for (const id of byId.keys()) read.listed.add(id);
  for (const id of unreadable) read.unreadable.add(id);
  // Before labels are read: who has ended by now is not begun anew for what is read of a moment ago.
  const known = await knownAmong(read, [...byId.keys()]);
  const seen = await lookAtEach(read, [...byId.keys()], async (id) => {
    const user = byId.get(id);
    const labels = await read.kept.iam.readLabels({ id, signal });
    if (user === undefined || labels === null) return confirmGone(read.kept.iam, { id, signal });
    return { user, labels };
  });
  await takeIn(read, known, number, seen);
}

/** The whole list. The next page is asked for while this one is worked on. */
async function takeList(read: Read): Promise<void> {
  const { context, kept } = read;
  const pages = kept.iam.listUsers({ signal: context.signal })[Symbol.asyncIterator]();
  const nextPage = async () => {
    // Taken before it is read: of two looks, the one that began later has the higher number.
    const number = await context.deps.registry.nextObservationNumber();
    const next = await pages.next();
    return next.done === true || next.value.outcome === 'end' ? null : { number, page: next.value };
  };
  let upcoming = nextPage();
  try {
    for (;;) {
      const next = await upcoming;
      if (next === null) return;
      upcoming = nextPage();
      // Whoever waits for it comes later: until then nobody is to be told that it failed.
      upcoming.catch(() => undefined);
      await takePage(read, next.number, next.page);
      beat(read);
    }
  } finally {
    await upcoming.catch(() => undefined);
    await pages.return?.();
  }
}

/** Looks at accounts one by one that the list did not show, or not so that one could read them. */
async function askFor(read: Read, externalIds: readonly string[]): Promise<void> {
  const { context, kept } = read;
  const { iam, settings } = kept;
  const { signal } = context;
  const number = await context.deps.registry.nextObservationNumber();
  const known = await knownAmong(read, externalIds);
  const seen = await lookAtEach(read, externalIds, async (id) => {
    const labels = await iam.readLabels({ id, signal });
    if (labels === null) return confirmGone(iam, { id, signal });
    // Without the label it is let go, or was never ours: whatever else could be read of it.
    if (namedPerson(labels, settings.personIdLabel) === undefined) {
      const user = known.get(id)?.row.snapshot.user;
      return user === undefined ? null : { user, labels };
    }
    // The account first, then its labels: a suspension that came between is seen by its mark.
    return readWhole(iam, { id, signal });
  });
  await takeIn(read, known, number, seen);
}

/** Absence from the list is no departure: the account's own GET says who is gone. */
async function askForMissing(read: Read): Promise<void> {
  const { registry } = read.context.deps;
  for (let after: string | null = null; ;) {
    const rows: readonly InstanceRow[] = await registry.instanceRows({
      after,
      upTo: null,
      limit: ROWS_AT_ONCE,
    });
    const missing = rows.filter(
      ({ externalId, presence }) => presence === 'there' && !read.listed.has(externalId),
    );
    if (missing.length > 0) {
      await askFor(
        read,
        missing.map(({ externalId }) => externalId),
      );
    }
    for (const { externalId } of missing) read.unreadable.delete(externalId);
    after = rows.at(-1)?.externalId ?? null;
    if (after === null || rows.length < ROWS_AT_ONCE) break;
  }
  // Nobody follows these yet.
  if (read.unreadable.size > 0) await askFor(read, [...read.unreadable]);
}

/** Why the instance cannot be read, in words, if that is final for this synchronisation; an error to throw if it is not. */
function giveUp(read: Read, error: unknown): string {
  if (error instanceof IamError) {
    if (!error.retryable) return error.message;
    const stopped = stop(read, error.code);
    if (stopped.retryable) throw stopped;
    return stopped.message;
  }
  if (error instanceof LifecycleError && error.code === IAM_GAVE_UP) return error.message;
  throw error;
}

async function readAll(read: Read): Promise<void> {
  await takeList(read);
  await askForMissing(read);
  // Whatever it says instead of every single account, it is not the accounts.
  if (!read.hasSeen && read.silentBy !== null) throw stop(read, read.silentBy);
}

function noInstance(): LifecycleError {
  const message = 'no INDIGO IAM instance is kept any more: its accounts are not read';
  return new LifecycleError({ code: 'NO_INSTANCE', message, retryable: false });
}

/**
 * Reads every account of the instance with its labels and stores what changed. Who carries the label of the person id and
 * has no account of ours gets one, with its workflow; who is gone or lost the label is found by a GET of its own. Each
 * account apart, many at once. Throws, to be retried, while the instance is down; once that has lasted too long, or when
 * it refuses us, it answers `unavailable` and raises the alarm `iam-unavailable`. Rule: "Experiment accounts".
 */
export async function readInstance(context: SyncContext, input: ReadInstanceInput): Promise<InstanceRead> {
  const { registry, instance, settings } = context.deps;
  if (instance === null) throw noInstance();
  const read = beginRead(context, instance, input);
  try {
    await readAll(read);
  } catch (error) {
    if (context.signal.aborted) throw error;
    const reason = giveUp(read, error);
    if (!input.dryRun) await raiseUnavailable(context, reason);
    const { changes, accounts, failed } = read;
    return { outcome: 'unavailable', ...changes, accounts, failed, parts: [] };
  }
  const { changes, accounts, failed } = read;
  if (!input.dryRun) {
    const traces = await registry.expiryTraces();
    read.expiryTaskTraces += traces.length;
    await reportRead(context, read);
    // After it was told: an attempt that is cut off before tells it again.
    await registry.forgetExpiryTraces(traces);
  }
  const parts = await registry.cutInstance({ size: settings.rangeSize });
  return { outcome: 'read', ...changes, accounts, failed, parts };
}
