import { describe, expect, it } from 'vitest';
import { backoffBefore } from '../../../activities/sync/backoff.ts';

const retryPolicy = { initialInterval: 1000, maximumInterval: 60_000, backoffCoefficient: 2 };

describe('the pause before an attempt', () => {
  it.each([
    [1, 0],
    [2, 1000],
    [3, 2000],
    [7, 32_000],
    [8, 60_000],
    [5000, 60_000],
  ])('of number %d is %d ms', (attempt, ms) => {
    expect(backoffBefore({ attempt, retryPolicy })).toBe(ms);
  });

  it('is none that is known when Temporal says no policy', () => {
    expect(backoffBefore({ attempt: 3 })).toBe(0);
  });
});
