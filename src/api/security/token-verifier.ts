import { createHash } from 'node:crypto';
import { createRemoteJWKSet, errors, jwtVerify, type JWTPayload, type JWTVerifyGetKey } from 'jose';
import type { TokenAlgorithm } from '../../config/api-schema.ts';
import { ApiProblem } from '../http/problem.ts';
import type { Caller, TokenVerifier } from './caller.ts';
import { claimAt, wordsAt } from './claims.ts';
import { challenge } from './challenge.ts';

export interface TokenSettings {
  readonly issuer: string;
  readonly jwksUrl: string;
  readonly audience: string;
  readonly algorithms: readonly TokenAlgorithm[];
  readonly clockToleranceSeconds: number;
  /** Where the roles stand in a token, with dots between the levels. */
  readonly rolesClaim: string;
}

const JWKS_TIMEOUT_MS = 5_000;
/** Keys are fetched anew after so long, and when a token names an unknown one, but not more often than that. */
const JWKS_AGE_MS = 600_000;
const JWKS_COOLDOWN_MS = 30_000;
/** After a failure nobody asks again before that: else every request would. */
const FAILURE_COOLDOWN_MS = 2_000;
/** A client sends the same token again and again: its signature is not checked anew for so long. */
const KNOWN_FOR_MS = 60_000;
const KNOWN_AT_MOST = 1_000;

const CLAIM_WORDS: Readonly<Record<string, string>> = {
  iss: 'the token is of another issuer',
  aud: 'the token is for another audience',
  exp: 'the token has no time at which it expires',
  nbf: 'the token is not valid yet',
};

/**
 * Verifies bearer tokens: a JWT with an asymmetric signature by a key of the issuer. `now` is the machine's clock, in ms:
 * tokens live in real time.
 */
export function createTokenVerifier(settings: TokenSettings, now: () => number): TokenVerifier {
  const { issuer, audience, clockToleranceSeconds, rolesClaim } = settings;
  const algorithms = [...settings.algorithms];
  const keys = createRemoteJWKSet(new URL(settings.jwksUrl), {
    timeoutDuration: JWKS_TIMEOUT_MS,
    cooldownDuration: JWKS_COOLDOWN_MS,
    cacheMaxAge: JWKS_AGE_MS,
  });
  const known = new Map<string, { readonly caller: Caller; readonly until: number }>();
  let failedAt = -Infinity;

  const getKey: JWTVerifyGetKey = async (header, token) => {
    if (now() - failedAt < FAILURE_COOLDOWN_MS && !keys.fresh) throw keysUnavailable();
    try {
      return await keys(header, token);
    } catch (error) {
      if (isRefusal(error)) throw error;
      failedAt = now();
      throw keysUnavailable(error);
    }
  };

  return async (token) => {
    const digest = createHash('sha256').update(token).digest('base64');
    const remembered = known.get(digest);
    if (remembered !== undefined && remembered.until > now()) return remembered.caller;
    try {
      const { payload } = await jwtVerify(token, getKey, {
        ...{ issuer, audience, algorithms, requiredClaims: ['exp'] },
        clockTolerance: clockToleranceSeconds,
        currentDate: new Date(now()),
      });
      const caller = callerOf(payload, rolesClaim);
      if (known.size >= KNOWN_AT_MOST) known.clear();
      const expires = ((payload.exp ?? 0) + clockToleranceSeconds) * 1000;
      known.set(digest, { caller, until: Math.min(now() + KNOWN_FOR_MS, expires) });
      return caller;
    } catch (error) {
      if (error instanceof ApiProblem) throw error;
      throw refused(error);
    }
  };
}

/** What says that the token is bad, not that the keys cannot be had. */
function isRefusal(error: unknown): boolean {
  return (
    error instanceof errors.JWKSNoMatchingKey ||
    error instanceof errors.JWKSMultipleMatchingKeys ||
    error instanceof errors.JOSENotSupported
  );
}

function keysUnavailable(cause?: unknown): ApiProblem {
  const problem = new ApiProblem({
    status: 503,
    code: 'unavailable',
    detail: 'The keys of the token issuer cannot be fetched at the moment.',
    headers: { 'retry-after': String(FAILURE_COOLDOWN_MS / 1000) },
  });
  return cause === undefined ? problem : Object.assign(problem, { cause });
}

function refused(error: unknown): ApiProblem {
  const words =
    error instanceof errors.JWTExpired
      ? 'the token has expired'
      : error instanceof errors.JWTClaimValidationFailed
        ? (CLAIM_WORDS[error.claim] ?? 'a claim of the token is not right')
        : 'the token is no JWT signed by a key of the issuer';
  return challenge({ status: 401, error: 'invalid_token', words });
}

function callerOf(payload: JWTPayload, rolesClaim: string): Caller {
  const clientId = [payload['client_id'], payload['azp'], payload.sub].find((id) => typeof id === 'string');
  if (typeof clientId !== 'string' || clientId === '') {
    const words = 'the token names no client';
    throw challenge({ status: 401, error: 'invalid_token', words });
  }
  return {
    clientId,
    scopes: wordsAt(payload['scope']),
    roles: wordsAt(claimAt(payload, rolesClaim)),
  };
}
