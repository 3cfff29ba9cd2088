import type { Mutant } from './mutant.ts';

const STEPS = ['test/policy/merge-steps.test.ts'];
const RULES = ['test/policy/merge-rules.test.ts'];
const STORE = ['test/registry/merges.integration.test.ts'];
const REPLAY = ['test/replay/golden-histories.integration.test.ts'];
const LABEL = ['test/workflows/merged-label.workflow.test.ts'];
const MERGED = ['test/activities/merged-person.integration.test.ts'];

/** A merge that makes somebody leave, goes half over, or lets the id that went live on. */
export const MERGE_MUTANTS: readonly Mutant[] = [
  {
    name: 'merge-that-takes-something-away',
    file: 'src/policy/merge-rules.ts',
    find: "if (kind === 'loss') return `account ${state.accountId}: ${reason}`;",
    replace: '',
    tests: RULES,
  },
  {
    name: 'merge-that-makes-somebody-leave-for-a-day',
    file: 'src/policy/merge-rules.ts',
    find: 'return leaves ? `account ${state.accountId}: it would leave` : null;',
    replace: "return leaves && today === '' ? reason : null;",
    tests: RULES,
  },
  {
    name: 'merge-in-a-circle',
    file: 'src/policy/merge-rules.ts',
    find: 'if (to.mergedInto === null) return null;',
    replace: 'if (to.mergedInto === null || to.mergedInto === fromPerson) return null;',
    tests: RULES,
  },
  {
    name: 'merged-primary-stays-primary',
    file: 'src/policy/merge-rules.ts',
    find: "newKind: gives ? 'secondary' : kind",
    replace: 'newKind: gives ? kind : kind',
    tests: RULES,
  },
  {
    name: 'merged-guest-account-that-nobody-shuts',
    file: 'src/policy/merge-rules.ts',
    find: "hasLeft && primary.guest !== undefined && primary.guest.state !== 'shut'",
    replace: 'hasLeft',
    tests: RULES,
  },
  {
    name: 'merged-account-is-blocked-by-the-old-facts',
    file: 'src/policy/next-step.ts',
    find: ' && !isHeldByMerge(state, one)',
    replace: '',
    tests: STEPS,
  },
  {
    name: 'merged-account-keeps-its-old-policy',
    file: 'src/policy/merge-steps.ts',
    find: 'return event.outcome.followed?.policy ?? policy;',
    replace: 'return policy;',
    tests: STEPS,
  },
  {
    name: 'merged-account-has-its-old-policy-in-the-next-run',
    file: 'workflows/account-lifecycle.ts',
    find: '{ ...input, state, policy, ...',
    replace: '{ ...input, state, ...',
    tests: REPLAY,
  },
  {
    name: 'merged-account-shuts-the-other-guest',
    file: 'src/policy/merge-steps.ts',
    find: 'function withoutPrimarysOwn({ guest: _guest, ...state }: AccountState): AccountState {',
    replace: 'function withoutPrimarysOwn(state: AccountState): AccountState {',
    tests: STEPS,
  },
  {
    name: 'who-is-excluded-gets-in-for-a-moment',
    file: 'src/policy/access-steps.ts',
    find: "!isExcludedNow || action !== 'giveAccess'",
    replace: "!isExcludedNow || action !== 'delete'",
    tests: ['test/policy/identity-transitions.test.ts'],
  },
  {
    name: 'participations-count-beside-contracts',
    file: 'src/policy/identity-state.ts',
    find: "return ties.some(({ kind }) => kind === 'contract') ? contracts : dated;",
    replace:
      "return ties.some(({ kind }) => kind === 'contract') && contracts.length > 9 ? contracts : dated;",
    tests: ['test/policy/identity-state.test.ts'],
  },
  {
    name: 'merged-account-of-a-disabled-person-is-on',
    file: 'src/policy/merge-steps.ts',
    find: 'disabledManually: state.holds.disabledManually ?? disabledManually',
    replace: 'disabledManually: state.holds.disabledManually ?? (disabledManually && null)',
    tests: STEPS,
  },
  {
    name: 'merged-person-gets-an-account',
    file: 'src/registry/stores/merged-person.ts',
    find: 'if (into === null) return;',
    replace: "if (into === null || into !== '') return;",
    tests: STORE,
  },
  {
    name: 'merged-person-is-not-passed-on',
    file: 'src/registry/stores/merge-store.ts',
    find: "where.or([where('person_id', '=', fromPerson), where('merged_into', '=', fromPerson)])",
    replace: "where('person_id', '=', fromPerson)",
    tests: STORE,
  },
  {
    name: 'lost-workflow-of-a-merged-account-is-not-told',
    file: 'src/registry/stores/merge-store.ts',
    find: '...(!isFinal(account.state.stage) && {',
    replace: '...(isFinal(account.state.stage) && {',
    tests: STORE,
  },
  {
    name: 'merged-person-is-asked-for',
    file: 'activities/sync/departed.ts',
    find: 'known.filter((person) => !isMerged(person))',
    replace: "known.filter((person) => !isMerged(person) || person.personId !== '')",
    tests: MERGED,
  },
  {
    name: 'merged-person-is-missed',
    file: 'src/registry/stores/person-store.ts',
    find: 'count(*) filter (where merged_into is null and (',
    replace: 'count(*) filter (where (',
    tests: STORE,
  },
  {
    name: 'merged-person-joins-again',
    file: 'activities/sync/apply-rows.ts',
    find: 'if (isGone && row.instanceChanges.length === 0) {',
    replace: 'if (isGone && row.instanceChanges.length < 0) {',
    tests: MERGED,
  },
  {
    name: 'transfer-to-the-same-person-under-another-id',
    file: 'activities/steps/transfer.ts',
    find: 'return owner?.mergedInto === heir.personId;',
    replace: "return owner?.mergedInto === '' && heir.isFallback;",
    tests: ['test/activities/transfer.integration.test.ts'],
  },
  {
    name: 'second-merge-is-forgotten-while-the-first-is-followed',
    file: 'src/policy/merge-steps.ts',
    find: 'return merge && said === `merge/${merge.requestId}` ? rest : state;',
    replace: "return merge && said !== '' ? rest : state;",
    tests: STEPS,
  },
  {
    name: 'merge-writes-into-somebody-elses-entry',
    file: 'activities/merge/merge-persons.ts',
    find: 'if (!isEntryOf({ personId: fromPerson }, await directory.read(call))) return;',
    replace: 'if (fromPerson === "" || (await directory.read(call)) === null) return;',
    tests: MERGED,
  },
  {
    name: 'merged-person-is-asked-before-harm',
    file: 'activities/fresh-look.ts',
    find: '  refuseMerged(before);\n',
    replace: '',
    tests: MERGED,
  },
  {
    name: 'label-of-a-merged-person-is-a-loss',
    file: 'activities/sync/plan-change.ts',
    find: 'if (mergedInto !== null && leaving.every(goesOver)) {',
    replace: 'if (mergedInto !== null && !leaving.every(goesOver)) {',
    tests: LABEL,
  },
];
