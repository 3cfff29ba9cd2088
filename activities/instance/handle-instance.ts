import { comparePersonIds } from '../../src/connectors/person-id.ts';
import { isUncompared } from '../../src/policy/facts.ts';
import {
  addHandled,
  IAM_GAVE_UP,
  NOTHING_HANDLED,
  type HandledCounts,
} from '../../src/contracts/instance-handling.ts';
import { IamError, LifecycleError } from '../../src/errors.ts';
import type { InstancePart } from '../../src/contracts/instance.ts';
import type { InstanceRow } from '../../src/registry/instance-registry.ts';
import type { AccountRow } from '../../src/registry/registry.ts';
import type { KeptInstance } from '../dependencies.ts';
import { errorFacts } from '../failures.ts';
import { forEachOf } from '../sync/for-each-of.ts';
import { nameOfUntold } from '../sync/instance-changes.ts';
import type { SyncContext } from '../sync-activities.ts';
import { type AccountToHandle, handleAccount, OTHER_EXPERIMENT } from './handle-account.ts';
import { isRefusal, refusalOf } from './iam-refusal.ts';
import { createIamSilence, type IamSilence, silenceOf, type Waited } from './iam-silence.ts';

/** A stretch of persons by id for which HR gave no answer: behind `after`, up to and with `upTo`. */
export interface UnheardRange {
  readonly after: string | null;
  readonly upTo: string | null;
}

export interface HandleInput {
  readonly planId: string;
  readonly part: InstancePart;
  /** Whom HR was not even asked for in this run. */
  readonly unheard: readonly UnheardRange[];
  /** The pause before this attempt, in real ms; by default none. */
  readonly backoffMs?: number;
}

/** Where a part stands: what a heartbeat carries, so that the next attempt goes on from there. */
interface Progress {
  readonly after: string | null;
  readonly counts: HandledCounts;
  readonly waited?: Waited;
  /** What the instance refused our client of an account, in words. */
  readonly refusal?: string | null;
}

function isProgress(value: unknown): value is Progress {
  return typeof value === 'object' && value !== null && 'after' in value && 'counts' in value;
}

function isWithin(personId: string, { after, upTo }: UnheardRange): boolean {
  const isBehind = after === null || comparePersonIds(personId, after) > 0;
  return isBehind && (upTo === null || comparePersonIds(personId, upTo) <= 0);
}

/** A page of accounts, and what the registry knows of them. */
async function withWhatIsKnown(
  context: SyncContext,
  { planId, unheard }: HandleInput,
  rows: readonly InstanceRow[],
): Promise<readonly (() => Promise<AccountToHandle>)[]> {
  const { registry } = context.deps;
  const personIds = [...new Set(rows.flatMap(({ personId }) => (personId === null ? [] : [personId])))];
  const [accounts, silent, freeze] = await Promise.all([
    registry.accountsOfPersons(personIds),
    registry.unheard({ run: planId, personIds }),
    registry.frozen(),
  ]);
  const byId = new Map(accounts.map((account) => [account.accountId, account]));
  const waiting = await waitingAmong(context, planId, accounts);
  return rows.map((row) => async () => {
    const { personId, accountId } = row;
    const isUnheard =
      personId !== null && (silent.has(personId) || unheard.some((range) => isWithin(personId, range)));
    const account = accountId === null ? null : (byId.get(accountId) ?? null);
    const person = personId === null ? null : await registry.person(personId);
    return {
      row,
      account,
      person,
      isUnheard,
      isFrozen: freeze !== null,
      isWaiting: waiting.has(accountId ?? ''),
      planId,
    };
  });
}

/**
 * Accounts that were never told what HR says of their person, and were not told by this run either: what HR says of them
 * is a row of the plan that is held, or that could not be applied. A row of the person that does not name the account was
 * planned when it was somebody else's: the next run compares it.
 */
async function waitingAmong(
  context: SyncContext,
  planId: string,
  accounts: readonly AccountRow[],
): Promise<ReadonlySet<string>> {
  const untold = accounts.filter(({ state }) => isUncompared(state));
  if (untold.length === 0) return new Set();
  const personIds = [...new Set(untold.map(({ personId }) => personId))];
  const rows = await context.deps.registry.planRows({
    ...{ planId, personIds, states: ['applied'], after: null, limit: personIds.length },
  });
  const told = new Set(rows.flatMap(({ instanceChanges }) => instanceChanges));
  return new Set(untold.flatMap(({ accountId }) => (told.has(nameOfUntold(accountId)) ? [] : [accountId])));
}

function noInstance(): LifecycleError {
  const message = 'no INDIGO IAM instance is kept any more: its accounts are not handled';
  return new LifecycleError({ code: 'NO_INSTANCE', message, retryable: false });
}

interface HandledApart {
  readonly counts: Partial<HandledCounts>;
  /** The code by which the instance is taken for down, or for refusing us altogether. */
  readonly downBy: string | null;
  readonly refusal: string | null;
}

/** The instance refuses our client, in words: no retry mends it, so that the rest is left to the next synchronisation. */
function refused(refusal: string, { counts, after }: Pick<Progress, 'counts' | 'after'>): LifecycleError {
  const facts = { ...counts, after };
  return new LifecycleError({ code: IAM_GAVE_UP, message: refusal, retryable: false, facts });
}

/** One account apart: if it fails, it stops nobody, unless the instance is down or refuses us. Answers what it came to. */
async function handleApart(
  context: SyncContext,
  kept: KeptInstance,
  silence: IamSilence,
  account: AccountToHandle,
): Promise<HandledApart> {
  try {
    const { counts, hasAnswered } = await handleAccount(context, kept, account);
    if (hasAnswered) silence.answered();
    return { counts, downBy: null, refusal: null };
  } catch (error) {
    if (context.signal.aborted) throw error;
    const { externalId, accountId } = account.row;
    context.deps.log.warn('account of the instance not handled', {
      externalId,
      accountId,
      ...errorFacts(error),
    });
    if (error instanceof IamError && error.code === 'IAM_NO_ACCOUNT') {
      // It went just now: the next synchronisation plans what follows.
      silence.answered();
      return { counts: { leftAlone: 1 }, downBy: null, refusal: null };
    }
    const code = silenceOf(error);
    const isOther = error instanceof LifecycleError && error.code === OTHER_EXPERIMENT;
    const counts = { failed: 1, otherExperiment: isOther ? 1 : 0 };
    if (code === null) return { counts, downBy: null, refusal: null };
    // Without a token nobody else is asked for; one scope that is missing may leave the others something to do.
    const isDown = silence.failed(code) || code === 'IAM_UNAUTHORIZED';
    return { counts, downBy: isDown ? code : null, refusal: refusalOf(error) };
  }
}

/**
 * Does for each account of a part what INDIGO IAM's own handler of HR does, by what HR said in this run and what of it was
 * applied, and tells their workflows what the instance shows. Each account apart, many at once. Resumes where its last
 * attempt stopped. Throws, to be retried, while the instance is down, and `IAM_GAVE_UP` once that has lasted too long, or
 * when it refuses our client, which no waiting mends: at the end, since what it lacks may be needed for few of them.
 * Rule: "Experiment accounts".
 */
export async function handleInstance(context: SyncContext, input: HandleInput): Promise<HandledCounts> {
  const { registry, instance, settings } = context.deps;
  if (instance === null) throw noInstance();
  const begun: Progress = { after: input.part.after, counts: NOTHING_HANDLED };
  const from = isProgress(context.resumeFrom) ? context.resumeFrom : begun;
  let reached = from;
  const silence = createIamSilence({
    before: from.waited ?? null,
    backoffMs: input.backoffMs ?? 0,
    giveUpMs: settings.giveUpMs,
    nowMs: () => performance.now(),
  });
  const stop = (code: string): LifecycleError => {
    const { after, counts } = reached;
    const { waited, error } = silence.over({ code, counts, after });
    context.beat({ after, counts, waited } satisfies Progress);
    return error;
  };
  for (;;) {
    context.signal.throwIfAborted();
    const { after } = reached;
    const rows = await registry.instanceRows({ after, upTo: input.part.upTo, limit: settings.pageSize });
    const last = rows.at(-1);
    if (!last) break;
    let { counts, refusal = null } = reached;
    await forEachOf(
      await withWhatIsKnown(context, input, rows),
      instance.settings.concurrency,
      async (load) => {
        const handled = await handleApart(context, instance, silence, await load());
        counts = addHandled(counts, handled.counts);
        refusal ??= handled.refusal;
        const { downBy } = handled;
        if (downBy === null) return;
        if (handled.refusal !== null) throw refused(handled.refusal, { counts, after });
        throw stop(downBy);
      },
    );
    silence.advanced();
    reached = { after: last.externalId, counts, waited: silence.waited(), refusal };
    context.beat(reached);
  }
  const silentBy = silence.wholly();
  // A status may be the answer to the only account that asked: it holds up nobody else.
  if (silentBy !== null && !silentBy.startsWith('IAM_STATUS_') && !isRefusal(silentBy)) {
    // Several accounts, fewer than it takes to be sure, and none of them got through: all of them are tried again.
    reached = from;
    throw stop(silentBy);
  }
  const { refusal = null } = reached;
  if (refusal !== null) throw refused(refusal, reached);
  return reached.counts;
}
