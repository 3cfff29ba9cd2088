import { describe, expect, it } from 'vitest';
import type { LookCounts } from '../../src/contracts/plan.ts';
import { checkSafeguard } from '../../src/policy/safeguard.ts';
import { NO_LOOKS } from '../../src/policy/sync-counts.ts';
import { SAFEGUARD } from '../support/safeguard.ts';

function looks(looked: number, over: Partial<LookCounts> = {}): LookCounts {
  const all = { looked, expected: looked, answered: looked };
  return { ...NO_LOOKS, ...all, holders: { ...all, ...over }, ...over };
}

function check(losses: number, looked: number, over: { earlier?: number; looks?: Partial<LookCounts> } = {}) {
  return checkSafeguard({
    losses,
    earlierLosses: over.earlier ?? 0,
    looks: looks(looked, over.looks),
    limits: SAFEGUARD,
  });
}

describe('losses and shortenings wait', () => {
  it.each([
    ['3 of 10, which is many but no more than three', 3, 10, false],
    ['4 of 10', 4, 10, true],
    ['4 of 80, which is five per cent', 4, 80, false],
    ['4 of 79', 4, 79, true],
    ['5 of 100, which is five per cent', 5, 100, false],
    ['6 of 100', 6, 100, true],
    ['200 of 100,000', 200, 100_000, false],
    ['201 of 100,000', 201, 100_000, true],
    ['nobody of nobody', 0, 0, false],
  ] as const)('%s', (_, losses, looked, isHeld) => {
    expect(check(losses, looked).heldBecause.length > 0).toBe(isHeld);
  });

  it('when losses of earlier runs within the window come on top', () => {
    expect(check(2, 50, { earlier: 1 }).heldBecause).toEqual([]);
    expect(check(1, 50, { earlier: 3 }).heldBecause).toEqual([
      '4 losses among 50 persons with an account (8.0 %), with those of the last 24 hours: more than 3 and more than 5 %',
    ]);
    expect(check(1, 100_000, { earlier: 200 }).heldBecause[0]).toContain('more than 200');
  });

  it('not because of earlier losses alone: what does not lose anybody is applied', () => {
    expect(check(0, 50, { earlier: 30 }).heldBecause).toEqual([]);
  });

  it.each([
    ['2 of 3 silent people: fewer than three', 3, 1, false],
    ['3 of 29', 29, 26, true],
    ['3 of 30, which is ninety per cent', 30, 27, false],
    ['all', 10_000, 0, true],
    ['half', 10_000, 5_000, true],
    ['none', 10_000, 10_000, false],
  ] as const)('when HR no longer answers for %s', (_, expected, answered, isShrunk) => {
    const verdict = check(0, expected, { looks: { expected, answered } });
    expect(verdict.shrunk !== null).toBe(isShrunk);
    expect(verdict.heldBecause.length > 0).toBe(isShrunk);
  });

  it.each([
    ['5 of 91, although a hundred were expected', 5, 91, 100],
    ['4 of the ten that could be read, whatever the ranges without an answer hold', 4, 10, 100],
    ['4 where nobody could be read: they were found before', 4, 0, 100],
  ] as const)('by their share of those looked at: %s', (_, losses, looked, expected) => {
    const verdict = check(losses, looked, { looks: { expected, answered: expected } });
    expect(verdict.heldBecause).toEqual([expect.stringContaining('more than 5 %')]);
  });

  it('by their share of those with an account: whoever left long ago is no reason to let a site go', () => {
    expect(
      check(20, 420, { looks: { holders: { looked: 20, expected: 20, answered: 20 } } }).heldBecause,
    ).toEqual(['20 losses among 20 persons with an account (100.0 %): more than 3 and more than 5 %']);
  });

  it('when HR no longer answers for those with an account, whomever else it answers for', () => {
    const holders = { looked: 20, expected: 20, answered: 0 };
    const verdict = check(0, 420, { looks: { answered: 400, holders } });
    expect(verdict.shrunk).toBe(
      'HR answers for 0 of the 20 persons with an account it answered for last time: less than 90 %',
    );
  });

  it('by limits of the site', () => {
    const limits = { ...SAFEGUARD, lossCount: 0, lossPercent: 0, missingCount: 1, answeredPercent: 100 };
    const verdict = checkSafeguard({ losses: 1, earlierLosses: 0, looks: looks(9, { answered: 8 }), limits });
    expect(verdict.heldBecause).toHaveLength(2);
  });
});
