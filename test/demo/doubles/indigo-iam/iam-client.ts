import {
  startIndigoIamDouble,
  type IndigoIamDouble,
  type IndigoIamDoubleOptions,
} from '../../../../src/demo/doubles/indigo-iam/indigo-iam-double.ts';

export const NOW = Date.parse('2027-04-10T09:30:00Z');
export const ADA = 'b0a1c9b2-6a52-4c9e-8d0f-0d7b2f3f7a01';
export const BOB = 'b0a1c9b2-6a52-4c9e-8d0f-0d7b2f3f7a02';
export const NOBODY = 'b0a1c9b2-6a52-4c9e-8d0f-0d7b2f3f7aff';
export const ACCOUNTS = [
  { id: ADA, userName: 'ada', givenName: 'Ada', familyName: 'Rossi', email: 'ada@example.org' },
  { id: BOB, userName: 'bob', givenName: 'Bob', familyName: 'Meier', email: 'bob@example.org' },
];
export const BASIC = `Basic ${Buffer.from('lifecycle:secret').toString('base64')}`;

export interface Got {
  readonly status: number;
  readonly headers: Headers;
  /** Parsed where it is JSON; `null` = none. */
  readonly body: unknown;
}

/** A double with two accounts and a clock that stands still until a test moves it, and a plain client for it. */
export interface OpenIam {
  readonly iam: IndigoIamDouble;
  readonly clock: { ms: number };
  /** `body` is sent as JSON, or as it is if it is a text; `type` = its content type. */
  call(method: string, path: string, sent?: { body?: unknown; type?: string; accept?: string }): Promise<Got>;
  /** A call without the token of `call`. */
  bare(method: string, path: string, headers?: Record<string, string>, body?: string): Promise<Got>;
  token(scope?: string): Promise<string>;
}

export async function openIam(options: Partial<IndigoIamDoubleOptions> = {}): Promise<OpenIam> {
  const clock = { ms: NOW };
  const iam = await startIndigoIamDouble({
    clientId: 'lifecycle',
    clientSecret: 'secret',
    now: () => clock.ms,
    accounts: ACCOUNTS,
    ...options,
  });

  const bare: OpenIam['bare'] = async (method, path, headers = {}, body) => {
    const response = await fetch(iam.url + path, {
      method,
      headers,
      ...(body === undefined ? {} : { body }),
    });
    const text = await response.text();
    const isJson = response.headers.get('content-type')?.includes('json') === true;
    return {
      status: response.status,
      headers: response.headers,
      body: isJson ? JSON.parse(text) : text || null,
    };
  };
  const token: OpenIam['token'] = async (scope) => {
    const form = new URLSearchParams({ grant_type: 'client_credentials', ...(scope ? { scope } : {}) });
    const type = 'application/x-www-form-urlencoded';
    const headers = { authorization: BASIC, 'content-type': type };
    const { body } = await bare('POST', '/token', headers, form.toString());
    return (body as { access_token: string }).access_token;
  };
  let bearer: Promise<string> | null = null;
  const call: OpenIam['call'] = async (method, path, { body, type, accept } = {}) => {
    bearer ??= token();
    const standard = method === 'PATCH' ? 'application/scim+json' : 'application/json';
    const headers = {
      authorization: `Bearer ${await bearer}`,
      ...(body === undefined ? {} : { 'content-type': type ?? standard }),
      ...(accept === undefined ? {} : { accept }),
    };
    return bare(
      method,
      path,
      headers,
      typeof body === 'string' || body === undefined ? body : JSON.stringify(body),
    );
  };
  return { iam, clock, call, bare, token };
}

/** What was done to the account, in order, whoever did it. */
export function done(iam: IndigoIamDouble, id: string): string[] {
  return iam.writes(id).map(({ by, what, changed }) => `${by}: ${what}${changed ? '' : ' (as before)'}`);
}
