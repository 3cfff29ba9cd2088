import { expect, test } from 'vitest';
import { LONGEST_RETRY_AFTER_MS, retryAfterMs } from '../../../src/connectors/http/retry-after.ts';

const DATE = 'Wed, 31 Mar 2027 10:00:00 GMT';

test.each<[string | null, string | null, number | null]>([
  [null, DATE, null],
  ['0', null, 0],
  ['5', null, 5000],
  ['999999999', null, LONGEST_RETRY_AFTER_MS],
  ['Wed, 31 Mar 2027 10:00:30 GMT', DATE, 30_000],
  ['Wed, 31 Mar 2027 09:00:00 GMT', DATE, 0],
  ['Wed, 31 Mar 2027 10:00:30 GMT', null, null],
  ['soon', DATE, null],
  ['-5', DATE, null],
])('Retry-After %j, answered at %j, asks for %j ms', (retryAfter, date, expected) => {
  expect(retryAfterMs({ retryAfter, date })).toBe(expected);
});
