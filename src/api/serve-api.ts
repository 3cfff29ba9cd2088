import type { ApiConfig } from '../config.ts';
import type { Clock } from '../clock.ts';
import { ConfigurationError } from '../errors.ts';
import type { Logger } from '../logger.ts';
import { type ApiDependencies, createApi } from './create-api.ts';
import { createTokenVerifier } from './security/token-verifier.ts';

/** An API that listens. */
export interface RunningApi {
  readonly url: string;
  /** Answers what has arrived, and ends. */
  close(): Promise<void>;
}

/**
 * Lets the API listen where the configuration says.
 *
 * @throws ConfigurationError when the address cannot be had.
 */
export async function serveApi(input: {
  readonly config: ApiConfig;
  readonly registry: ApiDependencies['registry'];
  readonly clock: Clock;
  /** Whose calendar counts: the policy's. */
  readonly timeZone: string;
  /** The machine's clock, in ms. */
  readonly readRealMs: () => number;
  /** What is behind the links in mails; `null` = there are none. */
  readonly links?: ApiDependencies['links'];
  readonly log: Logger;
}): Promise<RunningApi> {
  const { config, registry, clock, timeZone, readRealMs, links, log } = input;
  const { rateLimit, trustProxy, requiredScope, requiredRole, guests, gid, host, port } = config;
  const app = createApi({
    registry,
    now: () => clock.now(),
    timeZone,
    verifyToken: createTokenVerifier(config, readRealMs),
    links: links ?? null,
    log,
    settings: {
      required: { scope: requiredScope ?? null, role: requiredRole ?? null },
      guests: guests ? { scope: guests.requiredScope ?? null, role: guests.requiredRole ?? null } : null,
      rateLimit: { requests: rateLimit.requests, windowMs: rateLimit.windowSeconds * 1000 },
      trustProxy,
      gid: gid ?? null,
    },
  });
  const url = await app.listen({ host, port }).catch(async (error: unknown) => {
    await app.close();
    const code = error instanceof Error && 'code' in error ? String(error.code) : 'unknown';
    throw new ConfigurationError(`api.host and api.port: the API cannot listen there (${code}).`, {
      host,
      port,
      code,
    });
  });
  log.info({ url }, 'the API listens');
  return { url, close: () => app.close() };
}
