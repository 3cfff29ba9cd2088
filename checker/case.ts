import type { Day, Zone } from './calendar.ts';
import { heldAt, heldWithin, type Held, standingsOf, type Standing, worldsOf } from './history.ts';
import type { Answer, Deed, Finding, FindingKind, Moment, ObservedLife } from './life.ts';
import type { Rules } from './rules.ts';
import { effectiveLastDay, type World } from './world.ts';

/** One life under judgment: what happened, put in order, and what was found so far. */
export interface Case {
  readonly life: ObservedLife;
  readonly zone: Zone;
  readonly rules: Rules;
  readonly standings: readonly Held<Standing>[];
  readonly before: ReadonlyMap<Deed, Standing>;
  readonly worlds: readonly Held<World>[];
  readonly findings: Finding[];
}

export function createCase(life: ObservedLife, zone: Zone, rules: Rules): Case {
  const { line: standings, before } = standingsOf(life);
  const worlds = worldsOf(life, standings, zone, rules);
  return { life, zone, rules, standings, before, worlds, findings: [] };
}

export function accuse(one: Case, kind: FindingKind, at: Moment, words: string): void {
  one.findings.push({ kind, account: one.life.account, at, words });
}

export function standingAt(one: Case, at: Moment): Standing {
  return heldAt(one.standings, at);
}

/** Where the account stood right before the deed. */
export function standingBefore(one: Case, deed: Deed): Standing {
  return one.before.get(deed) ?? standingAt(one, deed.at);
}

export function worldAt(one: Case, at: Moment): World {
  return heldAt(one.worlds, at);
}

/**
 * Every world that may have been the one by which something was done that is seen at `at`; of one moment, what was
 * learned may have come after it.
 */
export function worldsFor(one: Case, at: Moment): readonly World[] {
  return heldWithin(one.worlds, at - Math.max(one.life.slackMs, 1), at);
}

/** The dates that `at` may have been for the account: its date begins anywhere in the window. */
export function daysFor(one: Case, at: Moment): readonly Day[] {
  const [first, last] = [one.zone.dayAt(at - one.rules.windowMs - one.life.slackMs), one.zone.dayAt(at)];
  return first === last ? [last] : [first, last];
}

/** Whether at the moment the account may have gone by this last day. */
export function mayCount(one: Case, lastDay: Day, at: Moment): boolean {
  return worldsFor(one, at).some((world) =>
    daysFor(one, at).some((day) => effectiveLastDay(world, day) === lastDay),
  );
}

/** Whether an `ignore` held for certain. */
export function isIgnored(one: Case, at: Moment): boolean {
  return worldsFor(one, at).every(
    ({ ignored }) => ignored !== null && (ignored.until === null || at < one.zone.startOf(ignored.until + 1)),
  );
}

/** Whether an `ignore` may have held. */
export function mayBeIgnored(one: Case, at: Moment): boolean {
  const isHeld = ({ ignored }: World) =>
    ignored !== null && (ignored.until === null || at < one.zone.startOf(ignored.until + 1) + patience(one));
  return worldsFor(one, at).some(isHeld);
}

/** How long after its moment something may be done and still be in time. */
export function patience(one: Case): number {
  return one.rules.windowMs + one.life.slackMs + 5 * 60_000;
}

/** What HR answered around a moment; empty = nobody watched HR. */
export function answersFor(one: Case, person: string, at: Moment): readonly Answer[] {
  const line = one.life.facts.flatMap((fact) =>
    fact.type === 'hrAnswers' && fact.person === person ? [{ from: fact.at, value: fact.answer }] : [],
  );
  return line.length === 0 ? [] : heldWithin(line, at - one.life.slackMs, at);
}

/** Whether a trouble held at the moment, and had held for as long as something may be seen late. */
export function isTroubled(one: Case, what: 'freeze' | 'hr' | 'mail', at: Moment): boolean {
  return one.life.troubles.some(
    (trouble) => trouble.what === what && at - one.life.slackMs >= trouble.from && at < trouble.to,
  );
}

/**
 * From when on what is seen at the moment may have been decided: a step that waits for a target goes on to its end when
 * the target is back.
 */
export function mayBeDecidedSince(one: Case, at: Moment): Moment {
  const waited = one.life.troubles.filter(
    ({ what, from, to }) => what === 'targets' && from <= at && at <= to + one.life.slackMs,
  );
  return Math.min(at, ...waited.map(({ from }) => from));
}
