import type { Mutant } from './mutant.ts';

const WORDS = ['test/demo/check/instance-words.test.ts'];
const ACTUAL = ['test/demo/check/actual.test.ts'];

/** A judge of the demo that looks away from the INDIGO IAM instance. */
export const DEMO_INSTANCE_MUTANTS: readonly Mutant[] = [
  {
    name: 'demo-takes-what-iam-admins-do-for-ours',
    file: 'src/demo/check/instance-words.ts',
    find: "write.by === 'admin' || ",
    replace: '',
    tests: WORDS,
  },
  {
    name: 'demo-forgets-a-status-behind-an-outage',
    file: 'src/demo/check/instance-words.ts',
    find: 'if (words === status) return [];',
    replace: 'if (status !== null) return [];',
    tests: WORDS,
  },
  {
    name: 'demo-overlooks-what-is-written-to-strangers',
    file: 'src/demo/check/actual.ts',
    find: 'record.nick === null && deedsOf(record).length > 0',
    replace: 'record.nick === null && deedsOf(record).length > 9',
    tests: ACTUAL,
  },
  {
    name: 'demo-takes-every-account-of-iam-for-followed',
    file: 'src/demo/check/actual.ts',
    find: "account?.state.stage ?? 'not followed'",
    replace: "account?.state.stage ?? 'active'",
    tests: ACTUAL,
  },
];
