import type { HrUnavailable } from '../hr-source.ts';

export function unavailable(code: string, reason: string): HrUnavailable {
  return { outcome: 'unavailable', code, reason };
}

/** Code of a network or HTTP library error, for instance `ECONNREFUSED`. Its message may hold an address. */
function errorCodeOf(error: unknown): string {
  if (typeof error === 'object' && error !== null && 'code' in error && typeof error.code === 'string') {
    return error.code;
  }
  return 'UNKNOWN';
}

const LOST = new Set(['ECONNRESET', 'EPIPE', 'UND_ERR_SOCKET', 'UND_ERR_RES_CONTENT_LENGTH_MISMATCH']);

/** What a failed request comes to, and whether the failure may pass by itself within moments. */
export function unavailableByError(error: unknown): { result: HrUnavailable; passes: boolean } {
  const code = errorCodeOf(error);
  if (LOST.has(code)) {
    const reason = `The connection to HR was lost before the answer was complete (${code}).`;
    return { result: unavailable('HR_CONNECTION_LOST', reason), passes: true };
  }
  if (code === 'UND_ERR_RES_EXCEEDED_MAX_SIZE') {
    return { result: unavailable('HR_BODY_TOO_LARGE', "HR's answer is too large."), passes: false };
  }
  if (code.startsWith('HPE_')) {
    return { result: unavailable('HR_BROKEN_HTTP', `HR's answer is not HTTP (${code}).`), passes: false };
  }
  return { result: unavailable('HR_UNREACHABLE', `HR cannot be reached (${code}).`), passes: true };
}
