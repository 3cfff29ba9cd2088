import type { Day } from './calendar.ts';
import type { Tie } from './life.ts';
import { isExcluded, lastDayOf, laterOf, nextBegin, type LastDay } from './ties.ts';

/** What was known to an account at a moment, by what it had been told and ordered. */
export interface World {
  readonly person: string;
  /** `null` = it was told nothing yet. */
  readonly ties: readonly Tie[] | null;
  /** It was told that HR knows no such person, which was confirmed. */
  readonly isGone: boolean;
  /** The last day that counts while no tie ever began. */
  readonly vanished: Day | null;
  readonly admin: Day | null;
  readonly adminSince: number;
  readonly ignored: { readonly until: Day | null; readonly since: number } | null;
  readonly disabled: boolean;
}

/** The effective last day, as it counts today. */
export function effectiveLastDay(world: World, today: Day): LastDay {
  const byHr = world.ties === null ? null : lastDayOf(world.ties, today);
  return laterOf(byHr ?? world.vanished, world.admin);
}

export function isOver(last: LastDay, today: Day): boolean {
  return last === null || (last !== 'open' && last < today);
}

/** Valid by HR or by an admin's date; not for the rest of the day on which everything vanished. */
export function isHere(world: World, today: Day): boolean {
  const byHr = world.ties === null ? null : lastDayOf(world.ties, today);
  return !isOver(laterOf(byHr, world.admin), today);
}

export function beginsNext(world: World, today: Day): Day | null {
  return world.ties === null ? null : nextBegin(world.ties, today);
}

export function isExcludedIn(world: World, today: Day): boolean {
  return world.ties !== null && isExcluded(world.ties, today);
}
