import { ApiProblem } from '../http/problem.ts';

/** An answer that tells a client what token to come with (RFC 6750). `words` hold nothing of what was sent. */
export function challenge(input: {
  readonly status: 401 | 403;
  readonly error: 'invalid_token' | 'insufficient_scope' | null;
  readonly words: string;
  readonly scope?: string | null;
}): ApiProblem {
  const { status, error, words, scope } = input;
  const parts = [
    'Bearer realm="account-lifecycle"',
    ...(error === null ? [] : [`error="${error}"`, `error_description="${words}"`]),
    ...(scope === undefined || scope === null ? [] : [`scope="${scope}"`]),
  ];
  return new ApiProblem({
    status,
    code: status === 401 ? 'unauthorized' : 'forbidden',
    detail: `${words.charAt(0).toUpperCase()}${words.slice(1)}.`,
    headers: { 'www-authenticate': parts.join(', ') },
  });
}
