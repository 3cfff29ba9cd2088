import type { Mutant } from './mutant.ts';

const DECISION = ['test/policy/instance/decide-account.test.ts'];
const SUSPENDED_BY = ['test/policy/instance/suspended-by.test.ts'];
const HANDLER = ['test/activities/instance/handle-instance.integration.test.ts'];
const CRASH = ['test/activities/instance/crash.integration.test.ts'];
const policy = 'src/policy/instance';
const activities = 'activities/instance';

/** Wrong decisions on accounts of an INDIGO IAM instance, and writes in a wrong order. */
export const INSTANCE_HANDLER_MUTANTS: readonly Mutant[] = [
  {
    name: 'a-mark-that-comes-later-makes-a-suspension-the-lifecycles',
    file: `${policy}/suspended-by.ts`,
    find: 'if (before === null || before.snapshot.user.active) return',
    replace: 'if (isMarked || before === null || before.snapshot.user.active) return',
    tests: SUSPENDED_BY,
  },
  {
    name: 'an-end-of-today-is-moved-again',
    file: `${policy}/current.ts`,
    find: 'account.endTime === null || account.endTime > now;',
    replace: 'account.endTime === null || account.endTime > now - 86_400_000;',
    tests: DECISION,
  },
  {
    name: 'what-hr-grants-anew-is-taken-first',
    file: `${policy}/membership.ts`,
    find: 'if (newest.number !== applied.number && ',
    replace: 'if (newest.number === applied.number && ',
    tests: DECISION,
  },
  {
    name: 'a-held-departure-ends-the-account',
    file: `${activities}/hr-said.ts`,
    find: "isApplied: applied?.outcome === 'no-person' };",
    replace: 'isApplied: applied?.outcome !== undefined };',
    tests: HANDLER,
  },
  {
    name: 'the-freeze-is-looked-at-once-a-page',
    file: `${activities}/handle-account.ts`,
    find: 'const isFrozen = (await deps.registry.frozen()) !== null;',
    replace: 'const { isFrozen } = input;',
    tests: HANDLER,
  },
  {
    name: 'an-account-is-read-in-two-halves',
    file: `${activities}/write-account.ts`,
    find: 'const isTorn = first.active && isExpiryMarked(labels);',
    replace: 'const isTorn = first.active && labels.length > 1000;',
    tests: HANDLER,
  },
  {
    name: 'what-is-turned-off-again-while-it-is-restored-stays-off',
    file: `${activities}/keep-active.ts`,
    find: '  if (user === null) return;\n  await iam.setActive({ user,',
    replace: '  if (user === null || now > 0) return;\n  await iam.setActive({ user,',
    tests: HANDLER,
  },
  {
    name: 'a-read-only-end-time-holds-up-the-rest',
    file: `${activities}/write-account.ts`,
    find: "if (!(error instanceof IamError) || error.code !== 'IAM_END_TIME_READ_ONLY') throw error;",
    replace: 'if (!(error instanceof IamError) || error.code.length > 0) throw error;',
    tests: HANDLER,
  },
  {
    name: 'the-mark-of-a-disabled-account-comes-after-it',
    file: `${activities}/writes-of.ts`,
    find: "const isMark = wanted.action === 'DISABLE_ACCOUNT';",
    replace: "const isMark = wanted.action === 'none';",
    tests: CRASH,
  },
  {
    name: 'what-an-attempt-had-written-is-no-change-for-the-next',
    file: `${activities}/handle-account.ts`,
    find: 'written.wrote.length > 0 || !isSameSnapshot(written.read, row.snapshot);',
    replace: 'written.wrote.length > 0;',
    tests: CRASH,
  },
  {
    name: 'a-retry-forgets-that-it-restored',
    file: `${policy}/legacy.ts`,
    find: "const isJustRestored = account.wasSuspendedBy === 'lifecycle' &&",
    replace: "const isJustRestored = account.wasSuspendedBy === 'admin' &&",
    tests: CRASH,
  },
  {
    name: 'an-approval-covers-whatever-left-since',
    file: 'activities/sync/apply-rows.ts',
    find: '.every((name) => instanceChanges.includes(name));',
    replace: '.every((name) => name.length > 0);',
    tests: ['test/activities/instance/decisions.integration.test.ts'],
  },
  {
    name: 'a-row-does-not-name-who-leaves',
    file: 'activities/sync/plan-change.ts',
    find: 'instanceChanges: namesOf(beside),',
    replace: 'instanceChanges: namesOf({ ...beside, leaving: [] }),',
    tests: ['test/activities/instance/decisions.integration.test.ts'],
  },
];
