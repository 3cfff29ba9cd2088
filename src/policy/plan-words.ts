import { CHANGE_KINDS, type ChangeKind, type RowCounts, type RowState } from '../contracts/plan.ts';

const PLURALS: Readonly<Record<ChangeKind, string>> = {
  loss: 'losses',
  shortening: 'shortenings',
  join: 'joins',
  return: 'returns',
  extension: 'extensions',
  correction: 'corrections',
};

/** How many rows of each kind, in words: `2 losses, 1 join`; of some states only, if they are given. */
export function countWords(rows: RowCounts, states?: readonly RowState[]): string {
  const parts = CHANGE_KINDS.flatMap((kind) => {
    const counts = Object.entries(rows[kind] ?? {}).filter(
      ([state]) => states === undefined || states.some((one) => one === state),
    );
    const count = counts.reduce((sum, [, number]) => sum + number, 0);
    return count === 0 ? [] : [`${String(count)} ${count === 1 ? kind : PLURALS[kind]}`];
  });
  return parts.length === 0 ? 'nothing' : parts.join(', ');
}

/** How many rows of a plan, of whatever kind, stand in this state. */
export function rowsIn(rows: RowCounts, state: RowState): number {
  return Object.values(rows).reduce((sum, counts) => sum + (counts[state] ?? 0), 0);
}
