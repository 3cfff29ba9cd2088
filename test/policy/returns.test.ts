import { describe, expect, it } from 'vitest';
import type { AccountState } from '../../src/contracts/account.ts';
import type { AccountEvent } from '../../src/contracts/event.ts';
import { diary, run } from '../support/diary.ts';
import {
  account,
  at,
  command,
  commanded,
  contract,
  found,
  look,
  observed,
  plusDays,
  policyFor,
  wall,
} from '../support/policy-builders.ts';

let number = 10;
function says(when: string, ...ties: Parameters<typeof found>[1]): AccountEvent {
  number += 1;
  return observed(at(when), found(number, ties));
}
const OLD = contract('2024-01-01', '2027-03-31');
/** Noon of the day so many days after leaving. */
const noonOfDay = (day: number) => `${plusDays('2027-04-01', day)} 12:00`;

describe('coming back', () => {
  it.each([
    [0, 'grace'],
    [1, 'grace'],
    [59, 'grace'],
    [60, 'blocked'],
    [61, 'blocked'],
    [179, 'blocked'],
  ])('on day %d, from %s: active, access on, told, and nothing is left of the leaving', (day, stage) => {
    const when = noonOfDay(day);
    const life = run({ messages: [says(when, OLD, contract(plusDays('2027-04-01', day), null))] });
    expect(life.state).toMatchObject({
      stage: 'active',
      access: 'on',
      activeStatus: 'Active',
      epoch: 1,
      departure: 1,
      blocked: null,
      allClear: null,
    });
    expect(diary(life).includes('2027-05-31 00:00 block')).toBe(stage === 'blocked');
    expect(diary(life).slice(-2)).toEqual([`${when} giveAccess returned`, `${when} allClear returned`]);
  });

  it.each([180, 181])('on day %d it is too late: the account is deleted', (day) => {
    const life = run({ messages: [says(noonOfDay(day), OLD, contract(plusDays('2027-04-01', day), null))] });
    expect(life.state).toMatchObject({ stage: 'deleted', access: 'off', epoch: 0 });
  });

  it('by the account’s own timer, when HR named the next affiliation before', () => {
    const life = run({
      messages: [says('2027-04-05 12:00', OLD, contract('2027-06-15', '2027-12-31'))],
      until: '2027-07-01',
    });
    expect(diary(life).slice(-3)).toEqual([
      '2027-05-31 00:00 block',
      '2027-06-15 00:00 giveAccess returned',
      '2027-06-15 00:00 allClear returned',
    ]);
  });

  it('late, after an outage: lateness is counted from the first day of the affiliation, or the admin’s word', () => {
    const dueOf = (messages: readonly AccountEvent[]) => {
      const life = run({ messages, down: [['2027-06-05', '2027-06-20 12:00']], until: '2027-06-21' });
      const back = life.deeds.find(({ step }) => step.giveAccess === 'returned');
      return [wall(back?.step.dueAt ?? 0), wall(back?.at ?? 0)];
    };
    const hr = says('2027-06-01', OLD, contract('2027-06-15', null));
    expect(dueOf([hr])).toEqual(['2027-06-15 00:00', '2027-06-20 12:00']);
    expect(dueOf([says('2027-06-19 09:00', OLD, contract('2027-06-15', null))])[0]).toBe('2027-06-15 00:00');
    const admin = commanded(at('2027-06-06 12:00'), command('restore', { until: '2027-08-01' }));
    // The command was received when work went on.
    expect(dueOf([admin])).toEqual(['2027-06-20 12:00', '2027-06-20 12:00']);
    const state = account({
      stage: 'grace',
      adminDate: { until: '2027-08-01', actor: 'admin-7', at: at('2027-06-06'), reminded: false },
    });
    expect(look(state, policyFor('primary'), at('2027-06-20'))).toMatchObject({
      step: { dueAt: at('2027-06-06') },
    });
  });

  it('after a weekend between contracts: a leaving, and a return', () => {
    const state = account({
      observation: found(1, [contract('2024-01-01', '2027-03-26'), contract('2027-03-29', null)]),
    });
    expect(diary(run({ state })).slice(3)).toEqual([
      '2027-03-27 00:00 leaving',
      '2027-03-29 00:00 giveAccess returned',
      '2027-03-29 00:00 allClear returned',
    ]);
  });

  it('and leaving again with the same last day: every notice and every effect is a new one', () => {
    const messages = [says('2027-04-20 12:00', contract('2024-01-01', null)), says('2027-05-01 12:00', OLD)];
    const life = run({ messages });
    const keys = life.deeds
      .filter(({ step }) => ['leaving', 'block', 'delete'].includes(step.action))
      .map(({ step }) => step.key);
    expect(keys).toEqual([
      '0/leaving/2027-03-31',
      '1/leaving/2027-03-31',
      '1/block/2027-03-31',
      '1/delete/2027-03-31',
    ]);
    expect(diary(life).slice(3)).toEqual([
      '2027-04-01 00:00 leaving',
      '2027-04-20 12:00 giveAccess returned',
      '2027-04-20 12:00 allClear returned',
      '2027-05-01 12:00 leaving',
      '2027-05-31 08:00 notice -7',
      '2027-06-07 08:00 block',
      '2027-09-28 00:00 delete',
    ]);
  });

  it('twice', () => {
    const messages = [
      says('2027-04-20 12:00', contract('2024-01-01', '2027-06-30')),
      says('2027-09-10 12:00', contract('2024-01-01', null)),
    ];
    const life = run({ messages });
    expect(life.state).toMatchObject({ stage: 'active', access: 'on', epoch: 2, departure: 2 });
    const keys = life.deeds.flatMap(({ step }) => (step.notice ? [step.notice.key] : []));
    expect(new Set(keys).size).toBe(keys.length);
    expect(keys.filter((key) => key.includes('all-clear'))).toEqual([
      '900123/1/all-clear/2027-03-31/1',
      '900123/2/all-clear/2027-06-30/2',
    ]);
  });

  it('the mail that says so goes out although the account is ignored', () => {
    const messages = [
      commanded(at('2027-04-10'), command('ignore')),
      says('2027-04-20 12:00', contract('2024-01-01', null)),
    ];
    expect(diary(run({ messages, until: '2027-05-01' })).slice(-2)).toEqual([
      '2027-04-20 12:00 giveAccess returned',
      '2027-04-20 12:00 allClear returned',
    ]);
  });

  it('one that is over before it was told is not told', () => {
    const attempt = (step: { action: string }, now: number, state: AccountState) =>
      step.action === 'allClear'
        ? ({ type: 'hangs', until: Infinity } as const)
        : ({
            type: 'ends',
            outcome: { result: 'done', at: now, note: '', recorded: state.noteSequence },
          } as const);
    const messages = [says('2027-04-20 12:00', contract('2024-01-01', null)), says('2027-04-22 12:00', OLD)];
    const life = run({ messages, attempt });
    expect(life.state).toMatchObject({ stage: 'deleted', allClear: null });
    expect(diary(life).filter((line) => line.includes('allClear'))).toEqual([]);
  });

  it('restores nothing once the delete has begun: it is finished', () => {
    const attempt = (step: { action: string; giveAccess: unknown }, now: number, state: AccountState) => {
      if (step.action === 'delete' && !state.deleteBegun) return { type: 'hangs', until: Infinity } as const;
      const ended = { at: now, recorded: state.noteSequence };
      if (step.giveAccess === 'returned') {
        return {
          type: 'ends',
          outcome: { ...ended, result: 'refused', why: { code: 'deleteBegun' } },
        } as const;
      }
      return { type: 'ends', outcome: { ...ended, result: 'done', note: '' } } as const;
    };
    const life = run({ messages: [says('2027-09-29 12:00', contract('2024-01-01', null))], attempt });
    expect(life.state.stage).toBe('deleted');
    expect(diary(life).at(-1)).toBe('2027-09-29 12:00 delete');
  });
});

describe('a last day that is corrected after the block', () => {
  it('to a later one, still over, gives the grace back, until its own day 60', () => {
    const life = run({ messages: [says('2027-06-10 12:00', contract('2024-01-01', '2027-05-15'))] });
    expect(diary(life).slice(4)).toEqual([
      '2027-05-31 00:00 block',
      '2027-06-10 12:00 giveAccess corrected',
      '2027-06-11 08:00 notice -7',
      '2027-07-15 00:00 block',
      '2027-11-12 00:00 delete',
    ]);
    expect(life.deeds.filter(({ step }) => step.action === 'block').map(({ step }) => step.key)).toEqual([
      '0/block/2027-03-31',
      '1/block/2027-05-15',
    ]);
  });
  it('to one whose day 60 is over as well: stays blocked, is told, and deleted by the new date', () => {
    const life = run({ messages: [says('2027-06-10 12:00', contract('2024-01-01', '2027-04-05'))] });
    expect(diary(life).slice(4)).toEqual([
      '2027-05-31 00:00 block',
      '2027-06-11 08:00 notice -7',
      '2027-10-03 00:00 delete',
    ]);
  });
  it('to an earlier one: stays blocked, and is deleted no sooner than the 8th day after the block', () => {
    const life = run({ messages: [says('2027-06-02 12:00', contract('2024-01-01', '2026-10-01'))] });
    expect(diary(life).slice(-1)).toEqual(['2027-06-08 00:00 delete']);
  });
});

describe('an admin’s date', () => {
  it.each(['2027-04-10 12:00', '2027-06-10 12:00'])(
    'given on %s restores access without waiting for HR',
    (when) => {
      const life = run({
        messages: [commanded(at(when), command('restore', { until: '2027-07-31' }))],
        until: '2027-07-15',
      });
      expect(life.state).toMatchObject({ stage: 'active', access: 'on' });
      expect(diary(life)).toContain(`${when} giveAccess returned`);
    },
  );
  it('that is over is a last day like any other', () => {
    const life = run({
      messages: [commanded(at('2027-06-10 12:00'), command('restore', { until: '2027-07-31' }))],
    });
    expect(diary(life).slice(-4)).toEqual([
      '2027-07-24 08:00 notice -7',
      '2027-08-01 00:00 leaving',
      '2027-09-30 00:00 block',
      '2028-01-28 00:00 delete',
    ]);
  });
  it('withdrawn, the plan follows HR’s again, and by the late rule', () => {
    const messages = [
      commanded(at('2027-06-10 12:00'), command('restore', { until: '2027-12-31' })),
      commanded(at('2027-06-20 12:00'), command('extend', { until: null })),
    ];
    expect(diary(run({ messages })).slice(-4)).toEqual([
      '2027-06-20 12:00 leaving',
      '2027-06-21 08:00 notice -7',
      '2027-06-28 08:00 block',
      '2027-09-28 00:00 delete',
    ]);
  });
});

describe('joiners', () => {
  const joiner = (ties: Parameters<typeof found>[1]) =>
    account({ stage: 'pending', access: 'none', activeStatus: null, observation: found(1, ties) });

  it('wait on no target, and become valid by their own timer', () => {
    const state = joiner([contract('2027-02-01', null)]);
    const life = run({ state, until: '2027-03-01' });
    expect(diary(life)).toEqual(['2027-02-01 00:00 activate']);
    expect(life.state).toMatchObject({
      stage: 'active',
      access: 'on',
      activeStatus: 'Active',
      managedSince: at('2027-02-01'),
    });
  });
  it('whose start moves wait for the new one', () => {
    const life = run({
      state: joiner([contract('2027-02-01', null)]),
      messages: [says('2027-01-20', contract('2027-03-01', null))],
    });
    expect(diary(life)).toEqual(['2027-03-01 00:00 activate']);
  });
  it('who never come end, and it is said', () => {
    const life = run({ state: joiner([contract('2027-02-01', null)]), messages: [says('2027-01-20')] });
    expect(life.state).toMatchObject({ stage: 'neverJoined', access: 'none', unrecorded: [] });
    const notes: string[] = [];
    run({
      state: joiner([contract('2027-02-01', null)]),
      messages: [says('2027-01-20')],
      attempt: (_step, now, state) => {
        notes.push(...state.unrecorded.map(({ what }) => what));
        return { type: 'ends', outcome: { result: 'done', at: now, note: '', recorded: state.noteSequence } };
      },
    });
    expect(notes).toContain('the person never came: the account ends, its login stays reserved');
  });
  it('hear of no notice that is dated before their first day', () => {
    const life = run({ state: joiner([contract('2027-03-10', '2027-03-31')]), until: '2027-04-02' });
    expect(diary(life)).toEqual([
      '2027-03-10 00:00 activate',
      '2027-03-24 08:00 notice -7',
      '2027-04-01 00:00 leaving',
    ]);
  });
  it('whose account was being made when they stayed away: what was made is turned off before it ends', () => {
    const life = run({
      state: joiner([contract('2027-02-01', null)]),
      messages: [says('2027-02-01 06:00')],
      attempt: (step, now, state) =>
        step.action === 'activate'
          ? { type: 'hangs', until: at('2027-02-05') }
          : { type: 'ends', outcome: { result: 'done', at: now, note: '', recorded: state.noteSequence } },
    });
    expect(diary(life)).toEqual(['2027-02-01 06:00 disable']);
    expect(life.state).toMatchObject({ stage: 'neverJoined', access: 'off' });
  });
  it('are not excluded while ignored', () => {
    const state = joiner([contract('2027-02-01', null, { excluded: true })]);
    const messages = [commanded(at('2027-01-20'), command('ignore', { until: '2027-02-10' }))];
    expect(run({ state, messages, until: '2027-02-05' }).state).toMatchObject({
      stage: 'active',
      access: 'on',
    });
    expect(run({ state, messages, until: '2027-03-05' }).state).toMatchObject({
      stage: 'active',
      access: 'off',
    });
  });
  it('are excluded from the first day, if HR says so', () => {
    const life = run({
      state: joiner([contract('2027-02-01', null, { excluded: true })]),
      until: '2027-03-01',
    });
    expect(life.state).toMatchObject({ stage: 'active', access: 'off' });
    expect(life.state.holds.excluded).not.toBeNull();
  });
});

describe('service accounts', () => {
  const service = (ties: Parameters<typeof found>[1]) =>
    account({ kind: 'service', observation: found(1, ties) });
  const heirGets = (_step: unknown, now: number, state: AccountState) => {
    const newOwner = { ...found(900, [contract('2020-01-01', null)]), personId: '900001' };
    return {
      type: 'ends',
      outcome: { result: 'done', at: now, note: '', recorded: state.noteSequence, newOwner },
    } as const;
  };
  const policy = policyFor('service');

  it('go to the heir at leaving, and stay active with access on', () => {
    const life = run({ state: service([OLD]), policy, attempt: heirGets });
    expect(diary(life)).toEqual(['2027-04-01 00:00 transfer']);
    expect(life.state).toMatchObject({ stage: 'active', access: 'on', personId: '900001', epoch: 1 });
  });
  it.each([
    ['before day 60', '2027-05-30', []],
    ['on day 60', '2027-05-31', ['2027-04-01 00:00 transfer']],
  ])('wait for an owner who comes back %s', (_what, start, expected) => {
    const life = run({ state: service([OLD, contract(start, null)]), policy, attempt: heirGets });
    expect(diary(life)).toEqual(expected);
  });
  it('follow at once, when that return vanishes', () => {
    const state = service([OLD, contract('2027-05-15', null)]);
    const life = run({ state, policy, attempt: heirGets, messages: [says('2027-04-20 12:00', OLD)] });
    expect(diary(life)).toEqual(['2027-04-20 12:00 transfer']);
  });
  it('stay while ignored', () => {
    const messages = [commanded(at('2027-03-01'), command('ignore', { until: '2027-06-01' }))];
    const life = run({ state: service([OLD]), policy, attempt: heirGets, messages });
    expect(diary(life)).toEqual(['2027-05-25 08:00 reminder hold-ends', '2027-06-02 00:00 transfer']);
  });
});
