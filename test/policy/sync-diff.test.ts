import { describe, expect, it } from 'vitest';
import type { AccountState } from '../../src/contracts/account.ts';
import type { Observation, Tie } from '../../src/contracts/affiliation.ts';
import { addDays } from '../../src/policy/calendar.ts';
import { initialState } from '../../src/policy/initial-state.ts';
import { differenceOf } from '../../src/policy/sync-diff.ts';
import { found, PERSON } from '../support/policy-builders.ts';

const TODAY = '2027-02-01';
const day = (offset: number) => addDays(TODAY, offset);

function contract(start: string | null, end: string | null, excluded = false): Tie {
  return { kind: 'contract', start, end, excluded, experiment: null };
}
function participation(experiment: string, end: string | null): Tie {
  return { kind: 'participation', start: null, end, excluded: false, experiment };
}

const NO_PERSON: Observation = { number: 9, personId: PERSON, outcome: 'no-person', ties: [], at: 0 };

function account(over: Partial<AccountState> = {}): AccountState {
  const own = { accountId: 'a', kind: 'primary', personId: PERSON, experiment: null } as const;
  return { ...initialState({ ...own, stage: 'active', observation: null, at: 0 }), ...over };
}

function change(before: readonly Tie[] | null, after: readonly Tie[] | Observation, accounts = [account()]) {
  return differenceOf({
    applied: before === null ? null : found(1, before),
    newest: 'outcome' in after ? after : found(2, after),
    today: TODAY,
    accounts,
  });
}

describe('an account that was told something apart from the others', () => {
  const applied = found(1, [contract(null, day(-60))]);
  const apart = found(2, [contract(null, null)]);
  const differs = (observation: Observation | null, newest = found(3, applied.ties)) =>
    differenceOf({
      applied,
      newest,
      today: TODAY,
      accounts: [account({ observation: applied }), account({ observation })],
    });

  it('loses what it was told when HR says again what it said before', () => {
    expect(differs(apart)).toMatchObject({
      kind: 'loss',
      reason: `last day open → ${day(-60)}`,
      before: { lastDay: 'open' },
    });
    expect(differs(found(2, [contract(null, null)]), found(3, [contract(null, day(100))]))).toMatchObject({
      kind: 'shortening',
    });
    expect(differs(applied).kind).toBe('correction');
  });

  it('counts for nothing if that is older than what all were told, or about who owned it before', () => {
    expect(differs(found(0, [contract(null, null)])).kind).toBe('correction');
    expect(differs({ ...apart, personId: 'somebody-else' }).kind).toBe('correction');
  });
});

describe('what HR’s newest facts change for a person', () => {
  it.each([
    ['an end where there was none, soon', [contract(null, null)], [contract(null, day(6))], 'loss'],
    [
      'an end where there was none, in a week',
      [contract(null, null)],
      [contract(null, day(7))],
      'shortening',
    ],
    ['an end in the past', [contract(null, null)], [contract(null, day(-1))], 'loss'],
    ['an end long past', [contract(null, day(200))], [contract(null, day(-400))], 'loss'],
    ['an end that is earlier, but far', [contract(null, day(200))], [contract(null, day(100))], 'shortening'],
    ['an end that is a day earlier, soon', [contract(null, day(3))], [contract(null, day(2))], 'loss'],
    [
      'an end that is over, and still earlier',
      [contract(null, day(-10))],
      [contract(null, day(-40))],
      'loss',
    ],
    [
      'an end that is over, and later, still past',
      [contract(null, day(-40))],
      [contract(null, day(-10))],
      'extension',
    ],
    ['a later end', [contract(null, day(20))], [contract(null, day(90))], 'extension'],
    ['no end any more', [contract(null, day(20))], [contract(null, null)], 'extension'],
    ['a contract that vanished', [contract(null, null)], [], 'loss'],
    ['a contract that vanished after its end', [contract(null, day(-5))], [], 'correction'],
    ['on leave, and the contract vanished', [contract(null, null, true)], [], 'loss'],
    [
      'on leave, and an end in the past',
      [contract(null, null, true)],
      [contract(null, day(-9), true)],
      'loss',
    ],
    ['on leave, and an end soon', [contract(null, day(90), true)], [contract(null, day(6), true)], 'loss'],
    [
      'on leave, and an earlier end',
      [contract(null, day(300), true)],
      [contract(null, day(100), true)],
      'shortening',
    ],
    [
      'on leave, and a later end',
      [contract(null, day(3), true)],
      [contract(null, day(9), true)],
      'extension',
    ],
    ['back from leave', [contract(null, null, true)], [contract(null, null)], 'return'],
    ['back from leave, with an end soon', [contract(null, null, true)], [contract(null, day(6))], 'loss'],
    [
      'a renewal that vanished',
      [contract(null, day(90)), contract(day(91), null)],
      [contract(null, day(90))],
      'shortening',
    ],
    [
      'a later contract that vanished',
      [contract(null, day(90)), contract(day(120), null)],
      [contract(null, day(90))],
      'loss',
    ],
    [
      'one of two ties that say the same',
      [contract(null, null), participation('CMS', null)],
      [participation('CMS', null)],
      'correction',
    ],
    [
      'a gap in the middle',
      [contract(null, day(300))],
      [contract(null, day(90)), contract(day(200), day(300))],
      'shortening',
    ],
    [
      'a gap from tomorrow',
      [contract(null, day(300))],
      [contract(null, TODAY), contract(day(30), day(300))],
      'loss',
    ],
    ['a start that moved to tomorrow', [contract(day(-30), null)], [contract(day(1), null)], 'loss'],
    ['a start that moved in the past', [contract(day(-30), null)], [contract(day(-40), null)], 'correction'],
    ['exclusion', [contract(null, null)], [contract(null, null, true)], 'loss'],
    [
      'exclusion of a contract that begins later',
      [contract(null, day(30)), contract(day(31), null)],
      [contract(null, day(30)), contract(day(31), null, true)],
      'loss',
    ],
    [
      'exclusion of one contract of two',
      [contract(null, null), contract(null, null)],
      [contract(null, null, true), contract(null, null)],
      'correction',
    ],
    ['the end of an exclusion', [contract(null, null, true)], [contract(null, null)], 'return'],
    [
      'a new contract for a leaver',
      [contract(null, day(-30))],
      [contract(null, day(-30)), contract(TODAY, null)],
      'return',
    ],
    [
      'a contract that will begin, for a leaver',
      [contract(null, day(-30))],
      [contract(null, day(-30)), contract(day(9), null)],
      'extension',
    ],
    ['nothing but another end reached', [contract(null, day(-1))], [contract(null, day(-1))], 'correction'],
  ] as const)('%s', (_, before, after, kind) => {
    expect(change(before, after).kind).toBe(kind);
  });

  it.each([
    ['who was valid', [contract(null, null)], 'loss'],
    ['who was to come', [contract(day(9), null)], 'loss'],
    ['who had left', [contract(null, day(-9))], 'correction'],
  ] as const)('HR knows nobody of the name any more: somebody %s', (_, before, kind) => {
    expect(change(before, NO_PERSON).kind).toBe(kind);
  });

  it('says what changed, in words and on both sides', () => {
    expect(change([contract(null, day(200))], [contract(null, day(3))])).toEqual({
      kind: 'loss',
      reason: `last day ${day(200)} → ${day(3)}`,
      before: { outcome: 'found', standing: 'member', lastDay: day(200), excluded: false, future: null },
      after: { outcome: 'found', standing: 'member', lastDay: day(3), excluded: false, future: null },
    });
    expect(change([contract(null, null)], [contract(null, null, true)])).toMatchObject({
      reason: `excluded from ${TODAY}`,
      after: { lastDay: 'open', excluded: true },
    });
    expect(change([contract(null, null)], NO_PERSON).reason).toBe('HR knows no such person any more');
    expect(change([contract(null, null)], []).reason).toContain('an affiliation vanished');
    expect(change([contract(null, null, true)], []).reason).toContain('an affiliation vanished');
    expect(change([contract(null, null, true)], NO_PERSON).kind).toBe('loss');
  });

  it('compares with the last day that an account keeps since its affiliations vanished', () => {
    const kept = account({ stage: 'grace', vanishedLastDay: day(-10) });
    const over = (offset: number) => change([], [contract(null, day(offset))], [kept]).kind;
    expect(over(-40)).toBe('loss');
    expect(over(-10)).toBe('correction');
    expect(over(-5)).toBe('extension');
    expect(over(50)).toBe('return');
    expect(change([], [], [kept]).kind).toBe('correction');
  });
});

describe('an exclusion', () => {
  const over = [contract(null, day(-30))];
  const excluded = [contract(null, day(90), true)];

  it('is a loss to an account in grace, which has access still', () => {
    expect(change(over, excluded, [account({ stage: 'grace' })])).toMatchObject({
      kind: 'loss',
      reason: `excluded from ${TODAY}`,
    });
  });

  it('takes nothing from an account that is blocked', () => {
    expect(change(over, excluded, [account({ stage: 'blocked' })]).kind).toBe('extension');
  });
});

describe('whoever has no primary account that lives', () => {
  it.each([
    ['and a valid contract joins', [contract(null, null)], [], 'join'],
    ['and a contract that will begin joins', [contract(day(30), null)], [], 'join'],
    ['and only past ones gets none', [contract(null, day(-1))], [], 'correction'],
    ['and was deleted returns', [contract(null, null)], [account({ stage: 'deleted' })], 'return'],
  ] as const)('%s', (_, after, accounts, kind) => {
    expect(change(null, after, [...accounts]).kind).toBe(kind);
  });
});

describe('the first sight of an account', () => {
  it('compares with what it has: an account that nobody gave an end is taken for open-ended', () => {
    expect(change(null, [contract(null, day(-9))]).kind).toBe('loss');
    expect(change(null, [contract(null, day(100))]).kind).toBe('shortening');
    expect(change(null, [contract(null, null)]).kind).toBe('correction');
  });

  it('compares with the end it has', () => {
    const ending = account({ adminDate: { until: day(100), actor: 'x', at: 0, reminded: false } });
    expect(change(null, [contract(null, day(50))], [ending]).kind).toBe('shortening');
    expect(change(null, [contract(null, day(100))], [ending]).kind).toBe('correction');
  });

  it('compares with the fact it was made with', () => {
    const made = account({ observation: found(1, [contract(null, null)]) });
    expect(change(null, [], [made]).kind).toBe('loss');
  });
});

describe('an experiment account', () => {
  const own = { kind: 'experiment', experiment: 'CMS' } as const;

  it('follows the participations in its experiment, and nothing else', () => {
    const before = [contract(null, null), participation('cms', null)];
    expect(change(before, [contract(null, null)], [account(own)]).kind).toBe('loss');
    expect(change(before, [participation('CMS', null)], [account(own)]).kind).toBe('correction');
    const excluded = [contract(null, null, true), participation('cms', null)];
    expect(change(before, excluded, [account(own)]).kind).toBe('correction');
  });

  it('and a primary account of one person: the worst counts', () => {
    const before = [contract(null, day(30)), participation('CMS', null)];
    const after = [contract(null, null)];
    expect(change(before, after, [account(), account(own)]).kind).toBe('loss');
  });
});
