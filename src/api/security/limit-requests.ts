import rateLimit from '@fastify/rate-limit';
import type { FastifyInstance } from 'fastify';
import { ApiProblem } from '../http/problem.ts';
import { limitKey } from './limit-key.ts';

/**
 * Counts requests by who sent them, whatever they are for, and sends away what is too many. Each process counts for
 * itself.
 */
export function limitRequests(
  app: FastifyInstance,
  { requests, windowMs }: { readonly requests: number; readonly windowMs: number },
): void {
  void app.register(rateLimit, {
    global: false,
    max: requests,
    timeWindow: windowMs,
    keyGenerator: limitKey,
    errorResponseBuilder: (_request, { ttl }) =>
      new ApiProblem({
        status: 429,
        code: 'too-many-requests',
        headers: { 'retry-after': String(Math.ceil(ttl / 1000)) },
      }),
  });
  // Not as each route's own hook: unknown addresses have none.
  void app.after(() => {
    app.addHook('onRequest', app.rateLimit());
  });
}
