import { dayOf, type Day } from './calendar.ts';
import type { Tie } from './life.ts';

/** A last day, an open end, or `null`: no tie has begun. */
export type LastDay = Day | 'open' | null;

interface Span {
  readonly start: Day;
  readonly end: Day;
}

/** Answers are looked at again and again. */
const spansOfTies = new WeakMap<readonly Tie[], readonly Span[]>();

function spansOf(ties: readonly Tie[]): readonly Span[] {
  let spans = spansOfTies.get(ties);
  if (!spans) {
    spans = spansIn(ties);
    spansOfTies.set(ties, spans);
  }
  return spans;
}

/** A tie that starts after its own end does not count. */
function spansIn(ties: readonly Tie[]): readonly Span[] {
  return ties
    .map(({ start, end }) => ({
      start: start === null ? -Infinity : dayOf(start),
      end: end === null ? Infinity : dayOf(end),
    }))
    .filter(({ start, end }) => start <= end);
}

/** From the day on as far as ties reach without a day between; `null` = none covers the day. */
function reachFrom(spans: readonly Span[], day: Day): Day | null {
  if (!spans.some(({ start, end }) => start <= day && end >= day)) return null;
  let reach = day;
  for (;;) {
    const next = Math.max(reach, ...spans.filter(({ start }) => start <= reach + 1).map(({ end }) => end));
    if (next === reach) return reach;
    reach = next;
  }
}

/** The last day by HR, as it counts today. */
export function lastDayOf(ties: readonly Tie[], today: Day): LastDay {
  const spans = spansOf(ties);
  const reach = reachFrom(spans, today);
  if (reach !== null) return reach === Infinity ? 'open' : reach;
  const past = spans.filter(({ end }) => end < today).map(({ end }) => end);
  return past.length > 0 ? Math.max(...past) : null;
}

/** The first day of the next affiliation, which does not touch the one that covers today; `null` = none. */
export function nextBegin(ties: readonly Tie[], today: Day): Day | null {
  const spans = spansOf(ties);
  const reach = reachFrom(spans, today);
  const after = reach === null ? today : reach + 1;
  const starts = spans.filter(({ start }) => start > after).map(({ start }) => start);
  return starts.length > 0 ? Math.min(...starts) : null;
}

/** Whether contracts are valid on the day, and all of them are excluded. */
export function isExcluded(ties: readonly Tie[], today: Day): boolean {
  if (!ties.some(({ excluded }) => excluded)) return false;
  const valid = ties.filter(
    (tie) =>
      tie.kind === 'contract' && spansIn([tie]).some(({ start, end }) => start <= today && end >= today),
  );
  return valid.length > 0 && valid.every(({ excluded }) => excluded);
}

/** The days on which a tie begins, or the day after it has ended: what counts may change on them. */
export function turningDays(ties: readonly Tie[]): readonly Day[] {
  return spansOf(ties)
    .flatMap(({ start, end }) => [start, end + 1])
    .filter((day) => Number.isFinite(day));
}

/** The later of two last days. */
export function laterOf(a: LastDay, b: LastDay): LastDay {
  if (a === 'open' || b === 'open') return 'open';
  if (a === null || b === null) return a ?? b;
  return Math.max(a, b);
}
