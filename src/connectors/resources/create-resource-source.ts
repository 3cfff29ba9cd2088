import { basicAuthorization, readBaseUrl } from '../http/base-url.ts';
import { createHttpClient } from '../http/http-client.ts';
import type { HttpLimits, HttpLog } from '../http/http-client.ts';
import { readJson } from '../http/read-json.ts';
import { isPersonId } from '../person-id.ts';
import type { ResourceSource } from '../resource-source.ts';
import { errorOfFailure, errorOfStatus, resourceError } from './resource-failure.ts';
import { ownedResources } from './resource-schema.ts';

/** Who asks: by HTTP Basic, by a bearer token, or nobody in particular. */
export type ResourceCredentials =
  { readonly username: string; readonly password: string } | { readonly token: string } | null;

export interface ResourceSourceOptions extends HttpLimits {
  /** What a person owns is at `{baseUrl}/{personId}`; credentials in it are refused. */
  readonly baseUrl: string;
  readonly credentials: ResourceCredentials;
  readonly log?: HttpLog;
}

/** Far more than anybody owns. */
const LARGEST_BODY = 4 * 1024 * 1024;

function authorizationOf(credentials: ResourceCredentials): Readonly<Record<string, string>> {
  if (credentials === null) return {};
  if ('token' in credentials) return { authorization: `Bearer ${credentials.token}` };
  const { username, password } = credentials;
  return {
    authorization: basicAuthorization(username, password, 'The user name for the source of resources'),
  };
}

/**
 * `GET {baseUrl}/{personId}` as a {@link ResourceSource}: `{"resources":[{"type":"…","name":"…"}]}`; a 404 = the person
 * owns nothing there. Every other answer is an error, since a list that is not understood is not an empty one.
 *
 * Throws a `ConfigurationError` for an unusable URL or user name. Rule: docs/rules.md, "Other official resources".
 */
export function createResourceSource(options: ResourceSourceOptions): ResourceSource {
  const { log } = options;
  const headers = { accept: 'application/json', ...authorizationOf(options.credentials) };
  const http = createHttpClient({
    ...options,
    base: readBaseUrl(options.baseUrl, 'the source of resources'),
    onRepeat: (before, repeat) => {
      const error = before.outcome === 'answered' ? errorOfStatus(before.status) : errorOfFailure(before);
      log?.warn({ code: error.code, repeat }, 'the source of resources gave no answer, asking again');
    },
  });
  return {
    async readResources({ personId, signal }) {
      if (!isPersonId(personId)) {
        throw resourceError(
          'RESOURCES_BAD_ID',
          'This person id cannot be asked for: it does not fit into a path.',
        );
      }
      const answer = await http.send({ method: 'GET', path: `/${personId}`, headers, signal });
      if (answer.outcome === 'failed') throw errorOfFailure(answer);
      if (answer.status === 404) return [];
      if (answer.status !== 200) throw errorOfStatus(answer.status);
      if (answer.body.byteLength > LARGEST_BODY) {
        throw resourceError(
          'RESOURCES_BODY_TOO_LARGE',
          'The answer of the source of resources is too large.',
        );
      }
      const json = readJson(answer.body);
      if (!json.ok) {
        throw resourceError(
          'RESOURCES_BROKEN_BODY',
          'The answer of the source of resources is empty, cut off or not JSON.',
        );
      }
      const parsed = ownedResources.safeParse(json.value);
      if (parsed.success) return parsed.data.resources;
      const path = (parsed.error.issues[0]?.path ?? []).map(String).join('.');
      throw resourceError(
        'RESOURCES_WRONG_SHAPE',
        `The answer of the source of resources cannot be read at ${path === '' ? 'its top' : path}.`,
      );
    },
    close: () => http.close(),
  };
}
