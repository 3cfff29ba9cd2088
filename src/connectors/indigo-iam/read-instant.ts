import type { Instant } from '../../contracts/time.ts';

const DATE_TIME = /^(\d{4}-\d{2}-\d{2}T\d{2}:\d{2}(?::\d{2}(?:\.\d{1,9})?)?)(Z|[+-]\d{2}(?::?\d{2})?)$/;

/**
 * The instant that IAM means: epoch milliseconds, or a date-time with whatever offset the server is set to (`Z`,
 * `+0000`, `+02:00`, `+02`). `null` if it is neither; without an offset it names no instant.
 */
export function readInstant(value: string | number): Instant | null {
  if (typeof value === 'number') return Number.isSafeInteger(value) ? value : null;
  const [, local, offset = ''] = DATE_TIME.exec(value) ?? [];
  if (local === undefined) return null;
  const digits = offset.slice(1).replace(':', '').padEnd(4, '0');
  const at = Date.parse(
    offset === 'Z' ? value : `${local}${offset.slice(0, 1)}${digits.slice(0, 2)}:${digits.slice(2)}`,
  );
  return Number.isNaN(at) ? null : at;
}

/** An instant as IAM takes it, in whole seconds: `2027-03-31T00:00:00.000+0000`. */
export function writeInstant(at: Instant): string {
  return new Date(wholeSeconds(at)).toISOString().replace('Z', '+0000');
}

/** The instant without the fraction of a second. */
export function wholeSeconds(at: Instant): Instant {
  return Math.floor(at / 1000) * 1000;
}
