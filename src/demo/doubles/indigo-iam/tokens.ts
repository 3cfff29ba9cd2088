import { randomUUID } from 'node:crypto';
import { empty, json, oauthError, type Answer } from './answer.ts';
import { INDIGO_IAM_SCOPES, type IndigoIamScope } from './calls.ts';

export interface TokenOptions {
  readonly clientId: string;
  readonly clientSecret: string;
  /** What the client may ask for; default: everything. */
  readonly scopes?: readonly IndigoIamScope[];
  /** Seconds of the double's clock for which a token is good; default 3600. */
  readonly tokenLifetimeSeconds?: number;
}

export interface Tokens {
  /** `POST /token`. */
  grant(authorization: string | undefined, contentType: string | undefined, body: string): Answer;
  /** Why the bearer may not make a call that needs the scope; `null` = they may. */
  refuse(authorization: string | undefined, scope: IndigoIamScope): Answer | null;
  /** No token given so far is good any more. */
  expireAll(): void;
}

interface Grant {
  readonly scopes: readonly string[];
  readonly until: number;
}

/**
 * The part of the instance that gives tokens: client credentials with HTTP Basic, opaque tokens. Errors in the form of
 * RFC 6749 §5.2 and RFC 6750 §3.
 */
export function createTokens(options: TokenOptions, now: () => number): Tokens {
  const {
    clientId,
    clientSecret,
    scopes: allowed = INDIGO_IAM_SCOPES,
    tokenLifetimeSeconds = 3600,
  } = options;
  const basic = `Basic ${Buffer.from(`${clientId}:${clientSecret}`).toString('base64')}`;
  const isAllowed = (scope: string): boolean => allowed.some((one) => one === scope);
  const grants = new Map<string, Grant>();

  return {
    grant(authorization, contentType, body) {
      if (authorization !== basic) {
        return oauthError(401, 'invalid_client', 'Bad client credentials', 'Basic');
      }
      if (!contentType?.startsWith('application/x-www-form-urlencoded')) return empty(415);
      const form = new URLSearchParams(body);
      const grantType = form.get('grant_type');
      if (grantType === null) return oauthError(400, 'invalid_request', 'No grant type');
      if (grantType !== 'client_credentials') {
        return oauthError(400, 'unsupported_grant_type', 'Not a grant type of this client');
      }
      const asked = (form.get('scope') ?? '').split(' ').filter((scope) => scope !== '');
      if (!asked.every(isAllowed)) return oauthError(400, 'invalid_scope', 'Not a scope of this client');

      const token = randomUUID();
      const scopes = asked.length > 0 ? asked : allowed;
      grants.set(token, { scopes, until: now() + tokenLifetimeSeconds * 1000 });
      return json(200, {
        access_token: token,
        token_type: 'Bearer',
        expires_in: tokenLifetimeSeconds,
        scope: scopes.join(' '),
      });
    },

    refuse(authorization, scope) {
      const token = /^bearer +(.+)$/i.exec(authorization ?? '')?.[1];
      if (token === undefined) {
        return oauthError(401, 'unauthorized', 'Full authentication is required', 'Bearer');
      }
      const grant = grants.get(token);
      if (!grant || grant.until <= now()) {
        return oauthError(401, 'invalid_token', 'The access token is unknown or has expired', 'Bearer');
      }
      return grant.scopes.includes(scope) ? null : oauthError(403, 'access_denied', 'Access is denied');
    },

    expireAll: () => grants.clear(),
  };
}
