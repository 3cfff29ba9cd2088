/** A header that asks for more is cut to this: a slip in a proxy's configuration must not stop us for a year. */
export const LONGEST_RETRY_AFTER_MS = 3_600_000;

/**
 * Milliseconds that a `Retry-After` header asks for: seconds, or a date, which is measured against the answer's own
 * `Date` so that no clock of ours enters. `null` if it is absent or cannot be read (RFC 9110, 10.2.3).
 */
export function retryAfterMs(headers: { retryAfter: string | null; date: string | null }): number | null {
  const { retryAfter, date } = headers;
  if (retryAfter === null) return null;
  const isSeconds = /^\s*\d+\s*$/.test(retryAfter);
  // A date of HTTP begins with its weekday; Date.parse would read much else, too.
  if (!isSeconds && !/^\s*[A-Z][a-z]{2}/.test(retryAfter)) return null;
  const asked = isSeconds ? Number(retryAfter) * 1000 : Date.parse(retryAfter) - Date.parse(date ?? '');
  return Number.isNaN(asked) ? null : Math.min(LONGEST_RETRY_AFTER_MS, Math.max(0, asked));
}
