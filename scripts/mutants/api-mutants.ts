import type { Mutant } from './mutant.ts';

const IDENTITY = ['test/api/identity.integration.test.ts'];
const SECURITY = ['test/api/security.integration.test.ts'];
const STORE = ['test/registry/identities.integration.test.ts'];

/** An API that says the wrong thing of somebody, or says it to the wrong one. */
export const API_MUTANTS: readonly Mutant[] = [
  {
    name: 'api-expiry-is-not-needed',
    file: 'src/api/security/token-verifier.ts',
    find: "requiredClaims: ['exp']",
    replace: 'requiredClaims: []',
    tests: SECURITY,
  },
  {
    name: 'api-any-audience',
    file: 'src/api/security/token-verifier.ts',
    find: '...{ issuer, audience, algorithms,',
    replace: '...{ issuer, algorithms,',
    tests: SECURITY,
  },
  {
    name: 'api-remembers-a-token-beyond-its-end',
    file: 'src/api/security/token-verifier.ts',
    find: 'Math.min(now() + KNOWN_FOR_MS, expires)',
    replace: 'now() + KNOWN_FOR_MS',
    tests: SECURITY,
  },
  {
    name: 'api-open-unless-it-says-otherwise',
    file: 'src/api/security/authentication.ts',
    find: "return !request.is404 && request.routeOptions.config.access === 'public';",
    replace: "return !request.is404 && (request.routeOptions.config.access ?? 'public') === 'public';",
    tests: SECURITY,
  },
  {
    name: 'api-role-is-not-looked-at',
    file: 'src/api/security/authentication.ts',
    find: 'if (hasScope && hasRole) continue;',
    replace: 'if (hasScope) continue;',
    tests: SECURITY,
  },
  {
    name: 'api-counts-clients-by-address',
    file: 'src/api/security/limit-key.ts',
    find: 'request.caller === null ?',
    replace: 'request.ip !== null ?',
    tests: SECURITY,
  },
  {
    name: 'api-token-of-any-list',
    file: 'src/api/identity/paging-token.ts',
    find: 'if (digest !== digestOf(filters)) {',
    replace: 'if (digest === null) {',
    tests: ['test/api/paging.integration.test.ts'],
  },
  {
    name: 'api-page-skips-the-next-one',
    file: 'src/api/identity/identity-routes.ts',
    find: 'const last = page.length > limit ? rows.at(-1) : undefined;',
    replace: 'const last = page.length > limit ? page.at(-1) : undefined;',
    tests: ['test/api/paging.integration.test.ts'],
  },
  {
    name: 'api-modified-by-writes-alone',
    file: 'src/api/identity/fields.ts',
    find: 'Math.max(written, startOfDate(lastFlip, timeZone))',
    replace: 'written',
    tests: IDENTITY,
  },
  {
    name: 'api-day-of-utc',
    file: 'src/api/identity/identity-routes.ts',
    find: 'dateOf(now(), view.timeZone)',
    replace: "dateOf(now(), 'UTC')",
    tests: IDENTITY,
  },
  {
    name: 'api-after-is-from',
    file: 'src/api/identity/parse-filter.ts',
    find: "operator === 'gt' || operator === 'le' ? at + 1 : at",
    replace: "operator === 'le' ? at + 1 : at",
    tests: IDENTITY,
  },
  {
    name: 'api-logs-addresses',
    file: 'src/api/http/log-requests.ts',
    find: 'route: request.is404 ? null : (request.routeOptions.url ?? null),',
    replace: 'route: request.url,',
    tests: ['test/api/answers.integration.test.ts'],
  },
  {
    name: 'api-tells-what-went-wrong',
    file: 'src/api/http/problem-of.ts',
    find: "new ApiProblem({ status: 500, code: 'internal' })",
    replace: "new ApiProblem({ status: 500, code: 'internal', detail: String(error) })",
    tests: ['test/api/answers.integration.test.ts'],
  },
  {
    name: 'identity-of-the-newest-fact-of-hr',
    file: 'src/registry/migrations/0007-identities.ts',
    find: 'select applied_observation from persons where',
    replace: 'select observation from persons where',
    tests: STORE,
  },
  {
    name: 'identity-last-day-is-over',
    file: 'src/registry/migrations/0007-identities.ts',
    find: "range_agg(daterange(first_day, last_day, '[]'))",
    replace: "range_agg(daterange(first_day, last_day, '[)'))",
    tests: STORE,
  },
  {
    name: 'identity-active-after-the-delete',
    file: 'src/registry/migrations/0007-identities.ts',
    find: "if not over and new.kind <> 'service'",
    replace: "if new.kind <> 'service'",
    tests: STORE,
  },
  {
    name: 'identity-goes-back-behind-what-it-was-told',
    file: 'src/registry/migrations/0007-identities.ts',
    find: "and coalesce(told_number, -1) < (new.applied_observation ->> 'number')::bigint;",
    replace: "and coalesce(told_number, -1) <> (new.applied_observation ->> 'number')::bigint;",
    tests: STORE,
  },
];
