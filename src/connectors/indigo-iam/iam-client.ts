import type { ErrorFacts } from '../../errors.ts';
import { basicAuthorization, readBaseUrl } from '../http/base-url.ts';
import { createHttpClient, PASSING_STATUSES } from '../http/http-client.ts';
import type { HttpAnswer, HttpLimits, HttpLog, HttpRequest } from '../http/http-client.ts';
import { fetchToken } from './fetch-token.ts';
import { errorOfFailure, errorOfStatus, iamError } from './iam-failure.ts';
import type { Token } from './token-source.ts';
import { createTokenSource } from './token-source.ts';

export interface IamClientOptions extends HttpLimits {
  /** Where `/scim` and `/iam` begin; credentials in it are refused. */
  readonly url: string;
  /** Where tokens are given; by default `/token` below `url`. */
  readonly tokenUrl?: string | undefined;
  readonly client: { readonly id: string; readonly secret: string };
  /** A clock in milliseconds, for the life of tokens. */
  readonly now: () => number;
  readonly log?: HttpLog;
}

/** The scopes that the calls need. */
export type IamScope = 'scim:read' | 'scim:write' | 'iam:admin.read' | 'iam:admin.write';

export interface IamCall {
  readonly method: HttpRequest['method'];
  /** Below the instance's URL. */
  readonly path: string;
  readonly scope: IamScope;
  readonly body?: unknown;
  readonly signal: AbortSignal;
  /** Statuses that mean something for this call; each other one is thrown. */
  readonly statuses: readonly number[];
  /** What an error of this call says beside its code: the call, the account's uuid. */
  readonly facts: ErrorFacts;
}

export interface IamClient {
  /** The answer, whose status is one of `statuses`. Throws an `IamError`, or the signal's reason. */
  send(call: IamCall): Promise<HttpAnswer>;
  close(): Promise<void>;
}

const SCIM = 'application/scim+json';

function headersFor({ path, body }: IamCall, token: Token): Record<string, string> {
  // An interceptor of IAM's refuses SCIM as plain JSON, both ways.
  const kind = path.startsWith('/scim/') ? SCIM : 'application/json';
  const accept = kind === SCIM ? `${SCIM}, application/json;q=0.5` : kind;
  const content = body === undefined ? {} : { 'content-type': kind };
  return { accept, ...content, authorization: `Bearer ${token.value}` };
}

/**
 * Calls of one INDIGO IAM instance with a token of its own client. A token is fetched once for all who need it,
 * renewed before it ends, and once after a 401; a 401 for a fresh token is an error. Every call may be repeated, so
 * only idempotent ones may be sent. Throws a `ConfigurationError` for an unusable URL or client id.
 */
export function createIamClient(options: IamClientOptions): IamClient {
  const { log, now } = options;
  const base = readBaseUrl(options.url, 'INDIGO IAM');
  const prefix = base.pathname.replace(/\/+$/, '');
  const tokenUrl = readBaseUrl(options.tokenUrl ?? `${base.origin}${prefix}/token`, "IAM's tokens");
  const authorization = basicAuthorization(options.client.id, options.client.secret, 'The client id for IAM');
  const clientOf = (url: URL) =>
    createHttpClient({
      ...options,
      base: new URL(url.origin),
      onRepeat: (before, repeat) => {
        const code =
          before.outcome === 'answered' ? `IAM_STATUS_${before.status}` : errorOfFailure(before, {}).code;
        log?.warn({ code, repeat }, 'IAM gave no answer, asking again');
      },
    });
  const http = clientOf(base);
  const tokenHttp = tokenUrl.origin === base.origin ? http : clientOf(tokenUrl);
  const tokens = createTokenSource({
    now,
    fetchToken: (signal) =>
      fetchToken({ http: tokenHttp, path: tokenUrl.pathname + tokenUrl.search, authorization, signal }),
  });

  const attempt = async (call: IamCall, token: Token): Promise<HttpAnswer> => {
    const meant = new Set(call.statuses);
    const answer = await http.send({
      method: call.method,
      path: prefix + call.path,
      headers: headersFor(call, token),
      ...(call.body === undefined ? {} : { body: JSON.stringify(call.body) }),
      signal: call.signal,
      passingStatuses: new Set([...PASSING_STATUSES].filter((status) => !meant.has(status))),
    });
    if (answer.outcome === 'failed') throw errorOfFailure(answer, call.facts);
    return answer;
  };

  return {
    send: async (call) => {
      const { scope, signal, facts } = call;
      let token = await tokens.get(signal);
      let answer = await attempt(call, token);
      if (answer.status === 401) {
        token = await tokens.replace(token, signal);
        answer = await attempt(call, token);
      }
      const { status } = answer;
      if (status === 401) {
        throw iamError(
          'IAM_UNAUTHORIZED',
          'IAM gave a token and refuses it (401): look whether url and tokenUrl belong to the same instance, and whether its client is still there.',
          { ...facts, status },
        );
      }
      if (status === 403) {
        const has = token.scopes?.has(scope) ?? null;
        const what =
          has === null
            ? `it may lack the scope ${scope}`
            : has
              ? `its token has the scope ${scope}, so something in front of IAM may refuse it`
              : `it lacks the scope ${scope}`;
        throw iamError('IAM_FORBIDDEN', `IAM forbids this to the client (403): ${what}.`, {
          ...facts,
          status,
          scope,
        });
      }
      if (!call.statuses.includes(status)) throw errorOfStatus(status, facts);
      return answer;
    },
    close: async () => {
      tokens.close();
      await Promise.all(tokenHttp === http ? [http.close()] : [http.close(), tokenHttp.close()]);
    },
  };
}
