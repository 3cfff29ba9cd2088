import { describe, expect, test } from 'vitest';
import { readInstant, writeInstant } from '../../../src/connectors/indigo-iam/read-instant.ts';

const AT = Date.UTC(2027, 2, 31);

describe('end times, in whatever offset the server writes them', () => {
  test.each<[string | number, number | null]>([
    ['2027-03-31T00:00:00.000+0000', AT],
    ['2027-03-31T00:00:00Z', AT],
    ['2027-03-31T00:00Z', AT],
    ['2027-03-31T02:00:00.000+02:00', AT],
    ['2027-03-31T02:00:00.000+0200', AT],
    ['2027-03-31T02:00:00+02', AT],
    ['2027-03-30T18:30:00.000-0530', AT],
    ['2027-03-31T00:00:00.123456Z', AT + 123],
    [AT, AT],
    ['2027-03-31T00:00:00', null],
    ['2027-03-31', null],
    ['2027-02-30T25:00:00Z', null],
    ['soon', null],
    [1.5, null],
    [Number.NaN, null],
  ])('%j', (written, expected) => {
    expect(readInstant(written)).toBe(expected);
  });

  test('are written in whole seconds, as the database may keep them', () => {
    expect(writeInstant(AT + 999)).toBe('2027-03-31T00:00:00.000+0000');
    expect(writeInstant(-1)).toBe('1969-12-31T23:59:59.000+0000');
  });
});
