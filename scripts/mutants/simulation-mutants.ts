import type { Mutant } from './mutant.ts';

const tests = ['test/simulate/simulation.property.test.ts'];

/** Wrong rules that the short simulation must find by itself, through the independent checker. */
export const SIMULATION_MUTANTS: readonly Mutant[] = [
  {
    name: 'simulated-a-day-early',
    file: 'src/policy/moments.ts',
    find: 'milestone.offset : milestone.offset + 1)',
    replace: 'milestone.offset : milestone.offset)',
    tests,
  },
  {
    name: 'simulated-notices-a-day-late',
    file: 'src/policy/moments.ts',
    find: 'milestone.offset : milestone.offset + 1)',
    replace: 'milestone.offset + 1 : milestone.offset + 1)',
    tests,
  },
  {
    name: 'simulated-block-and-delete-in-one-go',
    file: 'src/policy/milestone-steps.ts',
    find: 'return Math.max(moment, dateMoment(date, state.accountId, policy));',
    replace: 'return moment + 0 * date.length;',
    tests,
  },
  {
    name: 'simulated-all-missed-notices-go-out',
    file: 'src/policy/notices.ts',
    find: 'const latest = passed.at(-1);',
    replace: 'const latest = passed.find((one) => lastToldDay(state, one.notice) !== lastDay);',
    tests,
  },
  {
    name: 'simulated-future-tie-stops-a-leaving',
    file: 'src/policy/governing.ts',
    find: 'const begun = runs.filter((run) => hasBegun(run, today));\n  const next',
    replace: 'const begun = runs;\n  const next',
    tests,
  },
  {
    name: 'simulated-word-of-a-moment-is-kept-for-ever',
    file: 'scripts/simulate/hr.ts',
    find: 'isToldApart = true;',
    replace: 'isToldApart = false;',
    tests,
  },
  {
    name: 'judge-excuses-what-was-never-told',
    file: 'checker/judge-untold.ts',
    find: 'if (late) accuse(',
    replace: 'if (late && every === 0) accuse(',
    tests: ['test/checker/judge-untold.test.ts'],
  },
  {
    name: 'judge-excuses-what-was-never-told-after-any-other-word',
    file: 'checker/judge-untold.ts',
    find: 'const goesOn = last?.to === from &&',
    replace: 'const goesOn = last?.to === -1 &&',
    tests: ['test/checker/judge-untold.test.ts'],
  },
  {
    name: 'simulated-ignored-accounts-are-blocked',
    file: 'src/policy/facts.ts',
    find: "return state.holds.ignored !== null && state.kind !== 'experiment';",
    replace: "return state.holds.ignored !== null && state.kind === 'experiment';",
    tests,
  },
];
