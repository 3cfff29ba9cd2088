import { randomBytes } from 'node:crypto';
import type { FastifyPluginAsync } from 'fastify';
import type { ZodTypeProvider } from 'fastify-type-provider-zod';
import type { Instant } from '../../contracts/time.ts';
import { dateOf } from '../../policy/calendar.ts';
import type { IdentityRegistry } from '../../registry/identity-registry.ts';
import { notFound } from '../http/problem.ts';
import type { Requirement } from '../security/caller.ts';
import { identityWriter, type IdentityView } from './fields.ts';
import { createPagingTokens, type PagingTokens } from './paging-token.ts';
import { parseFilter } from './parse-filter.ts';
import {
  listAnswer,
  listQuery,
  NOT_FOUND_ANSWER,
  oneAnswer,
  oneParams,
  oneQuery,
  PROBLEM_ANSWERS,
} from './schemas.ts';

const PAGING_KEY = 'paging-tokens';
const KEY_BYTES = 32;

export interface IdentityArea {
  readonly registry: IdentityRegistry;
  /** The deployment's clock. */
  readonly now: () => Instant;
  readonly view: IdentityView;
  readonly access: Requirement;
}

/** `GET /Identity/{upn}` and `GET /Identity`. Rule: "What others read". */
export function identityRoutes({ registry, now, view, access }: IdentityArea): FastifyPluginAsync {
  const today = () => dateOf(now(), view.timeZone);
  let paging: PagingTokens | null = null;
  const pagingTokens = async (): Promise<PagingTokens> => {
    if (paging === null) {
      const proposed = randomBytes(KEY_BYTES).toString('base64url');
      paging = createPagingTokens(await registry.deploymentKey({ name: PAGING_KEY, proposed }));
    }
    return paging;
  };

  return async (app) => {
    const typed = app.withTypeProvider<ZodTypeProvider>();
    typed.get(
      '/Identity/:upn',
      {
        config: { access },
        schema: {
          operationId: 'getIdentity',
          summary: 'One identity, by its login',
          params: oneParams,
          querystring: oneQuery,
          response: { 200: oneAnswer, ...PROBLEM_ANSWERS, ...NOT_FOUND_ANSWER },
        },
      },
      async (request) => {
        const row = await registry.identityByLogin({ login: request.params.upn, today: today() });
        if (row === null) throw notFound('No account has or had this login.');
        return { data: identityWriter(request.query.field, view)(row) };
      },
    );

    typed.get(
      '/Identity',
      {
        config: { access },
        schema: {
          operationId: 'listIdentities',
          summary: 'Identities, page by page',
          querystring: listQuery,
          response: { 200: listAnswer, ...PROBLEM_ANSWERS },
        },
      },
      async (request) => {
        const { limit, token, filter, field } = request.query;
        const conditions = filter.flatMap((text) => parseFilter(text, view.timeZone) ?? []);
        const selection = { today: today(), conditions };
        const tokens = await pagingTokens();
        const position = token === undefined ? null : tokens.read(token, filter);
        const total = position?.total ?? (await registry.countIdentities(selection));
        const offset = position?.offset ?? request.query.offset;
        const page = await registry.identities({
          ...selection,
          after: position?.after ?? null,
          offset: position === null ? offset : 0,
          // One more tells whether there is a next page.
          limit: limit + 1,
        });
        const rows = page.slice(0, limit);
        const last = page.length > limit ? rows.at(-1) : undefined;
        const next = last && tokens.write({ after: last.number, offset: offset + limit, total }, filter);
        return {
          pagination: { total, offset, limit, token: next ?? null },
          data: rows.map(identityWriter(field, view)),
        };
      },
    );
  };
}
