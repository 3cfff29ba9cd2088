import { zurichInstant } from '../zurich-time.ts';

interface Stretch {
  readonly from: number;
  readonly until: number;
  /** `all` = the worker was down all through it; `some` = at some time in it. */
  readonly down: 'all' | 'some';
}

/** One line of a character's list: what must happen, and the moment before which it must not. */
export interface Expected {
  /** What happens, in the words that `actual.ts` uses too. */
  readonly what: string;
  /** Not before this moment, on the story's clock. */
  readonly from: number;
  /** It need not happen if the worker was down in this stretch; `null` = it must happen. */
  readonly unlessDown: Stretch | null;
  /** It happens only if the worker was down in this stretch, and then need not. */
  readonly ifDown: Stretch | null;
  /** It may happen or not: it depends on the second in which somebody looks. */
  readonly perhaps: boolean;
}

const LINE =
  /^(\d{4}-\d\d-\d\d|start|end)(?: (\d\d:\d\d))? (.+?)(?: \[(perhaps|(if|unless) down (within )?(\d{4}-\d\d-\d\d) to (\d{4}-\d\d-\d\d))\])?$/;

/** Mail of the policy's calendar goes out at the notice time; everything else may come as the date begins. */
const AT_NOTICE_TIME = /(^|: )(notice|supervisor notice|all-clear|reminder) /;

function parseLine(line: string): Expected {
  const [, date, time, words, condition, when, within, downFrom = '', downUntil = ''] = LINE.exec(line) ?? [];
  if (date === undefined || words === undefined) throw new RangeError(`cannot be read: ${line}`);
  const what = date === 'end' ? `end ${words}` : words;
  const isDated = date !== 'start' && date !== 'end';
  const stretch = (): Stretch => ({
    from: zurichInstant(downFrom),
    until: zurichInstant(downUntil),
    down: within === undefined ? 'all' : 'some',
  });
  return {
    what,
    from: isDated ? zurichInstant(date, time ?? (AT_NOTICE_TIME.test(what) ? '08:00' : '00:00')) : -Infinity,
    unlessDown: when === 'unless' ? stretch() : null,
    ifDown: when === 'if' ? stretch() : null,
    perhaps: condition === 'perhaps',
  };
}

/**
 * Reads a character's list. A line is `DATE [HH:MM] WHAT`: not before the date in Zurich (and the time, which for
 * notices is 08:00 unless it says otherwise). `start WHAT` = before the story begins; `end WHAT` = how things stand
 * when it is over. A line may end with `[unless down DATE to DATE]`, for what is nobody's duty if the worker was down
 * from the one day to the other, `[if down DATE to DATE]`, for what is done in its place (with
 * `within` before the dates, the worker need only have been down for a part of it), or `[perhaps]`. `*` stands
 * for a date that depends on when HR was looked at. Throws a `RangeError` for a line that cannot be read.
 */
export function parseExpected(text: string): readonly Expected[] {
  return text
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '')
    .map(parseLine);
}
