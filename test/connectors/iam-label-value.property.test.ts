import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { iamLabelValue } from '../../src/connectors/iam-label-value.ts';

describe('a reason as the value of a label', () => {
  test.each<[string, string | null]>([
    ['no participation in CMS', 'no-participation-in-CMS'],
    ['  participation\tended\r\non 2027-03-31 ', 'participation-ended-on-2027-03-31'],
    ['HR\u00a0answered\u2028nothing', 'HR-answered-nothing'],
    ['a - b -- c', 'a-b-c'],
    ['already-joined', 'already-joined'],
    ['tab\u0000and\u200bno width', 'tab-and-no-width'],
    ['No participation to Zürich (CMS), ended', 'No-participation-to-Zürich-(CMS),-ended'],
    ['', null],
    [' \n\t ', null],
    ['---', null],
    ['x'.repeat(64), 'x'.repeat(64)],
    ['x'.repeat(65), 'x'.repeat(64)],
    [`${'x'.repeat(63)} yz`, 'x'.repeat(63)],
    [`${'x'.repeat(40)} ${'y'.repeat(40)}`, 'x'.repeat(40)],
    [`ab ${'y'.repeat(80)}`, `ab-${'y'.repeat(61)}`],
    ['😀'.repeat(33), '😀'.repeat(32)],
    [`x${'😀'.repeat(33)}`, `x${'😀'.repeat(31)}`],
  ])('%j is %j', (reason, expected) => {
    expect(iamLabelValue(reason)).toBe(expected);
  });

  test('whatever the reason, IAM accepts it, and joining it again changes nothing', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 90 }), (reason) => {
        const value = iamLabelValue(reason);
        if (value === null) return;
        expect(value.length).toBeGreaterThan(0);
        expect(value.length).toBeLessThanOrEqual(64);
        expect(value).not.toMatch(/\s|^-|-$/);
        expect(() => encodeURIComponent(value)).not.toThrow();
        expect(iamLabelValue(value)).toBe(value);
      }),
      { numRuns: 50 },
    );
  });
});
