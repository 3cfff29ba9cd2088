import type { Case } from './case.ts';
import { heldAt } from './history.ts';
import type { Answer, Moment } from './life.ts';
import type { World } from './world.ts';

/** A stretch in which HR went on giving the same answer and the account was told nothing new. */
export interface HrTurn {
  readonly from: Moment;
  readonly to: Moment;
  /** What the account knew. */
  readonly world: World;
  /** HR's answer for the person it belonged to. */
  readonly answer: Answer;
}

/** Whether HR answered what the account had been told. */
function isAsTold(answer: Answer, { ties, isGone }: World): boolean {
  switch (answer.outcome) {
    case 'unavailable':
      return false;
    case 'no-person':
      return isGone;
    case 'found':
      return !isGone && (answer.ties === ties || JSON.stringify(answer.ties) === JSON.stringify(ties));
  }
}

/** The stretches, in order, in which HR answered otherwise than the account had been told, or not at all. */
export function untoldTurns({ life, worlds }: Case): readonly HrTurn[] {
  const answers = life.facts.flatMap((fact) => (fact.type === 'hrAnswers' ? [fact] : []));
  if (answers.length === 0) return [];
  const moments = [...answers.map(({ at }) => at), ...worlds.map(({ from }) => from)];
  const turns = [...new Set(moments)].sort((a, b) => a - b);
  return turns.flatMap((from, index) => {
    const world = heldAt(worlds, from);
    const answer = answers.filter(({ at, person }) => person === world.person && at <= from).at(-1)?.answer;
    const to = turns[index + 1] ?? life.until;
    return answer && !isAsTold(answer, world) ? [{ from, to, world, answer }] : [];
  });
}
