import { describe, expect, it } from 'vitest';
import type { AccountState } from '../../src/contracts/account.ts';
import type { AccountEvent } from '../../src/contracts/event.ts';
import type { Step } from '../../src/contracts/step.ts';
import type { Attempt } from '../support/live.ts';
import { diary, run } from '../support/diary.ts';
import {
  account,
  at,
  command,
  commanded,
  contract,
  EXPERIMENT,
  found,
  observed,
  participation,
  policyFor,
  wall,
} from '../support/policy-builders.ts';

let number = 10;
function says(when: string, ...ties: Parameters<typeof found>[1]): AccountEvent {
  number += 1;
  return observed(at(when), found(number, ties));
}
function tells(when: string, ...one: Parameters<typeof command>): AccountEvent {
  return commanded(at(when), command(...one));
}
const leave = (start: string | null, end: string | null) => contract(start, end, { excluded: true });
const openEnded = account({ observation: found(1, [contract('2024-01-01', null)]) });

/** Everything succeeds, but for what is told. */
function but(one: (step: Step, now: number, state: AccountState) => Attempt | null) {
  return (step: Step, now: number, state: AccountState): Attempt =>
    one(step, now, state) ?? {
      type: 'ends',
      outcome: { result: 'done', at: now, note: '', recorded: state.noteSequence },
    };
}

describe('manual disabling', () => {
  it('turns access off at once, and enabling gives it back under a new epoch', () => {
    const messages = [tells('2027-02-01 12:00', 'disable'), tells('2027-02-05 12:00', 'enable')];
    const life = run({ state: openEnded, messages, until: '2027-03-01' });
    expect(diary(life)).toEqual(['2027-02-01 12:00 disable', '2027-02-05 12:00 giveAccess enabled']);
    expect(life.state).toMatchObject({ access: 'on', epoch: 1, holds: { disabledManually: null } });
  });
  it('stops no milestone', () => {
    expect(diary(run({ messages: [tells('2027-02-01 12:00', 'disable')] })).slice(2)).toEqual([
      '2027-03-04 08:00 notice -27',
      '2027-03-24 08:00 notice -7',
      '2027-04-01 00:00 leaving',
      '2027-05-31 00:00 block',
      '2027-09-28 00:00 delete',
    ]);
  });
  it('outranks everything that is due at the same time', () => {
    const life = run({
      down: [['2027-01-20', '2027-04-20 12:00']],
      messages: [tells('2027-04-20 11:00', 'disable')],
      until: '2027-05-01',
    });
    expect(diary(life)[0]).toBe('2027-04-20 12:00 disable');
  });
  it('outlasts a return: the account is active, its access off', () => {
    const messages = [tells('2027-04-10', 'disable'), says('2027-06-15 12:00', contract('2024-01-01', null))];
    const life = run({ messages });
    expect(life.state).toMatchObject({ stage: 'active', access: 'off', activeStatus: 'Active' });
    const enabled = run({ messages: [...messages, tells('2027-07-01 12:00', 'enable')] });
    expect(enabled.state.access).toBe('on');
  });
  it('ended while blocked gives no access', () => {
    const messages = [tells('2027-04-10', 'disable'), tells('2027-06-15', 'enable')];
    expect(run({ messages, until: '2027-08-01' }).state).toMatchObject({ stage: 'blocked', access: 'off' });
  });
  it('goes on while the account is ignored', () => {
    const messages = [tells('2027-01-20', 'ignore'), tells('2027-02-01 12:00', 'disable')];
    expect(run({ state: openEnded, messages, until: '2027-03-01' }).state.access).toBe('off');
  });
});

describe('exclusion', () => {
  it('begins and ends when HR says so', () => {
    const messages = [
      says('2027-02-01 12:00', leave('2024-01-01', null)),
      says('2027-03-01 12:00', contract('2024-01-01', null)),
    ];
    const life = run({ state: openEnded, messages, until: '2027-04-01' });
    expect(diary(life)).toEqual(['2027-02-01 12:00 exclude', '2027-03-01 12:00 giveAccess exclusionEnded']);
    expect(life.state).toMatchObject({ access: 'on', epoch: 1 });
  });
  it('begins and ends by the account’s own timer', () => {
    const ties = [
      contract('2024-01-01', '2027-01-31'),
      leave('2027-02-01', '2027-05-31'),
      contract('2027-06-01', null),
    ];
    expect(diary(run({ state: account({ observation: found(1, ties) }) }))).toEqual([
      '2027-02-01 00:00 exclude',
      '2027-06-01 00:00 giveAccess exclusionEnded',
    ]);
  });
  it('keeps the calendar, and what is off on the last day stays off until deletion', () => {
    const state = account({ observation: found(1, [leave('2024-01-01', '2027-03-31')]) });
    const life = run({ state });
    const grace = run({ state, until: '2027-05-01' });
    expect(grace.state).toMatchObject({ stage: 'grace', access: 'off' });
    expect(diary(life)).toEqual([
      '2027-01-01 00:00 exclude',
      '2027-01-30 08:00 notice -60',
      '2027-03-04 08:00 notice -27',
      '2027-03-24 08:00 notice -7',
      '2027-04-01 00:00 leaving',
      '2027-05-31 00:00 block',
      '2027-09-28 00:00 delete',
    ]);
  });
  it('or until return', () => {
    const state = account({ observation: found(1, [leave('2024-01-01', '2027-03-31')]) });
    const life = run({ state, messages: [says('2027-05-10', contract('2027-05-10', null))] });
    expect(life.state).toMatchObject({ stage: 'active', access: 'on', holds: { excluded: null } });
  });
  it('stays off when a correction gives the grace back', () => {
    const state = account({ observation: found(1, [leave('2024-01-01', '2027-03-31')]) });
    const life = run({
      state,
      messages: [says('2027-06-10', leave('2024-01-01', '2027-05-15'))],
      until: '2027-07-01',
    });
    expect(life.state).toMatchObject({ stage: 'grace', access: 'off' });
  });
  it('does not end because everything vanished', () => {
    const state = account({ observation: found(1, [leave('2024-01-01', null)]) });
    const life = run({ state, messages: [says('2027-02-10 12:00')], until: '2027-03-01' });
    expect(life.state).toMatchObject({ stage: 'grace', access: 'off' });
  });
  it('begins not while ignored, but when that ends', () => {
    const messages = [
      tells('2027-01-20', 'ignore', { until: '2027-03-10' }),
      says('2027-02-01 12:00', leave('2024-01-01', null)),
    ];
    expect(diary(run({ state: openEnded, messages, until: '2027-04-01' }))).toEqual([
      '2027-03-03 08:00 reminder hold-ends',
      '2027-03-11 00:00 exclude',
    ]);
  });
  it('that holds ends also while ignored', () => {
    const messages = [
      says('2027-01-10 12:00', leave('2024-01-01', null)),
      tells('2027-01-20', 'ignore'),
      says('2027-02-01 12:00', contract('2024-01-01', null)),
    ];
    expect(run({ state: openEnded, messages, until: '2027-02-10' }).state.access).toBe('on');
  });
  it.each(['service', 'experiment'] as const)('does not touch a %s account', (kind) => {
    const state = account({
      kind,
      observation: found(1, [leave('2024-01-01', null), participation(EXPERIMENT, null, null)]),
    });
    expect(diary(run({ state, until: '2027-03-01' }))).toEqual([]);
  });
});

describe('access that a change left halfway', () => {
  const hangs = (action: Step['action']) =>
    but((step) => (step.action === action ? { type: 'hangs', until: Infinity } : null));

  it('a block called off by an admin’s date: access is given anew', () => {
    const life = run({
      attempt: hangs('block'),
      messages: [tells('2027-06-02 12:00', 'restore')],
      until: '2027-06-10',
    });
    expect(life.state).toMatchObject({ stage: 'active', access: 'on', epoch: 1 });
  });
  it('a block called off by a later last day, still over: repaired within the grace', () => {
    const messages = [says('2027-06-02 12:00', contract('2024-01-01', '2027-04-20'))];
    const life = run({ attempt: hangs('block'), messages, until: '2027-06-10' });
    expect(diary(life).slice(4)).toEqual([
      '2027-06-02 12:00 giveAccess repaired',
      '2027-06-03 08:00 notice -7',
    ]);
    expect(life.state).toMatchObject({ stage: 'grace', access: 'on', epoch: 1 });
  });
  it('a return called off: what it gave is taken away, under a new epoch', () => {
    const messages = [
      says('2027-06-10 12:00', contract('2024-01-01', null)),
      says('2027-06-11 12:00', contract('2024-01-01', '2027-03-31')),
    ];
    const life = run({ attempt: hangs('giveAccess'), messages, until: '2027-07-01' });
    expect(diary(life).slice(4)).toEqual(['2027-05-31 00:00 block', '2027-06-11 12:00 disable']);
    expect(life.state).toMatchObject({ stage: 'blocked', access: 'off', epoch: 1 });
  });
  it('a leaving called off: the directory’s status is written anew', () => {
    const messages = [says('2027-04-02 12:00', contract('2024-01-01', null))];
    const life = run({ attempt: hangs('leaving'), messages, until: '2027-05-01' });
    expect(life.state).toMatchObject({ stage: 'active', activeStatus: 'Active' });
    expect(
      life.deeds.filter(({ step }) => step.action === 'status').map(({ step }) => step.activeStatus),
    ).toEqual(['Active']);
  });
  it('a block that failed for good and is not due any more: repaired, and the trouble is over', () => {
    const attempt = but((step) => (step.action === 'block' ? { type: 'fails' } : null));
    const messages = [says('2027-06-02 12:00', contract('2024-01-01', '2027-04-20'))];
    const life = run({ attempt, messages, until: '2027-06-10' });
    expect(life.state).toMatchObject({ stage: 'grace', access: 'on', epoch: 1, failures: [] });
  });
  it('a return that failed for good and is over: what it gave is taken away', () => {
    const attempt = but((step) => (step.action === 'giveAccess' ? { type: 'fails' } : null));
    const messages = [
      says('2027-06-10 12:00', contract('2024-01-01', null)),
      says('2027-06-11 06:00', contract('2024-01-01', '2027-03-31')),
    ];
    const life = run({ attempt, messages, until: '2027-07-01' });
    expect(diary(life).at(-1)).toBe('2027-06-11 06:00 disable');
    expect(life.state).toMatchObject({ stage: 'blocked', access: 'off', epoch: 1, failures: [] });
  });
});

describe('a step that fails for good', () => {
  it('waits visibly, is tried again a day later, and then goes on', () => {
    let tries = 0;
    const attempt = but((step) => {
      if (step.action !== 'block') return null;
      tries += 1;
      return tries < 3 ? { type: 'fails' } : null;
    });
    expect(run({ attempt, until: '2027-06-01 12:00' }).state.failures).toEqual([
      {
        key: '0/block/2027-03-31',
        code: 'TEST',
        message: 'no retry mends it',
        since: at('2027-05-31'),
        retryAt: at('2027-06-02'),
      },
    ]);
    tries = 0;
    const life = run({ attempt });
    expect(diary(life).slice(4)).toEqual(['2027-06-02 00:00 block', '2027-09-28 00:00 delete']);
    expect(life.state.failures).toEqual([]);
  });
  it('keeps no other step from being done', () => {
    const attempt = but((step) => (step.action === 'status' ? { type: 'fails' } : null));
    const state = account({ activeStatus: null });
    expect(diary(run({ state, attempt, from: '2027-03-20', until: '2027-06-01' })).slice(-3)).toEqual([
      '2027-03-24 08:00 notice -7',
      '2027-04-01 00:00 leaving',
      '2027-05-31 00:00 block',
    ]);
  });
  it('beside another that fails for good: each is tried once a day, and not more', () => {
    const fails = (step: Step) => ['leaving', 'status'].includes(step.action);
    const attempt = but((step) => (fails(step) ? { type: 'fails' } : null));
    const life = run({ attempt, from: '2027-03-25', until: '2027-04-03 12:00' });
    expect(life.deeds.filter(({ result }) => result === 'failed')).toHaveLength(6);
  });
  it('is retried no more when an admin ignores the account', () => {
    const attempt = but((step) => (step.action === 'block' ? { type: 'fails' } : null));
    const life = run({ attempt, messages: [tells('2027-06-03', 'ignore', { until: 'never' })] });
    expect(life.state).toMatchObject({ stage: 'grace', access: 'on', failures: [] });
  });
  it('of recording what happened ends no account early and spins no loop', () => {
    let tries = 0;
    const attempt = but((step, now) => {
      if (step.action === 'delete')
        return { type: 'ends', outcome: { result: 'done', at: now, note: '', recorded: 0 } };
      if (step.action !== 'record' || now < at('2027-09-28')) return null;
      tries += 1;
      return tries < 3 ? { type: 'fails' } : null;
    });
    const life = run({ attempt, messages: [tells('2027-09-28 00:00', 'disable')] });
    expect(life.state).toMatchObject({ stage: 'deleted', unrecorded: [], failures: [] });
    const records = life.deeds.filter(
      ({ step, at: when }) => step.action === 'record' && when >= at('2027-09-28'),
    );
    expect(records.map(({ at: when, result }) => `${wall(when)} ${result}`)).toEqual([
      '2027-09-28 00:00 failed',
      '2027-09-29 00:00 failed',
      '2027-09-30 00:00 done',
    ]);
  });
});

describe('a step that refuses', () => {
  const refuses = (action: Step['action'], why: (now: number) => unknown, times = Infinity) => {
    let left = times;
    return but((step, now, state) => {
      if (step.action !== action || left <= 0) return null;
      left -= 1;
      const outcome = { result: 'refused', at: now, recorded: state.noteSequence, why: why(now) };
      return { type: 'ends', outcome: outcome as Extract<Attempt, { type: 'ends' }>['outcome'] };
    });
  };

  it('because HR, read afresh, says the person stays: plans anew', () => {
    const observation = found(5000, [contract('2024-01-01', null)]);
    const life = run({ attempt: refuses('block', () => ({ code: 'observation', observation })) });
    expect(life.state).toMatchObject({ stage: 'active', access: 'on', failures: [] });
    expect(life.state.past.filter(({ result }) => result === 'refused')).toHaveLength(1);
  });
  it('with what is known already waits a day, visibly, and does not spin', () => {
    const stale = found(1, [contract('2024-01-01', null)]);
    const life = run({ attempt: refuses('block', () => ({ code: 'observation', observation: stale }), 2) });
    expect(diary(life)).toContain('2027-06-02 00:00 block');
    const during = run({
      attempt: refuses('block', () => ({ code: 'observation', observation: stale })),
      until: '2027-06-01',
    });
    expect(during.state.failures).toMatchObject([{ code: 'REFUSED_AGAIN' }]);
  });
  it.each(['block', 'delete', 'exclude'] as const)('before its moment: a %s waits for it', (action) => {
    const until = at('2027-11-01 10:00');
    const state =
      action === 'exclude' ? account({ observation: found(1, [leave('2024-01-01', null)]) }) : account();
    const life = run({ state, attempt: refuses(action, () => ({ code: 'notBefore', at: until }), 1) });
    expect(diary(life)).toContain(`2027-11-01 10:00 ${action}`);
  });
});

describe('reminders', () => {
  it('seven days before an ignore ends', () => {
    const life = run({ state: openEnded, messages: [tells('2027-02-01', 'ignore')], until: '2027-06-01' });
    expect(diary(life)).toEqual(['2027-04-25 08:00 reminder hold-ends']);
    const [reminder] = life.deeds.flatMap(({ step }) => (step.notice ? [step.notice] : []));
    expect(reminder).toMatchObject({ template: 'hold-ends', lastDay: '2027-05-02', actor: 'admin-7' });
  });
  it('never for one without an end, nor for one that is shorter than the warning', () => {
    const never = tells('2027-02-01', 'ignore', { until: 'never' });
    const short = tells('2027-02-01', 'ignore', { until: '2027-02-05' });
    expect(diary(run({ state: openEnded, messages: [never], until: '2027-12-01' }))).toEqual([]);
    expect(diary(run({ state: openEnded, messages: [short], until: '2027-12-01' }))).toEqual([]);
  });
  it('again when the hold is given another end', () => {
    const messages = [
      tells('2027-02-01', 'ignore', { until: '2027-03-01' }),
      tells('2027-02-25', 'ignore', { until: '2027-04-01' }),
    ];
    expect(diary(run({ state: openEnded, messages, until: '2027-05-01' }))).toEqual([
      '2027-02-22 08:00 reminder hold-ends',
      '2027-03-25 08:00 reminder hold-ends',
    ]);
  });
  it('seven days before an admin’s date: the notice of that day stands for it', () => {
    const lines = diary(
      run({ messages: [tells('2027-03-01', 'extend', { until: '2027-06-30' })], until: '2027-06-30' }),
    );
    expect(lines.filter((line) => line.includes('reminder'))).toEqual([]);
    expect(lines).toContain('2027-06-23 08:00 notice -7');
  });
  it('a notice that does not exist stands for nothing: the person came back in the last seven days', () => {
    const life = run({
      state: account({ stage: 'grace', activeStatus: 'Grace Period' }),
      from: '2027-04-10',
      until: '2027-04-25',
      messages: [tells('2027-04-11', 'extend', { until: '2027-04-23' })],
      // The target is not there until the 18th.
      attempt: (step, now) =>
        step.action === 'giveAccess' && now < at('2027-04-18 10:00')
          ? { type: 'hangs', until: at('2027-04-18 10:00') }
          : {
              type: 'ends',
              outcome: { result: 'done', at: now, note: '', recorded: Number.MAX_SAFE_INTEGER },
            },
    });
    const lines = diary(life).filter((line) => line.includes('reminder') || line.includes('notice'));
    expect(lines.filter((line) => line >= '2027-04-18')).toEqual([
      '2027-04-18 10:00 reminder admin-date-ends',
    ]);
  });
  it('an account that sends no notices itself sends the reminder', () => {
    const state = account({ kind: 'secondary' });
    const life = run({
      state,
      messages: [tells('2027-03-01', 'extend', { until: '2027-06-30' })],
      until: '2027-06-30',
    });
    expect(diary(life)).toEqual(['2027-06-23 08:00 reminder admin-date-ends']);
  });
  it('none for an admin’s date that does not count', () => {
    const state = account({ kind: 'secondary' });
    const messages = [tells('2027-02-01', 'extend', { until: '2027-03-10' })];
    expect(diary(run({ state, messages, until: '2027-03-31' }))).toEqual([]);
  });
  it('given up when the hold is over: it delays nothing', () => {
    const attempt = but((step) => (step.action === 'reminder' ? { type: 'hangs', until: Infinity } : null));
    const life = run({ attempt, messages: [tells('2027-02-01', 'ignore', { until: '2027-03-01' })] });
    expect(diary(life)).toContain('2027-04-01 00:00 leaving');
    expect(life.state.stage).toBe('deleted');
  });
});

describe('an ignored experiment account', () => {
  const policy = policyFor('experiment');
  const state = account({ kind: 'experiment' });

  it('takes no fact of HR’s until that ends, then the newest', () => {
    const messages = [
      tells('2027-02-01', 'ignore', { until: '2027-03-10' }),
      says('2027-02-10', participation(EXPERIMENT, null, '2027-02-15')),
      says('2027-02-11', participation(EXPERIMENT, null, '2027-12-31')),
    ];
    const held = run({ state, policy, messages, until: '2027-03-09' });
    expect(held.state.observation).toBe(state.observation);
    const after = run({ state, policy, messages, until: '2027-05-01' });
    expect(after.state).toMatchObject({ stage: 'active', withheld: null });
    expect(after.state.observation?.ties).toEqual([participation(EXPERIMENT, null, '2027-12-31')]);
  });
  it('expires by its end time all the same', () => {
    const messages = [tells('2027-02-01', 'ignore', { until: 'never' })];
    const life = run({ state, policy, messages });
    expect(life.state.stage).toBe('deleted');
  });
});
