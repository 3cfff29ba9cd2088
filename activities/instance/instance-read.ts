import { NOTHING_HANDLED } from '../../src/contracts/instance-handling.ts';
import { type LifecycleError, RegistryError } from '../../src/errors.ts';
import type { KeptInstance } from '../dependencies.ts';
import { errorFacts } from '../failures.ts';
import { forEachOf } from '../sync/for-each-of.ts';
import type { SyncContext } from '../sync-activities.ts';
import type { AccountLook } from './assess-account.ts';
import { isRefusal } from './iam-refusal.ts';
import { createIamSilence, type IamSilence, silenceOf, type Waited } from './iam-silence.ts';

/** What became durable, over all attempts. */
export interface Changes {
  /** Accounts that got one of ours. */
  readonly adopted: number;
  /** Followed until now, and gone or without the label. */
  readonly departed: number;
  /** Accounts whose label names another person than before. */
  readonly repointed: number;
}

const NO_CHANGES: Changes = { adopted: 0, departed: 0, repointed: 0 };

/** What a heartbeat carries. An attempt begins the list anew: what was stored is known by then. */
interface Progress {
  readonly changes: Changes;
  readonly waited: Waited;
  /** Of IAM's own HR task: what was stored of them is none for the next attempt. */
  readonly hrTaskTraces: number;
}

function isProgress(value: unknown): value is Progress {
  return typeof value === 'object' && value !== null && 'changes' in value && 'waited' in value;
}

/** One attempt at reading the instance. */
export interface Read {
  readonly context: SyncContext;
  readonly kept: KeptInstance;
  readonly planId: string;
  readonly dryRun: boolean;
  readonly silence: IamSilence;
  /** Ids that the list showed. */
  readonly listed: Set<string>;
  /** Ids that the list showed and whose entry could not be read. */
  readonly unreadable: Set<string>;
  changes: Changes;
  accounts: number;
  failed: number;
  hrTaskTraces: number;
  expiryTaskTraces: number;
  /** Something of an account was read. */
  hasSeen: boolean;
  /** Why an account gave no answer, last. */
  silentBy: string | null;
}

/** What was seen of one account. */
export type Seen = Pick<AccountLook, 'externalId' | 'seen'>;

/** The instance is down: the error to throw. */
export function stop(read: Read, code: string): LifecycleError {
  const { waited, error } = read.silence.over({ code, counts: NOTHING_HANDLED, after: null });
  const { changes, hrTaskTraces } = read;
  read.context.beat({ changes, waited, hrTaskTraces } satisfies Progress);
  return error;
}

/** Work on one account: if it fails, it stops no other, unless the instance is down, refuses us, or the registry is away. */
export async function apart(read: Read, externalId: string, work: () => Promise<void>): Promise<void> {
  const { context, silence } = read;
  try {
    await work();
  } catch (error) {
    if (context.signal.aborted) throw error;
    if (error instanceof RegistryError && error.retryable) throw error;
    read.failed += 1;
    context.deps.log.warn('account of the instance not read', {
      planId: read.planId,
      externalId,
      ...errorFacts(error),
    });
    const code = silenceOf(error);
    if (code === null) {
      silence.answered();
      return;
    }
    if (isRefusal(code)) throw error;
    read.silentBy = code;
    if (silence.failed(code)) throw stop(read, code);
  }
}

/** Looks at each of these accounts, many at once; whoever fails is left out. */
export async function lookAtEach(
  read: Read,
  externalIds: readonly string[],
  lookAt: (externalId: string) => Promise<Seen['seen']>,
): Promise<readonly Seen[]> {
  const seen: Seen[] = [];
  await forEachOf(externalIds, read.kept.settings.concurrency, (externalId) =>
    apart(read, externalId, async () => {
      seen.push({ externalId, seen: await lookAt(externalId) });
      read.hasSeen = true;
      read.silence.answered();
    }),
  );
  return seen;
}

/** Says how far the attempt has come. */
export function beat({ context, changes, silence, hrTaskTraces }: Read): void {
  context.beat({ changes, waited: silence.waited(), hrTaskTraces } satisfies Progress);
}

/** Adds to what became durable. */
export function count(read: Read, more: Partial<Changes>): void {
  const { adopted, departed, repointed } = read.changes;
  read.changes = {
    adopted: adopted + (more.adopted ?? 0),
    departed: departed + (more.departed ?? 0),
    repointed: repointed + (more.repointed ?? 0),
  };
}

/** Begins an attempt where the one before ended. */
export function beginRead(
  context: SyncContext,
  kept: KeptInstance,
  input: { readonly planId: string; readonly dryRun: boolean; readonly backoffMs?: number },
): Read {
  const before = isProgress(context.resumeFrom) ? context.resumeFrom : null;
  const silence = createIamSilence({
    before: before?.waited ?? null,
    backoffMs: input.backoffMs ?? 0,
    giveUpMs: context.deps.settings.giveUpMs,
    nowMs: () => performance.now(),
  });
  const changes = before?.changes ?? NO_CHANGES;
  const hrTaskTraces = before?.hrTaskTraces ?? 0;
  // From here on the pause before this attempt is counted, also if nothing more is heard of it.
  context.beat({ changes, waited: silence.waited(), hrTaskTraces } satisfies Progress);
  const counts = {
    accounts: 0,
    failed: 0,
    hrTaskTraces,
    expiryTaskTraces: 0,
    hasSeen: false,
    silentBy: null,
  };
  const { planId, dryRun } = input;
  return {
    context,
    kept,
    planId,
    dryRun,
    silence,
    listed: new Set(),
    unreadable: new Set(),
    changes,
    ...counts,
  };
}
