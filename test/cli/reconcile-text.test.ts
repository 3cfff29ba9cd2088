import { expect, it } from 'vitest';
import { reconcileText } from '../../src/cli/reconcile-text.ts';
import type { Difference } from '../../src/contracts/reconcile.ts';

const ROW: Difference = {
  ...{ accountId: 'account-1', kind: 'access', words: 'directory: access is off', repaired: true },
  note: 'turned on',
};

it('a comparison that found more than it keeps says how many more there are, and of what kinds in all', () => {
  const result = { accounts: 9, busy: 1, differences: 7, repaired: 6, kinds: { failed: 1, access: 6 } };
  expect(reconcileText(result, [ROW, { ...ROW, accountId: null, repaired: false, note: '' }])).toEqual([
    'account-1                            access                  directory: access is off  (repaired: turned on)',
    '–                                    access                  directory: access is off  (not repaired)',
    'and 5 more; in all 6 × access, 1 × failed',
    '9 accounts compared, 1 in the middle of a step: 7 differences, 6 repaired, 1 left',
  ]);
});
