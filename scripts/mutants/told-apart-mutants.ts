import type { Mutant } from './mutant.ts';

const APART = ['test/activities/told-apart.integration.test.ts'];
const DIFF = ['test/policy/sync-diff.test.ts'];

/** What one account heard of HR apart from the others, and that nobody takes back. */
export const TOLD_APART_MUTANTS: readonly Mutant[] = [
  {
    name: 'what-a-refused-step-heard-is-never-taken-back',
    file: 'activities/steps/refused-by-hr.ts',
    find: 'await context.deps.registry.toldApart({ personId, number });',
    replace: 'await Promise.resolve({ personId, number });',
    tests: APART,
  },
  {
    name: 'what-a-joiner-heard-is-never-taken-back',
    file: 'activities/steps/access.ts',
    find: 'return tellingApart(context, observation);',
    replace: "return { result: 'refused', why: { code: 'observation', observation } };",
    tests: APART,
  },
  {
    name: 'what-an-account-heard-apart-is-not-compared',
    file: 'src/policy/sync-diff.ts',
    find: 'tolds.set(observation.number, observation);',
    replace: '',
    tests: DIFF,
  },
  {
    name: 'what-an-owner-before-was-told-is-compared',
    file: 'src/policy/sync-diff.ts',
    find: 'observation?.personId !== personId || observation.number',
    replace: '!observation || observation.number',
    tests: DIFF,
  },
  {
    name: 'an-heir’s-account-hears-what-waits-for-the-plan',
    file: 'activities/steps/transfer.ts',
    find: 'const told = known && toldOf(known);',
    replace: 'const told = known?.observation;',
    tests: ['test/activities/transfer.integration.test.ts'],
  },
];
