import { describe, expect, test } from 'vitest';
import { lineThrough, percentile } from '../../bench/statistics.ts';

describe('the statistics of the benchmarks', () => {
  test.each([
    [50, 5],
    [99, 10],
    [100, 10],
    [10, 1],
  ])('%i per cent of ten values do not exceed the percentile', (percent, expected) => {
    expect(percentile([10, 2, 3, 4, 5, 6, 7, 8, 9, 1], percent)).toBe(expected);
  });

  test('of nothing there is no percentile', () => {
    expect(percentile([], 50)).toBeNaN();
  });

  test('the line goes through points that lie on one', () => {
    const line = lineThrough([
      [1, 5],
      [2, 7],
      [4, 11],
    ]);
    expect(line).toEqual({ slope: 2, atZero: 3 });
  });

  test('of points that do not, it is the nearest by least squares', () => {
    const line = lineThrough([
      [0, 0],
      [1, 2],
      [2, 1],
    ]);
    expect(line.slope).toBeCloseTo(0.5);
    expect(line.atZero).toBeCloseTo(0.5);
  });
});
