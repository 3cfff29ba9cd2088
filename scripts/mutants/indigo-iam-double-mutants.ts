import type { Mutant } from './mutant.ts';

const FOLDER = 'src/demo/doubles/indigo-iam';
const TESTS = 'test/demo/doubles/indigo-iam';
const FAULTS = [`${TESTS}/faults.integration.test.ts`];
const PATCH = [`${TESTS}/patch-user.integration.test.ts`];
const LABELS = [`${TESTS}/labels.integration.test.ts`];
const END_TIME = [`${TESTS}/end-time.integration.test.ts`];
const OWN_TASKS = [`${TESTS}/own-tasks.integration.test.ts`];
const USERS = [`${TESTS}/scim-users.integration.test.ts`];

/** A double that is kinder than an INDIGO IAM instance: what is tested against it would fail on a real one. */
export const INDIGO_IAM_DOUBLE_MUTANTS: readonly Mutant[] = [
  {
    name: 'iam-double-takes-white-space-in-labels',
    file: `${FOLDER}/labels.ts`,
    find: 'const WHITE_SPACE = /[ \\r\\n\\t]/;',
    replace: 'const WHITE_SPACE = /[\\r\\n\\t]/;',
    tests: LABELS,
  },
  {
    name: 'iam-double-takes-long-values',
    file: `${FOLDER}/labels.ts`,
    find: 'const LONGEST_VALUE = 64;',
    replace: 'const LONGEST_VALUE = 65;',
    tests: LABELS,
  },
  {
    name: 'iam-double-replaces-labels-by-name-alone',
    file: `${FOLDER}/account-store.ts`,
    find: 'return a.prefix === b.prefix && a.name === b.name;',
    replace: 'return a.name === b.name;',
    tests: LABELS,
  },
  {
    name: 'iam-double-keeps-status-when-end-time-changes',
    file: `${FOLDER}/account-store.ts`,
    find: 'if (after.endTime !== before.endTime && hasStatus)',
    replace: 'if (after.endTime === undefined && hasStatus)',
    tests: END_TIME,
  },
  {
    name: 'iam-double-removes-status-although-end-time-stays',
    file: `${FOLDER}/account-store.ts`,
    find: 'if (after.endTime !== before.endTime && hasStatus)',
    replace: 'if (change.endTime !== undefined && hasStatus)',
    tests: END_TIME,
  },
  {
    name: 'iam-double-takes-a-bound-email',
    file: `${FOLDER}/patch-user.ts`,
    find: 'if (one.email !== undefined && store.isBoundElsewhere(one.email, id)) {',
    replace: "if (one.email === '' && store.isBoundElsewhere(one.email, id)) {",
    tests: PATCH,
  },
  {
    name: 'iam-double-does-operations-one-by-one',
    file: `${FOLDER}/patch-user.ts`,
    find: '    change = { ...change, ...one };',
    replace: "    change = { ...change, ...one };\n    store.change(id, 'api', one);",
    tests: PATCH,
  },
  {
    name: 'iam-double-suspends-when-the-grace-ends',
    file: `${FOLDER}/expired-accounts-handler.ts`,
    find: 'today > endTime + days * DAY_MS',
    replace: 'today >= endTime + days * DAY_MS',
    tests: OWN_TASKS,
  },
  {
    name: 'iam-double-expires-on-the-last-day',
    file: `${FOLDER}/expired-accounts-handler.ts`,
    find: 'endTime >= today',
    replace: 'endTime > today',
    tests: OWN_TASKS,
  },
  {
    name: 'iam-double-gives-pages-of-any-size',
    file: `${FOLDER}/scim-users.ts`,
    find: 'Math.min(Math.max(askedCount, 0), MOST_PER_PAGE)',
    replace: 'Math.max(askedCount, 0)',
    tests: USERS,
  },
  {
    name: 'iam-double-acts-before-a-fault-that-comes-before',
    file: `${FOLDER}/indigo-iam-double.ts`,
    find: "const isDone = fault === null || fault.when === 'after' || hangs !== null;",
    replace: 'const isDone = asked.at !== -1;',
    tests: FAULTS,
  },
  {
    name: 'iam-double-does-nothing-when-a-fault-comes-after',
    file: `${FOLDER}/indigo-iam-double.ts`,
    find: "const isDone = fault === null || fault.when === 'after' || hangs !== null;",
    replace: 'const isDone = fault === null || hangs !== null;',
    tests: FAULTS,
  },
  {
    name: 'iam-double-asks-for-no-scope',
    file: `${FOLDER}/tokens.ts`,
    find: 'return grant.scopes.includes(scope) ?',
    replace: 'return grant.scopes.length > 0 ?',
    tests: [`${TESTS}/tokens.integration.test.ts`],
  },
];
