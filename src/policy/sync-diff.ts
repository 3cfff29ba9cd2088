import type { AccountState } from '../contracts/account.ts';
import type { Observation } from '../contracts/affiliation.ts';
import { CHANGE_KINDS, type ChangeKind, type ChangeSide } from '../contracts/plan.ts';
import type { CalendarDate } from '../contracts/time.ts';
import { addDays } from './calendar.ts';
import { isExcludedOn } from './exclusion.ts';
import { factsOn, isFinal, isUncompared, wantsAccess } from './facts.ts';
import { governing, stretchesOf, type LastDay, type Stretch } from './governing.ts';

/** A last day that HR moves to before so many days from now is a loss, and no mere shortening. */
const LOSS_DAYS = 7;

/** What a change comes to for one person. */
export interface Difference {
  readonly kind: ChangeKind;
  /** In words, for whoever approves it. */
  readonly reason: string;
  readonly before: ChangeSide;
  readonly after: ChangeSide;
}

/** What one of a person's accounts is to HR: all but experiment accounts follow the same affiliations. */
interface Scope {
  readonly kind: 'primary' | 'experiment';
  readonly experiment: string | null;
}

/** One side of the comparison, day by day. */
interface Side {
  readonly shown: ChangeSide;
  readonly lastDay: LastDay;
  readonly stretches: readonly Stretch[];
  readonly isExcludedOn: (day: CalendarDate) => boolean;
}

function sideOf(scope: Scope, observation: Observation, today: CalendarDate): Side {
  const facts = governing({ ...scope, observation, today });
  const isPersonal = scope.kind === 'primary';
  const excludedOn = (day: CalendarDate) => isPersonal && isExcludedOn(observation, day);
  const { lastDay } = facts;
  return {
    lastDay,
    stretches: stretchesOf({ ...scope, ties: observation.ties }),
    isExcludedOn: excludedOn,
    shown: {
      outcome: observation.outcome,
      standing: facts.standing,
      lastDay: lastDay.type === 'on' ? lastDay.date : lastDay.type === 'open' ? 'open' : null,
      excluded: excludedOn(today),
      future: facts.future,
    },
  };
}

const NOTHING: Side = {
  shown: { outcome: null, standing: 'unavailable', lastDay: null, excluded: false, future: null },
  lastDay: { type: 'unknown' },
  stretches: [],
  isExcludedOn: () => false,
};

/** An account that no answer of HR was ever applied to: what it has at present, open-ended where nothing says when it ends. */
function presentSide(state: AccountState, today: CalendarDate): Side {
  const isHere = state.stage === 'active';
  const known = factsOn(state, today).lastDay;
  const lastDay: LastDay = isHere && known.type === 'unknown' ? { type: 'open' } : known;
  const end = lastDay.type === 'on' ? lastDay.date : null;
  return {
    ...NOTHING,
    lastDay,
    stretches: lastDay.type === 'unknown' ? [] : [{ start: null, end }],
    shown: { ...NOTHING.shown, lastDay: end ?? (lastDay.type === 'open' ? 'open' : null) },
  };
}

function covers(side: Side, day: CalendarDate): boolean {
  return side.stretches.some(
    ({ start, end }) => (start === null || start <= day) && (end === null || end >= day),
  );
}

/** A side that knows no last day any more, with the one that an account keeps since its affiliations vanished. */
function withVanished(side: Side, accounts: readonly AccountState[]): Side {
  const vanished = accounts.flatMap(({ vanishedLastDay }) => vanishedLastDay ?? []).sort();
  const date = vanished.at(-1);
  if (side.lastDay.type !== 'unknown' || date === undefined) return side;
  return { ...side, lastDay: { type: 'on', date }, shown: { ...side.shown, lastDay: date } };
}

/** Whether the day gives access by HR's word. */
function isGood(side: Side, day: CalendarDate): boolean {
  return covers(side, day) && !side.isExcludedOn(day);
}

/** The days from today on which anything of either side begins or ends: between two of them nothing changes. */
function turningDays(observations: readonly (Observation | null)[], sides: readonly Side[], today: string) {
  const days = [
    ...observations.flatMap((observation) => observation?.ties ?? []),
    ...sides.flatMap(({ stretches }) => stretches),
  ].flatMap(({ start, end }) => [
    ...(start === null ? [] : [start]),
    ...(end === null ? [] : [addDays(end, 1)]),
  ]);
  return [...new Set([today, ...days.filter((day) => day > today)])].sort();
}

function hasVanished(before: Side, after: Side, today: CalendarDate): boolean {
  return before.stretches.some(({ start, end }) => {
    if (end !== null && end < today) return false;
    return !after.stretches.some(
      (other) =>
        (other.end === null || start === null || addDays(other.end, 1) >= start) &&
        (end === null || other.start === null || other.start <= addDays(end, 1)),
    );
  });
}

function words(side: Side): string {
  const { lastDay } = side.shown;
  if (lastDay === null) return 'none';
  return lastDay === 'open' ? 'open' : lastDay;
}

function movedFromTo(before: Side, after: Side): string {
  return `last day ${words(before)} → ${words(after)}`;
}

/**
 * Whether HR takes the day away: access on it, or the affiliation as such. An excluded affiliation gives no access, and
 * still keeps the account from its milestones.
 */
function isLost(before: Side, after: Side, day: CalendarDate): boolean {
  return (covers(before, day) && !covers(after, day)) || (isGood(before, day) && !isGood(after, day));
}

/** What HR takes away, and how soon; `null` = nothing. */
function harm(
  before: Side,
  after: Side,
  days: readonly CalendarDate[],
  today: CalendarDate,
): Pick<Difference, 'kind' | 'reason'> | null {
  const lost = days.filter((day) => isLost(before, after, day));
  const [first] = lost;
  if (first === undefined) {
    const { lastDay: was } = before;
    const { lastDay: is } = after;
    const isEarlier = was.type === 'on' && is.type === 'on' && is.date < was.date && is.date < today;
    return isEarlier ? { kind: 'loss', reason: `${movedFromTo(before, after)}, which is over` } : null;
  }
  if (after.shown.outcome === 'no-person')
    return { kind: 'loss', reason: 'HR knows no such person any more' };
  const excluded = lost.find((day) => covers(after, day));
  if (excluded !== undefined) return { kind: 'loss', reason: `excluded from ${excluded}` };
  if (hasVanished(before, after, today)) {
    return { kind: 'loss', reason: `an affiliation vanished; ${movedFromTo(before, after)}` };
  }
  // Valid up to the day before the first one lost: that is the new last day.
  const isSoon = first <= addDays(today, LOSS_DAYS);
  return { kind: isSoon ? 'loss' : 'shortening', reason: movedFromTo(before, after) };
}

function compare(
  before: Side,
  after: Side,
  days: readonly CalendarDate[],
  today: CalendarDate,
): Pick<Difference, 'kind' | 'reason'> {
  const taken = harm(before, after, days, today);
  if (taken) return taken;
  if (isGood(after, today) && !isGood(before, today)) {
    const reason = before.shown.excluded
      ? 'no longer excluded'
      : `valid again; ${movedFromTo(before, after)}`;
    return { kind: 'return', reason };
  }
  const gained = days.find((day) => isGood(after, day) && !isGood(before, day));
  const isLater =
    before.lastDay.type === 'on' &&
    (after.lastDay.type === 'open' ||
      (after.lastDay.type === 'on' && after.lastDay.date > before.lastDay.date));
  if (gained !== undefined || isLater) return { kind: 'extension', reason: movedFromTo(before, after) };
  return { kind: 'correction', reason: 'names, addresses, supervisor or start dates' };
}

function scopesOf(accounts: readonly AccountState[]): readonly Scope[] {
  const experiments = accounts
    .filter(({ kind }) => kind === 'experiment')
    .map(({ experiment }): Scope => ({ kind: 'experiment', experiment }));
  const isPersonal = accounts.length === 0 || accounts.some(({ kind }) => kind !== 'experiment');
  return [...(isPersonal ? [{ kind: 'primary', experiment: null } as const] : []), ...experiments];
}

/**
 * What accounts of the person were told last: what was applied to them all, and whatever one of them heard after that,
 * apart from the others. One that is being handed over still follows somebody else.
 */
function toldTo(
  accounts: readonly AccountState[],
  applied: Observation | null,
  personId: string,
): readonly Observation[] {
  const tolds = new Map(applied === null ? [] : [[applied.number, applied]]);
  for (const { observation } of accounts) {
    if (observation?.personId !== personId || observation.number <= (applied?.number ?? -1)) continue;
    tolds.set(observation.number, observation);
  }
  return [...tolds.values()];
}

function isIn(scope: Scope, { kind, experiment }: AccountState): boolean {
  return scope.kind === 'experiment'
    ? kind === 'experiment' && experiment === scope.experiment
    : kind !== 'experiment';
}

/**
 * What HR's newest facts change for a person, the worst of it if it is several things. Rule: "Losses".
 *
 * @param applied what every account of the person was last told; `null` = each still has what it began with
 * @param accounts all accounts the person ever had
 */
export function differenceOf(input: {
  readonly applied: Observation | null;
  readonly newest: Observation;
  readonly today: CalendarDate;
  readonly accounts: readonly AccountState[];
}): Difference {
  const { applied, newest, today } = input;
  const living = input.accounts.filter(({ stage }) => !isFinal(stage));
  const differences = scopesOf(living).flatMap((scope): readonly Difference[] => {
    const own = living.filter((state) => isIn(scope, state));
    const uncompared = own.filter(isUncompared);
    const isEachFirst = own.length > 0 && uncompared.length === own.length;
    const tolds = isEachFirst ? [] : toldTo(own, applied, newest.personId);
    // An account of an instance that was never told anything has what its instance shows, each its own end.
    const untold = tolds.length === 0 ? own : uncompared;
    const sides = [
      ...untold.map((state) => ({ told: null, side: presentSide(state, today) })),
      ...tolds.map((told) => ({ told, side: sideOf(scope, told, today) })),
    ];
    const compared = sides.length > 0 ? sides : [{ told: null, side: NOTHING }];
    return compared.map(({ told, side }) =>
      differenceFrom({ scope, own, told, side, newest, today, accounts: input.accounts }),
    );
  });
  const worst = CHANGE_KINDS.flatMap((kind) => differences.find((one) => one.kind === kind) ?? []).at(0);
  if (!worst) throw new RangeError('a person without accounts has the scope of a primary account');
  return worst;
}

/** What the newest facts change for accounts of one scope, by what some of them were told. */
function differenceFrom(input: {
  readonly scope: Scope;
  readonly own: readonly AccountState[];
  readonly told: Observation | null;
  readonly side: Side;
  readonly newest: Observation;
  readonly today: CalendarDate;
  readonly accounts: readonly AccountState[];
}): Difference {
  const { scope, own, told, side, newest, today, accounts } = input;
  const before = withVanished(side, own);
  const after = sideOf(scope, newest, today);
  const sides = { before: before.shown, after: after.shown };
  if (scope.kind === 'primary' && isJoining(after, accounts)) {
    const had = accounts.some(({ kind }) => kind === 'primary');
    if (had) return { kind: 'return', reason: 'back after deletion: a new primary account', ...sides };
    return { kind: 'join', reason: 'an affiliation and no primary account', ...sides };
  }
  if (own.length === 0) return { kind: 'correction', reason: 'no account follows it', ...sides };
  // In grace HR gives no access any more, and the account has it still.
  if (after.shown.excluded && !before.shown.excluded && own.some(wantsAccess))
    return { kind: 'loss', reason: `excluded from ${today}`, ...sides };
  return {
    ...compare(before, after, turningDays([told, newest], [before, after], today), today),
    ...sides,
  };
}

/** Whether the person is to have a primary account and has none that lives. Rule: "Joiners". */
function isJoining(after: Side, accounts: readonly AccountState[]): boolean {
  if (accounts.some(({ kind, stage }) => kind === 'primary' && !isFinal(stage))) return false;
  return after.shown.standing === 'member' || after.shown.standing === 'future';
}
