import helmet from '@fastify/helmet';
import { fastify, type FastifyInstance } from 'fastify';
import { validatorCompiler } from 'fastify-type-provider-zod';
import { randomUUID } from 'node:crypto';
import type { Instant } from '../contracts/time.ts';
import type { Logger } from '../logger.ts';
import type { GuestRegistry } from '../registry/guest-registry.ts';
import type { IdentityRegistry } from '../registry/identity-registry.ts';
import { guestRoutes } from './guests/guest-routes.ts';
import { healthRoute } from './health-route.ts';
import { answerConnectionError, problemAnswerer } from './http/answer-problems.ts';
import { logRequests } from './http/log-requests.ts';
import { notFound } from './http/problem.ts';
import { parseQueryString } from './http/query-string.ts';
import { identityRoutes } from './identity/identity-routes.ts';
import { LINKS_PATH } from '../links/link-token.ts';
import { PROPOSALS_PATH } from '../links/proposal-token.ts';
import { linksRoutes, type LinksArea } from './links/links-routes.ts';
import { proposalRoutes, type ProposalsArea } from './links/proposal-routes.ts';
import { describeApi, openApiRoute } from './open-api.ts';
import { authenticate } from './security/authentication.ts';
import type { Requirement, TokenVerifier } from './security/caller.ts';
import { limitRequests } from './security/limit-requests.ts';

const BODY_BYTES = 16_384;
const HEADER_BYTES = 16_384;
/** A login of 300 characters, each of them four bytes, each of these three characters. */
const LONGEST_PARAMETER = 4_096;
const REQUEST_TIMEOUT_MS = 10_000;
const PREFIX = '/api/v1.0';

export interface ApiDependencies {
  readonly registry: IdentityRegistry & Pick<GuestRegistry, 'guestOf'>;
  /** The deployment's clock. */
  readonly now: () => Instant;
  /** Whose calendar counts. */
  readonly timeZone: string;
  readonly verifyToken: TokenVerifier;
  /** What is behind the links in mails; `null` or absent = there are none. */
  readonly links?: (Pick<LinksArea, 'links' | 'defaultLanguage'> & Pick<ProposalsArea, 'proposals'>) | null;
  readonly log: Logger;
  readonly settings: {
    /** What every token must hold. */
    readonly required: Requirement;
    /** What a token must hold besides to ask whom an external identity leads to; `null` = nobody may. */
    readonly guests: Requirement | null;
    /** So many requests of one client, or from one address, in so many ms. */
    readonly rateLimit: { readonly requests: number; readonly windowMs: number };
    /** The address of a caller is what a proxy says. */
    readonly trustProxy: boolean;
    readonly gid: number | null;
  };
}

/**
 * Builds the API; whoever calls it lets it listen. Areas are plugins: another one is registered beside `identityRoutes`,
 * under a prefix of its own, and each of its routes says in `config.access` who may call it.
 */
export function createApi(deps: ApiDependencies): FastifyInstance {
  const { registry, now, timeZone, verifyToken, links, log, settings } = deps;
  const app = fastify({
    logger: false,
    genReqId: () => randomUUID(),
    trustProxy: settings.trustProxy,
    bodyLimit: BODY_BYTES,
    requestTimeout: REQUEST_TIMEOUT_MS,
    http: { maxHeaderSize: HEADER_BYTES },
    routerOptions: { maxParamLength: LONGEST_PARAMETER, querystringParser: parseQueryString },
    frameworkErrors: (error, request, reply) => void problemAnswerer(log)(error, request, reply),
    clientErrorHandler: answerConnectionError,
    // Whatever has arrived is answered, and its connection closed.
    forceCloseConnections: 'idle',
    return503OnClosing: false,
  });
  app.setValidatorCompiler(validatorCompiler);
  // Answers are made here, of values that are checked already.
  app.setSerializerCompiler(() => (value) => JSON.stringify(value));
  logRequests(app, log);
  authenticate(app, verifyToken);
  void app.register(helmet, { contentSecurityPolicy: { directives: { defaultSrc: ["'none'"] } } });
  limitRequests(app, settings.rateLimit);
  app.setErrorHandler(problemAnswerer(log));
  app.setNotFoundHandler(() => {
    throw notFound('There is nothing at this address.');
  });
  describeApi(app);
  void app.register(async (areas) => {
    const { required: access, guests, gid } = settings;
    await areas.register(
      healthRoute(() =>
        registry.countIdentities({ today: '2000-01-01', conditions: [{ field: 'nothing' }] }),
      ),
    );
    await areas.register(openApiRoute(access), { prefix: PREFIX });
    await areas.register(identityRoutes({ registry, now, view: { timeZone, gid }, access }), {
      prefix: PREFIX,
    });
    await areas.register(guestRoutes({ registry, access: guests === null ? [] : [access, guests] }), {
      prefix: PREFIX,
    });
    if (links) {
      await areas.register(linksRoutes({ ...links, timeZone }), { prefix: LINKS_PATH });
      await areas.register(proposalRoutes({ ...links, timeZone }), { prefix: PROPOSALS_PATH });
    }
  });
  return app;
}
