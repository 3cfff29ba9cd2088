import type { Mutant } from './mutant.ts';

const PLANS = ['test/registry/plans.integration.test.ts'];
const REGISTRY = ['test/registry/registry.integration.test.ts'];

const SETTLING = 'src/registry/stores/plan-settling-store.ts';
const DECISIONS = 'src/registry/stores/plan-decision-store.ts';
const ROWS = 'src/registry/stores/plan-row-store.ts';
const STORE = 'src/registry/stores/plan-store.ts';
const PERSONS = 'src/registry/stores/person-store.ts';

/** Wrong plans: held, decided on, carried and forgotten. */
export const PLAN_STORE_MUTANTS: readonly Mutant[] = [
  {
    name: 'held-plan-stays-held-beside-a-newer-one-that-holds-nothing',
    file: SETTLING,
    find: 'else if (previous !== null) await supersede(',
    replace: 'else if (previous !== null && hold) await supersede(',
    tests: PLANS,
  },
  {
    name: 'plans-compared-without-what-hr-answers',
    file: SETTLING,
    find: "'person_id, before_number, after_outcome, after_digest, instance_changes'",
    replace: "'person_id, before_number, after_outcome'",
    tests: PLANS,
  },
  {
    name: 'plan-that-holds-less-taken-for-the-same',
    file: SETTLING,
    find: '(${mine} except ${theirs}) union all (${theirs} except ${mine}) limit 1',
    replace: '(${mine} except ${theirs}) limit 1',
    tests: PLANS,
  },
  {
    name: 'superseded-plan-keeps-its-rows-held',
    file: SETTLING,
    find: "  await moveHeldRows(trx, { planId, to: 'superseded', at });\n",
    replace: '',
    tests: PLANS,
  },
  {
    name: 'dry-run-supersedes-the-held-plan',
    file: SETTLING,
    find: 'isDryRun ? null : await lockHeldPlan(trx)',
    replace: 'await lockHeldPlan(trx)',
    tests: PLANS,
  },
  {
    name: 'plan-settled-twice',
    file: SETTLING,
    find: '        if (known.settled_at !== null) return settled(trx, planId);\n',
    replace: '',
    tests: PLANS,
  },
  {
    name: 'decision-made-while-the-plan-was-checked-is-asked-for-again',
    file: SETTLING,
    find: '        await carryLateDecisions(trx, { planId, since: known.created_at, at });\n',
    replace: '',
    tests: PLANS,
  },
  {
    name: 'joins-held-with-the-losses',
    file: SETTLING,
    find: ' and kind in (${sql.join(HELD_KINDS)})`',
    replace: '`',
    tests: PLANS,
  },
  {
    name: 'superseded-plan-approved-all-the-same',
    file: DECISIONS,
    find: "        if (known.state !== 'held') return readPlan(trx, planId);\n        await trx\n          .updateTable('plans')\n          .set({\n            state: verdict,",
    replace:
      "        await trx\n          .updateTable('plans')\n          .set({\n            state: verdict,",
    tests: PLANS,
  },
  {
    name: 'decision-carried-to-another-answer-of-hr',
    file: DECISIONS,
    find: '      and decisions.after_digest is not distinct from mine.after_digest\n',
    replace: '',
    tests: PLANS,
  },
  {
    name: 'decision-carried-to-more-than-the-instance-had-said',
    file: DECISIONS,
    find: '      and mine.instance_changes <@ decisions.instance_changes`',
    replace: '`',
    tests: PLANS,
  },
  {
    name: 'decision-carried-to-another-base',
    file: DECISIONS,
    find: '      and decisions.before_number is not distinct from mine.before_number\n',
    replace: '',
    tests: PLANS,
  },
  {
    name: 'late-attempt-undoes-a-rejection',
    file: ROWS,
    find: "plan_rows.state <> 'rejected'",
    replace: 'true',
    tests: PLANS,
  },
  {
    name: 'rows-added-to-a-settled-plan',
    file: ROWS,
    find: '        if (plan.settled_at !== null) return;\n',
    replace: '',
    tests: PLANS,
  },
  {
    name: 'held-row-marked-as-applied',
    file: ROWS,
    find: "'in', ['open', 'approved'])",
    replace: "'in', ['open', 'approved', 'held'])",
    tests: PLANS,
  },
  {
    name: 'approved-losses-count-in-the-window',
    file: ROWS,
    find: "          .where('plans.verdict', 'is distinct from', 'approved')\n",
    replace: '',
    tests: PLANS,
  },
  {
    name: 'plan-closed-with-approved-rows-left',
    file: STORE,
    find: "in ('open', 'approved', 'held'))`",
    replace: "in ('open', 'held'))`",
    tests: PLANS,
  },
  {
    name: 'rejection-forgotten-while-it-can-come-again',
    file: STORE,
    find: "      and before_number is distinct from (persons.applied_observation ->> 'number')::bigint`",
    replace: '`',
    tests: PLANS,
  },
  {
    name: 'approval-that-came-to-nothing-still-stands',
    file: DECISIONS,
    find: "    and decided.state = 'approved'))`",
    replace: '))`',
    tests: PLANS,
  },
  {
    name: 'older-rejection-wins-over-the-newest-word',
    file: DECISIONS,
    find: '      plan_id = excluded.plan_id, verdict = excluded.verdict, decided_at',
    replace: '      plan_id = excluded.plan_id, decided_at',
    tests: PLANS,
  },
  {
    name: 'absence-that-accounts-were-told-counts-as-decided',
    file: DECISIONS,
    find: "            and persons.applied_observation ->> 'outcome' = 'found'\n            and (persons.applied_observation ->> 'number')::bigint = decisions.before_number\n",
    replace: '',
    tests: PLANS,
  },
  {
    name: 'row-marked-apart-from-what-accounts-were-told',
    file: PERSONS,
    find: '        if (row !== undefined) await markWaitingRow(trx,',
    replace: '        if (row === undefined) await markWaitingRow(trx,',
    tests: PLANS,
  },
  {
    name: 'what-accounts-were-told-is-forgotten-with-old-looks',
    file: 'src/registry/stores/observation-rows.ts',
    find: ", (persons.applied_observation ->> 'number')::bigint))`",
    replace: '))`',
    tests: PLANS,
  },
  {
    name: 'absence-counts-as-expected-no-more-once-it-is-confirmed',
    file: PERSONS,
    find: "(where merged_into is null and (outcome = 'found' or told = 'found'))",
    replace: "(where merged_into is null and outcome = 'found')",
    tests: REGISTRY,
  },
  {
    name: 'silence-of-hr-stored-at-every-look',
    file: 'src/registry/stores/observation-rows.ts',
    find: "  if (observation.outcome === 'unavailable' && (await isSilentAlready(trx, observation))) return;\n",
    replace: '',
    tests: REGISTRY,
  },
  {
    name: 'person-being-told-counts-as-told',
    file: PERSONS,
    find: '.set({ applied_digest: null, applied_outcome: null })',
    replace: '.set({ applied_digest: null })',
    tests: REGISTRY,
  },
  {
    name: 'what-accounts-were-told-forgotten-when-something-newer-comes',
    file: PERSONS,
    find: '.doUpdateSet({ ...row, ...whatStays })',
    replace: '.doUpdateSet({ ...row, ...whatStays, applied_observation: null })',
    tests: REGISTRY,
  },
];
