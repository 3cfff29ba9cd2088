import type { FastifyInstance } from 'fastify';
import { createApi } from '../src/api/create-api.ts';
import { createTokenVerifier } from '../src/api/security/token-verifier.ts';
import type { TokenIssuer } from '../src/demo/doubles/token-issuer.ts';
import { createLogger } from '../src/logger.ts';
import type { Registry } from '../src/registry/registry.ts';
import { tokenSettings, ZONE } from '../test/support/api.ts';

/** The API as in production, but that its log goes nowhere and that nobody asks too often. */
export function createBenchApi(registry: Registry, issuer: TokenIssuer): FastifyInstance {
  const now = () => Date.now();
  return createApi({
    ...{ registry, now, timeZone: ZONE },
    verifyToken: createTokenVerifier(tokenSettings(issuer), now),
    log: createLogger({ level: 'info', destination: { write: () => undefined } }),
    settings: {
      required: { scope: null, role: null },
      guests: null,
      rateLimit: { requests: 1_000_000_000, windowMs: 60_000 },
      ...{ trustProxy: false, gid: null },
    },
  });
}
