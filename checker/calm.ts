import { patience, type Case } from './case.ts';
import { untoldTurns } from './hr-turns.ts';
import type { Moment, Trouble } from './life.ts';
import { turningDays } from './ties.ts';

/** A time in which nothing happened, all worked, and what was due had to be done. */
export interface Calm {
  readonly from: Moment;
  readonly to: Moment;
}

/** What a duty depends on, beside the worker, which all do. */
export type Need = Exclude<Trouble['what'], 'worker'>;

function troubles(one: Case, needs: readonly Need[]): readonly Calm[] {
  return one.life.troubles.flatMap(({ what, from, to }) => {
    if (what === 'worker') return [{ from, to: to + one.life.slackMs }];
    return needs.includes(what) ? [{ from, to: to + one.rules.retryMs }] : [];
  });
}

/** Times in which HR answered otherwise than the account had been told, or not at all; how long is judged apart. */
function unsettled(one: Case): readonly Calm[] {
  return untoldTurns(one).map(({ from, to }) => ({ from, to: to + one.rules.retryMs }));
}

/** Moments at which something happened or a day turned: what was due is counted from there anew. */
function turns(one: Case): readonly Calm[] {
  const at = [...one.worlds.map(({ from }) => from), ...one.standings.map(({ from }) => from)];
  const days = one.worlds.flatMap(({ value: { ties, ignored } }) => [
    ...(ties === null ? [] : turningDays(ties)),
    ...(typeof ignored?.until === 'number' ? [ignored.until + 1] : []),
  ]);
  const inLife = (moment: Moment) => moment > one.life.from && moment < one.life.until;
  const starts = [...new Set(days)].map((day) => one.zone.startOf(day)).filter(inLife);
  return [
    ...at.map((moment) => ({ from: moment, to: moment })),
    ...starts.map((from) => ({ from, to: from + patience(one) })),
  ];
}

/** The times in which duties that have these needs had to be done, in order. */
export function calms(one: Case, needs: readonly Need[]): readonly Calm[] {
  const rough = [
    ...turns(one),
    ...troubles(one, needs),
    ...(needs.includes('hr') ? unsettled(one) : []),
  ].sort((a, b) => a.from - b.from);
  const result: Calm[] = [];
  let from = one.life.from;
  for (const next of rough) {
    if (next.from > from) result.push({ from, to: next.from });
    from = Math.max(from, next.to);
  }
  if (one.life.until > from) result.push({ from, to: one.life.until });
  return result;
}
