import type { HttpClient } from '../http/http-client.ts';
import { readJson } from '../http/read-json.ts';
import { errorOfFailure, errorOfStatus, iamError } from './iam-failure.ts';
import { iamToken } from './iam-schema.ts';
import type { FetchedToken } from './token-source.ts';

/** What IAM answers to a client that it does not know, or that may not have tokens in this way. */
const REFUSALS = new Set([400, 401, 403]);

/**
 * A token by client credentials, with everything that the client is allowed. Throws an `IamError`; neither the secret
 * nor anything of the answer is in it.
 */
export async function fetchToken(input: {
  readonly http: HttpClient;
  readonly path: string;
  readonly authorization: string;
  readonly signal: AbortSignal;
}): Promise<FetchedToken> {
  const { http, path, authorization, signal } = input;
  const facts = { call: 'token' };
  const answer = await http.send({
    method: 'POST',
    path,
    headers: {
      accept: 'application/json',
      'content-type': 'application/x-www-form-urlencoded',
      authorization,
    },
    body: 'grant_type=client_credentials',
    signal,
  });
  if (answer.outcome === 'failed') throw errorOfFailure(answer, facts);
  const { status } = answer;
  if (REFUSALS.has(status)) {
    throw iamError(
      'IAM_UNAUTHORIZED',
      `IAM gives this client no token (${status}): look at the client id, its secret, and whether the client is allowed the grant client_credentials.`,
      { ...facts, status },
    );
  }
  if (status !== 200) throw errorOfStatus(status, facts);
  const json = readJson(answer.body);
  const token = iamToken.safeParse(json.ok ? json.value : undefined);
  if (!token.success) {
    throw iamError('IAM_BROKEN_BODY', "IAM's answer to the question for a token holds none.", facts);
  }
  const { access_token: value, expires_in: expiresInSeconds, scope } = token.data;
  return {
    value,
    expiresInSeconds: expiresInSeconds ?? null,
    scopes: scope === null || scope === undefined ? null : new Set(scope.split(' ')),
  };
}
