import { isDeepStrictEqual } from 'node:util';
import type { HandledCounts } from '../../src/contracts/instance-handling.ts';
import { LifecycleError } from '../../src/errors.ts';
import { isSameInstance } from '../../src/policy/instance-facts.ts';
import { decideAccount } from '../../src/policy/instance/decide-account.ts';
import { adminLabels, ours } from '../../src/policy/instance/labels.ts';
import { suspendedBy } from '../../src/policy/instance/suspended-by.ts';
import type { AccountInput, HrSaid, Wanted } from '../../src/policy/instance/wanted.ts';
import type { InstanceRow } from '../../src/registry/instance-registry.ts';
import type { AccountRow, PersonRow } from '../../src/registry/registry.ts';
import type { KeptInstance } from '../dependencies.ts';
import type { SyncContext } from '../sync-activities.ts';
import { isSameSnapshot } from './assess-account.ts';
import { factsOfRow } from './facts-of-row.ts';
import { hrSaid } from './hr-said.ts';
import { namedPerson } from './named-person.ts';
import { writeAccount, type WrittenAccount } from './write-account.ts';
import { type SeenAccount, writesOf } from './writes-of.ts';

/** Code of an account that was adopted for an experiment of another name than the one configured. */
export const OTHER_EXPERIMENT = 'OTHER_EXPERIMENT';

export interface AccountToHandle {
  readonly row: InstanceRow;
  /** Ours, which follows it; `null` = none does: its label names nobody. */
  readonly account: AccountRow | null;
  readonly person: PersonRow | null;
  /** HR gave no answer for the person in this run. */
  readonly isUnheard: boolean;
  readonly isFrozen: boolean;
  /** It was never told what HR says of its person: that waits in a plan. */
  readonly isWaiting: boolean;
  readonly planId: string;
}

export interface HandledAccount {
  readonly counts: Partial<HandledCounts>;
  /** The instance was asked, and answered. */
  readonly hasAnswered: boolean;
}

function decideOn(
  { now, planId, settings }: { now: number; planId: string; settings: AccountInput['settings'] },
  { row, account, person, isUnheard, isFrozen }: AccountToHandle,
  seen: SeenAccount,
  isEndTimeFixed = false,
): Wanted {
  const { adminDate, holds } = account?.state ?? { adminDate: null, holds: null };
  return decideAccount({
    settings,
    now,
    run: planId,
    isFrozen,
    isEndTimeFixed,
    account: {
      active: seen.user.active,
      endTime: seen.user.endTime,
      labels: seen.labels,
      suspendedBy: suspendedBy(row, seen, settings.dialect),
      wasSuspendedBy: row.suspendedBy,
      isNameless: namedPerson(seen.labels, settings.personIdLabel) === null,
      sightings: row.participationSightings,
    },
    hr: hrSaid(person, isUnheard),
    wishes: {
      adminDate: adminDate?.until ?? null,
      disabledManually: (holds?.disabledManually ?? null) !== null,
    },
  });
}

/** What an admin may have asked since the page was loaded: a freeze, and what the account's workflow was told. */
async function asItIsNow({ deps }: SyncContext, input: AccountToHandle): Promise<AccountToHandle> {
  const { accountId } = input.row;
  const isFrozen = (await deps.registry.frozen()) !== null;
  const account = accountId === null ? null : await deps.registry.account(accountId);
  return { ...input, account: account ?? input.account, isFrozen };
}

/** The row after the writes; the same one if nothing in it is new. */
function rowAfter(
  { row }: AccountToHandle,
  { read, now, wanted }: WrittenAccount,
  { settings }: KeptInstance,
  look: { readonly number: number; readonly at: number },
): InstanceRow {
  const then = { snapshot: read, suspendedBy: suspendedBy(row, read, settings.dialect) };
  const after = { snapshot: now, suspendedBy: suspendedBy(then, now, settings.dialect) };
  const isSame = row.suspendedBy === after.suspendedBy && isSameSnapshot(row.snapshot, now);
  return {
    ...row,
    ...after,
    ...look,
    at: isSame ? row.at : look.at,
    nameless: namedPerson(now.labels, settings.personIdLabel) === null,
    participationSightings: wanted.sightings,
  };
}

/** Tells the account's workflow what its instance shows, if it does not know. */
async function tell(context: SyncContext, account: AccountRow | null, row: InstanceRow): Promise<boolean> {
  const facts = factsOfRow(row);
  if (account === null || facts === null) return false;
  const known = account.state.instance;
  if (known !== undefined && (known.number >= facts.number || isSameInstance(known, facts))) return false;
  await context.deps.workflows.tellInstance({ state: account.state, facts, clock: context.clock });
  return true;
}

function countsOf({
  wanted,
  wrote,
  refused,
}: Pick<WrittenAccount, 'wanted' | 'wrote' | 'refused'>): Partial<HandledCounts> {
  const one = (is: boolean) => (is ? 1 : 0);
  const isRefused = (what: string) => refused.some((refusal) => refusal.what === what);
  const ends = wanted.status === 'EXPIRED' && wrote.some(({ type }) => type === 'endTime');
  return {
    handled: 1,
    written: one(wrote.length > 0),
    restored: one(wrote.some((write) => write.type === 'active' && write.active)),
    ended: one(ends || wrote.some((write) => write.type === 'active' && !write.active)),
    refusedNames: one(wanted.isNameRefused || isRefused('name')),
    refusedEmails: one(isRefused('email')),
    refusedEndTimes: one(isRefused('endTime')),
  };
}

function isOfExperiment({ state }: AccountRow, experiment: string): boolean {
  return state.experiment?.toLowerCase() === experiment.toLowerCase();
}

/** Adopted for an experiment of another name: taken for the wrong one, everybody would lose their participation. */
function otherExperiment({ accountId, state }: AccountRow): LifecycleError {
  return new LifecycleError({
    code: OTHER_EXPERIMENT,
    message:
      `account ${accountId} was adopted for the experiment ${String(state.experiment)} and not for the one configured; ` +
      'correct cern.experimentName',
    retryable: false,
  });
}

function isIgnored({ snapshot }: InstanceRow): boolean {
  return adminLabels(snapshot.labels).ignore;
}

/** Whether HR has said something that is a fact, or would be one once it is applied. */
function isFact(said: HrSaid): boolean {
  if (said.outcome === 'no-person') return said.isApplied;
  return said.outcome !== 'unavailable';
}

/** Whether the account is one to be handled: there, and followed by an account of ours that knows whose it is. */
function isFollowed({ row, account, person, isUnheard, isWaiting }: AccountToHandle): boolean {
  if (row.presence !== 'there') return false;
  // Its first comparison with HR is held, or is still to come. That HR gives no answer is said all the same.
  if (isWaiting && !isIgnored(row) && isFact(hrSaid(person, isUnheard))) return false;
  if (row.accountId === null) return row.nameless;
  return account !== null && account.state.personId === row.personId;
}

/**
 * Handles one account of the instance from end to end. What is stored of it decides: if nothing is to be written but the
 * time stamp, it is not even read. Else it is read afresh and everything decided anew on that. Repeated after a failure
 * anywhere, it ends where it would have ended. Throws an `IamError`. Rule: "Experiment accounts".
 */
export async function handleAccount(
  context: SyncContext,
  kept: KeptInstance,
  input: AccountToHandle,
): Promise<HandledAccount> {
  const { registry, log } = context.deps;
  const { iam, settings } = kept;
  const { row, account, planId } = input;
  const { signal } = context;
  const id = row.externalId;
  const leftAlone = (hasAnswered: boolean): HandledAccount => ({ counts: { leftAlone: 1 }, hasAnswered });
  if (!isFollowed(input)) return leftAlone(false);
  if (account !== null && !isOfExperiment(account, settings.experiment)) throw otherExperiment(account);

  const given = { now: context.now(), planId, settings };
  const planned = decideOn(given, input, row.snapshot);
  const hasWrites = writesOf(row.snapshot, planned).length > 0;
  const number = hasWrites ? await registry.nextObservationNumber() : row.number;
  const written = hasWrites
    ? await writeAccount(iam, {
        id,
        signal,
        now: given.now,
        decide: async (seen, isEndTimeFixed) => {
          const named = namedPerson(seen.labels, settings.personIdLabel);
          // Let go or given to somebody else just now: the next synchronisation plans that.
          if (named === undefined || (named !== null && (row.nameless || named !== row.personId)))
            return null;
          return decideOn(given, await asItIsNow(context, input), seen, isEndTimeFixed);
        },
      })
    : { read: row.snapshot, now: row.snapshot, wanted: planned, wrote: [], refused: [] };
  if (written === null) return leftAlone(true);
  for (const { code } of written.refused) {
    log.warn('the instance refuses a part of an account', { externalId: id, accountId: row.accountId, code });
  }

  // An attempt that was cut off may have written already what this one found written.
  const isChanged = written.wrote.length > 0 || !isSameSnapshot(written.read, row.snapshot);
  const isStamped = settings.timestamp === 'every-run' || isChanged;
  if (isStamped) {
    const label = { ...ours('timestamp'), value: String(Math.floor(given.now)) };
    await iam.setLabel({ id, labels: [], label, signal });
  }
  const after = {
    ...rowAfter(input, written, kept, { number, at: given.now }),
    isStamped: row.isStamped || isStamped,
  };
  if (!isDeepStrictEqual(after, row)) await registry.storeInstance([after]);
  const told = await tell(context, account, after);
  return { counts: { ...countsOf(written), told: told ? 1 : 0 }, hasAnswered: hasWrites || isStamped };
}
