import type { Mutant } from './mutant.ts';

const REQUEST_TABLE = ['test/policy/account-requests.test.ts'];
const REQUEST_STORE = ['test/registry/requests.integration.test.ts'];
const REQUESTS = ['test/activities/requests/request-account.integration.test.ts'];
const RULES = ['test/policy/reassignment-rules.test.ts'];
const CORE = ['test/policy/reassignment.test.ts'];
const STEPS = ['test/policy/reassign-steps.test.ts'];
const STORE = ['test/registry/reassignments.integration.test.ts'];
const TOKEN = ['test/links/link-token.test.ts'];
const PAGE = ['test/api/links/links-routes.integration.test.ts'];
const WORKFLOWS = ['test/workflows/reassignment.workflow.test.ts'];

/** Accounts beyond the limits, owners who never agreed, links that work for others or twice. */
export const REASSIGNMENT_MUTANTS: readonly Mutant[] = [
  {
    name: 're-assigned-account-forgets-it-with-its-workflow',
    file: 'src/registry/stores/reassignment-store.ts',
    find: "if (verdict === 'approved') await rememberApproval",
    replace: "if (verdict === 'withdrawn') await rememberApproval",
    tests: STORE,
  },
  {
    name: 'sixth-secondary-granted',
    file: 'src/policy/account-requests.ts',
    find: 'if (has[kind] < most) return null;',
    replace: 'if (has[kind] <= most) return null;',
    tests: REQUEST_TABLE,
  },
  {
    name: 'used-login-granted',
    file: 'src/policy/account-requests.ts',
    find: 'return isUsed ? LOGIN_USED : null;',
    replace: "return isUsed && asked.kind === 'secondary' && asked.login === '' ? LOGIN_USED : null;",
    tests: REQUEST_TABLE,
  },
  {
    name: 'disabled-person-gets-another-account',
    file: 'activities/requests/applicant.ts',
    find: 'isDisabled: (primary?.state.holds.disabledManually ?? null) !== null,',
    replace: 'isDisabled: false,',
    tests: REQUESTS,
  },
  {
    name: 'requests-do-not-take-turns',
    file: 'src/registry/stores/request-store.ts',
    find: "    .where('person_id', '=', personId)\n    .forUpdate()",
    replace: "    .where('person_id', '=', personId)",
    tests: REQUEST_STORE,
  },
  {
    name: 'accounts-on-their-way-are-not-counted',
    file: 'src/registry/stores/request-store.ts',
    find: 'const coming = await countComing(trx, asked.personId);',
    replace: 'const coming = 0 * (await countComing(trx, asked.personId));',
    tests: STORE,
  },
  {
    name: 'leaving-in-sixty-days-is-no-leaving',
    file: 'src/policy/reassignment-rules.ts',
    find: 'daysBetween(today, lastDay.date) <= LEAVING_DAYS',
    replace: 'daysBetween(today, lastDay.date) < LEAVING_DAYS',
    tests: RULES,
  },
  {
    name: 'anybody-approves',
    file: 'src/policy/reassignment.ts',
    find: "if (verdict !== 'withdrawn' && by !== ask.newOwner) {",
    replace: "if (verdict === 'rejected' && by !== ask.newOwner) {",
    tests: CORE,
  },
  {
    name: 'last-word-counts',
    file: 'src/policy/reassignment.ts',
    find: 'return state.said === null && isPending(state)',
    replace: 'return isPending(state)',
    tests: CORE,
  },
  {
    name: 'lapsed-a-day-late',
    file: 'src/policy/reassignment.ts',
    find: 'return now >= state.lapsesAt ?',
    replace: 'return now >= state.lapsesAt + DAY_MS ?',
    tests: CORE,
  },
  {
    name: 'missed-reminders-all-sent',
    file: 'src/policy/reassignment.ts',
    find: 'const missed = reminders.filter(({ at }) => at <= now).slice(0, -1);',
    replace: 'const missed = reminders.filter(({ at }) => at < 0);',
    tests: CORE,
  },
  {
    name: 'personal-account-re-assigned',
    file: 'src/policy/reassign-steps.ts',
    find: "if (state.kind !== 'service' || state.handledCommands",
    replace: 'if (state.handledCommands',
    tests: STEPS,
  },
  {
    name: 're-assigned-without-approval',
    file: 'src/registry/stores/reassignment-store.ts',
    find: "if (before.status !== 'approved' || before.doneAt !== null || account === null) return before;",
    replace: 'if (before.doneAt !== null || account === null) return before;',
    tests: STORE,
  },
  {
    name: 'approval-is-not-checked-again',
    file: 'src/registry/stores/reassignment-store.ts',
    find: "decision.verdict === 'approved'\n",
    replace: "decision.verdict === 'lapsed'\n",
    tests: STORE,
  },
  {
    name: 'link-of-another-request-works',
    file: 'src/links/link-token.ts',
    find: "createHmac('sha256', input.key).update(`${PURPOSE}${requestId}`)",
    replace: "createHmac('sha256', input.key).update(`${PURPOSE}${requestId.slice(0, 1)}`)",
    tests: TOKEN,
  },
  {
    name: 'opening-a-link-answers-it',
    file: 'src/api/links/links-routes.ts',
    find: "return send(reply, params.success ? await links.show(params.data) : { outcome: 'unknown' });",
    replace:
      "return send(reply, params.success ? await links.answer({ ...params.data, verdict: 'approved' }) : { outcome: 'unknown' });",
    tests: PAGE,
  },
  {
    name: 'link-page-without-escaping',
    file: 'src/api/links/page.ts',
    find: "return text.replace(/[&<>\"']/g, (character) => ENTITIES[character] ?? '').replace(/\\p{Cc}/gu, ' ');",
    replace: "return Object.keys(ENTITIES).length === 0 ? '' : text.replace(/\\p{Cc}/gu, ' ');",
    tests: PAGE,
  },
  {
    name: 'freeze-stops-what-people-decided',
    file: 'activities/frozen.ts',
    find: "new Set<StepAction>(['block', 'delete', 'transfer'",
    replace: "new Set<StepAction>(['reassign', 'block', 'delete', 'transfer'",
    tests: WORKFLOWS,
  },
];
