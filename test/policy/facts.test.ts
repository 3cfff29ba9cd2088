import { describe, expect, it } from 'vitest';
import type { AccountState } from '../../src/contracts/account.ts';
import { nextExclusionChange, isExcludedOn } from '../../src/policy/exclusion.ts';
import { activeStatusOn, factsOn, wantsAccess } from '../../src/policy/facts.ts';
import { account, contract, found, noPerson, participation } from '../support/policy-builders.ts';

const TODAY = '2027-03-15';
const on = (date: string) => ({ type: 'on', date }) as const;
const adminDate = (until: string) => ({ until, actor: 'admin-7', at: 0, reminded: false });
const holding = { actor: 'admin-7', at: 0 };

describe('the effective last day', () => {
  const until = (end: string | null) => found(1, [contract('2024-01-01', end)]);
  it.each([
    ['HR’s, when no admin gave one', account({ observation: until('2027-03-31') }), on('2027-03-31')],
    [
      'the admin’s, when it is later',
      account({ observation: until('2027-03-31'), adminDate: adminDate('2027-06-30') }),
      on('2027-06-30'),
    ],
    [
      'HR’s, when the admin’s is earlier',
      account({ observation: until('2027-03-31'), adminDate: adminDate('2027-03-20') }),
      on('2027-03-31'),
    ],
    [
      'open, whatever an admin gave',
      account({ observation: until(null), adminDate: adminDate('2027-03-20') }),
      { type: 'open' },
    ],
    [
      'the admin’s, when HR shows nothing that began',
      account({ observation: found(1, []), adminDate: adminDate('2027-03-20') }),
      on('2027-03-20'),
    ],
    [
      'the day on which everything vanished',
      account({ observation: noPerson(1), vanishedLastDay: '2027-03-10' }),
      on('2027-03-10'),
    ],
    [
      'the later of that and the admin’s',
      account({
        observation: noPerson(1),
        vanishedLastDay: '2027-03-10',
        adminDate: adminDate('2027-04-10'),
      }),
      on('2027-04-10'),
    ],
    ['unknown, before HR ever answered', account({ observation: null }), { type: 'unknown' }],
  ])('is %s', (_what, state, expected) => {
    expect(factsOn(state, TODAY).lastDay).toEqual(expected);
  });

  it('is valid on the last day itself, and not on the day after', () => {
    expect(factsOn(account(), '2027-03-31').valid).toBe(true);
    expect(factsOn(account(), '2027-04-01').valid).toBe(false);
  });
});

describe('exclusion', () => {
  const away = (start: string | null, end: string | null) => contract(start, end, { excluded: true });
  it.each([
    ['a valid one that is not excluded', [contract()], false],
    ['every valid one is excluded', [away(null, null)], true],
    ['one of two is not', [away(null, null), contract()], false],
    ['the other one is over', [away(null, null), contract(null, '2027-03-14')], true],
    ['the other one begins tomorrow', [away(null, null), contract('2027-03-16', null)], true],
    ['only past ones, excluded', [away(null, '2027-03-14')], false],
    ['none', [], false],
    ['a participation beside it does not count', [away(null, null), participation('CMS')], true],
  ])('%s', (_what, ties, expected) => {
    expect(isExcludedOn(found(1, ties), TODAY)).toBe(expected);
  });

  it('names the first day on which it changes', () => {
    const leave = found(1, [
      contract(null, '2027-03-31'),
      away('2027-03-20', '2027-06-30'),
      contract('2027-06-01'),
    ]);
    expect(nextExclusionChange(leave, TODAY)).toBe('2027-04-01');
    expect(nextExclusionChange(leave, '2027-04-01')).toBe('2027-06-01');
    expect(nextExclusionChange(leave, '2027-06-01')).toBeNull();
    expect(nextExclusionChange(null, TODAY)).toBeNull();
  });
});

describe('access by stage and holds', () => {
  const holds = (over: Partial<AccountState['holds']>) => ({
    ignored: null,
    disabledManually: null,
    excluded: null,
    ...over,
  });
  it.each([
    ['pending', holds({}), false],
    ['active', holds({}), true],
    ['active', holds({ disabledManually: holding }), false],
    ['active', holds({ excluded: { at: 0 } }), false],
    ['active', holds({ ignored: { ...holding, until: null, reminded: false } }), true],
    ['grace', holds({}), true],
    ['grace', holds({ disabledManually: holding }), false],
    ['grace', holds({ excluded: { at: 0 } }), false],
    ['blocked', holds({}), false],
    ['blocked', holds({ ignored: { ...holding, until: null, reminded: false } }), false],
    ['deleted', holds({}), false],
    ['released', holds({}), false],
    ['neverJoined', holds({}), false],
    ['deletedOutside', holds({}), false],
  ] as const)('%s with %j', (stage, held, expected) => {
    expect(wantsAccess(account({ stage, holds: held }))).toBe(expected);
  });
});

describe('cernActiveStatus by the effective last day, 2027-03-31', () => {
  it.each([
    ['the last day', '2027-03-31', 'Active'],
    ['day 0', '2027-04-01', 'Grace Period'],
    ['day 1', '2027-04-02', 'Grace Period'],
    ['day 59', '2027-05-30', 'Grace Period'],
    ['day 60', '2027-05-31', 'Inactive'],
    ['day 180', '2027-09-28', 'Inactive'],
  ])('%s says so', (_what, today, expected) => {
    expect(activeStatusOn('active', on('2027-03-31'), today)).toBe(expected);
  });

  it('says Active for an open end, Inactive while pending and when nothing is known', () => {
    expect(activeStatusOn('active', { type: 'open' }, TODAY)).toBe('Active');
    expect(activeStatusOn('pending', { type: 'open' }, TODAY)).toBe('Inactive');
    expect(activeStatusOn('active', { type: 'unknown' }, TODAY)).toBe('Inactive');
  });
});
