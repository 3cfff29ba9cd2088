import { ActivityFailure, ApplicationFailure, setCurrentDetails } from '@temporalio/workflow';
import type { UnheardRange } from '../activities/instance/handle-instance.ts';
import type { InstanceEnd } from '../activities/instance/instance-alarms.ts';
import type { SyncActivities } from '../activities/sync-activities.ts';
import type { ClockAnchor } from '../src/contracts/time.ts';
import {
  addHandled,
  IAM_GAVE_UP,
  NOTHING_HANDLED,
  type HandledCounts,
} from '../src/contracts/instance-handling.ts';
import type { InstanceCounts, InstanceRead } from '../src/contracts/instance-sync.ts';
import { together } from './together.ts';

type Activities = (summary: string) => SyncActivities;

interface Run {
  readonly clock: ClockAnchor;
  readonly planId: string;
}

/** What handling all accounts of the instance came to. */
interface Handled {
  readonly counts: HandledCounts;
  /** Parts that were not handled to the end, since the instance was silent or refused us. */
  readonly gaveUp: number;
  /** Why the first of them was not; `null` = all were. */
  readonly reason: string | null;
}

/** Reads the accounts of the INDIGO IAM instance, before HR is asked for their persons. */
export function readInstance(activities: Activities, run: Run & { readonly dryRun: boolean }) {
  setCurrentDetails('Reading the accounts of the INDIGO IAM instance');
  return activities('read the accounts of the INDIGO IAM instance').readInstance(run);
}

/**
 * Does what HR's facts ask for, part by part. A part that the instance is silent for keeps no other from being done.
 * `null` = there was nothing to be done: the instance could not be read.
 */
export async function handleInstance(
  activities: Activities,
  run: Run,
  { outcome, parts }: InstanceRead,
  unheard: readonly UnheardRange[],
): Promise<Handled | null> {
  if (outcome === 'unavailable') return null;
  const handled = await together(
    parts.map((part) => async (): Promise<Handled> => {
      const from = part.after === null ? 'the first' : `behind ${part.after}`;
      const summary = `accounts of the instance, from ${from} to ${part.upTo ?? 'the last'}`;
      try {
        const counts = await activities(summary).handleInstance({ ...run, part, unheard });
        return { counts, gaveUp: 0, reason: null };
      } catch (error) {
        const gaveUp = gaveUpOf(error);
        if (gaveUp === null) throw error;
        return gaveUp;
      }
    }),
  );
  return {
    counts: handled.reduce((all, { counts }) => addHandled(all, counts), NOTHING_HANDLED),
    gaveUp: handled.reduce((all, { gaveUp }) => all + gaveUp, 0),
    reason: handled.find(({ reason }) => reason !== null)?.reason ?? null,
  };
}

/** What a part had done before it gave up on the instance, and why it did; `null` = that is not what happened. */
function gaveUpOf(error: unknown): Handled | null {
  if (!(error instanceof ActivityFailure) || !(error.cause instanceof ApplicationFailure)) return null;
  const { type, message, details } = error.cause;
  if (type !== IAM_GAVE_UP) return null;
  const [facts] = details ?? [];
  return { counts: isHandled(facts) ? facts : NOTHING_HANDLED, gaveUp: 1, reason: message };
}

function isHandled(value: unknown): value is HandledCounts {
  if (typeof value !== 'object' || value === null) return false;
  const has: Readonly<Partial<Record<string, unknown>>> = { ...value };
  return Object.keys(NOTHING_HANDLED).every((name) => typeof has[name] === 'number');
}

/** What a run came to for the instance's accounts; `null` = none is kept. */
export function instanceCounts(read: InstanceRead | null, handled: Handled | null): InstanceCounts | null {
  if (read === null) return null;
  const { outcome, accounts, adopted, departed, repointed, failed } = read;
  const { counts, gaveUp } = handled ?? { counts: NOTHING_HANDLED, gaveUp: 0 };
  return { outcome, accounts, adopted, departed, repointed, failed, handling: counts, gaveUp };
}

/** What of it an admin should know. */
export function instanceEnd({ counts, gaveUp, reason }: Handled): InstanceEnd {
  const { refusedEndTimes, otherExperiment } = counts;
  return { gaveUp: gaveUp > 0, ...(reason !== null && { reason }), refusedEndTimes, otherExperiment };
}

/** The same in words, for an operator. */
export function instanceWords(instance: InstanceCounts | null): readonly string[] {
  if (instance === null) return [];
  if (instance.outcome === 'unavailable') return ['The INDIGO IAM instance could not be read.'];
  const { accounts, adopted, departed, handling, failed, gaveUp } = instance;
  return [
    `INDIGO IAM: ${String(accounts)} accounts, ${String(adopted)} adopted, ${String(departed)} gone or let go,`,
    `${String(handling.written)} written, ${String(handling.restored)} restored, ${String(handling.ended)} ended,`,
    `${String(failed + handling.failed)} failed.`,
    ...(gaveUp > 0
      ? ['Some were left to the next synchronisation: it was silent, or refuses our client.']
      : []),
  ];
}
