import { describe, expect, it } from 'vitest';
import type { AccountState, Stage } from '../../src/contracts/account.ts';
import type { Command, CommandName } from '../../src/contracts/command.ts';
import { refusalOf } from '../../src/policy/commands.ts';
import { decide } from '../../src/policy/decide.ts';
import {
  account,
  at,
  command,
  commanded,
  contract,
  fold,
  found,
  policyFor,
} from '../support/policy-builders.ts';

const policy = policyFor('primary');
const NOW = at('2027-03-15 12:00');
const ALL: readonly CommandName[] = ['restore', 'extend', 'ignore', 'resume', 'disable', 'enable'];
const holding = { actor: 'admin-7', at: 0 };
const ignored = (until: string | null) => ({ ...holding, until, reminded: false });
const adminDate = (until: string) => ({ ...holding, until, reminded: false });
const withHolds = (state: AccountState, holds: Partial<AccountState['holds']>) => ({
  ...state,
  holds: { ...state.holds, ...holds },
});

function send(state: AccountState, one: Command, now = NOW): AccountState {
  return decide(state, commanded(now, one), policy);
}

describe('what is refused, and in which words', () => {
  it.each(
    ALL.flatMap((name) =>
      (['deleted', 'released', 'neverJoined', 'deletedOutside'] as const).map(
        (stage) => [name, stage] as const,
      ),
    ),
  )('%s on an account that is %s', (name, stage) => {
    expect(refusalOf(account({ stage }), command(name), policy, NOW)).toBe(
      `the account is ${stage}; nothing can be done to it any more`,
    );
    const state = account({ stage });
    expect(send(state, command(name))).toBe(state);
  });

  const open = account({ observation: found(2, [contract('2024-01-01', null)]) });
  const service = account({ kind: 'service' });
  const dated = account({ adminDate: adminDate('2027-05-01') });
  const rows: readonly (readonly [string, AccountState, Command, string | null])[] = [
    [
      'restore, pending',
      account({ stage: 'pending' }),
      command('restore'),
      'the account has not begun; it has no last day to move',
    ],
    [
      'extend, pending',
      account({ stage: 'pending' }),
      command('extend', { until: '2027-05-01' }),
      'the account has not begun; it has no last day to move',
    ],
    ['restore, active', account(), command('restore'), null],
    ['restore, grace', account({ stage: 'grace' }), command('restore'), null],
    ['restore, blocked', account({ stage: 'blocked' }), command('restore'), null],
    [
      'restore while its delete goes on',
      account({ stage: 'blocked', deleteBegun: true }),
      command('restore'),
      'its deletion has begun and cannot be called off',
    ],
    [
      'extend while its delete goes on',
      account({ stage: 'blocked', deleteBegun: true }),
      command('extend', { until: '2027-05-01' }),
      'its deletion has begun and cannot be called off',
    ],
    [
      'restore until never',
      account(),
      command('restore', { until: 'never' }),
      'until must be a date; an open end can only come from HR',
    ],
    [
      'extend until never',
      account(),
      command('extend', { until: 'never' }),
      'until must be a date; an open end can only come from HR',
    ],
    [
      'restore with null',
      account(),
      command('restore', { until: null }),
      'until must be a date, or left out',
    ],
    [
      'extend without until',
      account(),
      command('extend'),
      'extend needs until: the new last day, or null to withdraw the one that an admin gave',
    ],
    [
      'extend with null, nothing given',
      account(),
      command('extend', { until: null }),
      'no admin gave a date that could be withdrawn',
    ],
    ['extend with null, something given', dated, command('extend', { until: null }), null],
    [
      'extend an open end',
      open,
      command('extend', { until: '2027-05-01' }),
      'the affiliation is open-ended; there is nothing to extend',
    ],
    [
      'restore an open end',
      open,
      command('restore'),
      'the affiliation is open-ended; there is nothing to extend',
    ],
    [
      'restore a service account',
      service,
      command('restore'),
      'a service account is never blocked because of its owner; there is nothing to restore',
    ],
    ['extend a service account', service, command('extend', { until: '2027-05-01' }), null],
    [
      'a date that is over',
      account(),
      command('extend', { until: '2027-03-14' }),
      'until, 2027-03-14, is over; give today or a later date',
    ],
    ['today', account(), command('extend', { until: '2027-03-15' }), null],
    [
      'a date that does not exist',
      account(),
      command('extend', { until: '2027-02-30' }),
      'until must be a date that exists, YYYY-MM-DD, not "2027-02-30"',
    ],
    ['ignore, active', account(), command('ignore'), null],
    ['ignore, pending', account({ stage: 'pending' }), command('ignore'), null],
    ['ignore, blocked', account({ stage: 'blocked' }), command('ignore'), null],
    ['ignore until never', account(), command('ignore', { until: 'never' }), null],
    [
      'ignore with null',
      account(),
      command('ignore', { until: null }),
      'until must be a date, "never", or left out',
    ],
    [
      'ignore until a date that is over',
      account(),
      command('ignore', { until: '2027-03-14' }),
      'until, 2027-03-14, is over; give today or a later date',
    ],
    ['resume, not ignored', account(), command('resume'), 'the account is not ignored'],
    ['resume, ignored', withHolds(account(), { ignored: ignored(null) }), command('resume'), null],
    ['disable', account(), command('disable'), null],
    ['disable, pending', account({ stage: 'pending' }), command('disable'), null],
    ['disable, blocked', account({ stage: 'blocked' }), command('disable'), null],
    [
      'disable twice',
      withHolds(account(), { disabledManually: holding }),
      command('disable'),
      'the account is disabled already',
    ],
    [
      'disable a service account',
      service,
      command('disable'),
      'a service account is not disabled with a person',
    ],
    ['enable, not disabled', account(), command('enable'), 'the account is not disabled'],
    ['enable, disabled', withHolds(account(), { disabledManually: holding }), command('enable'), null],
  ];
  it.each(rows)('%s', (_what, state, one, expected) => {
    expect(refusalOf(state, one, policy, NOW)).toBe(expected);
  });

  it('a refused command changes nothing but what is told of it', () => {
    const state = decide(account(), { type: 'woke', at: NOW }, policy);
    const after = send(state, command('resume'));
    expect(after).toEqual({
      ...state,
      lastRefusal: { at: NOW, message: 'resume: the account is not ignored' },
      noteSequence: 1,
      unrecorded: [expect.objectContaining({ what: 'message refused: resume: the account is not ignored' })],
    });
    expect(send(after, command('resume'))).toBe(after);
  });
});

describe('the admin date', () => {
  const untilOf = (state: AccountState) => state.adminDate?.until ?? null;
  it('restore gives 30 days unless told', () => {
    expect(untilOf(send(account({ stage: 'grace' }), command('restore')))).toBe('2027-04-14');
    expect(untilOf(send(account({ stage: 'grace' }), command('restore', { until: '2027-03-20' })))).toBe(
      '2027-03-20',
    );
  });
  it('restore never shortens what an admin gave, extend does', () => {
    const given = account({ adminDate: adminDate('2027-06-30') });
    expect(untilOf(send(given, command('restore')))).toBe('2027-06-30');
    expect(untilOf(send(given, command('restore', { until: '2027-05-01' })))).toBe('2027-06-30');
    expect(untilOf(send(given, command('restore', { until: '2027-07-01' })))).toBe('2027-07-01');
    expect(untilOf(send(given, command('extend', { until: '2027-05-01' })))).toBe('2027-05-01');
  });
  it('extend with null withdraws it', () => {
    expect(
      untilOf(send(account({ adminDate: adminDate('2027-06-30') }), command('extend', { until: null }))),
    ).toBeNull();
  });
  it('a date that HR ends later than is kept, for the day HR shortens', () => {
    expect(untilOf(send(account(), command('extend', { until: '2027-03-20' })))).toBe('2027-03-20');
  });
  it.each(['active', 'grace', 'blocked'] as readonly Stage[])('can be given in %s', (stage) => {
    expect(untilOf(send(account({ stage }), command('extend', { until: '2027-05-01' })))).toBe('2027-05-01');
  });
});

describe('ignore and its end', () => {
  it('holds for 90 days unless told, never must be said', () => {
    expect(send(account(), command('ignore')).holds.ignored?.until).toBe('2027-06-13');
    expect(send(account(), command('ignore', { until: 'never' })).holds.ignored).toMatchObject({
      until: null,
    });
    expect(send(account(), command('ignore', { until: '2027-03-15' })).holds.ignored?.until).toBe(
      '2027-03-15',
    );
  });
  it('the last one received wins', () => {
    const after = fold(
      account(),
      policy,
      commanded(NOW, command('ignore', { until: 'never' })),
      commanded(NOW, command('ignore', { until: '2027-04-01' })),
    );
    expect(after.holds.ignored?.until).toBe('2027-04-01');
    expect(send(after, command('resume')).holds.ignored).toBeNull();
  });
  it('ends with the day after its last day', () => {
    const held = withHolds(account(), { ignored: ignored('2027-03-20') });
    const woken = (text: string) => decide(held, { type: 'woke', at: at(text) }, policy).holds.ignored;
    expect(woken('2027-03-20 23:59')).not.toBeNull();
    expect(woken('2027-03-21 00:00')).toBeNull();
  });
});

describe('commands sent again', () => {
  const withId = command('ignore', { commandId: 'c-1' });
  it('one with an id acts once, also after another one', () => {
    const ended = fold(
      account(),
      policy,
      commanded(NOW, withId),
      commanded(NOW, command('resume', { commandId: 'c-2' })),
    );
    expect(send(ended, withId)).toBe(ended);
  });
  it('its id is remembered also when there was nothing to change', () => {
    const state = account({ adminDate: adminDate('2027-06-30') });
    const after = send(state, command('restore', { commandId: 'c-9' }));
    expect(after.handledCommands).toEqual(['c-9']);
    expect(after.unrecorded.map(({ what }) => what)).toEqual(['restore: nothing to change']);
    expect(after.adminDate).toBe(state.adminDate);
  });
  it('one that was refused is looked at again', () => {
    const refused = send(account(), command('resume', { commandId: 'c-3' }));
    const held = send(refused, command('ignore'));
    expect(send(held, command('resume', { commandId: 'c-3' })).holds.ignored).toBeNull();
  });
  it.each([
    ['ignore', command('ignore')],
    ['restore', command('restore')],
    ['extend', command('extend', { until: '2027-05-01' })],
  ] as const)('%s twice without an id changes nothing the second time', (_name, one) => {
    const once = send(account({ stage: 'grace' }), one);
    expect(send(once, one)).toBe(once);
  });
  it('remembers the last fifty', () => {
    let state = account();
    for (let index = 0; index < 60; index += 1) {
      const name = index % 2 === 0 ? 'disable' : 'enable';
      state = send(state, command(name, { commandId: `c-${index}` }));
    }
    expect(state.handledCommands).toHaveLength(50);
    expect(state.handledCommands.at(-1)).toBe('c-59');
  });
  it('is noted once, with actor, reason and id', () => {
    const after = send(account(), command('disable', { commandId: 'c-5', reason: 'case 9' }));
    expect(after.unrecorded).toEqual([
      {
        sequence: 1,
        at: NOW,
        what: 'disable',
        actor: 'admin-7',
        commandId: 'c-5',
        reason: 'case 9',
        failedNotice: null,
      },
    ]);
  });
});

describe('commands on different holds', () => {
  const pairs = [
    [command('disable'), command('ignore')],
    [command('disable'), command('extend', { until: '2027-09-01' })],
    [command('ignore', { until: 'never' }), command('restore')],
  ] as const;
  it.each(pairs)('%o and %o commute', (one, other) => {
    const facts = (state: AccountState) => ({
      holds: state.holds,
      adminDate: state.adminDate,
      stage: state.stage,
    });
    const forth = fold(account(), policy, commanded(NOW, one), commanded(NOW, other));
    const back = fold(account(), policy, commanded(NOW, other), commanded(NOW, one));
    expect(facts(forth)).toEqual(facts(back));
  });
});
