import type { LookCounts } from '../contracts/plan.ts';
import type { ApplyCounts } from '../contracts/sync.ts';

export const NO_LOOKS: LookCounts = {
  looked: 0,
  expected: 0,
  answered: 0,
  changed: 0,
  noPerson: 0,
  unavailable: 0,
};

export const NOTHING_APPLIED: ApplyCounts = { joiners: 0, told: 0, stale: 0, failed: 0 };

export function addLooks(a: LookCounts, b: LookCounts): LookCounts {
  const holders = addHolders(a.holders, b.holders);
  return {
    looked: a.looked + b.looked,
    expected: a.expected + b.expected,
    answered: a.answered + b.answered,
    ...(holders && { holders }),
    changed: a.changed + b.changed,
    noPerson: a.noPerson + b.noPerson,
    unavailable: a.unavailable + b.unavailable,
  };
}

function addHolders(a: LookCounts['holders'], b: LookCounts['holders']): LookCounts['holders'] {
  if (a === undefined || b === undefined) return a ?? b;
  return {
    looked: a.looked + b.looked,
    expected: a.expected + b.expected,
    answered: a.answered + b.answered,
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
