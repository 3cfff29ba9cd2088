import type { SyncContext } from '../sync-activities.ts';

const PREFIX = 'no-person:';
/** Persons read at a time. */
const PAGE = 1000;
/** More alarms than that say nothing more to anybody. */
const MOST = 1000;

/** Everybody with an account whom HR said it does not know, in the order of their ids. */
async function sightedOwners(context: SyncContext): Promise<readonly string[]> {
  const { registry } = context.deps;
  const personIds: string[] = [];
  for (let after: string | null = null; ;) {
    const page: readonly string[] = await registry.sightedOwners({ after, limit: PAGE });
    personIds.push(...page);
    after = page.at(-1) ?? null;
    if (after === null || page.length < PAGE) return personIds;
  }
}

/**
 * One alarm for each person with an account whom HR says it does not know, from the first sighting until it is answered
 * otherwise or has become a fact. Old records that HR clears away, of people without an account, are no news. When HR
 * answers for far fewer people than last time (`shrunk`), that alarm stands for them all. Rule: "Sightings".
 */
export async function reportSightings(context: SyncContext, input: { shrunk: boolean }): Promise<void> {
  const { registry, settings } = context.deps;
  const at = context.now();
  const sighted = await sightedOwners(context);
  const keys = new Set(sighted.map((personId) => PREFIX + personId));
  for (const { key } of await registry.alarms({ open: true })) {
    if (key.startsWith(PREFIX) && !keys.has(key)) await registry.clearAlarm({ key, at });
  }
  if (input.shrunk) return;
  const { count, hours } = settings.sightings;
  for (const personId of sighted.slice(0, MOST)) {
    const message = `HR knows no person ${personId} any more; it becomes a fact after ${String(count)} sightings over ${String(hours)} hours`;
    await registry.raiseAlarm({ key: PREFIX + personId, message, at });
  }
}
