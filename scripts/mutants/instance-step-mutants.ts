import type { Mutant } from './mutant.ts';

const STEPS = ['test/activities/instance/steps.integration.test.ts'];
const DECISION = ['test/policy/instance/decide-account.test.ts'];
const HANDLER = ['test/activities/instance/handle-instance.integration.test.ts'];
const READ = ['test/activities/instance/read-instance.integration.test.ts'];
const activities = 'activities/instance';

/** Steps in an INDIGO IAM instance that act on what is not so any more, and runs that give back what cannot stay. */
export const INSTANCE_STEP_MUTANTS: readonly Mutant[] = [
  {
    name: 'a-step-does-not-look-for-other-handlers',
    file: `${activities}/look-at-account.ts`,
    find: '  await note();\n  // A synchronisation',
    replace: '  // A synchronisation',
    tests: STEPS,
  },
  {
    name: 'an-account-that-others-deleted-is-no-trace',
    file: `${activities}/expiry-traces.ts`,
    find: "some(({ action }) => action === 'delete');",
    replace: 'some(({ action }) => action.length >= 0) && false;',
    tests: STEPS,
  },
  {
    name: 'a-suspension-that-came-too-late-stays',
    file: 'activities/steps/instance.ts',
    find: 'if (isOther) throw',
    replace: 'if (isOther && context.now < 0) throw',
    tests: STEPS,
  },
  {
    name: 'a-cut-off-attempt-forgets-what-it-turned-off',
    file: 'activities/steps/instance.ts',
    find: "const isLeftOff = stateOf(TURNED_OFF) === 'intent' &&",
    replace: "const isLeftOff = stateOf(TURNED_OFF) === 'done' &&",
    tests: STEPS,
  },
  {
    name: 'a-mark-that-says-more-is-set-back',
    file: 'activities/steps/instance.ts',
    find: '  if (isFurther(look, context.now)) return showsOther(look);\n',
    replace: '',
    tests: STEPS,
  },
  {
    name: 'nobody-looks-again-after-hr',
    file: 'activities/steps/instance.ts',
    find: '  await refuseByHr(context);\n  return lookAtAccount(context);',
    replace: '  await refuseByHr(context);\n  return look;',
    tests: STEPS,
  },
  {
    name: 'a-loss-that-a-fresh-look-shows-passes-the-safeguard',
    file: 'activities/steps/instance.ts',
    find: 'if (told !== null && isMember(told)) throw',
    replace: 'if (told !== null && told.number < 0) throw',
    tests: STEPS,
  },
  {
    name: 'a-step-that-waits-for-a-plan-never-hears-of-it',
    file: 'activities/steps/instance.ts',
    find: 'person?.applied ?? null]',
    replace: 'person === null ? null : observation]',
    tests: STEPS,
  },
  {
    name: 'a-retry-finds-no-account-to-delete',
    file: 'activities/steps/instance.ts',
    find: 'if (first === null) return DELETED_ALREADY;',
    replace: 'if (first === null) throw isGone();',
    tests: STEPS,
  },
  {
    name: 'a-date-is-written-only-to-who-is-inactive',
    file: 'activities/steps/instance.ts',
    find: '    if (isOn) {\n      await iam.setActive(',
    replace: "    if (user.active) return 'active already';\n    if (isOn) {\n      await iam.setActive(",
    tests: STEPS,
  },
  {
    name: 'a-date-leaves-the-older-mark-of-our-disabling',
    file: 'activities/steps/instance.ts',
    find: "if (valueOf(labels, action) === 'DISABLE_ACCOUNT') {",
    replace: "if (valueOf(labels, action) === 'NEVER') {",
    tests: STEPS,
  },
  {
    name: 'a-mark-that-was-cut-off-stays-on-a-valid-account',
    file: 'activities/steps/instance.ts',
    find: "if (stateOf(TARGET) !== 'intent') return look;",
    replace: "if (stateOf(TARGET) !== 'done') return look;",
    tests: STEPS,
  },
  {
    name: 'what-is-turned-off-again-while-a-date-is-written-stays-off',
    file: 'activities/steps/instance.ts',
    find: '      if (isOn) await keepActive(',
    replace: '      if (isOn && context.now < 0) await keepActive(',
    tests: STEPS,
  },
  {
    name: 'what-is-over-is-given-back',
    file: 'src/policy/instance/current.ts',
    find: "'lifecycle' && !disabledManually && !isOver;",
    replace: "'lifecycle' && !disabledManually;",
    tests: DECISION,
  },
  {
    name: 'legacy-gives-back-what-is-over',
    file: 'src/policy/instance/legacy.ts',
    find: "account.suspendedBy === 'lifecycle' && !isExpired(account.endTime, now);",
    replace: "account.suspendedBy === 'lifecycle' && now > 0;",
    tests: DECISION,
  },
  {
    name: 'nobody-asks-whether-an-end-may-be-changed',
    file: `${activities}/write-account.ts`,
    find: '(await iam.isEndTimeReadOnly({ signal }));',
    replace: '(await iam.isEndTimeReadOnly({ signal })) && now < 0;',
    tests: HANDLER,
  },
  {
    name: 'whether-an-end-may-be-changed-is-asked-of-the-account-itself',
    file: `${activities}/write-account.ts`,
    find: '(await iam.isEndTimeReadOnly({ signal }));',
    replace: '!(await iam.setEndTime({ user: { ...user, endTime: null }, endTime: user.endTime, signal }));',
    tests: ['test/activities/instance/crash.integration.test.ts'],
  },
  {
    name: 'wishes-are-read-once-a-page',
    file: `${activities}/handle-account.ts`,
    find: 'account: account ?? input.account, isFrozen };',
    replace: 'account: input.account ?? account, isFrozen };',
    tests: HANDLER,
  },
  {
    name: 'what-was-turned-on-again-stays-on',
    file: 'src/policy/fold-instance.ts',
    find: "return active && state.access !== 'on' ?",
    replace: "return active && state.access === 'partial' ?",
    tests: ['test/policy/instance/fold-instance.test.ts'],
  },
  {
    name: 'what-is-turned-off-before-its-end-moves-stays-off',
    file: `${activities}/write-account.ts`,
    find: '(isExpired(user.endTime, now) || isExpiryMarked(labels));',
    replace: 'isExpiryMarked(labels);',
    tests: HANDLER,
  },
  {
    name: 'labels-that-are-missing-say-who-is-gone',
    file: `${activities}/read-whole.ts`,
    find: 'if ((await iam.readUser(call)) === null) return null;',
    replace: 'if ((await iam.readUser(call))?.id !== "") return null;',
    tests: READ,
  },
  {
    name: 'a-missing-account-is-read-labels-first',
    file: `${activities}/read-instance.ts`,
    find: '    return readWhole(iam, { id, signal });',
    replace: '    const user = await iam.readUser({ id, signal });\n    return user && { user, labels };',
    tests: READ,
  },
];
