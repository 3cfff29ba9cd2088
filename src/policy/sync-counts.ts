import type { LookCounts } from '../contracts/plan.ts';
import type { ApplyCounts } from '../contracts/sync.ts';

export const NO_LOOKS: LookCounts = {
  looked: 0,
  expected: 0,
  answered: 0,
  holders: 0,
  holdersExpected: 0,
  holdersAnswered: 0,
  changed: 0,
  noPerson: 0,
  unavailable: 0,
};

export const NOTHING_APPLIED: ApplyCounts = { joiners: 0, told: 0, stale: 0, failed: 0 };

/** What `b` leaves out counts as none: a run that is under way may have results of older code. */
export function addLooks(a: LookCounts, b: Partial<LookCounts>): LookCounts {
  return {
    looked: a.looked + (b.looked ?? 0),
    expected: a.expected + (b.expected ?? 0),
    answered: a.answered + (b.answered ?? 0),
    holders: a.holders + (b.holders ?? 0),
    holdersExpected: a.holdersExpected + (b.holdersExpected ?? 0),
    holdersAnswered: a.holdersAnswered + (b.holdersAnswered ?? 0),
    changed: a.changed + (b.changed ?? 0),
    noPerson: a.noPerson + (b.noPerson ?? 0),
    unavailable: a.unavailable + (b.unavailable ?? 0),
  };
}

/** What `b` leaves out counts as none. */
export function addApplied(a: ApplyCounts, b: Partial<ApplyCounts>): ApplyCounts {
  return {
    joiners: a.joiners + (b.joiners ?? 0),
    told: a.told + (b.told ?? 0),
    stale: a.stale + (b.stale ?? 0),
    failed: a.failed + (b.failed ?? 0),
  };
}
