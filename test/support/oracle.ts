import type { AccountState } from '../../src/contracts/account.ts';
import type { Tie } from '../../src/contracts/affiliation.ts';
import type { CalendarDate, Instant } from '../../src/contracts/time.ts';

/**
 * The rules once more, written another way than the code under test: whole days since the epoch, in UTC, counted one by
 * one. It is slow and plain on purpose.
 */

const DAY = 86_400_000;

/** Days since the epoch. */
export type Day = number;

export type ExpectedLastDay = Day | 'open' | null;

export function dayOf(date: CalendarDate): Day {
  return Date.parse(`${date}T00:00:00Z`) / DAY;
}

export function dateOfDay(day: Day): CalendarDate {
  return new Date(day * DAY).toISOString().slice(0, 10);
}

function hasDay(tie: Tie, day: Day): boolean {
  return (tie.start === null || dayOf(tie.start) <= day) && (tie.end === null || dayOf(tie.end) >= day);
}

function isSane(tie: Tie): boolean {
  return tie.start === null || tie.end === null || dayOf(tie.start) <= dayOf(tie.end);
}

/** The last day of the ties that cover today, walked day by day; else the latest one past; `null` = none began. */
function lastDayOfPerson(ties: readonly Tie[], today: Day): ExpectedLastDay {
  const sane = ties.filter(isSane);
  let day = today;
  while (sane.some((tie) => hasDay(tie, day))) {
    if (sane.some((tie) => hasDay(tie, day) && tie.end === null)) return 'open';
    day += 1;
  }
  if (day > today) return day - 1;
  const past = sane.flatMap((tie) => (tie.end !== null && dayOf(tie.end) < today ? [dayOf(tie.end)] : []));
  return past.length > 0 ? Math.max(...past) : null;
}

function lastDayOfParticipation(ties: readonly Tie[], experiment: string, today: Day): ExpectedLastDay {
  const own = ties.filter(
    (tie) =>
      isSane(tie) &&
      tie.kind === 'participation' &&
      tie.experiment?.toUpperCase() === experiment.toUpperCase() &&
      (tie.start === null || dayOf(tie.start) <= today),
  );
  if (own.length === 0) return null;
  const ends = own.map((tie) => (tie.end === null ? Infinity : dayOf(tie.end)));
  const last = Math.max(...ends);
  return last === Infinity ? 'open' : last;
}

/** What the rules expect of one account, told what happened to it, but not by the code under test. */
export interface Oracle {
  /** To be called whenever something was folded into the state. */
  readonly follow: (before: AccountState, after: AccountState, now: Instant) => void;
  /** The effective last day that counts now. */
  readonly lastDay: (state: AccountState, now: Instant) => ExpectedLastDay;
  readonly today: (now: Instant) => Day;
  /** The first moment of a day for this account. */
  readonly begins: (day: Day) => Instant;
  readonly isValid: (state: AccountState, now: Instant) => boolean;
  /** Valid by HR or by an admin, not only for the rest of the day on which everything vanished. */
  readonly isHere: (state: AccountState, now: Instant) => boolean;
  /** Whether contracts are valid today, and all of them are excluded. */
  readonly isExcluded: (state: AccountState, now: Instant) => boolean;
}

/** `spread` in ms: how much later than others this account's days begin. */
export function createOracle(spread: number): Oracle {
  let vanished: Day | null = null;
  const today = (now: Instant) => Math.floor((now - spread) / DAY);
  const fromHr = (state: AccountState, now: Instant): ExpectedLastDay => {
    const ties = state.observation?.ties ?? [];
    return state.kind === 'experiment'
      ? lastDayOfParticipation(ties, state.experiment ?? '', today(now))
      : lastDayOfPerson(ties, today(now));
  };
  const lastDay = (state: AccountState, now: Instant): ExpectedLastDay => {
    const known = fromHr(state, now) ?? vanished;
    const admin = state.adminDate === null ? null : dayOf(state.adminDate.until);
    if (known === 'open' || admin === null) return known;
    return known === null ? admin : Math.max(known, admin);
  };
  return {
    today,
    lastDay,
    begins: (day) => day * DAY + spread,
    isValid: (state, now) => {
      const last = lastDay(state, now);
      return last === 'open' || (last !== null && last >= today(now));
    },
    isHere: (state, now) => {
      const last = fromHr(state, now);
      const until = state.adminDate === null ? -Infinity : dayOf(state.adminDate.until);
      return last === 'open' || Math.max(last ?? -Infinity, until) >= today(now);
    },
    isExcluded: (state, now) => {
      const valid = (state.observation?.ties ?? []).filter(
        (tie) => tie.kind === 'contract' && isSane(tie) && hasDay(tie, today(now)),
      );
      return valid.length > 0 && !valid.some((tie) => !tie.excluded);
    },
    follow: (before, after, now) => {
      if (after.observation === null || after.stage === 'pending' || fromHr(after, now) !== null) {
        vanished = null;
      } else if (vanished === null) {
        const known = fromHr(before, now);
        const date = Math.floor(now / DAY);
        vanished = typeof known === 'number' && known < date ? known : date;
      }
    },
  };
}
