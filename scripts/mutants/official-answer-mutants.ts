import type { Mutant } from './mutant.ts';

const WALK = ['test/official-answers/official-answers.workflow.test.ts'];

/** The API or the directory goes by another calendar than the rules. */
export const OFFICIAL_ANSWER_MUTANTS: readonly Mutant[] = [
  {
    name: 'the-api-lets-a-last-day-last-a-day-longer',
    file: 'src/registry/stores/identity-store.ts',
    find: 'identities.valid_days @> ${today}::date end',
    replace: 'identities.valid_days @> (${today}::date - 1) end',
    tests: WALK,
  },
  {
    name: 'the-status-turns-inactive-a-day-late',
    file: 'src/policy/facts.ts',
    find: 'today <= addDays(lastDay.date, GRACE_PERIOD_DAYS)',
    replace: 'today <= addDays(lastDay.date, GRACE_PERIOD_DAYS + 1)',
    tests: WALK,
  },
  {
    name: 'a-hold-stops-the-status',
    file: 'src/policy/steps.ts',
    find: "return ['notice', 'allClear',",
    replace: "return ['status', 'notice', 'allClear',",
    tests: WALK,
  },
];
