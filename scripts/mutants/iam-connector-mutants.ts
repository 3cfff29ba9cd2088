import type { Mutant } from './mutant.ts';

const WALK = ['test/connectors/indigo-iam/walk-list.property.test.ts'];
const CONNECTOR = ['test/connectors/indigo-iam/create-indigo-iam.integration.test.ts'];
const CONFIG = ['test/config/cern-block.integration.test.ts'];
const folder = 'src/connectors/indigo-iam';

/** Wrong reads and writes of an INDIGO IAM instance, and wrong readings of its configuration. */
export const IAM_CONNECTOR_MUTANTS: readonly Mutant[] = [
  {
    name: 'a-404-of-something-else-holds-an-account-up-for-a-day',
    file: `${folder}/iam-answers.ts`,
    find: '{ isPassing: true }',
    replace: '{ isPassing: false }',
    tests: CONNECTOR,
  },
  {
    name: 'no-word-about-participations-that-are-not-found',
    file: 'src/config/cern-block.ts',
    find: "found.entries.has('on-participation-not-found');",
    replace: "found.entries.has('experiment-name');",
    tests: CONFIG,
  },
  {
    name: 'a-page-that-does-not-connect-is-taken-as-it-comes',
    file: `${folder}/walk-list.ts`,
    find: 'if (!connects && backs < PATIENCE) {',
    replace: 'if (!connects && backs < 0) {',
    tests: WALK,
  },
  {
    name: 'a-list-that-moved-is-read-once',
    file: `${folder}/walk-list.ts`,
    find: 'const PASSES = 3;',
    replace: 'const PASSES = 1;',
    tests: WALK,
  },
  {
    name: 'a-list-that-moved-is-called-whole',
    file: `${folder}/walk-list.ts`,
    find: "yield { outcome: 'end', isWhole: isStill, total };",
    replace: "yield { outcome: 'end', isWhole: true, total };",
    tests: WALK,
  },
  {
    name: 'everyone-fetches-a-token-of-their-own',
    file: `${folder}/token-source.ts`,
    find: 'flight ??= fetchOne()',
    replace: 'flight = fetchOne()',
    tests: CONNECTOR,
  },
  {
    name: 'a-token-is-used-until-it-ends',
    file: `${folder}/token-source.ts`,
    find: 'const MARGIN_MS = 60_000;',
    replace: 'const MARGIN_MS = 0;',
    tests: CONNECTOR,
  },
  {
    name: 'a-page-in-front-of-iam-says-who-is-gone',
    file: `${folder}/iam-answers.ts`,
    find: 'if (isOfSomethingElse(answer)) throw',
    replace: 'if (answer.contentType.length > 1000) throw',
    tests: CONNECTOR,
  },
  {
    name: 'a-page-in-front-of-iam-counts-as-written',
    file: `${folder}/iam-answers.ts`,
    find: 'answer.status < 300 && answer.body.length > 0',
    replace: 'answer.status < 200 && answer.body.length > 0',
    tests: CONNECTOR,
  },
  {
    name: 'what-is-so-already-is-written-again',
    file: `${folder}/label-writes.ts`,
    find: 'if (there !== undefined && ',
    replace: 'if (there === undefined && ',
    tests: CONNECTOR,
  },
  {
    name: 'a-500-on-an-end-time-is-believed',
    file: `${folder}/user-writes.ts`,
    find: 'if (answer.status === 500 && (await readUser({ id, signal }))',
    replace: 'if (answer.status === 501 && (await readUser({ id, signal }))',
    tests: CONNECTOR,
  },
  {
    name: 'a-bound-address-holds-up-the-rest',
    file: `${folder}/user-writes.ts`,
    find: "'setPerson', { emails }, [400, 409]);",
    replace: "'setPerson', { emails }, [400]);",
    tests: CONNECTOR,
  },
  {
    name: 'a-pasted-password-goes-to-any-hr',
    file: 'src/config/pasted-block.ts',
    find: 'return ownUrl !== null && isSameUrl(ownUrl, hrUrl) ? hrCredentials : null;',
    replace: 'return ownUrl !== null && hrUrl.length > 0 ? hrCredentials : null;',
    tests: CONFIG,
  },
  {
    name: 'a-pasted-password-is-taken-in-silence',
    file: 'src/config/cern-block.ts',
    find: 'if (password !== null && !password.isFromEnvironment) {',
    replace: 'if (password !== null && password.text.length > 1000) {',
    tests: CONFIG,
  },
  {
    name: 'a-pasted-schedule-outweighs-ours',
    file: 'src/config/pasted-block.ts',
    find: '{ [setting]: value, ...section(file, name) }',
    replace: '{ ...section(file, name), [setting]: value }',
    tests: CONFIG,
  },
];
