import type { Difference, DifferenceCounts } from '../../src/contracts/reconcile.ts';

/** Differences as an activity answers them: as many rows as there is room for, and the count of all. */
export interface ToldDifferences {
  readonly rows: readonly Difference[];
  readonly counts: DifferenceCounts;
}

/** Keeps a comparison after a disaster, when every account differs, from filling a history with rows that nobody reads. */
export function told(differences: readonly Difference[], room: number): ToldDifferences {
  const kinds: Partial<Record<Difference['kind'], number>> = {};
  for (const { kind } of differences) kinds[kind] = (kinds[kind] ?? 0) + 1;
  const repaired = differences.filter((one) => one.repaired).length;
  return {
    rows: differences.slice(0, Math.max(0, room)),
    counts: { differences: differences.length, repaired, kinds },
  };
}
