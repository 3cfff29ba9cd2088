import type { ErrorFacts } from '../../errors.ts';
import { ResourceError } from '../../errors.ts';
import type { HttpFailure } from '../http/http-failure.ts';
import { RESOURCE_ERROR_CODES } from '../resource-source.ts';
import type { ResourceErrorCode } from '../resource-source.ts';

export function resourceError(
  code: ResourceErrorCode,
  message: string,
  facts: ErrorFacts = {},
): ResourceError {
  return new ResourceError({ code, message, retryable: RESOURCE_ERROR_CODES[code], facts });
}

/** The error of a status other than 200 and 404. Nothing of the answer is in it. */
export function errorOfStatus(status: number): ResourceError {
  switch (status) {
    case 401:
      return resourceError(
        'RESOURCES_UNAUTHORIZED',
        'The source of resources refuses our credentials (401).',
      );
    case 403:
      return resourceError('RESOURCES_FORBIDDEN', 'The source of resources does not let us read (403).');
    case 429:
      return resourceError(
        'RESOURCES_RATE',
        'The source of resources answers no more requests for now (429).',
      );
    default:
      return new ResourceError({
        code: `RESOURCES_STATUS_${status}`,
        message: `The source of resources answered with status ${status}.`,
        // A server that knows no such method will not learn it.
        retryable: status === 408 || (status >= 500 && status !== 501),
        facts: { status },
      });
  }
}

/** The error of a request without an answer. */
export function errorOfFailure({ kind, code, ms }: HttpFailure): ResourceError {
  switch (kind) {
    case 'timeout':
      return resourceError('RESOURCES_TIMEOUT', `The source of resources did not answer within ${ms} ms.`);
    case 'connection-lost':
      return resourceError(
        'RESOURCES_CONNECTION_LOST',
        `The connection to the source of resources was lost before the answer was complete (${code}).`,
      );
    case 'unreachable':
      return resourceError('RESOURCES_UNREACHABLE', `The source of resources cannot be reached (${code}).`);
    case 'body-too-large':
      return resourceError('RESOURCES_BODY_TOO_LARGE', 'The answer of the source of resources is too large.');
    case 'broken-http':
      return resourceError(
        'RESOURCES_BROKEN_HTTP',
        `The answer of the source of resources is not HTTP (${code}).`,
      );
    case 'retry-later': {
      const seconds = Math.ceil(ms / 1000);
      return resourceError(
        'RESOURCES_RATE',
        `The source of resources asked not to be called for another ${seconds} s.`,
      );
    }
  }
}
