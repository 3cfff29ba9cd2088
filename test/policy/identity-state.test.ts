import { describe, expect, it } from 'vitest';
import type { Tie } from '../../src/contracts/affiliation.ts';
import type { IdentityState } from '../../src/contracts/identity-state.ts';
import type { AccountState } from '../../src/contracts/account.ts';
import { describeAccount } from '../../src/policy/describe.ts';
import { identityStateOn } from '../../src/policy/identity-state.ts';
import { accountStatus } from '../../src/policy/status.ts';
import {
  account,
  at,
  command,
  commanded,
  contract,
  EXPERIMENT,
  fold,
  found,
  LAST_DAY,
  noPerson,
  observed,
  participation,
  policyFor,
} from '../support/policy-builders.ts';

const TODAY = '2027-02-20';
const NOW = at('2027-02-20 12:00');
const POLICY = policyFor('primary');

const PAST = contract('2020-01-01', '2026-12-31');
const VALID = contract('2024-01-01', LAST_DAY);
const AWAY = contract('2024-01-01', LAST_DAY, { excluded: true });
const FUTURE = contract('2027-06-01');
const FUTURE_AWAY = contract('2027-06-01', null, { excluded: true });

/** Past, valid, excluded, future, future and excluded: each there (1) or not (0), and what that comes to. */
const EVERY_COMBINATION: readonly (readonly [string, IdentityState])[] = [
  ['00000', 'NO_CONTRACT'],
  ['00001', 'FUTURE_CONTRACT'],
  ['00010', 'FUTURE_CONTRACT'],
  ['00011', 'FUTURE_CONTRACT'],
  ['00100', 'DISABLED'],
  ['00101', 'FUTURE_CONTRACT'],
  ['00110', 'FUTURE_CONTRACT'],
  ['00111', 'FUTURE_CONTRACT'],
  ['01000', 'VALID'],
  ['01001', 'VALID'],
  ['01010', 'VALID'],
  ['01011', 'VALID'],
  ['01100', 'VALID'],
  ['01101', 'VALID'],
  ['01110', 'VALID'],
  ['01111', 'VALID'],
  ['10000', 'LEFT'],
  ['10001', 'FUTURE_CONTRACT'],
  ['10010', 'FUTURE_CONTRACT'],
  ['10011', 'FUTURE_CONTRACT'],
  ['10100', 'DISABLED'],
  ['10101', 'FUTURE_CONTRACT'],
  ['10110', 'FUTURE_CONTRACT'],
  ['10111', 'FUTURE_CONTRACT'],
  ['11000', 'VALID'],
  ['11001', 'VALID'],
  ['11010', 'VALID'],
  ['11011', 'VALID'],
  ['11100', 'VALID'],
  ['11101', 'VALID'],
  ['11110', 'VALID'],
  ['11111', 'VALID'],
];
const tiesOf = (mask: string): readonly Tie[] =>
  [PAST, VALID, AWAY, FUTURE, FUTURE_AWAY].filter((_, index) => mask[index] === '1');

describe('the state of a person', () => {
  it('is looked up for every combination there is', () => {
    expect(new Set(EVERY_COMBINATION.map(([mask]) => mask)).size).toBe(32);
  });

  it.each(EVERY_COMBINATION)('past, valid, excluded, future, future and excluded, %s: %s', (mask, state) => {
    for (const ties of [tiesOf(mask), [...tiesOf(mask)].reverse()]) {
      const observation = found(1, ties);
      expect(identityStateOn({ observation, disabledManually: false }, TODAY)).toBe(state);
      // Contracts alone count where there is one on record.
      const both = found(1, [...ties, participation(EXPERIMENT, '2020-01-01')]);
      const withBoth = mask === '00000' ? 'VALID' : state;
      expect(identityStateOn({ observation: both, disabledManually: false }, TODAY)).toBe(withBoth);
      expect(identityStateOn({ observation, disabledManually: true }, TODAY)).toBe('DISABLED_MANUALLY');
    }
  });

  it('is created before HR has shown anything, and no contract when HR knows no such person', () => {
    expect(identityStateOn({ observation: null, disabledManually: false }, TODAY)).toBe('CREATED');
    expect(identityStateOn({ observation: noPerson(1), disabledManually: false }, TODAY)).toBe('NO_CONTRACT');
    expect(identityStateOn({ observation: null, disabledManually: true }, TODAY)).toBe('DISABLED_MANUALLY');
  });

  it.each([
    ['a participation that is over', [participation(EXPERIMENT, '2020-01-01', '2026-12-31')], 'LEFT'],
    ['a participation ahead', [participation(EXPERIMENT, '2027-06-01')], 'FUTURE_CONTRACT'],
    ['a participation beside a contract that is over', [PAST, participation(EXPERIMENT)], 'LEFT'],
    ['a contract that ends before it begins', [contract('2027-03-01', '2027-02-01')], 'NO_CONTRACT'],
    ['the first day', [contract(TODAY)], 'VALID'],
    ['the last day', [contract(null, TODAY)], 'VALID'],
    ['the day after the last', [contract(null, '2027-02-19')], 'LEFT'],
    ['the day before the first', [contract('2027-02-21')], 'FUTURE_CONTRACT'],
  ] as const)('%s', (_, ties, state) => {
    expect(identityStateOn({ observation: found(1, ties), disabledManually: false }, TODAY)).toBe(state);
  });
});

describe('a primary account shows the state of its person', () => {
  const shown = (state: AccountState, now = NOW) => accountStatus(state, POLICY, now, null).identity;

  it('to whoever asks, by the day of asking, and in its details', () => {
    expect(shown(account())).toBe('VALID');
    expect(shown(account(), at('2027-04-01 00:10'))).toBe('LEFT');
    const { details } = describeAccount(account(), POLICY, NOW, null);
    expect(details).toContain('\nPerson: VALID\n');
  });

  it('disabling ends any other state, and only enabling ends it', () => {
    const off = fold(account(), POLICY, commanded(NOW, command('disable')));
    expect(shown(off)).toBe('DISABLED_MANUALLY');
    const told = fold(off, POLICY, observed(NOW, found(7, [contract('2024-01-01', '2029-01-31')])));
    expect(shown(told)).toBe('DISABLED_MANUALLY');
    expect(shown(fold(told, POLICY, commanded(NOW, command('enable'))))).toBe('VALID');
  });

  it('accounts of other kinds say nothing of it', () => {
    for (const kind of ['secondary', 'service', 'experiment'] as const) {
      const state = account({ kind });
      expect(accountStatus(state, policyFor(kind), NOW, null).identity).toBeNull();
      expect(describeAccount(state, policyFor(kind), NOW, null).details).not.toContain('Person:');
    }
  });
});
