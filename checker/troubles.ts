import type { Moment, Trouble } from './life.ts';

/** Whether one trouble that keeps notices from going out lasted from a moment to another. `slack` = seen so late, in ms. */
export function coversBoth(
  troubles: readonly Trouble[],
  { first, second, slack }: { readonly first: Moment; readonly second: Moment; readonly slack: number },
): boolean {
  return troubles.some(
    ({ what, from, to }) => what !== 'freeze' && from <= first + slack && to + slack >= second,
  );
}
