import type { Mutant } from './mutant.ts';

const CONNECTOR = ['test/connectors/resources/create-resource-source.integration.test.ts'];
const NOTICES = ['test/activities/other-resources.integration.test.ts'];
const TOKEN = ['test/links/proposal-token.test.ts'];
const PAGE = ['test/api/links/proposal-routes.integration.test.ts'];
const WORKFLOWS = ['test/workflows/proposals.workflow.test.ts'];
const CONFIGURATION = ['test/config/load-config.integration.test.ts'];

/** Lists of what leavers own that are wrong, lost or waited for too long; links of owners that work for others or too long. */
export const RESOURCE_MUTANTS: readonly Mutant[] = [
  {
    name: 'failed-list-of-resources-is-an-empty-one',
    file: 'src/connectors/resources/create-resource-source.ts',
    find: 'if (answer.status === 404) return [];',
    replace: 'if (answer.status >= 404) return [];',
    tests: CONNECTOR,
  },
  {
    name: 'names-of-resources-break-lines',
    file: 'src/connectors/resources/resource-schema.ts',
    find: ".replace(/[\\s\\p{C}\\p{Z}]+/gu, ' ')",
    replace: ".replace(/ +/gu, ' ')",
    tests: CONNECTOR,
  },
  {
    name: 'names-of-resources-without-end',
    file: 'src/connectors/resources/resource-schema.ts',
    find: 'return characters.length <= longest ? text',
    replace: 'return characters.length > 0 ? text',
    tests: CONNECTOR,
  },
  {
    name: 'list-of-resources-is-not-waited-for',
    file: 'activities/steps/still-owned.ts',
    find: 'if (error.retryable && now < givesUpAt(input.step, patienceMs)) throw error;',
    replace: 'if (error.retryable && now < givesUpAt(input.step, 0)) throw error;',
    tests: NOTICES,
  },
  {
    name: 'notice-lost-for-want-of-a-list',
    file: 'activities/steps/still-owned.ts',
    find: 'deadline === null ? Infinity : (deadline - dueAt) / 2',
    replace: 'deadline === null ? Infinity : (deadline - dueAt) * 2',
    tests: NOTICES,
  },
  {
    name: 'list-that-no-retry-mends-is-waited-for',
    file: 'activities/steps/still-owned.ts',
    find: 'if (error.retryable && now <',
    replace: 'if (now <',
    tests: NOTICES,
  },
  {
    name: 'resources-nobody-could-list-are-none',
    file: 'activities/steps/notices.ts',
    find: 'if (accounts.length === 0 && others?.length === 0) return;',
    replace: 'if (accounts.length === 0 && (others?.length ?? 0) === 0) return;',
    tests: NOTICES,
  },
  {
    name: 'supervisor-told-only-of-service-accounts',
    file: 'activities/steps/notices.ts',
    find: 'if (accounts.length === 0 && others?.length === 0) return;',
    replace: 'if (accounts.length === 0) return;',
    tests: NOTICES,
  },
  {
    name: 'link-of-an-owner-goes-to-the-supervisor',
    file: 'activities/steps/notices.ts',
    find: "details.template === 'leaving-soon' && reader.via === null;",
    replace: "details.template === 'leaving-soon';",
    tests: NOTICES,
  },
  {
    name: 'who-has-left-is-told-they-will',
    file: 'activities/steps/notices.ts',
    find: "if (template === 'has-left') return { template, facts };\n      return { template, facts: { ...facts, proposals: common.owned.proposals } };",
    replace: "return { template: 'leaving-soon', facts: { ...facts, proposals: common.owned.proposals } };",
    tests: NOTICES,
  },
  {
    name: 'token-of-resources-sent-as-a-password',
    file: 'src/config/resources-config.ts',
    find: 'const { user = null, secretEnv, ...rest } = file;',
    replace: "const { user = '', secretEnv, ...rest } = file;",
    tests: CONFIGURATION,
  },
  {
    name: 'proposal-link-of-another-account-works',
    file: 'src/links/proposal-token.ts',
    find: 'JSON.stringify([accountId, owner, since])',
    replace: 'JSON.stringify([accountId.length, owner, since])',
    tests: TOKEN,
  },
  {
    name: 'proposal-link-outlives-the-ownership',
    file: 'src/links/proposal-token.ts',
    find: 'JSON.stringify([accountId, owner, since])',
    replace: 'JSON.stringify([accountId, owner, since > 0])',
    tests: PAGE,
  },
  {
    name: 'proposal-link-works-as-an-answer',
    file: 'src/links/proposal-token.ts',
    find: "const PURPOSE = 'lifecycle link proposal ';",
    replace: "const PURPOSE = 'lifecycle link reassignment ';",
    tests: TOKEN,
  },
  {
    name: 'proposal-link-outlives-leaving',
    file: 'src/links/propose-owner.ts',
    find: 'if (!isHere(primary, today())) return null;',
    replace: 'if (primary === undefined) return null;',
    tests: PAGE,
  },
  {
    name: 'opening-a-proposal-link-asks',
    file: 'src/api/links/proposal-routes.ts',
    find: "return send(reply, params.success ? await proposals.show(params.data) : { outcome: 'unknown' });",
    replace:
      "return send(reply, params.success ? await proposals.ask({ ...params.data, newOwner: '1' }) : { outcome: 'unknown' });",
    tests: PAGE,
  },
  {
    name: 'former-owner-asks',
    file: 'activities/reassignment/refusal-of-asker.ts',
    find: 'account?.personId === onlyOf ? null',
    replace: 'account !== null ? null',
    tests: WORKFLOWS,
  },
];
