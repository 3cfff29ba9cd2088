import type { Mutant } from './mutant.ts';

const LIVES = ['test/policy/random-instance-lives.property.test.ts'];
const HANDLER = ['test/activities/instance/handle-instance.integration.test.ts'];
const ALARMS = ['test/activities/instance/alarms.integration.test.ts'];

/** Wrong lives of accounts of an instance, and synchronisations that say too much of what they did not do. */
export const INSTANCE_RUN_MUTANTS: readonly Mutant[] = [
  {
    name: 'an-account-of-an-instance-ends-before-it-was-compared',
    file: 'src/policy/next-step.ts',
    find: 'isUncompared(state) && !state.holds.ignored ? []',
    replace: 'isUncompared(state) && state.holds.ignored !== null ? []',
    tests: LIVES,
  },
  {
    name: 'an-account-of-an-instance-is-deleted-right-after-its-block',
    file: 'src/policy/milestone-steps.ts',
    find: 'Math.min(policy.deleteAfterBlockDays,',
    replace: 'Math.min(policy.deleteAfterBlockDays - 1,',
    tests: LIVES,
  },
  {
    name: 'an-older-look-at-the-instance-counts',
    file: 'src/policy/fold-instance.ts',
    find: 'facts.number <= (known?.number ?? -1)',
    replace: 'facts.number < (known?.number ?? -1) - 1',
    tests: LIVES,
  },
  {
    name: 'an-account-of-an-instance-comes-back-by-itself',
    file: 'src/policy/access-steps.ts',
    find: 'if (state.instance !== undefined) return mending(look);',
    replace: '',
    tests: LIVES,
  },
  {
    name: 'what-the-instance-refuses-our-client-is-nothing',
    file: 'activities/instance/handle-instance.ts',
    find: 'if (refusal !== null) throw refused(refusal, reached);',
    replace: '',
    tests: HANDLER,
  },
  {
    name: 'without-a-token-everybody-is-asked-for',
    file: 'activities/instance/handle-instance.ts',
    find: "silence.failed(code) || code === 'IAM_UNAUTHORIZED'",
    replace: 'silence.failed(code)',
    tests: HANDLER,
  },
  {
    name: 'a-row-of-the-person-compares-whoever-came-since',
    file: 'activities/instance/handle-instance.ts',
    find: 'new Set(rows.flatMap(({ instanceChanges }) => instanceChanges));',
    replace: 'new Set(rows.flatMap(() => untold.map(({ accountId }) => nameOfUntold(accountId))));',
    tests: HANDLER,
  },
  {
    name: 'a-run-that-left-accounts-out-clears-alarms',
    file: 'activities/instance/instance-alarms.ts',
    find: 'isThere: otherExperiment > 0,\n    isWhole: !gaveUp,',
    replace: 'isThere: otherExperiment > 0,\n    isWhole: true,',
    tests: ALARMS,
  },
  {
    name: 'silence-of-the-instance-is-never-over',
    file: 'activities/instance/instance-alarms.ts',
    find: 'isThere: gaveUp,\n    isWhole: true,',
    replace: 'isThere: gaveUp,\n    isWhole: false,',
    tests: ALARMS,
  },
];
