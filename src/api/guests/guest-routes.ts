import type { FastifyPluginAsync } from 'fastify';
import type { ZodTypeProvider } from 'fastify-type-provider-zod';
import { parseGuestKey } from '../../policy/guest-identity.ts';
import type { GuestRegistry } from '../../registry/guest-registry.ts';
import { notFound } from '../http/problem.ts';
import { PROBLEM_ANSWERS } from '../identity/schemas.ts';
import type { Requirement } from '../security/caller.ts';
import { guestAnswer, guestQuery, NO_GUEST_ANSWER } from './schemas.ts';

export interface GuestArea {
  readonly registry: Pick<GuestRegistry, 'guestOf'>;
  /** Who may ask: every one must be held. None = nobody. */
  readonly access: readonly Requirement[];
}

/**
 * `GET /GuestIdentity`: whom an identity elsewhere leads to, for a service at which somebody signs in by it. Who cannot be
 * told is not told why: an identity that is shut and one that nobody ever had look alike. Rule: "What a service asks at
 * sign-in".
 */
export function guestRoutes({ registry, access }: GuestArea): FastifyPluginAsync {
  return async (app) => {
    app.withTypeProvider<ZodTypeProvider>().get(
      '/GuestIdentity',
      {
        config: access.length === 0 ? {} : { access },
        schema: {
          operationId: 'getGuestIdentity',
          summary: 'Whom an external identity leads to',
          querystring: guestQuery,
          response: { 200: guestAnswer, ...PROBLEM_ANSWERS, ...NO_GUEST_ANSWER },
        },
      },
      async (request, reply) => {
        void reply.header('cache-control', 'no-store');
        // What no guest account can be is one that is not there.
        const key = parseGuestKey(request.query);
        const guest = key.ok ? await registry.guestOf(key.value) : null;
        if (!guest?.isOpen) throw notFound('This identity leads to nobody.');
        const { guestId: id, personId, formerLogin } = guest;
        return { data: { id, personId, formerLogin } };
      },
    );
  };
}
