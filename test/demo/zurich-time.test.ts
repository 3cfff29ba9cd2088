import { describe, expect, it } from 'vitest';
import { zurichInstant, zurichWords } from '../../src/demo/zurich-time.ts';
import { instantOf } from '../../src/policy/calendar.ts';

describe('the demo’s own clock arithmetic', () => {
  it.each([
    ['2027-01-18', '00:00', '2027-01-17T23:00:00Z'],
    ['2027-03-28', '08:00', '2027-03-28T06:00:00Z'],
    ['2027-10-31', '00:00', '2027-10-30T22:00:00Z'],
    ['2027-10-31', '08:00', '2027-10-31T07:00:00Z'],
  ])('%s %s in Zurich is %s, as the policy says too', (date, time, utc) => {
    expect(new Date(zurichInstant(date, time)).toISOString()).toBe(utc.replace('Z', '.000Z'));
    expect(zurichInstant(date, time)).toBe(instantOf(date, time, 'Europe/Zurich'));
    expect(zurichWords(zurichInstant(date, time))).toBe(`${date} ${time}`);
  });
});
