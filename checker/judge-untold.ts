import { accuse, type Case } from './case.ts';
import { untoldTurns } from './hr-turns.ts';
import type { Answer, Moment } from './life.ts';

/** Somebody's answer that HR went on giving, although the account had been told another. */
interface Untold {
  readonly answer: Answer;
  readonly person: string;
  readonly from: Moment;
  readonly to: Moment;
}

function isSame(a: Answer, b: Answer): boolean {
  return a === b || JSON.stringify(a) === JSON.stringify(b);
}

/** What HR went on answering and the account had not been told, in order. */
function untolds(one: Case): readonly Untold[] {
  const found: Untold[] = [];
  for (const { from, to: end, world, answer } of untoldTurns(one)) {
    if (answer.outcome === 'unavailable') continue;
    const { person } = world;
    const to = Math.min(end, one.life.until);
    const last = found.at(-1);
    // What it was told in between, which was neither, is no excuse.
    const goesOn = last?.to === from && last.person === person && isSame(last.answer, answer);
    if (goesOn) found[found.length - 1] = { ...last, to };
    else found.push({ answer, person, from, to });
  }
  return found;
}

/** The parts of a time in which HR could be synchronised. */
function undisturbed(one: Case, { from, to }: Untold): readonly (readonly [Moment, Moment])[] {
  const troubles = one.life.troubles
    .filter(({ what }) => what === 'worker' || what === 'hr')
    .sort((a, b) => a.from - b.from);
  const parts: (readonly [Moment, Moment])[] = [];
  let since = from;
  for (const trouble of troubles) {
    if (trouble.from > since) parts.push([since, Math.min(trouble.from, to)]);
    since = Math.max(since, trouble.to + one.life.slackMs);
  }
  return [...parts, [since, to]];
}

/**
 * What HR goes on saying is told to every account of the person: by the second synchronisation, and that it knows no such
 * person once there are sightings enough.
 */
export function judgeUntold(one: Case): void {
  const every = one.life.synchronisedEveryMs;
  if (every === undefined) return;
  const { toldWithin, sightings, sightingsMs } = one.rules;
  for (const untold of untolds(one)) {
    const isAbsence = untold.answer.outcome === 'no-person';
    const confirming = isAbsence ? Math.max(sightingsMs, sightings * every) + every : 0;
    const patience = toldWithin * every + confirming + one.life.slackMs;
    const late = undisturbed(one, untold).find(([from, to]) => to - from > patience);
    if (late) accuse(one, 'lost', late[0] + patience, 'the account was not told what HR goes on saying');
  }
}
