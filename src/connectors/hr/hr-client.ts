import type { HrUnavailable } from '../hr-source.ts';
import { basicAuthorization, readBaseUrl } from '../http/base-url.ts';
import { createHttpClient } from '../http/http-client.ts';
import type { HttpAnswer, HttpLimits, HttpLog } from '../http/http-client.ts';
import { unavailableByFailure } from './unavailable.ts';

export interface HrClientOptions extends HttpLimits {
  /** Where `/api/VOPersons` begins; credentials in it are refused. */
  readonly baseUrl: string;
  /** For HTTP Basic; `null` = none are sent. */
  readonly credentials: { readonly username: string; readonly password: string } | null;
  readonly log?: HttpLog;
}

/** GETs from the HR API. Throws a `ConfigurationError` for an unusable URL or user name. */
export function createHrClient(options: HrClientOptions) {
  const { credentials, log } = options;
  const authorization =
    credentials === null
      ? {}
      : {
          authorization: basicAuthorization(
            credentials.username,
            credentials.password,
            'The user name for HR',
          ),
        };
  const http = createHttpClient({
    ...options,
    base: readBaseUrl(options.baseUrl, 'the HR API'),
    onRepeat: (before, repeat) => {
      const code =
        before.outcome === 'answered' ? `HR_STATUS_${before.status}` : unavailableByFailure(before).code;
      log?.warn({ code, repeat }, 'HR gave no answer, asking again');
    },
  });
  const headers = { accept: 'application/json', ...authorization };

  return {
    /** The whole answer, or why there is none. Throws the signal's reason when called off, and for nothing else. */
    get: async (path: string, signal: AbortSignal): Promise<HttpAnswer | HrUnavailable> => {
      const answer = await http.send({ method: 'GET', path, headers, signal });
      return answer.outcome === 'answered' ? answer : unavailableByFailure(answer);
    },
    close: () => http.close(),
  };
}
