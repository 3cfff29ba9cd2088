import { describe, expect, test } from 'vitest';
import { readHrDate } from '../../../src/connectors/hr/read-hr-date.ts';

describe('dates that HR sends', () => {
  test.each<[string, string | number, string, string]>([
    ['a plain date', '2027-03-31', 'Europe/Zurich', '2027-03-31'],
    ['a leap day', '2028-02-29', 'Europe/Zurich', '2028-02-29'],
    ['midnight UTC, +0000', '2027-03-31T00:00:00.000+0000', 'Europe/Zurich', '2027-03-31'],
    ['midnight UTC, +00:00', '2027-03-31T00:00:00+00:00', 'Europe/Zurich', '2027-03-31'],
    ['midnight UTC, Z', '2027-03-31T00:00:00Z', 'Europe/Zurich', '2027-03-31'],
    ['midnight UTC, HR west of it', '2027-03-31T00:00:00Z', 'America/Los_Angeles', '2027-03-31'],
    ['midnight without seconds', '2027-03-31T00:00Z', 'America/Los_Angeles', '2027-03-31'],
    ['last second of the day UTC', '2027-03-31T23:59:59Z', 'Europe/Zurich', '2027-03-31'],
    ['last millisecond of the day UTC', '2027-03-31T23:59:59.999+0000', 'Asia/Tokyo', '2027-03-31'],
    ['midnight in Geneva, summer', '2027-03-30T22:00:00Z', 'Europe/Zurich', '2027-03-31'],
    ['midnight in Geneva, winter', '2027-01-30T23:00:00Z', 'Europe/Zurich', '2027-01-31'],
    ['last second of the day in Geneva', '2027-03-31T21:59:59Z', 'Europe/Zurich', '2027-03-31'],
    ['the same moment for HR in UTC', '2027-03-30T22:00:00Z', 'UTC', '2027-03-30'],
    ['midnight in Los Angeles', '2027-03-31T07:00:00Z', 'America/Los_Angeles', '2027-03-31'],
    ['midnight in Geneva with its offset', '2027-03-31T00:00:00+02:00', 'Europe/Zurich', '2027-03-31'],
    ['midnight far east with its offset', '2027-03-31T00:00:00+14:00', 'Pacific/Kiritimati', '2027-03-31'],
    ['a second to midnight UTC less one', '2027-03-31T23:59:58Z', 'Europe/Zurich', '2027-04-01'],
    ['epoch ms, midnight UTC', 1806451200000, 'America/Los_Angeles', '2027-03-31'],
    ['epoch ms, last second UTC', 1806451200000 + 86_399_999, 'Europe/Zurich', '2027-03-31'],
    ['epoch ms, midnight in Geneva', 1806444000000, 'Europe/Zurich', '2027-03-31'],
    ['epoch ms before 1970, midnight UTC', -86_400_000, 'America/Los_Angeles', '1969-12-31'],
    ['epoch ms before 1970, last second UTC', -1, 'Asia/Tokyo', '1969-12-31'],
  ])('%s', (_name, value, timeZone, expected) => {
    expect(readHrDate(value, timeZone)).toBe(expected);
  });

  test.each<string | number>([
    '',
    'soon',
    '31.03.2027',
    '2027-02-29',
    '2027-13-01',
    '0000-01-01',
    '2027-3-1',
    ' 2027-03-31',
    '2027-03-31T00:00:00',
    '2027-02-29T00:00:00Z',
    '2027-03-31T24:00:00Z',
    '2027-03-31T00:60:00Z',
    '2027-03-31 00:00:00Z',
    '2027-03-31T00:00:00+99:00',
    '1806451200000',
    1.5,
    Number.NaN,
    Number.POSITIVE_INFINITY,
    2 ** 63,
    253_402_300_800_000,
  ])('%j is no date', (value) => {
    expect(readHrDate(value, 'Europe/Zurich')).toBeNull();
  });
});
