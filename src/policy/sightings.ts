import type { Instant } from '../contracts/time.ts';

/** How often in a row, and since when, HR said that it knows no such person. */
export interface SightingCount {
  readonly count: number;
  readonly firstAt: Instant;
  /** The synchronisation that saw it last; `null` = none is known. */
  readonly lastRun: string | null;
}

/** How many sightings over how long make a fact. */
export interface SightingRule {
  readonly count: number;
  readonly hours: number;
}

/**
 * What HR's answer at `at` makes of the count; `confirmed` = from now on it is a fact. A run that asks again, since it was
 * broken off, counts once. Rule: "Sightings".
 */
export function countSighting(input: {
  readonly before: SightingCount | null;
  readonly outcome: 'found' | 'no-person' | 'unavailable';
  readonly at: Instant;
  /** The synchronisation that asked; `null` = nobody says which. */
  readonly run?: string | null;
  readonly rule: SightingRule;
}): { readonly sightings: SightingCount | null; readonly confirmed: boolean; readonly isFirst: boolean } {
  const { before, outcome, at, run = null, rule } = input;
  if (outcome === 'found') return { sightings: null, confirmed: false, isFirst: false };
  // No answer says nothing: it neither counts nor resets.
  if (outcome === 'unavailable') return { sightings: before, confirmed: false, isFirst: false };
  if (before !== null && run !== null && before.lastRun === run) {
    return { sightings: before, confirmed: false, isFirst: false };
  }
  const sightings = { count: (before?.count ?? 0) + 1, firstAt: before?.firstAt ?? at, lastRun: run };
  const longEnough = at - sightings.firstAt >= rule.hours * 3_600_000;
  return { sightings, confirmed: sightings.count >= rule.count && longEnough, isFirst: before === null };
}
