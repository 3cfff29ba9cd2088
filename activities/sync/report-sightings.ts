import type { SyncContext } from '../sync-activities.ts';

const PREFIX = 'no-person:';
/** More alarms than that say nothing more to anybody. */
const MOST = 1000;

/**
 * One alarm for each person HR says it does not know, from the first sighting until it is answered otherwise or has
 * become a fact. When HR answers for far fewer people than last time (`shrunk`), that alarm stands for them all.
 * Rule: "Sightings".
 */
export async function reportSightings(context: SyncContext, input: { shrunk: boolean }): Promise<void> {
  const { registry, settings } = context.deps;
  const at = context.now();
  const sighted = await registry.sightedPersons({ limit: MOST });
  const keys = new Set(sighted.map(({ personId }) => PREFIX + personId));
  const open = new Set(
    (await registry.alarms({ open: true })).flatMap(({ key }) => (key.startsWith(PREFIX) ? [key] : [])),
  );
  for (const key of open) {
    if (!keys.has(key) && sighted.length < MOST) await registry.clearAlarm({ key, at });
  }
  if (input.shrunk) return;
  const { count, hours } = settings.sightings;
  for (const { personId } of sighted) {
    const message = `HR knows no person ${personId} any more; it becomes a fact after ${String(count)} sightings over ${String(hours)} hours`;
    await registry.raiseAlarm({ key: PREFIX + personId, message, at });
  }
}
