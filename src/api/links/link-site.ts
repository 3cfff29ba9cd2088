import type { FastifyInstance, FastifyReply } from 'fastify';
import { ApiProblem } from '../http/problem.ts';

/** Guessing is hopeless, and so is keeping a server busy with it. */
const RATE = { max: 30, timeWindow: 60_000 } as const;

const FORM = 'application/x-www-form-urlencoded';

/** Nothing is loaded, run, framed or sent elsewhere. */
const POLICY = "default-src 'none'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'";

/** Prepares an area of pages behind links: forms are read, and who looks too often is sent away. */
export function prepareLinkPages(app: FastifyInstance): void {
  // Beside the limit of the whole API, which is meant for programs.
  const look = app.createRateLimit(RATE);
  app.addHook('onRequest', async (request) => {
    const limit = await look(request);
    if (limit.isAllowed || !limit.isExceeded) return;
    const headers = { 'retry-after': String(limit.ttlInSeconds) };
    throw new ApiProblem({ status: 429, code: 'too-many-requests', headers });
  });
  app.addContentTypeParser(FORM, { parseAs: 'string' }, (_request, body, done) => {
    done(null, Object.fromEntries(new URLSearchParams(String(body))));
  });
}

/** Answers a page that no browser keeps, runs anything of, or tells others the address of. */
export function sendLinkPage(reply: FastifyReply, status: number, page: string): FastifyReply {
  return reply
    .code(status)
    .headers({
      'content-security-policy': POLICY,
      'cache-control': 'no-store',
      'referrer-policy': 'no-referrer',
      'x-robots-tag': 'noindex',
    })
    .type('text/html; charset=utf-8')
    .serializer((text: string) => text)
    .send(page);
}
