import type { Instant } from '../contracts/time.ts';

const REPLACEMENT = '\uFFFD';
const LONE_SURROGATE = /[\uD800-\uDBFF](?![\uDC00-\uDFFF])|(?<![\uD800-\uDBFF])[\uDC00-\uDFFF]/g;

/** An instant for a `bigint` column. A fast clock shows fractions; cut off, they still sort and compare alike. */
export function wholeMs(instant: Instant): number {
  return Math.floor(instant);
}

export function wholeMsOrNull(instant: Instant | null): number | null {
  return instant === null ? null : wholeMs(instant);
}

/** Text that the database takes: it refuses the character zero and half characters, whoever sent them. */
export function storable(text: string): string {
  return text.replaceAll('\u0000', REPLACEMENT).replace(LONE_SURROGATE, REPLACEMENT);
}

export function storableOrNull(text: string | null): string | null {
  return text === null ? null : storable(text);
}

/** A value for a `jsonb` column. */
export function json(value: unknown): string {
  return JSON.stringify(value, (_key, item: unknown) => (typeof item === 'string' ? storable(item) : item));
}

/**
 * Reads a `bigint`.
 *
 * @throws RangeError beyond 2^53, where a number would silently be another one.
 */
export function parseInt8(text: string): number {
  const value = Number(text);
  if (!Number.isSafeInteger(value))
    throw new RangeError('A bigint of the registry is too large for a number.');
  return value;
}

/** Two logins with the same key are the same login. */
export function loginKey(login: string): string {
  return storable(login.normalize('NFKC').toLowerCase());
}

/** Sorts person ids: numbers by their value, then everything else by its characters. */
export function personOrder(personId: string): string {
  if (!/^[0-9]+$/.test(personId)) return `1${storable(personId)}`;
  const digits = personId.replace(/^0+(?=.)/, '');
  return `0${String(digits.length).padStart(4, '0')}${digits}:${personId}`;
}
