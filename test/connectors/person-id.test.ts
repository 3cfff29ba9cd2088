import { expect, test } from 'vitest';
import { comparePersonIds } from '../../src/connectors/person-id.ts';

test('ids are in the order of numbers first, then of text', () => {
  const ids = ['b', '10', 'B', '9', '90071992547409931', '90071992547409930', 'a10', 'a9'];
  expect(ids.toSorted(comparePersonIds)).toEqual([
    '9',
    '10',
    '90071992547409930',
    '90071992547409931',
    'B',
    'a10',
    'a9',
    'b',
  ]);
  expect(comparePersonIds('7', '07')).toBe(0);
});
