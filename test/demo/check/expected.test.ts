import { describe, expect, it } from 'vitest';
import { parseExpected } from '../../../src/demo/check/expected.ts';

const from = (line: string) => {
  const [first] = parseExpected(line);
  return first && Number.isFinite(first.from) ? new Date(first.from).toISOString() : first?.from;
};

describe('a character’s list', () => {
  it('gives notices the notice time, and everything else the beginning of the date', () => {
    expect(from('2027-05-31 notice -7 for 2027-06-06')).toBe('2027-05-31T06:00:00.000Z');
    expect(from('2027-05-31 supervisor notice for 2027-06-06 to greta')).toBe('2027-05-31T06:00:00.000Z');
    expect(from('2027-05-31 block 2027-03-31, 2 groups')).toBe('2027-05-30T22:00:00.000Z');
    expect(from('2027-05-31 12:30 block 2027-03-31, 2 groups')).toBe('2027-05-31T10:30:00.000Z');
  });
  it('knows how it begins and how it ends', () => {
    expect(parseExpected('start activate\nend deleted, no entry')).toMatchObject([
      { what: 'activate', from: -Infinity },
      { what: 'end deleted, no entry', from: -Infinity },
    ]);
  });
  it('reads conditions', () => {
    expect(parseExpected('2027-04-10 returned [unless down 2027-04-10 to 2027-04-12]')).toMatchObject([
      { what: 'returned', unlessDown: { down: 'all' }, ifDown: null, perhaps: false },
    ]);
    expect(parseExpected('2027-04-10 returned [if down within 2027-04-10 to 2027-04-12]')).toMatchObject([
      { unlessDown: null, ifDown: { down: 'some' }, perhaps: false },
    ]);
    expect(parseExpected('2027-04-10 alarm no-person [perhaps]')).toMatchObject([{ perhaps: true }]);
  });
  it.each(['activate', '2027-4-1 block', '2027-04-01', '2027-02-30 block'])('refuses %j', (line) => {
    expect(() => parseExpected(line)).toThrow(RangeError);
  });
});
