import type { Mutant } from './mutant.ts';

const WATCHDOG = ['test/activities/watchdog.integration.test.ts'];
const RECONCILE = ['test/activities/reconcile.integration.test.ts'];

/** Wrong visits of the watchdog, and wrong comparisons. */
export const WATCHDOG_MUTANTS: readonly Mutant[] = [
  {
    name: 'a-life-that-is-over-is-started-again',
    file: 'activities/watchdog/heal.ts',
    find: "if (seen.status === 'completed') {",
    replace: "if (seen.status === 'failed') {",
    tests: WATCHDOG,
  },
  {
    name: 'a-lost-workflow-is-not-told-what-it-had-been-told',
    file: 'activities/watchdog/heal.ts',
    find: 'if (isNewer) await',
    replace: 'if (isNewer && clock.speed < 0) await',
    tests: WATCHDOG,
  },
  {
    name: 'a-workflow-is-healed-because-a-list-says-so',
    file: 'activities/watchdog/heal-ended.ts',
    find: "      if (seen.status === 'running') return;\n",
    replace: '',
    tests: WATCHDOG,
  },
  {
    name: 'an-account-is-healed-while-it-is-being-made',
    file: 'activities/watchdog/heal-ended.ts',
    find: 'createdAt < youngest',
    replace: 'createdAt > 0',
    tests: WATCHDOG,
  },
  {
    name: 'everyone-is-compared-at-every-visit',
    file: 'activities/watchdog/heal-ended.ts',
    find: 'return difference !== memory.explained && memory.difference !== memory.explained;',
    replace: 'return difference !== memory.explained;',
    tests: WATCHDOG,
  },
  {
    name: 'what-cannot-be-mended-is-compared-for-ever',
    file: 'activities/watchdog/heal-ended.ts',
    find: 'explained = progress.without - unknown;',
    replace: 'explained = -unknown;',
    tests: WATCHDOG,
  },
  {
    name: 'an-overdue-account-is-an-alarm-at-first-sight',
    file: 'activities/watchdog/wake-overdue.ts',
    find: 'const isKnown = remembered.has(accountId);',
    replace: 'const isKnown = true;',
    tests: WATCHDOG,
  },
  {
    name: 'a-freeze-is-an-alarm-for-everyone-it-stops',
    file: 'activities/watchdog/wake-overdue.ts',
    find: 'failure.code === FROZEN',
    replace: "failure.code === 'never'",
    tests: WATCHDOG,
  },
  {
    name: 'one-account-that-fails-ends-the-visit',
    file: 'activities/watchdog/watch-context.ts',
    find: 'if (context.signal.aborted || isOutage(error)) throw error;',
    replace: 'throw error;',
    tests: WATCHDOG,
  },
  {
    name: 'alarms-are-never-cleared',
    file: 'activities/watchdog/alarms.ts',
    find: 'lastSeen >= Math.floor(input.visitBegan)',
    replace: 'lastSeen >= 0',
    tests: WATCHDOG,
  },
  {
    name: 'reconcile-harms-under-a-freeze',
    file: 'activities/reconcile/reconcile-targets.ts',
    find: 'if (finding.isHarm && (await registry.frozen()))',
    replace: 'if (finding.isHarm && !(await registry.frozen()))',
    tests: RECONCILE,
  },
  {
    name: 'reconcile-repairs-over-a-step-that-has-begun',
    file: 'activities/reconcile/reconcile-targets.ts',
    find: 'await registry.claim({ accountId, sequence: state.sequence, attempt: REPAIR_ATTEMPT });',
    replace: 'await Promise.resolve([accountId, state, REPAIR_ATTEMPT]);',
    tests: RECONCILE,
  },
  {
    name: 'reconcile-repairs-without-being-asked',
    file: 'activities/reconcile/reconcile-account.ts',
    find: 'repair && looks === LOOKS',
    replace: 'repair || looks === LOOKS',
    tests: RECONCILE,
  },
  {
    name: 'targets-are-made-what-a-stale-registry-says',
    file: 'activities/reconcile/reconcile-account.ts',
    find: '  if (difference) return { busy: false, differences: [difference] };\n',
    replace: '',
    tests: RECONCILE,
  },
  {
    name: 'the-entry-of-another-person-is-taken-for-ours',
    file: 'activities/reconcile/target-findings.ts',
    find: 'entry.person.personId !== personId',
    replace: "entry.person.personId === ''",
    tests: RECONCILE,
  },
  {
    name: 'a-login-stands-in-the-answer-of-reconcile',
    file: 'activities/reconcile/unknown.ts',
    find: 'whose login is no account of ours`',
    replace: 'whose login is no account of ours ${JSON.stringify(entry)}`',
    tests: RECONCILE,
  },
];
