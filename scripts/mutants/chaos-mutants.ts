import type { Mutant } from './mutant.ts';

const CHAOS = ['test/chaos/short-run.workflow.test.ts'];
const COMPARE = ['test/checker/compare-runs.test.ts'];

/** Faults that only show when something dies at the wrong moment, and a judge that overlooks them. */
export const CHAOS_MUTANTS: readonly Mutant[] = [
  {
    name: 'a-mail-sent-again-has-another-message-id',
    file: 'src/connectors/smtp/message-id.ts',
    find: 'update(key)',
    replace: 'update(`${key}/${String(performance.now())}`)',
    tests: CHAOS,
  },
  {
    name: 'leaving-a-day-early',
    file: 'src/policy/moments.ts',
    find: 'milestone.offset : milestone.offset + 1);',
    replace: 'milestone.offset : milestone.offset);',
    tests: CHAOS,
  },
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
    find: 'from <= notice.dueAt + DAY &&',
    replace: 'from <= to &&',
    tests: COMPARE,
  },
];
