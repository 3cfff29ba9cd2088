import type { ErrorFacts } from '../../errors.ts';
import { IamError } from '../../errors.ts';
import type { HttpFailure } from '../http/http-failure.ts';
import { IAM_ERROR_CODES } from '../indigo-iam.ts';
import { iamId } from './iam-schema.ts';

export function iamError(
  code: keyof typeof IAM_ERROR_CODES,
  message: string,
  facts: ErrorFacts = {},
): IamError {
  return new IamError({ code, message, retryable: IAM_ERROR_CODES[code], facts });
}

/**
 * The error of a status that means nothing in particular for the call. Nothing of IAM's answer is in it. `isPassing` = a
 * retry may mend it, whatever the status says by itself.
 */
export function errorOfStatus(
  status: number,
  facts: ErrorFacts,
  { isPassing = false }: { readonly isPassing?: boolean } = {},
): IamError {
  if (status === 429) {
    return iamError('IAM_RATE', 'IAM answers no more requests for now (429).', { ...facts, status });
  }
  const advice =
    status >= 300 && status < 400
      ? ': the URL is not where IAM itself answers'
      : status === 404
        ? ": no answer of IAM's own, or not the URL of an instance"
        : '';
  return new IamError({
    code: `IAM_STATUS_${status}`,
    message: `IAM answered with status ${status}${advice}.`,
    // A server that knows no such method will not learn it.
    retryable: isPassing || status === 408 || (status >= 500 && status !== 501),
    facts: { ...facts, status },
  });
}

/** The error of a request without an answer. */
export function errorOfFailure({ kind, code, ms }: HttpFailure, facts: ErrorFacts): IamError {
  switch (kind) {
    case 'timeout':
      return iamError('IAM_TIMEOUT', `IAM did not answer within ${ms} ms.`, facts);
    case 'connection-lost':
      return iamError(
        'IAM_CONNECTION_LOST',
        `The connection to IAM was lost before the answer was complete (${code}).`,
        facts,
      );
    case 'unreachable':
      return iamError('IAM_UNREACHABLE', `IAM cannot be reached (${code}).`, facts);
    case 'body-too-large':
      return iamError('IAM_BODY_TOO_LARGE', "IAM's answer is too large.", facts);
    case 'broken-http':
      return iamError('IAM_BROKEN_HTTP', `IAM's answer is not HTTP (${code}).`, facts);
    case 'retry-later':
      return iamError('IAM_RATE', `IAM asked not to be called for another ${Math.ceil(ms / 1000)} s.`, facts);
  }
}

/** Facts of an error about one account. Throws `IAM_BAD_ID` for an id that would change the path's meaning. */
export function factsOf(call: string, id: string): { readonly call: string; readonly uuid: string } {
  if (iamId.safeParse(id).success) return { call, uuid: id };
  throw iamError('IAM_BAD_ID', 'This account id cannot be asked for: it does not fit into a path.', { call });
}
