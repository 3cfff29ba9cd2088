import { DAY_MS } from '../../src/contracts/time.ts';
import type { WatchContext } from './watch-context.ts';

const SYNC_ALARM = 'sync-overdue';
const FREEZE_ALARM = 'frozen';

const moment = (at: number) => new Date(at).toISOString();

async function setAlarm(context: WatchContext, key: string, message: string | null): Promise<void> {
  const { registry } = context.deps;
  const at = context.now();
  if (message === null) await registry.clearAlarm({ key, at });
  else await registry.raiseAlarm({ key, message, at });
}

/** What is wrong when nobody has compared us with HR for too long; `null` = nothing, or nobody is to. */
async function syncWords(context: WatchContext): Promise<string | null> {
  const { registry, settings } = context.deps;
  const { syncOverdueMs } = settings.watchdog;
  if (syncOverdueMs === null) return null;
  // Before the first one: since the deployment was started for the first time.
  const since = (await registry.lastSettled()) ?? context.clock.virtualMs;
  if (context.now() - since <= syncOverdueMs) return null;
  return (
    `No synchronisation has got as far as its plan since ${moment(since)}. Does one hang, is the schedule paused or ` +
    'gone, does no worker take its queue? Nobody who comes, goes or changes is noticed meanwhile.'
  );
}

/** A freeze that may have been forgotten; `null` = there is none. */
async function freezeWords(context: WatchContext): Promise<string | null> {
  const { registry, settings } = context.deps;
  const freeze = await registry.frozen();
  if (freeze === null || context.now() - freeze.since < settings.watchdog.frozenDays * DAY_MS) return null;
  return (
    `The deployment has been frozen since ${moment(freeze.since)} by ${freeze.actor} (${freeze.reason}): no block, ` +
    'delete or transfer is carried out. If that is over: npm run lifecycle -- unfreeze'
  );
}

/** Raises and clears the alarms of the deployment as a whole. Rule: "The watchdog". */
export async function reportDeployment(context: WatchContext): Promise<void> {
  await setAlarm(context, SYNC_ALARM, await syncWords(context));
  await setAlarm(context, FREEZE_ALARM, await freezeWords(context));
}
