/** The calls that the double knows, and the scope each needs. Source: the wire formats of INDIGO IAM's REST and SCIM. */

export const INDIGO_IAM_SCOPES = ['iam:admin.read', 'iam:admin.write', 'scim:read', 'scim:write'] as const;
export type IndigoIamScope = (typeof INDIGO_IAM_SCOPES)[number];

export const INDIGO_IAM_CALLS = [
  'token',
  'listUsers',
  'getUser',
  'patchUser',
  'deleteUser',
  'getLabels',
  'putLabel',
  'deleteLabel',
  'putEndTime',
  'findByLabel',
] as const;
export type IndigoIamCall = (typeof INDIGO_IAM_CALLS)[number];

/** A call that was found. */
export interface FoundCall {
  readonly call: IndigoIamCall;
  /** The account in the path, as it stands there; `null` = the call is not about one. */
  readonly account: string | null;
}

/** What a path answers to: a call for each method. */
interface Route {
  readonly path: RegExp;
  readonly calls: Readonly<Record<string, IndigoIamCall>>;
}

const ROUTES: readonly Route[] = [
  { path: /^\/token$/, calls: { POST: 'token' } },
  { path: /^\/scim\/Users$/, calls: { GET: 'listUsers' } },
  {
    path: /^\/scim\/Users\/([^/]+)$/,
    calls: { GET: 'getUser', PATCH: 'patchUser', DELETE: 'deleteUser' },
  },
  { path: /^\/iam\/account\/find\/bylabel$/, calls: { GET: 'findByLabel' } },
  {
    path: /^\/iam\/account\/([^/]+)\/labels$/,
    calls: { GET: 'getLabels', PUT: 'putLabel', DELETE: 'deleteLabel' },
  },
  { path: /^\/iam\/account\/([^/]+)\/endTime$/, calls: { PUT: 'putEndTime' } },
];

/** The call; else the status that says why there is none. */
export function findCall(method: string, path: string): FoundCall | 404 | 405 {
  for (const route of ROUTES) {
    const match = route.path.exec(path);
    if (!match) continue;
    const call = route.calls[method];
    const account = match[1];
    if (!call) return 405;
    return { call, account: account ?? null };
  }
  return 404;
}

/** `null` = the call is the one that gives tokens. */
export function scopeOf(call: IndigoIamCall): IndigoIamScope | null {
  switch (call) {
    case 'token':
      return null;
    case 'listUsers':
    case 'getUser':
      return 'scim:read';
    case 'patchUser':
    case 'deleteUser':
      return 'scim:write';
    case 'getLabels':
    case 'findByLabel':
      return 'iam:admin.read';
    case 'putLabel':
    case 'deleteLabel':
    case 'putEndTime':
      return 'iam:admin.write';
  }
}
