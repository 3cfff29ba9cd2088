import type { Observation, Tie } from '../contracts/affiliation.ts';
import type { CalendarDate } from '../contracts/time.ts';
import { addDays } from './calendar.ts';

/** Whether the day is one of the tie's. */
export function covers(tie: Tie, day: CalendarDate): boolean {
  return (tie.start === null || tie.start <= day) && (tie.end === null || tie.end >= day);
}

/** Whether contracts are valid on the day and every one of them is excluded. Rule: "Exclusion". */
export function isExcludedOn(observation: Observation | null, day: CalendarDate): boolean {
  const valid = observation?.ties.filter((tie) => tie.kind === 'contract' && covers(tie, day)) ?? [];
  return valid.length > 0 && valid.every((tie) => tie.excluded);
}

/** The first day after `today` on which the answer of {@link isExcludedOn} differs from today's; `null` = never. */
export function nextExclusionChange(
  observation: Observation | null,
  today: CalendarDate,
): CalendarDate | null {
  const now = isExcludedOn(observation, today);
  const days = (observation?.ties ?? []).flatMap((tie) => [
    ...(tie.start === null ? [] : [tie.start]),
    ...(tie.end === null ? [] : [addDays(tie.end, 1)]),
  ]);
  const later = days.filter((day) => day > today && isExcludedOn(observation, day) !== now).sort();
  return later[0] ?? null;
}
