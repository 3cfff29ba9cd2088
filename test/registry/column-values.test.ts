import { describe, expect, it } from 'vitest';
import {
  json,
  loginKey,
  parseInt8,
  personOrder,
  storable,
  wholeMs,
} from '../../src/registry/column-values.ts';

describe('values of columns', () => {
  it('takes a bigint as a number only where a number can hold it', () => {
    expect(parseInt8('9007199254740991')).toBe(Number.MAX_SAFE_INTEGER);
    expect(() => parseInt8('9007199254740993')).toThrow(RangeError);
  });

  it('cuts off the fractions of a fast clock, so that nothing is recorded later than it was', () => {
    expect(wholeMs(1_000.999)).toBe(1_000);
  });

  it('sorts person ids as numbers, and others behind them', () => {
    const sorted = ['2', '10', '010', '9', 'a', '0', '00', '123456789012345678901234567890', 'B'].sort(
      (a, b) => (personOrder(a) < personOrder(b) ? -1 : 1),
    );
    expect(sorted).toEqual(['0', '00', '2', '9', '010', '10', '123456789012345678901234567890', 'B', 'a']);
  });

  it('takes logins that differ in letter case or in Unicode form only as the same', () => {
    expect(loginKey('ADA')).toBe(loginKey('ada'));
    expect(loginKey('zo\u0065\u0308')).toBe(loginKey('ZO\u00CB'));
    expect(loginKey('ada')).not.toBe(loginKey('adb'));
  });

  it('replaces what no database takes, and leaves whole characters alone', () => {
    expect(storable('a\u0000\uD83D\uDE00\uDE00b\uD83D')).toBe('a\uFFFD\uD83D\uDE00\uFFFDb\uFFFD');
    expect(json({ list: ['\u0000'], number: 1 })).toBe('{"list":["\uFFFD"],"number":1}');
  });
});
