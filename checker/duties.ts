import { calms, type Calm, type Need } from './calm.ts';
import { accuse, mayBeIgnored, patience, standingAt, worldAt, type Case } from './case.ts';
import { dateOf, type Day } from './calendar.ts';
import { isStillGrace } from './judge-access.ts';
import type { FindingKind, Moment } from './life.ts';
import { namingsOf, wasDueAt } from './told.ts';
import { beginsNext, effectiveLastDay, isExcludedIn, isHere, isOver } from './world.ts';

/** A finding that something was due at a moment and not done in time, if the time was calm for long enough. */
export function owed(
  one: Case,
  calm: Calm,
  input: {
    readonly dueAt: Moment;
    readonly isDone: (by: Moment) => boolean;
    readonly kind: FindingKind;
    readonly words: string;
  },
): void {
  const by = Math.max(input.dueAt, calm.from) + patience(one);
  if (by < calm.to && !input.isDone(by)) accuse(one, input.kind, by, input.words);
}

/** What is the same all through a calm time. */
export function lookAt(one: Case, calm: Calm) {
  const settled = Math.min(calm.from + patience(one), calm.to);
  const world = worldAt(one, calm.from);
  const today = one.zone.dayAt(settled);
  return {
    world,
    today,
    lastDay: effectiveLastDay(world, today),
    standing: standingAt(one, calm.from),
    isIgnored: mayBeIgnored(one, calm.from),
  };
}

function isIn(one: Case, stages: readonly string[]): (by: Moment) => boolean {
  return (by) => stages.includes(standingAt(one, by).stage);
}

function begin(one: Case, day: Day): Moment {
  return one.zone.startOf(day);
}

/** Who was to come has come, or will not. */
function joiner(one: Case, calm: Calm): void {
  const { standing, world, lastDay, today } = lookAt(one, calm);
  if (standing.stage !== 'pending' || world.ties === null) return;
  const dueAt = calm.from;
  if (!isOver(lastDay, today)) {
    owed(one, calm, { dueAt, isDone: isIn(one, ['active']), kind: 'lost', words: 'a joiner was not made' });
  } else if (beginsNext(world, today) === null) {
    const words = 'a joiner who never came was not ended';
    owed(one, calm, { dueAt, isDone: isIn(one, ['neverJoined']), kind: 'lost', words });
  }
}

function leaving(one: Case, calm: Calm): void {
  const { standing, lastDay, isIgnored } = lookAt(one, calm);
  if (one.life.kind === 'service' || standing.stage !== 'active' || isIgnored) return;
  if (typeof lastDay !== 'number') return;
  const words = `no leaving after the last day ${dateOf(lastDay)}`;
  owed(one, calm, { dueAt: begin(one, lastDay + 1), isDone: isIn(one, ['grace']), kind: 'lost', words });
}

/** The first notice time after a moment. */
export function nextNoticeTime(one: Case, after: Moment): Moment {
  for (let day = one.zone.dayAt(after); ; day += 1) {
    const moment = one.zone.wallTime(day, one.rules.noticeTime);
    if (moment > after) return moment;
  }
}

/** When the block had to come at the latest, whoever was told when. */
function blockDue(one: Case, calm: Calm, lastDay: Day): Moment {
  const { rules, zone, life } = one;
  const moment = Math.max(begin(one, lastDay + 1 + rules.block), calm.from);
  if (life.kind === 'service') return moment;
  const waits = (from: Moment) =>
    zone.startOf(zone.dayAt(from) + rules.blockAfterNotice) +
    (from - zone.startOf(zone.dayAt(from))) +
    60 * 60_000;
  const unwarned = waits(nextNoticeTime(one, moment) + rules.windowMs);
  const named = namingsOf(one, lastDay, calm.to).map((mail) => wasDueAt(one, mail));
  // If another date was told in between, the wait begins anew.
  const last = Math.max(...named);
  if (named.length === 0) return unwarned;
  // A secondary account that was not named yet waits for its own next notice time, and for what is named until then.
  const isHeld = life.kind === 'secondary' && waits(last) > moment;
  return isHeld ? Math.max(unwarned, waits(last)) : Math.min(unwarned, Math.max(moment, waits(last)));
}

function block(one: Case, calm: Calm): void {
  const { standing, lastDay, isIgnored, today } = lookAt(one, calm);
  if (standing.stage !== 'grace' || isIgnored || typeof lastDay !== 'number' || !isOver(lastDay, today))
    return;
  const words = `no block after the last day ${dateOf(lastDay)}`;
  owed(one, calm, {
    dueAt: blockDue(one, calm, lastDay),
    isDone: isIn(one, ['blocked', 'deleted']),
    kind: 'lost',
    words,
  });
}

function remove(one: Case, calm: Calm): void {
  const { standing, lastDay, isIgnored, today } = lookAt(one, calm);
  if (standing.stage !== 'blocked' || standing.blockedAt === null || isIgnored) return;
  if (typeof lastDay !== 'number' || !isOver(lastDay, today)) return;
  const afterBlock = begin(one, one.zone.dayAt(standing.blockedAt) + one.rules.deleteAfterBlock);
  const dueAt = Math.max(begin(one, lastDay + 1 + one.rules.delete), afterBlock);
  const words = `no delete after the last day ${dateOf(lastDay)}`;
  owed(one, calm, { dueAt, isDone: isIn(one, ['deleted']), kind: 'lost', words });
}

function comingBack(one: Case, calm: Calm): void {
  const { standing, lastDay, today, world } = lookAt(one, calm);
  if (standing.stage !== 'grace' && standing.stage !== 'blocked') return;
  const dueAt = calm.from;
  const { blockedFor } = standing;
  if (!isOver(lastDay, today)) {
    owed(one, calm, {
      dueAt,
      isDone: isIn(one, ['active']),
      kind: 'lost',
      words: 'who is back got nothing back',
    });
  } else if (standing.stage === 'blocked' && isStillGrace(one, world, { day: today, blockedFor })) {
    const words = 'a block that became too early was not taken back';
    owed(one, calm, { dueAt, isDone: isIn(one, ['grace', 'active']), kind: 'lost', words });
  }
}

function transfer(one: Case, calm: Calm): void {
  const { lastDay, world } = lookAt(one, calm);
  if (one.life.kind !== 'service' || typeof lastDay !== 'number' || mayBeIgnored(one, calm.from)) return;
  const dueAt = Math.max(begin(one, lastDay + 1), calm.from);
  const next = beginsNext(world, one.zone.dayAt(dueAt));
  if (next !== null && next - lastDay <= one.rules.transferWaits) return;
  const isDone = (by: Moment) => worldAt(one, by) !== world;
  const words = `not handed on after the owner's last day ${dateOf(lastDay)}`;
  owed(one, calm, { dueAt, isDone, kind: 'lost', words });
}

/** What the last deed of a type said; `null` = there is none. */
function accessAt(one: Case, by: Moment): 'on' | 'off' | null {
  const deeds = one.life.deeds.flatMap((deed) => (deed.type === 'access' && deed.at <= by ? [deed] : []));
  return deeds.at(-1)?.access ?? null;
}

function access(one: Case, calm: Calm): void {
  const { standing, world, today, isIgnored } = lookAt(one, calm);
  if (one.life.kind === 'service') return;
  const expect = (expected: 'on' | 'off', why: string) =>
    owed(one, calm, {
      dueAt: calm.from,
      isDone: (by) => accessAt(one, by) === expected,
      kind: 'lost',
      words: `access is not ${expected}: ${why}`,
    });
  if (standing.stage === 'blocked') expect('off', 'blocked');
  else if (standing.stage === 'grace' && world.disabled) expect('off', 'disabled by an admin');
  else if (standing.stage === 'active') {
    if (world.disabled) expect('off', 'disabled by an admin');
    else if (isHere(world, today) && !isExcludedIn(world, today)) expect('on', 'the person is here');
    else if (isHere(world, today) && !isIgnored) expect('off', 'every contract is excluded');
  }
}

function status(one: Case, calm: Calm): void {
  const { standing, lastDay, world } = lookAt(one, calm);
  if (
    world.ties === null ||
    one.life.kind !== 'primary' ||
    !['active', 'grace', 'blocked'].includes(standing.stage)
  )
    return;
  const last = lastDay === 'open' ? Infinity : (lastDay ?? -Infinity);
  const turning = [last + 1, last + 61].filter((day) => Number.isFinite(day)).map((day) => begin(one, day));
  for (const dueAt of [calm.from, ...turning.filter((moment) => moment > calm.from)]) {
    const from = Math.max(dueAt, calm.from);
    const day = one.zone.dayAt(from + patience(one));
    // What turns in the meantime is looked at in its own time.
    if (turning.some((moment) => moment > from && moment <= from + patience(one))) continue;
    const expected = day <= last ? 'Active' : day <= last + 60 ? 'Grace Period' : 'Inactive';
    const isDone = (by: Moment) =>
      one.life.deeds
        .flatMap((deed) => (deed.type === 'status' && deed.at <= by ? [deed.value] : []))
        .at(-1) === expected;
    owed(one, calm, { dueAt, isDone, kind: 'lost', words: `the directory does not say ${expected}` });
  }
}

const DUTIES: readonly { readonly needs: readonly Need[]; readonly look: (one: Case, calm: Calm) => void }[] =
  [
    { needs: ['targets', 'hr'], look: joiner },
    { needs: ['targets'], look: leaving },
    { needs: ['targets', 'hr', 'freeze'], look: block },
    { needs: ['targets', 'hr', 'freeze'], look: remove },
    { needs: ['targets'], look: comingBack },
    { needs: ['targets', 'hr', 'freeze'], look: transfer },
    { needs: ['targets', 'hr'], look: access },
    { needs: ['targets'], look: status },
  ];

/** Everything that was due, and whether it was done. */
export function judgeDuties(one: Case): void {
  for (const { needs, look } of DUTIES) for (const calm of calms(one, needs)) look(one, calm);
}
