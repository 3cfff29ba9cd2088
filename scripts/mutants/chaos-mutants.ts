import type { Mutant } from './mutant.ts';

const COMPARE = ['test/checker/compare-runs.test.ts'];
const MERGED = ['test/checker/merged-notice.test.ts'];

/** Faults that only show when something dies at the wrong moment, and a judge that overlooks them. */
export const CHAOS_MUTANTS: readonly Mutant[] = [
  {
    name: 'judge-overlooks-half-done-effects',
    file: 'checker/compare-runs.ts',
    find: '.filter(({ isDone }) => !isDone)',
    replace: '.filter(() => false)',
    tests: COMPARE,
  },
  {
    name: 'judge-excuses-every-merged-notice',
    file: 'checker/compare-runs.ts',
    find: 'coversBoth(troubles, { first, second, slack: DAY })',
    replace: 'troubles.length > 0',
    tests: COMPARE,
  },
  {
    name: 'judge-calls-every-missed-notice-merged',
    file: 'checker/merged-notice.ts',
    find: 'wasOvertaken(life, missed, momentOf(lastDay, mail.offset)),',
    replace: 'wasOvertaken(life, missed, missed),',
    tests: MERGED,
  },
  {
    name: 'judge-calls-notices-merged-that-came-after-the-trouble',
    file: 'checker/troubles.ts',
    find: 'from <= first + slack && to',
    replace: 'from <= second && to',
    tests: MERGED,
  },
];
