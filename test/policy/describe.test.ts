import { describe, expect, it } from 'vitest';
import { decide } from '../../src/policy/decide.ts';
import { actionWords, describeAccount, holdsOf, momentWords } from '../../src/policy/describe.ts';
import { accountStatus } from '../../src/policy/status.ts';
import {
  account,
  at,
  bareStep,
  command,
  commanded,
  contract,
  fold,
  found,
  participation,
  policyFor,
} from '../support/policy-builders.ts';

const policy = policyFor('primary');
const NOW = at('2027-01-10 12:00');
const headline = (state: Parameters<typeof describeAccount>[0], now = NOW, rules = policy) =>
  describeAccount(state, rules, now, null).headline;

describe('an account in one line', () => {
  it.each([
    [
      'with a last day',
      account(),
      'primary account, active; last day 2027-03-31 (member); next: notice -60 on 2027-01-30 08:00',
    ],
    [
      'open-ended',
      account({ observation: found(1, [contract()]) }),
      'primary account, active; open-ended (member); nothing planned',
    ],
    [
      'with a date that an admin gave',
      account({ adminDate: { until: '2027-06-30', actor: 'admin-7', at: 0, reminded: false } }),
      'primary account, active; last day 2027-06-30 (member, given by an admin); next: notice -60 on 2027-05-01 08:00',
    ],
    [
      'with a future affiliation',
      account({ observation: found(1, [contract(null, '2027-03-26'), contract('2027-03-29', null)]) }),
      'primary account, active; last day 2027-03-26 (member); next affiliation from 2027-03-29; next: notice -60 on 2027-01-25 08:00',
    ],
    [
      'pending',
      account({ stage: 'pending', access: 'none', observation: found(1, [contract('2027-02-01')]) }),
      'primary account, pending; no last day known (future); next affiliation from 2027-02-01; next: activate on 2027-02-01 00:00',
    ],
    [
      'that has ended',
      account({ stage: 'deleted' }),
      'primary account, deleted; last day 2027-03-31 (member); nothing planned',
    ],
  ])('%s', (_what, state, expected) => {
    expect(headline(state)).toBe(expected);
  });

  it('names holds, and the next step that they do not stop', () => {
    const held = fold(
      account(),
      policy,
      commanded(NOW, command('ignore', { until: '2027-06-30' })),
      commanded(NOW, command('disable')),
    );
    expect(headline(held)).toBe(
      'primary account, active; last day 2027-03-31 (member); ignored by admin-7 until 2027-06-30: no milestone runs; ' +
        'disabled manually by admin-7: access is off; next: disable on 2027-01-10 12:00',
    );
    expect(holdsOf(held)).toEqual(['ignored', 'disabledManually']);
  });

  it('says when only resume ends a hold', () => {
    const held = fold(account(), policy, commanded(NOW, command('ignore', { until: 'never' })));
    expect(headline(held)).toContain('ignored by admin-7 until resumed: no milestone runs');
  });
});

describe('an account’s page', () => {
  it('shows the whole plan ahead, held steps too, the trouble and the last refusal', () => {
    const held = fold(
      account(),
      policy,
      commanded(NOW, command('ignore', { until: '2027-06-30' })),
      commanded(NOW, command('enable')),
    );
    const { details } = describeAccount(held, policy, NOW, 'mail is down');
    expect(details.split('\n')).toEqual([
      '**primary account: active**, access on',
      'Why: last day 2027-03-31 (member)',
      'Person: VALID',
      'Hold: ignored by admin-7 until 2027-06-30: no milestone runs',
      '**Problem: mail is down**',
      'Last message refused: enable: the account is not disabled',
      '',
      '**Plan** (policy cern 2, Europe/Zurich)',
      '- 2027-01-30 08:00: notice -60 (notice 60 days before the last day, 2027-03-31), held',
      '- 2027-03-04 08:00: notice -27 (notice 27 days before the last day, 2027-03-31), held',
      '- 2027-03-24 08:00: notice -7 (notice 7 days before the last day, 2027-03-31), held',
      '- 2027-04-01 00:00: leaving (the last day, 2027-03-31, is over), held',
      '- 2027-04-01 00:00: status "Grace Period" (the directory says Grace Period)',
      '- 2027-05-31 00:00: block (last day 2027-03-31), held',
      '- 2027-06-23 08:00: reminder that the hold ends (the hold ends on 2027-06-30)',
      '- 2027-09-28 00:00: delete (last day 2027-03-31), held',
      '',
      '**Done lately**',
      '- nothing yet',
    ]);
  });

  it('shows what was done lately', () => {
    const step = bareStep('block', { key: '0/block/2027-03-31', lastDay: '2027-03-31' });
    const outcome = { result: 'done', at: NOW, note: 'blocked on every target', recorded: 0 } as const;
    const state = decide(account({ stage: 'grace' }), { type: 'stepEnded', at: NOW, step, outcome }, policy);
    expect(describeAccount(state, policy, NOW, null).details).toContain(
      '- 2027-01-10 12:00: block done (blocked on every target)',
    );
  });

  it('a delete that has begun is all that is planned', () => {
    const state = account({
      stage: 'blocked',
      access: 'off',
      deleteBegun: true,
      blocked: { lastDay: '2027-03-31', at: 0 },
    });
    expect(headline(state)).toContain('next: delete on');
    expect(accountStatus(state, policy, NOW, null).plan.map(({ action }) => action)).toEqual(['delete']);
  });

  it('a plan shows the return that HR named, and no block that the return ends', () => {
    const state = account({
      observation: found(1, [contract(null, '2027-03-26'), contract('2027-03-29', null)]),
    });
    const actions = accountStatus(state, policy, NOW, null).plan.map(({ action }) => action);
    expect(actions.filter((action) => !action.startsWith('status'))).toEqual([
      'notice -60',
      'notice -27',
      'notice -7',
      'leaving',
      'return',
    ]);
  });
});

describe('the plan of an experiment account', () => {
  it('shows no return for a participation that begins before the governing one ends', () => {
    const rules = policyFor('experiment');
    const ties = [participation('CMS', null, '2027-12-31'), participation('CMS', '2027-03-20', '2027-04-30')];
    const state = account({ kind: 'experiment', observation: found(1, ties) });
    const actions = accountStatus(state, rules, NOW, null).plan.map(({ action }) => action);
    expect(actions).toEqual(['expiry', 'block', 'delete']);
  });
});

describe('the answer of a query', () => {
  it('is everything an operator asks', () => {
    expect(accountStatus(account(), policy, NOW, null)).toMatchObject({
      accountId: 'acc-1',
      kind: 'primary',
      stage: 'active',
      access: 'on',
      standing: 'member',
      holds: [],
      lastDay: '2027-03-31',
      problem: null,
      lastRefusal: null,
      past: [],
    });
    expect(accountStatus(account(), policy, NOW, null).plan[0]).toEqual({
      key: 'notice/900123/0/-60/2027-03-31/1',
      action: 'notice -60',
      why: 'notice 60 days before the last day, 2027-03-31',
      dueAt: at('2027-01-30 08:00'),
      due: '2027-01-30 08:00',
      held: false,
    });
  });
  it('lists what holds stop as held', () => {
    const held = fold(account(), policy, commanded(NOW, command('ignore')));
    const plan = accountStatus(held, policy, NOW, null).plan;
    expect(plan.filter((step) => step.held).map(({ action }) => action)).toEqual([
      'notice -60',
      'notice -27',
      'notice -7',
      'leaving',
      'block',
      'delete',
    ]);
  });
});

describe('words', () => {
  it.each([
    [bareStep('activate'), 'activate'],
    [bareStep('status', { activeStatus: 'Inactive' }), 'status "Inactive"'],
    [bareStep('giveAccess', { giveAccess: 'returned' }), 'return'],
    [bareStep('giveAccess', { giveAccess: 'enabled' }), 'give access back'],
    [bareStep('leaving'), 'leaving'],
    [bareStep('block'), 'block'],
    [bareStep('record'), 'record'],
  ])('%o', (step, expected) => {
    expect(actionWords(step, 'primary')).toBe(expected);
  });
  it('an experiment account expires', () => {
    expect(actionWords(bareStep('leaving'), 'experiment')).toBe('expiry');
  });
  it('moments are told in the policy’s zone', () => {
    expect(momentWords(at('2027-05-31 00:14'), 'Europe/Zurich')).toBe('2027-05-31 00:14');
    expect(momentWords(at('2027-05-31 00:14'), 'Pacific/Auckland')).toBe('2027-05-31 10:14');
  });
});
