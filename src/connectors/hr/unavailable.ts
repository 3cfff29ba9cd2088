import type { HrUnavailable } from '../hr-source.ts';
import type { HttpFailure } from '../http/http-failure.ts';

export function unavailable(code: string, reason: string): HrUnavailable {
  return { outcome: 'unavailable', code, reason };
}

/** What a request without an answer comes to. */
export function unavailableByFailure({ kind, code, ms }: HttpFailure): HrUnavailable {
  switch (kind) {
    case 'timeout':
      return unavailable('HR_TIMEOUT', `HR did not answer within ${ms} ms.`);
    case 'connection-lost':
      return unavailable(
        'HR_CONNECTION_LOST',
        `The connection to HR was lost before the answer was complete (${code}).`,
      );
    case 'unreachable':
      return unavailable('HR_UNREACHABLE', `HR cannot be reached (${code}).`);
    case 'body-too-large':
      return unavailable('HR_BODY_TOO_LARGE', "HR's answer is too large.");
    case 'broken-http':
      return unavailable('HR_BROKEN_HTTP', `HR's answer is not HTTP (${code}).`);
    case 'retry-later': {
      const seconds = Math.ceil(ms / 1000);
      return unavailable('HR_RETRY_LATER', `HR asked not to be called for another ${seconds} s.`);
    }
  }
}
