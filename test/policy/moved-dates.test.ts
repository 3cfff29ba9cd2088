import { describe, expect, it } from 'vitest';
import type { AccountState } from '../../src/contracts/account.ts';
import type { AccountEvent } from '../../src/contracts/event.ts';
import { diary, run } from '../support/diary.ts';
import { account, at, contract, found, noPerson, observed, policyFor } from '../support/policy-builders.ts';

let number = 10;
/** HR says at this time that the contract ends then. */
function says(when: string, end: string | null): AccountEvent {
  number += 1;
  return observed(at(when), found(number, [contract('2024-01-01', end)]));
}
function notices(messages: readonly AccountEvent[], until = '2027-03-31', state?: AccountState) {
  return diary(run({ messages, until, ...(state && { state }) }));
}

describe('a last day that moves', () => {
  it('later, before anything was told: only the new date counts', () => {
    expect(notices([says('2027-01-10', '2027-06-30')], '2027-06-29')).toEqual([
      '2027-05-01 08:00 notice -60',
      '2027-06-03 08:00 notice -27',
      '2027-06-23 08:00 notice -7',
    ]);
  });
  it('later, after it was told: one all-clear at the next notice time, then the new date in its time', () => {
    expect(notices([says('2027-03-10 12:00', '2027-06-30')], '2027-06-29')).toEqual([
      '2027-01-30 08:00 notice -60',
      '2027-03-04 08:00 notice -27',
      '2027-03-11 08:00 allClear all-clear',
      '2027-05-01 08:00 notice -60',
      '2027-06-03 08:00 notice -27',
      '2027-06-23 08:00 notice -7',
    ]);
  });
  it('vanishing into an open end: one all-clear, and silence', () => {
    expect(notices([says('2027-03-10 12:00', null)], '2029-01-01')).toEqual([
      '2027-01-30 08:00 notice -60',
      '2027-03-04 08:00 notice -27',
      '2027-03-11 08:00 allClear all-clear',
    ]);
  });
  it('later by a few days: the all-clear, and the new date is announced anew at once', () => {
    expect(notices([says('2027-03-10 12:00', '2027-04-05')], '2027-04-05')).toEqual([
      '2027-01-30 08:00 notice -60',
      '2027-03-04 08:00 notice -27',
      '2027-03-11 08:00 allClear all-clear',
      '2027-03-11 08:00 notice -27',
      '2027-03-29 08:00 notice -7',
    ]);
  });
  it('earlier: announced anew at the next notice time, with no all-clear', () => {
    expect(notices([says('2027-02-05 12:00', '2027-03-15')], '2027-03-15')).toEqual([
      '2027-01-30 08:00 notice -60',
      '2027-02-06 08:00 notice -60',
      '2027-02-16 08:00 notice -27',
      '2027-03-08 08:00 notice -7',
    ]);
  });
  it('away and back before anyone was told: nothing is said', () => {
    expect(notices([says('2027-02-05 12:00', '2027-06-30'), says('2027-02-05 18:00', '2027-03-31')])).toEqual(
      ['2027-01-30 08:00 notice -60', '2027-03-04 08:00 notice -27', '2027-03-24 08:00 notice -7'],
    );
  });
  it('away and back after an all-clear: the first date is announced again, since it was taken back', () => {
    expect(notices([says('2027-02-05 12:00', '2027-06-30'), says('2027-02-10 12:00', '2027-03-31')])).toEqual(
      [
        '2027-01-30 08:00 notice -60',
        '2027-02-06 08:00 allClear all-clear',
        '2027-02-11 08:00 notice -60',
        '2027-03-04 08:00 notice -27',
        '2027-03-24 08:00 notice -7',
      ],
    );
  });
  it('earlier and back: the first date is announced again, as the last told one differs', () => {
    const keys = run({
      messages: [says('2027-02-05 12:00', '2027-03-20'), says('2027-02-10 12:00', '2027-03-31')],
      until: '2027-03-31',
    }).deeds.flatMap(({ step }) => (step.notice ? [step.notice.key] : []));
    expect(keys).toEqual([
      '900123/0/-60/2027-03-31/1',
      '900123/0/-60/2027-03-20/2',
      '900123/0/all-clear/2027-03-20/1',
      '900123/0/-60/2027-03-31/3',
      '900123/0/-27/2027-03-31/1',
      '900123/0/-7/2027-03-31/1',
    ]);
  });
  it('the same date told by HR once more changes nothing', () => {
    expect(
      notices([says('2027-02-05 12:00', '2027-03-31'), says('2027-03-25 12:00', '2027-03-31')]),
    ).toHaveLength(3);
  });
  it('to a date that is over: leaving at once, one late notice, the block seven days after it at the earliest', () => {
    expect(notices([says('2027-02-05 12:00', '2026-11-30')], '2027-12-01')).toEqual([
      '2027-01-30 08:00 notice -60',
      '2027-02-05 12:00 leaving',
      '2027-02-06 08:00 notice -7',
      '2027-02-13 08:00 block',
      '2027-05-30 00:00 delete',
    ]);
  });
  it('later again before the all-clear went out: still only one', () => {
    const moves = [says('2027-03-10 12:00', '2027-06-30'), says('2027-03-10 18:00', '2027-07-31')];
    expect(notices(moves, '2027-04-30').filter((line) => line.includes('allClear'))).toHaveLength(1);
  });
  it('and is announced while the all-clear cannot be delivered: that notice stands, and names the block', () => {
    const done = { result: 'done', note: '', recorded: Number.MAX_SAFE_INTEGER } as const;
    const life = run({
      messages: [says('2027-03-10 12:00', '2027-04-05')],
      until: '2027-06-20',
      attempt: (step, now) =>
        step.action === 'allClear' && now < at('2027-03-12')
          ? { type: 'fails' }
          : { type: 'ends', outcome: { ...done, at: now } },
    });
    expect(diary(life)).toEqual([
      '2027-01-30 08:00 notice -60',
      '2027-03-04 08:00 notice -27',
      '2027-03-11 08:00 notice -27',
      '2027-03-12 08:00 allClear all-clear',
      '2027-03-29 08:00 notice -7',
      '2027-04-06 00:00 leaving',
      '2027-06-05 00:00 block',
    ]);
    expect(life.state.named).toEqual({ lastDay: '2027-04-05', dueAt: at('2027-03-11 08:00') });
  });
});

describe('affiliations that vanish', () => {
  it('all of them: the day on which it was confirmed is the last one', () => {
    const life = run({ messages: [observed(at('2027-02-05 12:00'), found(11, []))], until: '2027-03-01' });
    expect(life.state).toMatchObject({ stage: 'grace', vanishedLastDay: '2027-02-05' });
    expect(diary(life)).toEqual([
      '2027-01-30 08:00 notice -60',
      '2027-02-06 00:00 leaving',
      '2027-02-06 08:00 notice -7',
    ]);
  });
  it('no such person, confirmed: the same', () => {
    const life = run({ messages: [observed(at('2027-02-05 12:00'), noPerson(11))], until: '2027-03-01' });
    expect(life.state).toMatchObject({ stage: 'grace', vanishedLastDay: '2027-02-05' });
  });
  it('after the last day: the last one known stays, and so does the plan', () => {
    const life = run({ messages: [observed(at('2027-04-20 12:00'), noPerson(11))] });
    expect(life.state.vanishedLastDay).toBe('2027-03-31');
    expect(diary(life).slice(-2)).toEqual(['2027-05-31 00:00 block', '2027-09-28 00:00 delete']);
  });
  it('said again, the day stays the first one', () => {
    const messages = [
      observed(at('2027-02-05 12:00'), found(11, [])),
      observed(at('2027-02-20 12:00'), noPerson(12)),
    ];
    expect(run({ messages, until: '2027-03-01' }).state.vanishedLastDay).toBe('2027-02-05');
  });
  it('and come back: the day is forgotten', () => {
    const messages = [
      observed(at('2027-02-05 12:00'), found(11, [])),
      says('2027-02-05 18:00', '2027-03-31'),
    ];
    const life = run({ messages, until: '2027-03-31' });
    expect(life.state).toMatchObject({ stage: 'active', vanishedLastDay: null });
  });
  it('within the spread of the day on which the next one begins: no status in between', () => {
    const policy = policyFor('primary', { spreadMinutes: 60 });
    const state = account({ observation: found(11, []), stage: 'grace', vanishedLastDay: '2027-01-05' });
    const night = [5, 10, 15, 30, 45].map((minute): AccountEvent => ({
      type: 'woke',
      at: at('2027-02-20') + minute * 60_000,
    }));
    const life = run({
      state: { ...state, activeStatus: 'Grace Period' },
      policy,
      from: '2027-01-20',
      until: '2027-02-25',
      messages: [observed(at('2027-01-21'), found(12, [contract('2027-02-20', null)])), ...night],
    });
    const done = life.deeds.filter(({ step }) => ['status', 'giveAccess'].includes(step.action));
    expect(done.map(({ step }) => step.activeStatus ?? step.giveAccess)).toEqual(['returned']);
    expect(life.state.activeStatus).toBe('Active');
  });
});
