import type { FastifyInstance } from 'fastify';
import type { Logger } from '../../logger.ts';

/**
 * Logs a line for every request: the route's pattern, never its address, since a login stands in it, and the client's
 * id, never its token.
 */
export function logRequests(app: FastifyInstance, log: Logger): void {
  app.addHook('onResponse', (request, reply, done) => {
    log.info(
      {
        requestId: request.id,
        method: request.method,
        route: request.is404 ? null : (request.routeOptions.url ?? null),
        status: reply.statusCode,
        ms: Math.round(reply.elapsedTime),
        client: request.caller?.clientId ?? null,
      },
      'request',
    );
    done();
  });
}
