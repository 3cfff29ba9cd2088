import type { Mutant } from './mutant.ts';

const STEPS = ['test/policy/guests.test.ts'];
const ACTIVITY = ['test/activities/guests.integration.test.ts'];
const REGISTRY = ['test/registry/registry.integration.test.ts'];

const IDENTITY = ['test/policy/guest-identity.property.test.ts'];
const RULES = ['test/policy/guest-rules.test.ts'];
const ASSOCIATED = ['test/activities/associated-guests.integration.test.ts'];
const API = ['test/api/guests.integration.test.ts'];
const RECONCILE = ['test/activities/reconcile.integration.test.ts'];
const RETURNS = ['test/policy/return-days.test.ts'];

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
    file: 'src/policy/guest-identity.ts',
    find: 'domain === ours || domain.endsWith(`.${ours}`)',
    replace: 'domain === ours',
    tests: IDENTITY,
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
  {
    name: 'guest-found-by-a-letter-that-only-becomes-another',
    file: 'src/policy/guest-identity.ts',
    find: 'return text.replaceAll(/[A-Z]/g, (letter) => letter.toLowerCase());',
    replace: 'return text.toLowerCase();',
    tests: IDENTITY,
  },
  {
    name: 'guest-associated-with-who-has-not-left',
    file: 'src/policy/guest-rules.ts',
    find: "    case 'pending':\n    case 'active':\n      return",
    replace: "    case 'active':\n      break;\n    case 'pending':\n      return",
    tests: RULES,
  },
  {
    name: 'guest-associated-beside-one-of-the-same-provider',
    file: 'src/policy/guest-rules.ts',
    find: 'isOpen || identity.provider !== BY_EMAIL',
    replace: 'isOpen && identity.provider === BY_EMAIL',
    tests: RULES,
  },
  {
    name: 'guest-associated-with-another-persons-identity',
    file: 'src/policy/guest-rules.ts',
    find: '  if (facts.isOfAnother) {',
    replace: '  if (facts.isOfAnother && identity.provider === BY_EMAIL) {',
    tests: RULES,
  },
  {
    name: 'guest-associated-by-one-address-at-two-providers-at-once',
    file: 'src/registry/stores/guest-store.ts',
    find: 'or lower(email) = any(${lower}::text[]))\n    union all',
    replace: ')\n    union all',
    tests: REGISTRY,
  },
  {
    name: 'guest-that-was-released-still-leads-to-the-person',
    file: 'src/registry/stores/guest-store.ts',
    find: 'and subject = ${storable(subject)} and released_at is null`',
    replace: 'and subject = ${storable(subject)}`',
    tests: REGISTRY,
  },
  {
    name: 'guest-associated-stays-open-at-the-return',
    file: 'src/policy/guest-steps.ts',
    find: "const guest = isOpen ? {} : ({ guest: { departure: state.departure, state: 'partial' } } as const);",
    replace: 'const guest = isOpen ? {} : {};',
    tests: STEPS,
  },
  {
    name: 'guest-change-that-came-meanwhile-is-forgotten',
    file: 'src/policy/guest-steps.ts',
    find: 'return guestChange && said === `writeGuests/${guestChange.requestId}` ? rest : state;',
    replace: 'return guestChange && said !== "" ? rest : state;',
    tests: STEPS,
  },
  {
    name: 'guest-of-an-account-that-is-over-is-told-nobody',
    file: 'activities/guests/operator-guest.ts',
    find: 'if (account === null || !isFinal(account.state.stage)) return;',
    replace: 'if (account !== null) return;',
    tests: ASSOCIATED,
  },
  {
    name: 'guest-identity-in-the-answer-to-an-operator',
    file: 'activities/guests/operator-guest.ts',
    find: 'sealed: seal(JSON.stringify(guests), answerTo)',
    replace: 'sealed: JSON.stringify(guests)',
    tests: ASSOCIATED,
  },
  {
    name: 'guest-released-takes-another-persons-entry',
    file: 'activities/guests/write-guests.ts',
    find: "return entry?.kind === 'guest' && entry.person.personId === personId;",
    replace: "return entry?.kind === 'guest' && personId !== '';",
    tests: ASSOCIATED,
  },
  {
    name: 'guest-released-is-forgotten-before-its-entry-is-gone',
    file: 'activities/guests/write-guests.ts',
    find: 'if (guest.releasedAt !== null && (await isGone(guest))) gone.push(guest.guestId);',
    replace: 'if (guest.releasedAt !== null) gone.push(guest.guestId);',
    tests: ASSOCIATED,
  },
  {
    name: 'guest-associated-is-not-opened-at-the-next-leaving',
    file: 'activities/steps/guest.ts',
    find: 'await deps.registry.reopenAssociated({ personId, accountId, at: now });',
    replace: '[] as readonly string[];',
    tests: ASSOCIATED,
  },
  {
    name: 'guest-that-is-shut-signs-in',
    file: 'src/api/guests/guest-routes.ts',
    find: 'if (!guest?.isOpen) throw',
    replace: 'if (guest === null) throw',
    tests: API,
  },
  {
    name: 'guest-identities-open-to-every-client',
    file: 'src/api/create-api.ts',
    find: 'access: guests === null ? [] : [access, guests]',
    replace: 'access: [access]',
    tests: API,
  },
  {
    name: 'guest-identities-open-to-who-lacks-what-everybody-needs',
    file: 'src/api/create-api.ts',
    find: 'access: guests === null ? [] : [access, guests]',
    replace: 'access: guests === null ? [] : [guests]',
    tests: API,
  },
  {
    name: 'guest-that-is-open-at-the-return-is-not-reconciled',
    file: 'activities/reconcile/guest-findings.ts',
    find: "return counts.state.stage === 'active' || counts",
    replace: 'return counts',
    tests: RECONCILE,
  },
  {
    name: 'guest-entries-are-strangers-to-reconcile',
    file: 'activities/reconcile/unknown.ts',
    find: "  if (kind !== 'guest') return deps.registry.loginTaken(login);",
    replace: '  if (kind !== null) return deps.registry.loginTaken(login);',
    tests: RECONCILE,
  },
  {
    name: 'mail-that-goes-elsewhere-is-not-reconciled',
    file: 'activities/reconcile/target-findings.ts',
    find: 'if (routing !== null && entry.mailRouting !== routing) {',
    replace: 'if (routing !== null && entry.mailRouting === null) {',
    tests: RECONCILE,
  },
  {
    name: 'return-does-not-count-the-leaving',
    file: 'src/policy/fold-step.ts',
    find: 'departure: state.departure + 1, allClear };',
    replace: 'departure: Math.min(1, state.departure + 1), allClear };',
    tests: RETURNS,
  },
  {
    name: 'return-called-off-block-keeps-its-epoch',
    file: 'src/policy/fold-step.ts',
    find: 'const raised = { ...state, epoch: state.epoch + 1 };',
    replace: 'const raised = { ...state };',
    tests: RETURNS,
  },
];
