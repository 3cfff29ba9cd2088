/**
 * Answers of an INDIGO IAM instance, in the forms that its parts write errors in: SCIM (RFC 7644, `status` as a
 * string), its own REST API (`error`), OAuth (RFC 6749 and 6750) and an exception that nobody caught.
 */

export interface Answer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  /** Empty = none. */
  readonly body: string;
}

export type AnswerForm = 'scim' | 'rest' | 'oauth';

const JSON_TYPE = 'application/json;charset=UTF-8';
const SCIM_TYPE = 'application/scim+json;charset=UTF-8';

export function empty(status: number, headers: Readonly<Record<string, string>> = {}): Answer {
  return { status, headers, body: '' };
}

export function json(status: number, body: unknown, headers: Readonly<Record<string, string>> = {}): Answer {
  return { status, headers: { 'content-type': JSON_TYPE, ...headers }, body: JSON.stringify(body) };
}

export function scim(status: number, body: unknown): Answer {
  return json(status, body, { 'content-type': SCIM_TYPE });
}

export function page(status: number, words: string, headers: Readonly<Record<string, string>> = {}): Answer {
  return {
    status,
    headers: { 'content-type': 'text/html', ...headers },
    body: `<html><body>${words}</body></html>`,
  };
}

export function scimError(status: number, detail: string): Answer {
  return scim(status, {
    status: String(status),
    detail,
    schemas: ['urn:ietf:params:scim:api:messages:2.0:Error'],
  });
}

export function restError(status: number, error: string): Answer {
  return json(status, { error });
}

/** `challenge` = the scheme of the header `WWW-Authenticate`; only a 401 has one. */
export function oauthError(
  status: number,
  error: string,
  description: string,
  challenge?: 'Basic' | 'Bearer',
): Answer {
  const headers = challenge && {
    'www-authenticate': `${challenge} realm="iam", error="${error}", error_description="${description}"`,
  };
  return json(status, { error, error_description: description }, headers);
}

/** What is left when no part of the instance has handled an exception. */
export function uncaught(path: string, at: number): Answer {
  const timestamp = new Date(at).toISOString();
  return json(500, { timestamp, status: 500, error: 'Internal Server Error', path });
}
