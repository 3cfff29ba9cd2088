import type { Mutant } from './mutant.ts';

const DIFF = ['test/policy/sync-diff.test.ts'];
const CHECK = ['test/policy/safeguard.test.ts'];
const SAFEGUARD = ['test/activities/safeguard.integration.test.ts'];
const FREEZE = ['test/activities/freeze.integration.test.ts'];
const SILENCE = ['test/activities/sync/hr-silence.test.ts'];
const SYNC = ['test/activities/synchronisation.integration.test.ts'];

/** A synchronisation that harms: losses taken for something else, plans applied too early, a freeze that does not hold. */
export const SYNC_MUTANTS: readonly Mutant[] = [
  {
    name: 'loss-counted-a-day-too-late',
    file: 'src/policy/sync-diff.ts',
    find: 'const isSoon = first <= addDays(today, LOSS_DAYS);',
    replace: 'const isSoon = first < addDays(today, LOSS_DAYS);',
    tests: DIFF,
  },
  {
    name: 'exclusion-is-no-loss',
    file: 'src/policy/sync-diff.ts',
    find: 'return covers(side, day) && !side.isExcludedOn(day);',
    replace: 'return covers(side, day);',
    tests: DIFF,
  },
  {
    name: 'vanished-affiliation-is-no-loss',
    file: 'src/policy/sync-diff.ts',
    find: 'if (hasVanished(before, after, today)) {',
    replace: 'if (hasVanished(after, before, today)) {',
    tests: DIFF,
  },
  {
    name: 'unknown-end-is-no-open-end',
    file: 'src/policy/sync-diff.ts',
    find: "isHere && known.type === 'unknown' ? { type: 'open' } : known",
    replace: 'known',
    tests: DIFF,
  },
  {
    name: 'earlier-losses-forgotten',
    file: 'src/policy/safeguard.ts',
    find: 'const total = losses + earlierLosses;',
    replace: 'const total = losses;',
    tests: CHECK,
  },
  {
    name: 'losses-counted-among-those-expected',
    file: 'src/policy/safeguard.ts',
    find: '100 * total > limits.lossPercent * looked',
    replace: '100 * total > limits.lossPercent * Math.max(looked, expected)',
    tests: CHECK,
  },
  {
    name: 'silence-of-hr-holds-nothing',
    file: 'src/policy/safeguard.ts',
    find: 'shrunk === null ? heldBecause : [...heldBecause, shrunk]',
    replace: 'heldBecause',
    tests: CHECK,
  },
  {
    name: 'safeguard-asked-and-ignored',
    file: 'activities/sync/settle-plan.ts',
    find: 'holdable > 0 ? verdict.heldBecause : []',
    replace: 'holdable < 0 ? verdict.heldBecause : []',
    tests: SAFEGUARD,
  },
  {
    name: 'held-rows-are-applied',
    file: 'activities/sync/apply-rows.ts',
    find: "if (row.state === 'held') {",
    replace: "if (row.state === 'lapsed') {",
    tests: SAFEGUARD,
  },
  {
    name: 'approved-rows-not-looked-at-again',
    file: 'activities/sync/apply-rows.ts',
    find: "if (person && row.state === 'approved' && stands(row, person))",
    replace: "if (person && row.state === 'lapsed' && stands(row, person))",
    tests: SAFEGUARD,
  },
  {
    name: 'row-applied-although-its-base-is-gone',
    file: 'activities/sync/apply-rows.ts',
    find: 'if (!person?.observation || !isBase(row, person.applied)) return false;',
    replace: 'if (!person?.observation) return false;',
    tests: SAFEGUARD,
  },
  {
    name: 'dry-run-stores-what-it-sees',
    file: 'activities/sync/observe-persons.ts',
    find: 'if (writes && !input.dryRun)',
    replace: 'if (writes)',
    tests: SAFEGUARD,
  },
  {
    name: 'one-alarm-a-person-when-hr-is-silent',
    file: 'activities/sync/report-sightings.ts',
    find: '  if (input.shrunk) return;\n',
    replace: '',
    tests: SAFEGUARD,
  },
  {
    name: 'no-person-held-but-believed-before-a-block',
    file: 'activities/fresh-look.ts',
    find: "before?.applied?.outcome === 'no-person'",
    replace: "before?.observation?.outcome === 'no-person'",
    tests: ['test/activities/harm.integration.test.ts'],
  },
  {
    name: 'delete-goes-on-while-frozen',
    file: 'activities/frozen.ts',
    find: "['block', 'delete', 'transfer']",
    replace: "['block', 'transfer']",
    tests: FREEZE,
  },
  {
    name: 'freeze-not-read-right-before-acting',
    file: 'activities/effects.ts',
    find: 'unlessFrozen: isStoppedByFreeze(context)',
    replace: 'unlessFrozen: false',
    tests: FREEZE,
  },
  {
    name: 'freeze-not-read-before-the-owner-changes',
    file: 'activities/steps/transfer.ts',
    find: '    await refuseWhileFrozen(context);\n',
    replace: '',
    tests: FREEZE,
  },
  {
    name: 'on-leave-nothing-can-be-lost',
    file: 'src/policy/sync-diff.ts',
    find: '(covers(before, day) && !covers(after, day)) || ',
    replace: '',
    tests: ['test/policy/sync-diff.test.ts'],
  },
  {
    name: 'kept-last-day-not-compared',
    file: 'src/policy/sync-diff.ts',
    find: 'const before = withVanished(side, own);',
    replace: 'const before = side;',
    tests: ['test/policy/sync-diff.test.ts'],
  },
  {
    name: 'fresh-look-takes-away-outside-the-plan',
    file: 'activities/steps/refused-by-hr.ts',
    find: 'if (HELD_KINDS.some((held) => held === kind)) {',
    replace: "if (kind === 'shortening') {",
    tests: ['test/activities/harm.integration.test.ts'],
  },
  {
    name: 'records-that-cannot-be-read-stop-a-range',
    file: 'activities/sync/hr-silence.ts',
    find: "if (outcome !== 'unavailable' || !isSilence(code)) {",
    replace: "if (outcome !== 'unavailable') {",
    tests: SILENCE,
  },
  {
    name: 'waiting-for-a-lease-counts-as-silence-of-hr',
    file: 'activities/sync/hr-silence.ts',
    find: '(before.isPausing ? backoffMs : 0)',
    replace: 'backoffMs',
    tests: SILENCE,
  },
  {
    name: 'an-hr-that-answers-for-half-a-page-is-waited-for-without-end',
    file: 'activities/sync/hr-silence.ts',
    find: '  const answered = () => {\n',
    replace: '  const answered = () => {\n    earlier = 0;\n',
    tests: SILENCE,
  },
  {
    name: 'silence-is-forgotten-between-attempts',
    file: 'activities/sync/observe-persons.ts',
    find: 'before: from.waited ?? null',
    replace: 'before: null',
    tests: SYNC,
  },
  {
    name: 'looks-of-a-range-that-gave-up-are-lost',
    file: 'activities/sync/hr-silence.ts',
    find: 'facts: { ...counts }',
    replace: 'facts: {}',
    tests: SYNC,
  },
];
