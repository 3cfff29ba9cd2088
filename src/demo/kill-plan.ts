/** A small generator of numbers from 0 to 1 (mulberry32): the same for the same seed on every machine. */
export function seededNumbers(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

/**
 * So many moments between two, in their order: one in each of as many equal parts, and not in a part's last third, so
 * that one worker runs again before the next dies.
 */
export function killMoments(input: {
  readonly kills: number;
  readonly seed: number;
  readonly from: number;
  readonly until: number;
}): readonly number[] {
  const { kills, seed, from, until } = input;
  const next = seededNumbers(seed);
  const part = (until - from) / Math.max(kills, 1);
  return Array.from({ length: kills }, (_, index) => from + part * (index + (next() * 2) / 3));
}
