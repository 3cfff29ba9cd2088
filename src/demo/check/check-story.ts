import type { Character } from '../story/character.ts';
import { zurichWords } from '../zurich-time.ts';
import type { Actual } from './actual.ts';
import { parseExpected, type Expected } from './expected.ts';

/** A stretch in which no worker ran, on the story's clock. */
export interface Outage {
  readonly from: number;
  readonly until: number;
}

export interface Difference {
  readonly type: 'missing' | 'extra' | 'twice' | 'early';
  readonly nick: string;
  readonly words: string;
}

/** One line of a list and what became of it. */
export interface Checked {
  readonly nick: string;
  readonly what: string;
  readonly kind: string;
  readonly done: boolean;
  /** Why it need not have been done; `null` = it was, or had to be. */
  readonly excused: 'the worker was down' | 'it may happen or not' | null;
  /** Days after the moment before which it must not happen; `null` = not done, or no moment. */
  readonly lateDays: number | null;
}

export interface Verdict {
  readonly checked: readonly Checked[];
  readonly differences: readonly Difference[];
}

const DAY_MS = 86_400_000;
/** A stretch counts as missed although the worker ran in its first or last hours. */
const SLACK_MS = DAY_MS / 2;

function wasDown(outages: readonly Outage[], stretch: NonNullable<Expected['unlessDown']>): boolean {
  return outages.some(({ from, until }) =>
    stretch.down === 'some'
      ? from < stretch.until && until > stretch.from
      : from <= stretch.from + SLACK_MS && until >= stretch.until - SLACK_MS,
  );
}

function excuseOf(line: Expected, outages: readonly Outage[]): Checked['excused'] {
  if (line.unlessDown !== null && wasDown(outages, line.unlessDown)) return 'the worker was down';
  return line.perhaps || line.ifDown !== null ? 'it may happen or not' : null;
}

/** Lists may write `*` for a date that depends on when HR was looked at. */
function fits(expected: string, actual: string): boolean {
  if (!expected.includes('*')) return expected === actual;
  return expected === actual.replaceAll(/\d{4}-\d\d-\d\d/g, '*');
}

function kindOf(what: string): string {
  const words = what.replace(/^[\w ]+: /, '');
  if (/^(notice|supervisor|all-clear|welcome|reminder|case|service-account)/.test(words)) return 'mail';
  return words.split(' ')[0] ?? words;
}

function checkOne(
  nick: string,
  expected: readonly Expected[],
  actual: readonly Actual[],
  outages: readonly Outage[],
): Verdict {
  const left = [...actual];
  const checked: Checked[] = [];
  const differences: Difference[] = [];
  for (const line of expected) {
    const index = left.findIndex(({ what }) => fits(line.what, what));
    const [found] = index < 0 ? [] : left.splice(index, 1);
    const own = { nick, what: line.what, kind: found?.kind ?? kindOf(line.what) };
    if (!found) {
      // What is done only in place of something else is nobody's duty while the other was done.
      if (line.ifDown !== null && !wasDown(outages, line.ifDown)) continue;
      const excused = excuseOf(line, outages);
      checked.push({ ...own, done: false, excused, lateDays: null });
      if (excused === null) differences.push({ type: 'missing', nick, words: line.what });
      continue;
    }
    if (line.ifDown !== null && !wasDown(outages, line.ifDown)) {
      differences.push({ type: 'extra', nick, words: `${line.what}, although the worker was not down` });
    }
    if (found.at !== null && found.at < line.from) {
      const words = `${line.what}: ${zurichWords(found.at)}, not before ${zurichWords(line.from)}`;
      differences.push({ type: 'early', nick, words });
    }
    const hasMoment = Number.isFinite(line.from);
    const lateDays = found.at !== null && hasMoment ? (found.at - line.from) / DAY_MS : null;
    checked.push({ ...own, done: true, excused: null, lateDays });
  }
  for (const { what, at } of left) {
    const isKnown = expected.some((line) => fits(line.what, what));
    const when = at === null ? '' : ` (${zurichWords(at)})`;
    differences.push({ type: isKnown ? 'twice' : 'extra', nick, words: `${what}${when}` });
  }
  return { checked, differences };
}

/**
 * Holds what happened against the lists: by set, nothing missing, nothing else, nothing twice, nothing before its
 * moment. How late something was is told, not judged.
 */
export function checkStory(input: {
  readonly characters: readonly Character[];
  readonly actual: readonly Actual[];
  readonly outages: readonly Outage[];
  /** What happened after this moment belongs to no list. */
  readonly end: number;
}): Verdict {
  const { characters, outages, end } = input;
  const told = input.actual.filter(({ at }) => at === null || at <= end);
  const verdicts = characters.map((character) => {
    const own = input.actual.filter(({ nick }) => nick === character.nick);
    const expected = parseExpected(character.expected);
    // What is expected may come late, also after the end.
    const counted = own.filter(
      ({ at, what }) => at === null || at <= end || expected.some((e) => fits(e.what, what)),
    );
    return checkOne(character.nick, expected, counted, outages);
  });
  const nicks = new Set(characters.map(({ nick }) => nick));
  const strangers = told
    .filter(({ nick }) => !nicks.has(nick))
    .map(({ nick, what }): Difference => ({ type: 'extra', nick, words: what }));
  return {
    checked: verdicts.flatMap(({ checked }) => checked),
    differences: [...verdicts.flatMap(({ differences }) => differences), ...strangers],
  };
}
