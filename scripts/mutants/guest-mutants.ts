import type { Mutant } from './mutant.ts';

const STEPS = ['test/policy/guests.test.ts'];
const ACTIVITY = ['test/activities/guests.integration.test.ts'];
const REGISTRY = ['test/registry/registry.integration.test.ts'];

/** Wrong guest accounts: for who should have none, to the wrong person, or left open. */
export const GUEST_MUTANTS: readonly Mutant[] = [
  {
    name: 'guest-account-of-a-notice-that-was-called-off',
    file: 'src/policy/fold-step.ts',
    find: "      return withGuest(state, 'partial');\n    case 'notice':\n",
    replace: "    case 'notice':\n      return withGuest(state, 'partial');\n",
    tests: STEPS,
  },
  {
    name: 'guest-account-for-whom-an-admin-disabled',
    file: 'src/policy/guest-steps.ts',
    find: 'state.holds.disabledManually !== null || isBackSoon(',
    replace: 'isBackSoon(',
    tests: STEPS,
  },
  {
    name: 'guest-account-stays-open-at-the-return',
    file: 'src/policy/guest-steps.ts',
    find: "state.stage === 'active' || state.guest.departure !== state.departure",
    replace: 'state.guest.departure > state.departure',
    tests: STEPS,
  },
  {
    name: 'guest-account-before-leaving',
    file: 'src/policy/next-step.ts',
    find: "if (one.action === 'guest') return state.stage === 'grace' || state.stage === 'blocked';",
    replace: "if (one.action === 'guest') return state.stage !== 'pending';",
    tests: STEPS,
  },
  {
    name: 'guest-account-called-off-halfway-is-forgotten',
    file: 'src/policy/fold-step.ts',
    find: "return withGuest(state, 'partial');",
    replace: 'return state;',
    tests: STEPS,
  },
  {
    name: 'guest-account-for-an-address-of-ours',
    file: 'activities/steps/guest.ts',
    find: 'domain === ours || domain.endsWith(`.${ours}`)',
    replace: 'domain === ours',
    tests: ACTIVITY,
  },
  {
    name: 'guest-account-although-hr-says-valid',
    file: 'activities/steps/guest.ts',
    find: 'if (objection) return refusedByHr(context, objection);',
    replace: 'if (objection?.outcome === "no-person") return refusedByHr(context, objection);',
    tests: ACTIVITY,
  },
  {
    name: 'guest-account-of-a-deleted-account-stays-open',
    file: 'activities/steps/access.ts',
    find: '  await shutGuestsOfReturner(context);\n',
    replace: '',
    tests: ACTIVITY,
  },
  {
    name: 'guest-account-for-another-persons-address',
    file: 'src/registry/stores/guest-store.ts',
    find: 'if (await isOfAnother(trx, personId, identity)) return null;',
    replace: '',
    tests: REGISTRY,
  },
];
