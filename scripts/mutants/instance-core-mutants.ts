import type { Mutant } from './mutant.ts';

const folds = ['test/policy/instance/fold-instance.test.ts'];
const steps = ['test/activities/instance/steps.integration.test.ts'];
const story = ['test/workflows/indigo-iam.workflow.test.ts'];

/** Wrong rules of accounts in an INDIGO IAM instance: what their workflows make of what it shows. */
export const INSTANCE_CORE_MUTANTS: readonly Mutant[] = [
  {
    name: 'instance-hr-moves-its-last-day',
    file: 'src/policy/facts.ts',
    find: "endTime === null ? { type: 'open' } : { type: 'on', date: lastDayOfEndTime(endTime) };",
    replace: "endTime === null ? { type: 'open' } : governing({ ...state, today }).lastDay;",
    tests: folds,
  },
  {
    name: 'instance-expired-on-its-last-day',
    file: 'src/policy/instance-facts.ts',
    find: 'lastDayOfEndTime(endTime) < dateOf(now, ZONE)',
    replace: 'lastDayOfEndTime(endTime) <= dateOf(now, ZONE)',
    tests: folds,
  },
  {
    name: 'instance-old-facts-count',
    file: 'src/policy/fold-instance.ts',
    find: 'facts.number <= (known?.number ?? -1)',
    replace: 'facts.number < (known?.number ?? -1) - 1',
    tests: folds,
  },
  {
    name: 'instance-a-look-undoes-a-command',
    file: 'src/policy/fold-instance.ts',
    find: 'if (facts.ignored === was || facts.ignored',
    replace: 'if (facts.ignored',
    tests: folds,
  },
  {
    name: 'instance-a-hold-that-was-called-off-never-reached-the-label',
    file: 'src/policy/fold-step.ts',
    find: 'said === (state.holds.ignored !== null) ? state : withLabelIgnore(state, said);',
    replace: 'said === (state.holds.ignored !== null) ? withLabelIgnore(state, !said) : state;',
    tests: folds,
  },
  {
    name: 'instance-a-hold-that-gave-way-is-taken-for-written',
    file: 'src/policy/fold-step.ts',
    find: 'said === (state.holds.ignored !== null) ? state : withLabelIgnore(state, said);',
    replace: 'withLabelIgnore(state, said);',
    tests: folds,
  },
  {
    name: 'instance-no-epoch-for-a-return',
    file: 'src/policy/fold-instance.ts',
    find: 'const anew = { epoch: state.epoch + 1,',
    replace: 'const anew = { epoch: state.epoch,',
    tests: folds,
  },
  {
    name: 'instance-delegate-acts-all-the-same',
    file: 'src/policies/with-instance.ts',
    find: "expiredAccounts === 'manage' ? experiment",
    replace: 'expiredAccounts.length > 0 ? experiment',
    tests: story,
  },
  {
    name: 'instance-logins-of-it-are-taken-for-the-directorys',
    file: 'activities/sync/apply-person.ts',
    find: "kind === 'experiment' || state.access",
    replace: 'state.access',
    tests: story,
  },
  {
    name: 'instance-leaving-accounts-are-no-loss',
    file: 'activities/sync/plan-change.ts',
    find: "return { ...difference, kind: 'loss',",
    replace: "return { ...difference, kind: 'correction',",
    tests: story,
  },
  {
    name: 'instance-first-comparison-goes-by-what-others-were-told',
    file: 'src/policy/sync-diff.ts',
    find: 'const untold = own.find(isUncompared) ??',
    replace: 'const untold = own.find((one) => isUncompared(one) && one.epoch < 0) ??',
    tests: story,
  },
  {
    name: 'instance-acts-before-its-first-comparison',
    file: 'src/policy/next-step.ts',
    find: 'isUncompared(state) && !state.holds.ignored ? []',
    replace: 'state.epoch < 0 ? []',
    tests: folds,
  },
  {
    name: 'instance-a-refused-step-is-tried-at-once-again',
    file: 'src/policy/decide.ts',
    find: 'return isNews ? shown : foldFailed(',
    replace: 'return isNews || shown.epoch >= 0 ? shown : foldFailed(',
    tests: folds,
  },
  {
    name: 'instance-step-harms-whom-the-label-does-not-name',
    file: 'activities/instance/look-at-account.ts',
    find: 'named !== null && named !== personId',
    replace: 'named !== null && named.length === 0',
    tests: steps,
  },
  {
    name: 'instance-repair-undoes-an-admins-suspension',
    file: 'activities/steps/instance.ts',
    find: "const isAdmins = facts.suspendedBy === 'admin' &&",
    replace: "const isAdmins = facts.suspendedBy === 'lifecycle' &&",
    tests: steps,
  },
  {
    name: 'instance-what-disable-turned-off-is-forgotten-while-blocked',
    file: 'src/policy/fold-instance.ts',
    find: ' || state.turnedOff === true;',
    replace: ';',
    tests: folds,
  },
  {
    name: 'instance-whatever-is-off-is-taken-for-disabled',
    file: 'src/policy/fold-instance.ts',
    find: "turnedOff || (state.stage !== 'blocked' && state.access === 'off');",
    replace: "turnedOff || state.access === 'off';",
    tests: folds,
  },
  {
    name: 'instance-inactive-before-it-is-marked',
    file: 'activities/steps/instance.ts',
    find: '  await setLifecycleStatus(context, look, mark);\n  if (!user.active)',
    replace:
      '  if (user.active) await instance.iam.setActive({ user, active: false, signal });\n  await setLifecycleStatus(context, look, mark);\n  if (!user.active)',
    tests: steps,
  },
  {
    name: 'instance-deletes-what-is-active',
    file: 'activities/steps/instance.ts',
    find: 'isOtherEnd(look, context) || !isBlocked ? showsOther(look) : null',
    replace: 'isOtherEnd(look, context) ? showsOther(look) : null',
    tests: steps,
  },
  {
    name: 'instance-deletes-whom-an-admin-suspended-in-the-grace',
    file: 'activities/steps/instance.ts',
    find: 'isOtherEnd(look, context) || !isBlocked ? showsOther(look) : null',
    replace: 'isOtherEnd(look, context) || look.user.active ? showsOther(look) : null',
    tests: steps,
  },
];
