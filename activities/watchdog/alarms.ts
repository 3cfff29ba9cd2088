import type { Instant } from '../../src/contracts/time.ts';
import type { WatchContext } from './watch-context.ts';

export const WATCH_ALARMS = ['overdue', 'workflow-missing', 'workflow-closed', 'stuck'] as const;
export type WatchAlarm = (typeof WATCH_ALARMS)[number];

/** So many accounts get an alarm each; when it is a flood, one more alarm counts the others. */
const MOST_ALARMS = 20;
const OTHERS = 'others';

/** How many accounts were reported so far, by kind: it survives in heartbeats. */
export type Reported = Readonly<Partial<Record<WatchAlarm, number>>>;

/** The alarms of one visit. */
export interface Reporter {
  readonly reported: () => Reported;
  report(kind: WatchAlarm, id: string, message: string): Promise<void>;
  /** Clears what was raised before this visit and not again in it. */
  settle(kinds: readonly WatchAlarm[]): Promise<void>;
}

/** The kind and the account (or workflow) of an alarm's key; `null` = it is none of ours. */
export function partsOfKey(key: string): { readonly kind: WatchAlarm; readonly id: string } | null {
  const kind = WATCH_ALARMS.find((one) => key.startsWith(`${one}:`));
  return kind === undefined ? null : { kind, id: key.slice(kind.length + 1) };
}

/** Accounts with an open alarm of such a kind. */
export async function openIds(
  context: WatchContext,
  kinds: readonly WatchAlarm[],
): Promise<ReadonlySet<string>> {
  const open = await context.deps.registry.alarms({ open: true });
  const parts = open.map(({ key }) => partsOfKey(key));
  return new Set(
    parts.flatMap((part) => (part && kinds.includes(part.kind) && part.id !== OTHERS ? [part.id] : [])),
  );
}

/**
 * Raises the alarms of a visit as it finds something. What is still there is renewed, what is over is cleared at the
 * end; an attempt that was broken off has left its alarms behind, and they count.
 */
export function createReporter(
  context: WatchContext,
  input: { readonly visitBegan: Instant; readonly reported: Reported },
): Reporter {
  const { registry } = context.deps;
  const counts: Partial<Record<WatchAlarm, number>> = { ...input.reported };
  return {
    reported: () => ({ ...counts }),
    async report(kind, id, message) {
      const count = (counts[kind] ?? 0) + 1;
      counts[kind] = count;
      if (count > MOST_ALARMS) return;
      await registry.raiseAlarm({ key: `${kind}:${id}`, message, at: context.now() });
    },
    async settle(kinds) {
      for (const kind of kinds) {
        const more = (counts[kind] ?? 0) - MOST_ALARMS;
        if (more <= 0) continue;
        const message = `${String(more)} more accounts like those with an alarm of their own; npm run reconcile lists them`;
        await registry.raiseAlarm({ key: `${kind}:${OTHERS}`, message, at: context.now() });
      }
      for (const { key, lastSeen } of await registry.alarms({ open: true })) {
        const part = partsOfKey(key);
        if (!part || !kinds.includes(part.kind) || lastSeen >= Math.floor(input.visitBegan)) continue;
        await registry.clearAlarm({ key, at: context.now() });
      }
    },
  };
}
