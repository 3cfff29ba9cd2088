/** Why a request has no answer. */
export type FailureKind =
  'timeout' | 'connection-lost' | 'unreachable' | 'body-too-large' | 'broken-http' | 'retry-later';

export interface HttpFailure {
  readonly outcome: 'failed';
  readonly kind: FailureKind;
  /** Code of the network's or the HTTP library's error, for instance `ECONNREFUSED`; no address is in it. */
  readonly code: string;
  /** Milliseconds that matter: the limit of a `timeout`, the wait that `retry-later` asks for; else 0. */
  readonly ms: number;
}

const LOST = new Set(['ECONNRESET', 'EPIPE', 'UND_ERR_SOCKET', 'UND_ERR_RES_CONTENT_LENGTH_MISMATCH']);

/** The error's code. Its message may hold an address. */
function errorCodeOf(error: unknown): string {
  if (typeof error === 'object' && error !== null && 'code' in error && typeof error.code === 'string') {
    return error.code;
  }
  return 'UNKNOWN';
}

/** What a failed request comes to, and whether the failure may pass by itself within moments. */
export function failureByError(error: unknown): { result: HttpFailure; passes: boolean } {
  const code = errorCodeOf(error);
  const failed = (kind: FailureKind, passes: boolean) => ({
    result: { outcome: 'failed', kind, code, ms: 0 } as const,
    passes,
  });
  if (LOST.has(code)) return failed('connection-lost', true);
  if (code === 'UND_ERR_RES_EXCEEDED_MAX_SIZE') return failed('body-too-large', false);
  if (code.startsWith('HPE_')) return failed('broken-http', false);
  return failed('unreachable', true);
}
