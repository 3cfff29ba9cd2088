import { IamError } from '../../src/errors.ts';

/** The instance refuses the client, not one request: no retry mends that. */
const REFUSES_US: ReadonlySet<string> = new Set(['IAM_UNAUTHORIZED', 'IAM_FORBIDDEN']);
const SCOPES = 'its client needs the scopes scim:read, scim:write, iam:admin.read and iam:admin.write';

/** Whether an error's code says that the instance refuses whoever asks. */
export function isRefusal(code: string): boolean {
  return REFUSES_US.has(code);
}

/** What the instance refuses us, by code and in words, and what to do; `null` = the error says nothing of the kind. */
export function refusalOf(error: unknown): string | null {
  if (!(error instanceof IamError) || !isRefusal(error.code)) return null;
  const remedy = error.code === 'IAM_FORBIDDEN' ? `; ${SCOPES}` : '';
  return `the INDIGO IAM instance refuses our client (${error.code}): ${error.message.replace(/\.$/, '')}${remedy}`;
}
