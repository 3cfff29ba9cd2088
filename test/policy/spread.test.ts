import { describe, expect, it } from 'vitest';
import { accountDate } from '../../src/policy/facts.ts';
import { milestoneMoment } from '../../src/policy/moments.ts';
import { spreadOf } from '../../src/policy/spread.ts';
import { at, LAST_DAY, policyFor } from '../support/policy-builders.ts';

const HOUR = 3_600_000;
const policy = policyFor('primary', { spreadMinutes: 60 });
const ids = Array.from({ length: 6000 }, (_, index) => `acc-${index}`);

describe('the spread', () => {
  it('is stable: the same for an account for ever', () => {
    // Written down once: another value would move every milestone of every account that sleeps.
    expect(spreadOf('acc-1', policy)).toBe(2035571);
  });

  it('starts at the moment and stays below the window', () => {
    const spreads = ids.map((id) => spreadOf(id, policy));
    expect(Math.min(...spreads)).toBeGreaterThanOrEqual(0);
    expect(Math.max(...spreads)).toBeLessThan(HOUR);
    expect(ids.map((id) => spreadOf(id, { spreadMinutes: 0 })).every((ms) => ms === 0)).toBe(true);
  });

  it('is even, for ids that differ in their last character only as well', () => {
    const minutes = new Array<number>(60).fill(0);
    for (const id of ids) {
      const minute = Math.floor(spreadOf(id, policy) / 60_000);
      minutes[minute] = (minutes[minute] ?? 0) + 1;
    }
    expect(Math.min(...minutes)).toBeGreaterThan(60);
    expect(Math.max(...minutes)).toBeLessThan(150);
  });

  it('every milestone of an account is spread alike, notices and leaving too', () => {
    const bare = policyFor('primary');
    const spread = policy.milestones.map(
      (milestone) =>
        milestoneMoment(milestone, LAST_DAY, 'acc-7', policy) -
        milestoneMoment(milestone, LAST_DAY, 'acc-7', bare),
    );
    expect(new Set(spread)).toEqual(new Set([spreadOf('acc-7', policy)]));
  });

  it('an account’s date changes at the moment of its milestones, not before', () => {
    const begins = at('2027-04-01') + spreadOf('acc-1', policy);
    expect(accountDate({ accountId: 'acc-1' }, policy, begins - 1)).toBe('2027-03-31');
    expect(accountDate({ accountId: 'acc-1' }, policy, begins)).toBe('2027-04-01');
  });
});
