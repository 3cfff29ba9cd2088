import { describe, expect, it } from 'vitest';
import type { Tie } from '../../src/contracts/affiliation.ts';
import { IDENTITY_STATES, type IdentityState } from '../../src/contracts/identity-state.ts';
import { decide } from '../../src/policy/decide.ts';
import { identityStateOn, nextIdentityChange } from '../../src/policy/identity-state.ts';
import { keepingIdentity } from '../../src/policy/keep-identity.ts';
import { nextStep } from '../../src/policy/next-step.ts';
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

  it('changes next on the first day on which it is another one', () => {
    const next = (ties: readonly Tie[], disabledManually = false) =>
      nextIdentityChange({ observation: found(1, ties), disabledManually }, TODAY);
    expect(next([VALID])).toBe('2027-04-01');
    expect(next([VALID, contract('2027-04-01', '2027-05-31')])).toBe('2027-06-01');
    expect(next([contract('2027-02-25')])).toBe('2027-02-25');
    expect(next([AWAY])).toBe('2027-04-01');
    expect(next([contract('2024-01-01', '2027-03-15', { excluded: true }), contract('2027-03-10')])).toBe(
      '2027-03-10',
    );
    expect(next([contract()])).toBeNull();
    expect(next([PAST])).toBeNull();
    expect(next([VALID], true)).toBeNull();
    expect(nextIdentityChange({ observation: null, disabledManually: false }, TODAY)).toBeNull();
  });
});

describe('a primary account keeps the state of its person', () => {
  const kept = (over: Parameters<typeof account>[0] = {}) => keepingIdentity(account(over));
  const woke = (text: string) => ({ type: 'woke', at: at(text) }) as const;
  const audited = ({ unrecorded }: ReturnType<typeof kept>) =>
    unrecorded.map(({ what }) => what).filter((what) => what.startsWith('identity state'));

  it('from its first look on, with since when and why, and once in the audit log', () => {
    const state = fold(kept(), POLICY, woke('2027-02-20 12:00'), woke('2027-02-21 12:00'));
    expect(state.identity).toEqual({ state: 'VALID', since: NOW, why: 'a contract is valid' });
    expect(audited(state)).toEqual(['identity state none → VALID: a contract is valid']);
  });

  it('and changes it on the day, by a timer of its own, also between milestones', () => {
    const leave = [contract('2024-01-01', '2027-03-09'), contract('2027-03-10', null, { excluded: true })];
    const state = { ...kept({ observation: found(1, leave) }), unrecorded: [] };
    const first = { ...decide(state, woke('2027-02-20 12:00'), POLICY), unrecorded: [] };
    const next = nextStep(first, POLICY, NOW);
    expect(next).toMatchObject({ type: 'wait', until: at('2027-03-10') });
    const later = decide(first, woke('2027-03-10'), POLICY);
    expect(later.identity).toMatchObject({ state: 'DISABLED', since: at('2027-03-10') });
  });

  it('leaving changes it, and not the access, which the calendar ends', () => {
    const state = fold(kept(), POLICY, woke('2027-02-20 12:00'), woke('2027-04-01 00:10'));
    expect(state.identity?.state).toBe('LEFT');
    expect(state.access).toBe('on');
  });

  it('disabling ends any other state, and only enabling ends it', () => {
    const off = fold(kept(), POLICY, commanded(NOW, command('disable')));
    expect(off.identity).toMatchObject({ state: 'DISABLED_MANUALLY', why: 'disabled by admin-7' });
    const told = fold(
      off,
      POLICY,
      observed(NOW, found(7, [contract('2024-01-01', '2029-01-31')])),
      woke('2027-05-01'),
    );
    expect(told.identity?.state).toBe('DISABLED_MANUALLY');
    const on = fold(told, POLICY, commanded(at('2027-05-02'), command('enable')));
    expect(on.identity?.state).toBe('VALID');
    expect(audited(on)).toHaveLength(2);
  });

  it('other kinds do not, nor does what began before there were such states, until its next run', () => {
    for (const kind of ['secondary', 'service', 'experiment'] as const) {
      expect(keepingIdentity(account({ kind }))).not.toHaveProperty('identity');
    }
    const old = account();
    expect(decide(old, woke('2027-02-20 12:00'), POLICY)).not.toHaveProperty('identity');
    expect(keepingIdentity(old)).toMatchObject({ identity: null });
  });

  it('every state has a reason in words', () => {
    const ties: Partial<Record<IdentityState, readonly Tie[]>> = {
      NO_CONTRACT: [],
      FUTURE_CONTRACT: [FUTURE],
      VALID: [VALID],
      LEFT: [PAST],
      DISABLED: [AWAY],
    };
    const reasons = IDENTITY_STATES.map((state) => {
      const observation = state === 'CREATED' ? null : found(1, ties[state] ?? [VALID]);
      const disabledManually = state === 'DISABLED_MANUALLY' ? { actor: 'admin-7', at: NOW } : null;
      const holds = { ignored: null, excluded: null, disabledManually };
      const { identity } = fold(kept({ observation, holds }), POLICY, woke('2027-02-20 12:00'));
      expect(identity?.state).toBe(state);
      return identity?.why;
    });
    expect(new Set(reasons).size).toBe(IDENTITY_STATES.length);
  });
});
