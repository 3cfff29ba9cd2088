import type { FastifyPluginAsync } from 'fastify';
import { ApiProblem } from './http/problem.ts';

/** Whether the API can answer, for whoever watches over it: the one route without a token. It tells nothing else. */
export function healthRoute(isUp: () => Promise<unknown>): FastifyPluginAsync {
  return async (app) => {
    app.get('/health', { config: { access: 'public' }, schema: { hide: true } }, async () => {
      try {
        await isUp();
      } catch {
        throw new ApiProblem({ status: 503, code: 'unavailable', headers: { 'retry-after': '5' } });
      }
      return { status: 'up' };
    });
  };
}
