import { describe, expect, it } from 'vitest';
import { killMoments } from '../../src/demo/kill-plan.ts';

describe('the moments at which the worker is killed', () => {
  it('are the same for the same seed, and others for another', () => {
    const plan = (seed: number) => killMoments({ kills: 5, seed, from: 0, until: 1000 });
    expect(plan(7)).toEqual(plan(7));
    expect(plan(8)).not.toEqual(plan(7));
  });
  it('lie one in each part, and leave the last third of it for the restart', () => {
    for (let seed = 0; seed < 50; seed += 1) {
      const moments = killMoments({ kills: 5, seed, from: 100, until: 600 });
      expect(moments).toHaveLength(5);
      for (const [index, moment] of moments.entries()) {
        expect(moment).toBeGreaterThanOrEqual(100 + index * 100);
        expect(moment).toBeLessThan(100 + index * 100 + 67);
      }
    }
  });
  it('are none when none is wanted', () => {
    expect(killMoments({ kills: 0, seed: 1, from: 0, until: 1 })).toEqual([]);
  });
});
