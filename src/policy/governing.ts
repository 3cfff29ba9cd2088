import type { AccountKind } from '../contracts/account.ts';
import type { Observation, Standing, Tie } from '../contracts/affiliation.ts';
import type { CalendarDate } from '../contracts/time.ts';
import { addDays } from './calendar.ts';

/** A last day that is known, an open end, or nothing known: no affiliation ever began. */
export type LastDay =
  | { readonly type: 'open' }
  | { readonly type: 'on'; readonly date: CalendarDate }
  | { readonly type: 'unknown' };

/** What HR's ties come to on one day. */
export interface Governing {
  readonly standing: Standing;
  readonly lastDay: LastDay;
  /** First day of the affiliation that covers the day; `null` = has always begun, or none covers it. */
  readonly since: CalendarDate | null;
  /** First day of the next affiliation that begins after the day and after the governing one. */
  readonly future: CalendarDate | null;
}

/** Ties joined to one stretch of days. `start` `null` = has always begun; `end` `null` = open. */
export interface Stretch {
  readonly start: CalendarDate | null;
  readonly end: CalendarDate | null;
}

/** A tie that has no day at all, as HR sometimes names one. */
export function startsAfterItsEnd(tie: Tie): boolean {
  return tie.start !== null && tie.end !== null && tie.start > tie.end;
}

/** An observation never changes, and is looked at many times in every look at an account. */
const runsOfTies = new WeakMap<readonly Tie[], readonly Stretch[]>();

function runsOf(ties: readonly Tie[]): readonly Stretch[] {
  let runs = runsOfTies.get(ties);
  if (!runs) {
    runs = joined(ties);
    runsOfTies.set(ties, runs);
  }
  return runs;
}

/** Ties that overlap or touch, joined; in the order of their starts. */
function joined(ties: readonly Tie[]): readonly Stretch[] {
  const sorted = ties
    .filter((tie) => !startsAfterItsEnd(tie))
    .map((tie): Stretch => ({ start: tie.start, end: tie.end }))
    .sort((a, b) => (a.start ?? '').localeCompare(b.start ?? ''));
  const runs: Stretch[] = [];
  for (const next of sorted) {
    const last = runs.at(-1);
    const touches = last && (last.end === null || next.start === null || next.start <= addDays(last.end, 1));
    if (!touches) {
      runs.push(next);
      continue;
    }
    const open = last.end === null || next.end === null;
    const end = open ? null : last.end > next.end ? last.end : next.end;
    runs[runs.length - 1] = { start: last.start, end };
  }
  return runs;
}

function hasBegun(run: Stretch, today: CalendarDate): boolean {
  return run.start === null || run.start <= today;
}

function lastDayOf(run: Stretch): LastDay {
  return run.end === null ? { type: 'open' } : { type: 'on', date: run.end };
}

function isOver(run: Stretch, today: CalendarDate): boolean {
  return run.end !== null && run.end < today;
}

/** For accounts of persons: ties joined, the one that covers today, else the latest one past. */
function governingOfRuns(runs: readonly Stretch[], today: CalendarDate): Governing {
  const begun = runs.filter((run) => hasBegun(run, today));
  const next = runs.find((run) => !hasBegun(run, today));
  const future = next?.start ?? null;
  const governing = begun.at(-1);
  if (!governing) {
    const standing = future === null ? 'no-participation' : 'future';
    return { standing, lastDay: { type: 'unknown' }, since: null, future };
  }
  const over = isOver(governing, today);
  const standing = over ? 'expired' : 'member';
  return { standing, lastDay: lastDayOf(governing), since: over ? null : governing.start, future };
}

/** For experiment accounts: an open-ended participation wins, else the latest end. */
function governingParticipation(ties: readonly Tie[], today: CalendarDate): Governing {
  const runs = ties
    .filter((tie) => !startsAfterItsEnd(tie))
    .sort((a, b) => (a.start ?? '').localeCompare(b.start ?? ''));
  const begun = runs.filter((run) => hasBegun(run, today));
  const longest = begun.reduce<Stretch | null>((best, run) => {
    if (best === null || run.end === null) return run;
    return best.end === null || best.end >= run.end ? best : run;
  }, null);
  return governingOfRuns(longest ? [longest, ...runs.filter((run) => !hasBegun(run, today))] : runs, today);
}

/**
 * The affiliation that governs an account on a day. Rule: "Which affiliation governs". An `experiment` account
 * follows the participations in its experiment, every other kind all contracts and participations together.
 */
export function governing(input: {
  readonly kind: AccountKind;
  readonly experiment: string | null;
  readonly observation: Observation | null;
  readonly today: CalendarDate;
}): Governing {
  const { kind, experiment, observation, today } = input;
  const nothing = { lastDay: { type: 'unknown' }, since: null, future: null } as const;
  if (!observation) return { ...nothing, standing: 'unavailable' };
  if (observation.outcome === 'no-person') return { ...nothing, standing: 'no-person' };
  if (kind !== 'experiment') return governingOfRuns(runsOf(observation.ties), today);
  return governingParticipation(participationsIn(observation.ties, experiment), today);
}

function participationsIn(ties: readonly Tie[], experiment: string | null): readonly Tie[] {
  const wanted = (experiment ?? '').toLowerCase();
  return ties.filter(
    (tie) => tie.kind === 'participation' && (tie.experiment ?? '').toLowerCase() === wanted,
  );
}

/** The stretches of days on which an account's affiliations are valid, in the order of their starts. */
export function stretchesOf(input: {
  readonly kind: AccountKind;
  readonly experiment: string | null;
  readonly ties: readonly Tie[];
}): readonly Stretch[] {
  const { kind, experiment, ties } = input;
  return runsOf(kind === 'experiment' ? participationsIn(ties, experiment) : ties);
}
