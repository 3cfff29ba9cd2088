import { dayOf, type Day, type Zone } from './calendar.ts';
import type { Deed, Fact, Moment, ObservedLife, Stage, Tie } from './life.ts';
import type { Rules } from './rules.ts';
import { lastDayOf } from './ties.ts';
import type { World } from './world.ts';

/** Something that held from a moment on, until the next one of its line. */
export interface Held<T> {
  readonly from: Moment;
  readonly value: T;
}

/** Where an account stood, by what was done to it. */
export interface Standing {
  readonly stage: Stage;
  /** Since when notices exist. */
  readonly managedSince: Moment;
  readonly blockedAt: Moment | null;
  /** The last day from which its block followed. */
  readonly blockedFor: Day | null;
}

/** What held of a line at a moment. */
export function heldAt<T>(line: readonly Held<T>[], at: Moment): T {
  let value: T | undefined;
  for (const one of line) if (one.from <= at || value === undefined) value = one.value;
  if (value === undefined) throw new RangeError('an empty line');
  return value;
}

/** Everything that held of a line at some moment from `from` to `to`. */
export function heldWithin<T>(line: readonly Held<T>[], from: Moment, to: Moment): readonly T[] {
  const first = heldAt(line, from);
  const later = line.filter((one) => one.from > from && one.from <= to).map(({ value }) => value);
  return [first, ...later.filter((value) => value !== first)];
}

/** When a fact reached the account: at once, or when work went on after an outage. */
export function reachedAt(life: ObservedLife, at: Moment): Moment {
  const ends = life.troubles.flatMap(({ what, from, to, backAt = to }) =>
    what === 'worker' && at >= from && at < backAt ? [backAt] : [],
  );
  return ends[0] === undefined ? at : reachedAt(life, ends[0]);
}

function standingAfter(before: Standing, deed: Deed): Standing {
  switch (deed.type) {
    case 'joined':
    case 'returned':
      return { stage: 'active', managedSince: deed.at, blockedAt: null, blockedFor: null };
    case 'neverJoined':
      return { ...before, stage: 'neverJoined' };
    case 'leaving':
      return { ...before, stage: 'grace' };
    case 'corrected':
      return { ...before, stage: 'grace', blockedAt: null, blockedFor: null };
    case 'block':
      return {
        ...before,
        stage: 'blocked',
        blockedAt: deed.at,
        blockedFor: deed.lastDay === null ? null : dayOf(deed.lastDay),
      };
    case 'delete':
      return { ...before, stage: 'deleted' };
    case 'transfer':
    case 'access':
    case 'status':
      return before;
  }
}

/** The stages an account went through, by its deeds in their order. */
export function standingsOf(life: ObservedLife): {
  readonly line: readonly Held<Standing>[];
  /** Where it stood right before each deed: several may be of one moment. */
  readonly before: ReadonlyMap<Deed, Standing>;
} {
  let standing: Standing = {
    stage: life.stageAtStart,
    managedSince: life.from,
    blockedAt: null,
    blockedFor: null,
  };
  const line: Held<Standing>[] = [{ from: life.from, value: standing }];
  const before = new Map<Deed, Standing>();
  for (const deed of life.deeds) {
    before.set(deed, standing);
    const value = standingAfter(standing, deed);
    if (value !== standing) line.push({ from: deed.at, value });
    standing = value;
  }
  return { line, before };
}

type Change =
  | { readonly from: Moment; readonly fact: Exclude<Fact, { type: 'hrAnswers' }> }
  | { readonly from: Moment; readonly heir: string };

function changesOf(life: ObservedLife): readonly Change[] {
  const facts = life.facts.flatMap((fact) =>
    fact.type === 'hrAnswers' ? [] : [{ from: reachedAt(life, fact.at), fact }],
  );
  const transfers = life.deeds.flatMap((deed) =>
    deed.type === 'transfer' ? [{ from: deed.at, heir: deed.to }] : [],
  );
  return [...facts, ...transfers].sort((a, b) => a.from - b.from);
}

/** What the account knew, from moment to moment. */
export function worldsOf(
  life: ObservedLife,
  standings: readonly Held<Standing>[],
  zone: Zone,
  rules: Rules,
): readonly Held<World>[] {
  const latest = new Map<string, { number: number; ties: readonly Tie[]; isGone: boolean }>();
  const done = new Set<string>();
  let world: World = {
    person: life.person,
    ties: null,
    isGone: false,
    vanished: null,
    admin: null,
    adminSince: life.from,
    ignored: null,
    disabled: false,
  };
  const line: Held<World>[] = [{ from: life.from, value: world }];
  for (const change of changesOf(life)) {
    const day = zone.dayAt(change.from);
    if ('heir' in change) {
      const { ties = null, isGone = false } = latest.get(change.heir) ?? {};
      world = { ...world, person: change.heir, ties, isGone, vanished: null, admin: null };
    } else if (change.fact.type === 'told') {
      const { person, number, answer } = change.fact;
      if (answer.outcome === 'unavailable' || number <= (latest.get(person)?.number ?? -Infinity)) continue;
      const ties = answer.outcome === 'found' ? answer.ties : [];
      const isGone = answer.outcome === 'no-person';
      latest.set(person, { number, ties, isGone });
      if (person !== world.person) continue;
      // Before whatever it led to at the same moment.
      const isPending = heldAt(standings, change.from - 1).stage === 'pending';
      world = { ...world, ties, isGone, vanished: isPending ? null : vanishedOn(world, ties, day) };
    } else {
      const { commandId } = change.fact;
      if (commandId !== undefined && done.has(commandId)) continue;
      if (commandId !== undefined) done.add(commandId);
      world = withCommand(world, change.fact, { at: change.from, day, rules });
    }
    line.push({ from: change.from, value: world });
  }
  return line;
}

/** When no tie ever began any more: the last one known, if it is over, else the day on which that was told. */
function vanishedOn(before: World, ties: readonly Tie[], day: Day): Day | null {
  if (lastDayOf(ties, day) !== null) return null;
  const known = before.ties === null ? null : lastDayOf(before.ties, day);
  if (known === null && before.vanished !== null) return before.vanished;
  return typeof known === 'number' && known < day ? known : day;
}

function withCommand(
  world: World,
  command: Extract<Fact, { type: 'command' }>,
  { at, day, rules }: { at: Moment; day: Day; rules: Rules },
): World {
  const { until } = command;
  const given = until === undefined || until === null || until === 'never' ? null : dayOf(until);
  switch (command.name) {
    case 'restore':
      return withAdmin(world, Math.max(given ?? day + rules.restore, world.admin ?? -Infinity), at);
    case 'extend':
      return withAdmin(world, given, at);
    case 'ignore': {
      const end = until === 'never' ? null : (given ?? day + rules.ignore);
      const isSame = world.ignored !== null && world.ignored.until === end;
      return isSame ? world : { ...world, ignored: { until: end, since: at } };
    }
    case 'resume':
      return { ...world, ignored: null };
    case 'disable':
      return { ...world, disabled: true };
    case 'enable':
      return { ...world, disabled: false };
  }
}

function withAdmin(world: World, admin: Day | null, at: Moment): World {
  return admin === world.admin ? world : { ...world, admin, adminSince: at };
}
