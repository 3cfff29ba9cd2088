import type { Mutant } from './mutant.ts';

const HARM = ['test/activities/harm.integration.test.ts'];
const NOTICES = ['test/activities/notices.integration.test.ts'];
const HR = ['test/connectors/hr/create-hr-source.integration.test.ts'];
const SYNC = ['test/activities/synchronisation.integration.test.ts'];
const REGISTRY = ['test/registry/registry.integration.test.ts'];
const REPLAY = ['test/replay/golden-histories.integration.test.ts'];

const OBJECTION = `const look = await objection(context);
  if (look) return refusedByHr(context, look.observation);
`;

/** Wrong effects, looks at HR, and workflow. */
export const EFFECT_MUTANTS: readonly Mutant[] = [
  {
    name: 'fresh-look-skipped-before-the-block',
    file: 'activities/steps/harm.ts',
    find: `${OBJECTION}  const at`,
    replace: '  const at',
    tests: HARM,
  },
  {
    name: 'fresh-look-skipped-before-the-delete',
    file: 'activities/steps/harm.ts',
    find: 'if (!context.input.state.deleteBegun) {',
    replace: 'if (context.input.state.deleteBegun) {',
    tests: HARM,
  },
  {
    name: 'secondary-blocked-although-told-too-late',
    file: 'activities/steps/harm.ts',
    find: 'return until > context.now ? until : null;',
    replace: 'return until < 0 ? until : null;',
    tests: HARM,
  },
  {
    name: 'memberships-kept-at-the-block',
    file: 'activities/steps/harm.ts',
    find: 'const groups = await directory.removeStaticMemberships({ login, signal: context.signal });',
    replace: 'const groups: string[] = [];',
    tests: HARM,
  },
  {
    name: 'fence-not-checked-right-before-the-call',
    file: 'activities/effects.ts',
    find: '  await registry.claim(fence);\n',
    replace: '',
    tests: HARM,
  },
  {
    name: 'effect-done-before-is-done-again',
    file: 'activities/effects.ts',
    find: "if (row.state === 'done') return row.note;",
    replace: '',
    tests: HARM,
  },
  {
    name: 'epoch-left-out-of-the-effect',
    file: 'activities/effect-key.ts',
    find: 'return { accountId: state.accountId, epoch, action,',
    replace: 'return { accountId: state.accountId, epoch: 0 * epoch, action,',
    tests: HARM,
  },
  {
    name: 'intent-stored-after-the-call',
    file: 'activities/effects.ts',
    find: `  const row = await registry.intend({ key, fence, at: now, unlessFrozen: isStoppedByFreeze(context) });
  if (row.state === 'done') return row.note;
  await registry.claim(fence);
  const note = await act();
`,
    replace: `  await registry.claim(fence);
  const note = await act();
  await registry.intend({ key, fence, at: now });
`,
    tests: HARM,
  },
  {
    name: 'one-target-stops-the-others',
    file: 'activities/effects.ts',
    find: `  const results = await Promise.allSettled(
    context.deps.directories.map((directory) => effectOnce(context, directory.name, () => act(directory))),
  );
`,
    replace: `  const results: PromiseSettledResult<string | null>[] = [];
  for (const directory of context.deps.directories) {
    results.push({ status: 'fulfilled', value: await effectOnce(context, directory.name, () => act(directory)) });
  }
`,
    tests: HARM,
  },
  {
    name: 'access-given-although-the-delete-has-begun',
    file: 'activities/steps/access.ts',
    find: "effects.some((effect) => effect.action === 'delete')",
    replace: "effects.some((effect) => effect.action === 'delete' && effect.epoch < 0)",
    tests: HARM,
  },
  {
    name: 'exclusion-without-a-fresh-look',
    file: 'activities/steps/access.ts',
    find: 'if (!fresh.excluded) return refusedByHr(context, observation);',
    replace: '',
    tests: HARM,
  },
  {
    name: 'unconfirmed-no-person-acted-on',
    file: 'activities/fresh-look.ts',
    find: 'if (!confirmed)',
    replace: 'if (confirmed)',
    tests: HARM,
  },
  {
    name: 'unavailable-read-as-before',
    file: 'activities/fresh-look.ts',
    find: "case 'unavailable':\n      throw",
    replace:
      "case 'unavailable':\n      if (before?.observation) return { observation: before.observation, person: before };\n      throw",
    tests: HARM,
  },
  {
    name: 'contracts-missing-accepted',
    file: 'activities/store-look.ts',
    find: 'return (before?.hadContracts ?? false) && !record.hasContractsField;',
    replace:
      'return (before?.hadContracts ?? false) && record.hasContractsField && !record.hasContractsField;',
    tests: HARM,
  },
  {
    name: 'unknown-error-leaks-into-the-history',
    file: 'activities/failures.ts',
    find: "message: `unexpected ${name}; see the worker's log`,",
    replace: 'message: error instanceof Error ? error.message : name,',
    tests: HARM,
  },
  {
    name: 'notice-sent-before-is-sent-again',
    file: 'activities/send-once.ts',
    find: "if (known.state !== 'due' || known.accountId !== row.accountId) return;",
    replace: '',
    tests: NOTICES,
  },
  {
    name: 'empty-list-accepted',
    file: 'activities/sync/observe-persons.ts',
    find: 'throw walk.stop(code, new LifecycleError({ code, message, retryable: true }));',
    replace: 'void [walk, code, message, LifecycleError];',
    tests: SYNC,
  },
  {
    name: 'sightings-kept-when-the-person-is-found',
    file: 'activities/store-look.ts',
    find: 'before?.digest === digest && before.noPersonSightings === null',
    replace: 'before?.digest === digest',
    tests: SYNC,
  },
  {
    name: 'second-primary-account',
    file: 'activities/sync/apply-person.ts',
    find: "kind === 'primary' && !isFinal(state.stage)",
    replace: "kind === 'guest' && !isFinal(state.stage)",
    tests: SYNC,
  },
  {
    name: '404-read-as-unavailable',
    file: 'src/connectors/hr/create-hr-source.ts',
    find: "if (answer.status === 404) return { outcome: 'no-person' };",
    replace: '',
    tests: HR,
  },
  {
    name: 'unavailable-read-as-no-person',
    file: 'src/connectors/hr/create-hr-source.ts',
    find: "if (answer.outcome === 'unavailable') return answer;\n      if (answer.status === 404)",
    replace:
      "if (answer.outcome === 'unavailable') return { outcome: 'no-person' };\n      if (answer.status === 404)",
    tests: HR,
  },
  {
    name: 'answer-for-another-person-accepted',
    file: 'src/connectors/hr/create-hr-source.ts',
    find: 'if (mapped.record.personId !== personId) {',
    replace: "if (mapped.record.personId === '') {",
    tests: HR,
  },
  {
    name: 'later-attempt-does-not-fence-off-earlier-ones',
    file: 'src/registry/stores/effect-store.ts',
    find: '<= (${fence.sequence}::bigint, ${fence.attempt}::bigint)`,',
    replace: 'is not distinct from (${fence.sequence}::bigint, ${fence.attempt}::bigint) or true`,',
    tests: REGISTRY,
  },
  {
    name: 'continue-as-new-drops-what-was-told',
    file: 'workflows/account-lifecycle.ts',
    find: '{ ...input, state, policy, ...',
    replace: '{ ...input, state: { ...state, told: {} }, policy, ...',
    tests: REPLAY,
  },
  {
    name: 'cancel-ends-the-workflow',
    file: 'workflows/account-lifecycle.ts',
    find: 'return CancellationScope.nonCancellable(async () => {',
    replace: 'return CancellationScope.cancellable(async () => {',
    tests: REPLAY,
  },
  {
    name: 'a-day-early-against-the-goldens',
    file: 'src/policy/moments.ts',
    find: 'milestone.offset : milestone.offset + 1)',
    replace: 'milestone.offset : milestone.offset)',
    tests: REPLAY,
  },
];
