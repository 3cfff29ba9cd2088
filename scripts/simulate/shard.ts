import { DAY_MS } from '../../src/contracts/time.ts';
import { createChecker } from '../../checker/check-life.ts';
import type { Finding, FindingKind } from '../../checker/life.ts';
import { livePerson } from './live-person.ts';
import { scriptOf } from './script.ts';

/** A finding, and the person of the seed in whose life it is. */
export interface Found extends Finding {
  readonly index: number;
}

/** What a part of a simulation came to. */
export interface Tally {
  readonly persons: number;
  readonly accounts: number;
  readonly accountYears: number;
  readonly counts: Readonly<Record<FindingKind, number>>;
  /** The first ones, to be shown. */
  readonly findings: readonly Found[];
}

export const NOTHING: Tally = {
  persons: 0,
  accounts: 0,
  accountYears: 0,
  counts: { wrongBlock: 0, wrongDelete: 0, noticeMissed: 0, noticeDoubled: 0, early: 0, lost: 0, wrong: 0 },
  findings: [],
};

const SHOWN = 10;
const YEAR_MS = 365.25 * DAY_MS;

export function added(a: Tally, b: Tally): Tally {
  const counts = { ...a.counts };
  for (const kind of Object.keys(b.counts) as FindingKind[]) counts[kind] += b.counts[kind];
  return {
    persons: a.persons + b.persons,
    accounts: a.accounts + b.accounts,
    accountYears: a.accountYears + b.accountYears,
    counts,
    findings: [...a.findings, ...b.findings].sort((x, y) => x.index - y.index).slice(0, SHOWN),
  };
}

/**
 * Lives the persons `first`, `first + step`, … of a seed until their accounts have lived so many years, and judges
 * every one of them. `progress` hears of the years every now and then.
 */
export function simulate(input: {
  readonly seed: number;
  readonly first: number;
  readonly step: number;
  readonly years: number;
  readonly progress?: (accountYears: number) => void;
}): Tally {
  const check = createChecker();
  const counts = { ...NOTHING.counts };
  const findings: Found[] = [];
  let [persons, accounts, lived] = [0, 0, 0];
  for (let index = input.first; lived / YEAR_MS < input.years; index += input.step) {
    for (const life of livePerson(scriptOf(input.seed, index), input.seed, index)) {
      accounts += 1;
      lived += life.until - life.from;
      for (const finding of check(life)) {
        counts[finding.kind] += 1;
        if (findings.length < SHOWN) findings.push({ ...finding, index });
      }
    }
    persons += 1;
    if (persons % 500 === 0) input.progress?.(lived / YEAR_MS);
  }
  return { persons, accounts, accountYears: lived / YEAR_MS, counts, findings };
}
