import { dateOf, dayOf, type Day } from './calendar.ts';
import {
  accuse,
  answersFor,
  type Case,
  daysFor,
  isIgnored,
  isTroubled,
  mayCount,
  standingBefore,
  worldsFor,
} from './case.ts';
import type { Answer, Deed, FindingKind, Moment } from './life.ts';
import { namingsOf, wasDueAt } from './told.ts';
import { lastDayOf, laterOf } from './ties.ts';
import { isHere, type World } from './world.ts';

type Harm = Extract<Deed, { type: 'block' | 'delete' | 'transfer' }>;

/** Whether HR's answer stands against a step that follows from this last day; in words, or `null`. */
function objectionOf(answer: Answer, world: World, lastDay: Day, today: Day): string | null {
  switch (answer.outcome) {
    case 'unavailable':
      return 'HR was not available';
    case 'no-person':
      // Confirmed it is once the account was told so.
      return world.isGone ? null : 'HR knew no such person, which was not confirmed';
    case 'found': {
      const last = laterOf(lastDayOf(answer.ties, today), world.admin);
      if (last === 'open') return 'HR said that the affiliation is open-ended';
      return last !== null && last > lastDay ? `HR said that the last day is ${dateOf(last)}` : null;
    }
  }
}

/** HR's objection, if it stands in whatever way the moment is looked at. */
function hrObjects(one: Case, lastDay: Day, at: Moment): string | null {
  const worlds = worldsFor(one, at);
  const answers = worlds.flatMap(({ person }) => answersFor(one, person, at));
  if (isTroubled(one, 'hr', at)) return 'HR was not available';
  const objections = answers.flatMap((answer) =>
    worlds.flatMap((world) => daysFor(one, at).map((today) => objectionOf(answer, world, lastDay, today))),
  );
  return objections.every((words) => words !== null) ? (objections[0] ?? null) : null;
}

/** A block comes so long after somebody was told: in words why this one does not, or `null`. */
function wasNotWarned(one: Case, lastDay: Day, at: Moment): string | null {
  const { life, rules, zone } = one;
  if (life.kind === 'service') return null;
  const namings = namingsOf(one, lastDay, at).map((mail) => wasDueAt(one, mail));
  // A secondary account whose primary one tells nothing has nobody to wait for.
  if (namings.length === 0) return life.kind === 'primary' ? 'no notice had named its date' : null;
  const first = Math.min(...namings);
  // The same time of day, so many days later; a clock change moves it by an hour at most.
  const startsAt = zone.startOf(zone.dayAt(first) + rules.blockAfterNotice);
  const timeOfDay = first - zone.startOf(zone.dayAt(first));
  return at < startsAt + timeOfDay - 60 * 60_000
    ? `the first notice that named its date was due on ${dateOf(zone.dayAt(first))}`
    : null;
}

/** What makes a block, a delete or a transfer wrong, whichever it is. */
function wrongs(one: Case, harm: Harm, at: Moment): readonly string[] {
  if (harm.lastDay === null) return ['it follows from no last day'];
  const lastDay = dayOf(harm.lastDay);
  const words: string[] = [];
  if (!mayCount(one, lastDay, at)) words.push(`the last day ${harm.lastDay} did not count`);
  if (isIgnored(one, at)) words.push('the account was ignored');
  if (isTroubled(one, 'freeze', at)) words.push('the deployment was frozen');
  const today = daysFor(one, at);
  if (worldsFor(one, at).every((world) => today.every((day) => isHere(world, day))))
    words.push('the person was here');
  const objection = hrObjects(one, lastDay, at);
  if (objection) words.push(objection);
  return words;
}

function isEarly(one: Case, harm: Harm, daysAfterLeaving: number, at: Moment): boolean {
  return harm.lastDay !== null && at < one.zone.startOf(dayOf(harm.lastDay) + 1 + daysAfterLeaving);
}

function judge(
  one: Case,
  harm: Harm,
  input: { at: Moment; kind: FindingKind; words: readonly string[] },
): void {
  for (const words of input.words) accuse(one, input.kind, input.at, `${harm.type}: ${words}`);
}

/** Judges a block: right, not early, and not without warning. */
export function judgeBlock(one: Case, harm: Extract<Deed, { type: 'block' }>): void {
  const { at } = harm;
  const words = [...wrongs(one, harm, at)];
  if (one.life.kind === 'service') words.push('a service account is never blocked');
  const { stage } = standingBefore(one, harm);
  if (stage !== 'grace') words.push(`it came from ${stage}`);
  const unwarned = harm.lastDay === null ? null : wasNotWarned(one, dayOf(harm.lastDay), at);
  if (unwarned) words.push(unwarned);
  judge(one, harm, { at, kind: 'wrongBlock', words });
  if (isEarly(one, harm, one.rules.block, at)) accuse(one, 'early', at, 'block: its day had not begun');
}

/** Judges a delete: right, not early, from a block and not in one go with it. One that had begun is finished. */
export function judgeDelete(one: Case, harm: Extract<Deed, { type: 'delete' }>): void {
  const at = harm.begunAt ?? harm.at;
  const words = [...wrongs(one, harm, at)];
  if (one.life.kind === 'service') words.push('a service account is never deleted');
  const { stage, blockedAt } = standingBefore(one, harm);
  if (stage !== 'blocked') words.push(`it came from ${stage}`);
  if (blockedAt !== null) {
    const allowedOn = one.zone.dayAt(blockedAt) + one.rules.deleteAfterBlock;
    if (at < one.zone.startOf(allowedOn)) words.push('it came in one go with the block');
  }
  judge(one, harm, { at, kind: 'wrongDelete', words });
  if (isEarly(one, harm, one.rules.delete, at)) accuse(one, 'early', at, 'delete: its day had not begun');
}

/** Judges that a service account was handed on. */
export function judgeTransfer(one: Case, harm: Extract<Deed, { type: 'transfer' }>): void {
  const { at } = harm;
  // The owner until then.
  const heirs = one.worlds.findIndex(({ from, value }) => from === at && value.person === harm.to);
  const before: Case = { ...one, worlds: one.worlds.slice(0, Math.max(1, heirs)) };
  const words = [...wrongs(before, harm, at)];
  if (one.life.kind !== 'service') words.push('only service accounts are handed on');
  if (worldsFor(before, at).some(({ person }) => person === harm.to)) words.push('to its own owner');
  judge(one, harm, { at, kind: 'wrong', words });
  if (isEarly(one, harm, 0, at)) accuse(one, 'early', at, 'transfer: its day had not begun');
}
