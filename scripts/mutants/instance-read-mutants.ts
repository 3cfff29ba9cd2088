import type { Mutant } from './mutant.ts';

const READ = ['test/activities/instance/read-instance.integration.test.ts'];
const STORE = ['test/registry/instances.integration.test.ts'];

/** Wrong readings of an INDIGO IAM instance, and wrong keeping of what was read. */
export const INSTANCE_READ_MUTANTS: readonly Mutant[] = [
  {
    name: 'a-status-of-the-hr-task-is-told-for-ever',
    file: 'activities/instance/assess-account.ts',
    find: 'if (hasItsStatus(seen.labels) && !hasItsStatus(before?.snapshot.labels ?? []))',
    replace: 'if (hasItsStatus(seen.labels))',
    tests: READ,
  },
  {
    name: 'a-retry-forgets-the-traces-it-had-stored',
    file: 'activities/instance/instance-read.ts',
    find: 'const hrTaskTraces = before?.hrTaskTraces ?? 0;',
    replace: 'const hrTaskTraces = (before?.hrTaskTraces ?? 0) * 0;',
    tests: READ,
  },
  {
    name: 'absence-from-the-list-of-an-instance-is-a-deletion',
    file: 'activities/instance/read-instance.ts',
    find: 'if (labels === null) return confirmGone(iam, { id, signal });',
    replace: 'if (labels !== undefined) return null;',
    tests: READ,
  },
  {
    name: 'a-silent-instance-is-never-taken-for-down',
    file: 'activities/instance/instance-read.ts',
    find: 'if (code === null) {',
    replace: "if (code !== '') {",
    tests: READ,
  },
  {
    name: 'an-instance-that-answers-nobody-is-read',
    file: 'activities/instance/read-instance.ts',
    find: '!read.hasSeen && read.silentBy !== null',
    replace: '!read.hasSeen && read.silentBy === ""',
    tests: READ,
  },
  {
    name: 'a-refused-token-is-waited-for',
    file: 'activities/instance/read-instance.ts',
    find: 'if (!error.retryable) return error.message;',
    replace: 'if (error.message === "") return error.message;',
    tests: READ,
  },
  {
    name: 'a-life-that-is-over-goes-on-when-the-label-comes-back',
    file: 'activities/instance/assess-account.ts',
    find: 'return known?.account?.hasEnded === false ? known.row : null;',
    replace: 'return known?.account ? known.row : null;',
    tests: READ,
  },
  {
    name: 'who-was-adopted-and-never-started-stays-so',
    file: 'activities/instance/take-in.ts',
    find: 'look.known?.account?.isUnheardOf === true &&',
    replace: 'look.known?.account?.isUnheardOf === false &&',
    tests: READ,
  },
  {
    name: 'an-unchanged-account-of-an-instance-is-stored-again',
    file: 'src/policy/instance/labels.ts',
    find: 'return labels.filter((label) => label !== timestamp);',
    replace: 'return timestamp === undefined ? [] : labels;',
    tests: READ,
  },
  {
    name: 'sightings-of-one-person-count-for-the-next',
    file: 'activities/instance/assess-account.ts',
    find: 'personId === current.personId ? current.participationSightings : null',
    replace: 'current.participationSightings',
    tests: READ,
  },
  {
    name: 'an-older-look-at-an-instance-overwrites-a-newer-one',
    file: 'src/registry/stores/instance-store.ts',
    find: 'where instance_accounts.number <= excluded.number and ${condition}',
    replace: 'where ${condition}',
    tests: STORE,
  },
  {
    name: 'one-account-of-an-instance-is-followed-by-two',
    file: 'src/registry/stores/instance-store.ts',
    find: 'return reserved.account_id !== instead || reserved.number > row.number;',
    replace: 'return reserved.number > row.number;',
    tests: STORE,
  },
  {
    name: 'an-account-whose-end-was-told-departs-for-ever',
    file: 'src/registry/stores/instance-store.ts',
    find: ".where('accounts.stage', 'not in', ENDS)",
    replace: '',
    tests: STORE,
  },
  {
    name: 're-pointed-accounts-stay-with-their-first-person',
    file: 'src/registry/stores/account-store.ts',
    find: "if (isNewest && state.kind === 'experiment')",
    replace: "if (isNewest && state.kind === 'guest')",
    tests: STORE,
  },
];
