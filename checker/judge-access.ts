import { dayOf } from './calendar.ts';
import { heldWithin } from './history.ts';
import {
  accuse,
  type Case,
  daysFor,
  isIgnored,
  mayBeDecidedSince,
  standingBefore,
  worldsFor,
} from './case.ts';
import type { Deed } from './life.ts';
import { beginsNext, effectiveLastDay, isExcludedIn, isHere, isOver, type World } from './world.ts';

/** Whether something is so in any way in which the moment can be looked at, or was when the step began to wait. */
function some(one: Case, at: number, test: (world: World, day: number) => boolean): boolean {
  const since = mayBeDecidedSince(one, at);
  const [first = 0] = daysFor(one, since);
  const last = Math.max(...daysFor(one, at));
  const days = Array.from({ length: last - first + 1 }, (_, index) => first + index);
  const worlds =
    since === at ? worldsFor(one, at) : [...worldsFor(one, since), ...heldWithin(one.worlds, since, at)];
  return worlds.some((world) => days.some((day) => test(world, day)));
}

const isValid = (world: World, day: number) => !isOver(effectiveLastDay(world, day), day);

/** Judges that an account entered its grace. */
export function judgeLeaving(one: Case, deed: Extract<Deed, { type: 'leaving' }>): void {
  const { at, lastDay } = deed;
  const accuseOf = (words: string) => accuse(one, 'wrong', at, `leaving: ${words}`);
  if (one.life.kind === 'service') accuseOf('a service account does not leave');
  if (standingBefore(one, deed).stage !== 'active') accuseOf('it was not active');
  if (isIgnored(one, at)) accuseOf('the account was ignored');
  if (lastDay === null) {
    accuseOf('it follows from no last day');
    return;
  }
  const day = dayOf(lastDay);
  if (!some(one, at, (world, today) => effectiveLastDay(world, today) === day))
    accuseOf(`the last day ${lastDay} did not count`);
  if (at < one.zone.startOf(day + 1)) accuse(one, 'early', at, 'leaving: the last day was not over');
}

/** Judges that an account was made, given back, or given up. */
export function judgeComing(
  one: Case,
  deed: Extract<Deed, { type: 'joined' | 'returned' | 'corrected' | 'neverJoined' }>,
): void {
  const { at, type } = deed;
  const { stage, blockedFor } = standingBefore(one, deed);
  const accuseOf = (words: string) => accuse(one, 'wrong', at, `${type}: ${words}`);
  switch (type) {
    case 'joined':
      if (stage !== 'pending') accuseOf(`it came from ${stage}`);
      if (!some(one, at, isValid)) accuse(one, 'early', at, 'joined: no affiliation had begun');
      return;
    case 'returned':
      // The end of a leaving that HR names already may come before the leaving was carried out.
      if (!['active', 'grace', 'blocked'].includes(stage)) accuseOf(`it came from ${stage}`);
      if (!some(one, at, isValid)) accuseOf('nobody was back');
      return;
    case 'corrected':
      if (stage !== 'blocked') accuseOf(`it came from ${stage}`);
      if (!some(one, at, (world, day) => isStillGrace(one, world, { day, blockedFor })))
        accuseOf('the block was right');
      return;
    case 'neverJoined':
      if (stage !== 'pending') accuseOf(`it came from ${stage}`);
      if (!some(one, at, (world, day) => !isValid(world, day) && beginsNext(world, day) === null))
        accuseOf('somebody was to come');
  }
}

/** Whether a block was made too early by a last day that moved after it. */
export function isStillGrace(
  one: Case,
  world: World,
  at: { readonly day: number; readonly blockedFor: number | null },
): boolean {
  const last = effectiveLastDay(world, at.day);
  return typeof last === 'number' && last !== at.blockedFor && at.day < last + 1 + one.rules.block;
}

/** Judges that access was taken: somebody said so, or the stage does. */
export function judgeAccess(one: Case, deed: Extract<Deed, { type: 'access' }>): void {
  const { at, access } = deed;
  const { stage, blockedFor } = standingBefore(one, deed);
  if (access === 'on') {
    // Of several targets one may have it before the person is back on all.
    const isEnded = ['pending', 'blocked', 'deleted', 'neverJoined'].includes(stage);
    const isReason = (world: World, day: number) =>
      isValid(world, day) || (stage === 'blocked' && isStillGrace(one, world, { day, blockedFor }));
    if (isEnded && !some(one, at, isReason)) accuse(one, 'wrong', at, `access given while ${stage}`);
    if (worldsFor(one, at).every(({ disabled }) => disabled))
      accuse(one, 'wrong', at, 'access given to an account that an admin had disabled');
    return;
  }
  if (one.life.kind === 'service') accuse(one, 'wrong', at, 'a service account lost its access');
  if (stage !== 'active') return;
  const isReason = (world: World, day: number) =>
    world.disabled || isExcludedIn(world, day) || !isHere(world, day) || world.ignored !== null;
  if (!some(one, at, isReason)) accuse(one, 'wrong', at, 'access taken for no reason');
}
