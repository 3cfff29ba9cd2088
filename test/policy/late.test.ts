import { describe, expect, it } from 'vitest';
import type { AccountState } from '../../src/contracts/account.ts';
import type { AccountEvent } from '../../src/contracts/event.ts';
import { decide } from '../../src/policy/decide.ts';
import { diary, run } from '../support/diary.ts';
import type { Attempt } from '../support/live.ts';
import { live } from '../support/live.ts';
import {
  account,
  at,
  command,
  commanded,
  contract,
  found,
  LAST_DAY,
  look,
  observed,
  plusDays,
  policyFor,
  wall,
} from '../support/policy-builders.ts';

const policy = policyFor('primary');

const WHOLE = [
  '2027-01-30 08:00 notice -60',
  '2027-03-04 08:00 notice -27',
  '2027-03-24 08:00 notice -7',
  '2027-04-01 00:00 leaving',
  '2027-05-31 00:00 block',
  '2027-09-28 00:00 delete',
];

describe('an undisturbed leaving', () => {
  it('runs every milestone at its moment', () => {
    expect(diary(run())).toEqual(WHOLE);
  });
  it('runs the same whenever somebody looks in between', () => {
    const looks = Array.from({ length: 120 }, (_, day): AccountEvent => ({
      type: 'woke',
      at: at(plusDays('2027-01-01', day)) + 7_200_000,
    }));
    expect(diary(run({ messages: looks }))).toEqual(WHOLE);
  });
});

describe('late notices after an outage', () => {
  it('of several missed only the latest is sent, once, at the next notice time', () => {
    expect(diary(run({ down: [['2027-01-20', '2027-03-10 15:00']] })).slice(0, 3)).toEqual([
      '2027-03-11 08:00 notice -27',
      '2027-03-24 08:00 notice -7',
      '2027-04-01 00:00 leaving',
    ]);
  });
  it('late on its own date it still goes out at once', () => {
    expect(diary(run({ down: [['2027-01-29', '2027-01-30 21:15']] }))[0]).toBe('2027-01-30 21:15 notice -60');
  });
  it('one day late it waits for the next notice time', () => {
    expect(diary(run({ down: [['2027-01-29', '2027-01-31 00:30']] }))[0]).toBe('2027-01-31 08:00 notice -60');
  });
  it('a missed one gives way to the one whose day has come', () => {
    expect(diary(run({ down: [['2027-01-20', '2027-03-04 07:00']] })).slice(0, 2)).toEqual([
      '2027-03-04 08:00 notice -27',
      '2027-03-24 08:00 notice -7',
    ]);
  });
  it('a second outage over the late notice’s own time: again at the next notice time, not at night', () => {
    const down = [
      ['2027-01-20', '2027-02-10 15:00'],
      ['2027-02-11 07:00', '2027-02-14 03:00'],
    ] as const;
    expect(diary(run({ down }))[0]).toBe('2027-02-14 08:00 notice -60');
  });
  it('after leaving it says what happened and what comes, with the true dates', () => {
    const { deeds } = run({ down: [['2027-01-20', '2027-04-20 15:00']] });
    const notice = deeds.find(({ step }) => step.action === 'notice')?.step.notice;
    expect(notice).toMatchObject({
      template: 'has-left',
      lastDay: LAST_DAY,
      blockOn: '2027-05-31',
      deleteOn: '2027-09-28',
    });
  });
  it('before leaving it names the true dates as well, a delayed block too', () => {
    const learned = run({
      state: account({ observation: found(1, [contract('2024-01-01', null)]) }),
      messages: [observed(at('2027-05-29 12:00'), found(2, [contract('2024-01-01', LAST_DAY)]))],
    });
    const notices = learned.deeds
      .filter(({ step }) => step.action === 'notice')
      .map(({ step }) => step.notice);
    expect(notices).toEqual([
      expect.objectContaining({ template: 'has-left', blockOn: '2027-06-06', deleteOn: '2027-09-28' }),
    ]);
  });
  it('a notice that was missed is sent also to who is blocked by then, and tells of the deletion', () => {
    const life = run({ down: [['2027-02-20', '2027-06-10 15:00']] });
    expect(diary(life)).toEqual([
      '2027-01-30 08:00 notice -60',
      '2027-06-10 15:00 leaving',
      '2027-06-10 15:00 block',
      '2027-06-11 08:00 notice -7',
      '2027-09-28 00:00 delete',
    ]);
    const notice = life.deeds.find(({ step }) => step.notice?.offset === -7)?.step.notice;
    expect(notice).toMatchObject({ template: 'has-left', blockOn: '2027-06-10', deleteOn: '2027-09-28' });
  });
});

describe('late actions', () => {
  const pastAll = ['2027-01-20', '2028-02-10 15:00'] as const;

  it('every missed action runs, in order; no block within 7 days of the first notice; delete on the 8th day', () => {
    expect(diary(run({ down: [pastAll] }))).toEqual([
      '2028-02-10 15:00 leaving',
      '2028-02-11 08:00 notice -7',
      '2028-02-18 08:00 block',
      '2028-02-26 00:00 delete',
    ]);
  });
  it('block and delete never run in one go: the delete waits for 00:00 of the 8th day after the block', () => {
    expect(diary(run({ down: [['2027-02-01', '2028-02-10 15:00']] }))).toEqual([
      '2027-01-30 08:00 notice -60',
      '2028-02-10 15:00 leaving',
      '2028-02-10 15:00 block',
      '2028-02-11 08:00 notice -7',
      '2028-02-18 00:00 delete',
    ]);
  });
  it('the delete waits also when the block itself was late in being done', () => {
    const attempt = (step: { action: string }, now: number, state: AccountState): Attempt =>
      step.action === 'block'
        ? { type: 'hangs', until: at('2027-09-27 18:00') }
        : { type: 'ends', outcome: { result: 'done', at: now, note: '', recorded: state.noteSequence } };
    expect(diary(run({ attempt })).slice(-2)).toEqual(['2027-09-27 18:00 block', '2027-10-05 00:00 delete']);
  });
  it('the delete’s wait is spread like everything else', () => {
    const spread = policyFor('primary', { spreadMinutes: 60 });
    const { deeds } = run({ policy: spread, down: [['2027-02-01', '2028-02-10 15:00']] });
    const remove = deeds.find(({ step }) => step.action === 'delete');
    expect(wall(remove?.at ?? 0).slice(0, 14)).toBe('2028-02-18 00:');
    expect(remove?.at).toBeGreaterThan(at('2028-02-18'));
  });
  it('the setting decides how long', () => {
    const life = run({
      policy: policyFor('primary', { deleteAfterBlockDays: 20 }),
      down: [['2027-02-01', '2028-02-10 15:00']],
    });
    expect(diary(life).at(-1)).toBe('2028-03-01 00:00 delete');
  });
  it('a policy whose delete follows its block closely is not slowed down by it', () => {
    const close = policyFor('experiment', {
      timeZone: 'Europe/Zurich',
      milestones: [
        { action: 'leaving', offset: 0 },
        { action: 'block', offset: 7 },
        { action: 'delete', offset: 10 },
      ],
    });
    expect(diary(run({ state: account({ kind: 'experiment' }), policy: close }))).toEqual([
      '2027-04-01 00:00 leaving',
      '2027-04-08 00:00 block',
      '2027-04-11 00:00 delete',
    ]);
  });
});

describe('no block without warning', () => {
  const longGone = account({ observation: found(1, [contract('2024-01-01', null)]) });
  const learned = [observed(at('2027-09-01 10:00'), found(2, [contract('2024-01-01', LAST_DAY)]))];

  it('a departure learned late: notice at the next notice time, block seven days later', () => {
    expect(diary(run({ state: longGone, messages: learned }))).toEqual([
      '2027-09-01 10:00 leaving',
      '2027-09-02 08:00 notice -7',
      '2027-09-09 08:00 block',
      '2027-09-28 00:00 delete',
    ]);
  });
  it('across a clock change it is the same time of day', () => {
    const gone = [observed(at('2027-10-29 10:00'), found(2, [contract('2024-01-01', LAST_DAY)]))];
    expect(diary(run({ state: longGone, messages: gone }))).toContain('2027-11-06 08:00 block');
  });
  it('0 switches the wait off', () => {
    const eager = policyFor('primary', { blockAfterNoticeDays: 0 });
    expect(diary(run({ state: longGone, messages: learned, policy: eager })).slice(0, 2)).toEqual([
      '2027-09-01 10:00 leaving',
      '2027-09-01 10:00 block',
    ]);
  });
  it('a policy without notices has no such wait', () => {
    const silent = policyFor('primary', {
      noticesBy: 'nobody',
      milestones: policy.milestones.filter(({ action }) => action !== 'notice'),
    });
    expect(diary(run({ state: longGone, messages: learned, policy: silent }))).toEqual([
      '2027-09-01 10:00 leaving',
      '2027-09-01 10:00 block',
      '2027-09-28 00:00 delete',
    ]);
  });
  it('an overdue block that no notice named makes one due first', () => {
    // Taken over in the midst of the grace: the notices of the past do not exist.
    const taken = account({ stage: 'grace', managedSince: at('2027-05-10'), activeStatus: 'Grace Period' });
    expect(diary(run({ state: taken, from: '2027-05-10' }))).toEqual([
      '2027-05-31 08:00 notice -7',
      '2027-06-07 08:00 block',
      '2027-09-28 00:00 delete',
    ]);
  });
  it('so it does on an account that has no directory status to wake for', () => {
    const kind = 'experiment' as const;
    const notified = policyFor(kind, {
      timeZone: 'Europe/Zurich',
      noticesBy: 'self',
      blockAfterNoticeDays: 7,
      milestones: [{ action: 'notice', offset: -7, tellSupervisor: false }, ...policyFor(kind).milestones],
    });
    const taken = account({ kind, stage: 'grace', managedSince: at('2027-04-02') });
    expect(diary(run({ state: taken, policy: notified, from: '2027-04-02' }))).toEqual([
      '2027-04-08 08:00 notice -7',
      '2027-04-15 08:00 block',
      '2027-05-01 00:00 delete',
    ]);
  });
  it('counts from when the first notice was due, delivered or not', () => {
    const attempt = (step: { action: string }, now: number, state: AccountState): Attempt =>
      step.action === 'notice'
        ? { type: 'fails' }
        : { type: 'ends', outcome: { result: 'done', at: now, note: '', recorded: state.noteSequence } };
    expect(diary(run({ state: longGone, messages: learned, attempt }))).toEqual([
      '2027-09-01 10:00 leaving',
      '2027-09-09 08:00 block',
      '2027-09-28 00:00 delete',
    ]);
  });
  it('counts so from the moment at which its delivery began', () => {
    const notice = look(account(), policy, at('2027-01-30 08:00'));
    if (notice.type !== 'act') throw new Error('no notice is due');
    const begun = decide(
      account(),
      { type: 'stepBegun', at: at('2027-01-30 08:00'), step: notice.step },
      policy,
    );
    expect(begun.named).toEqual({ lastDay: LAST_DAY, dueAt: at('2027-01-30 08:00') });
  });
  it('notices before an account was taken over do not exist', () => {
    const taken = account({ managedSince: at('2027-03-10') });
    expect(diary(run({ state: taken, from: '2027-03-10' })).slice(0, 2)).toEqual([
      '2027-03-24 08:00 notice -7',
      '2027-04-01 00:00 leaving',
    ]);
  });
});

describe('a notice never delays an action', () => {
  const failing =
    (kind: 'fails' | 'hangs') =>
    (step: { action: string }, now: number, state: AccountState): Attempt => {
      if (step.action !== 'notice')
        return { type: 'ends', outcome: { result: 'done', at: now, note: '', recorded: state.noteSequence } };
      return kind === 'fails' ? { type: 'fails' } : { type: 'hangs', until: Infinity };
    };

  it.each(['fails', 'hangs'] as const)(
    'that %s: given up at the next milestone, and told as failed',
    (kind) => {
      const failed: string[] = [];
      const life = live({
        state: account(),
        policy,
        from: at('2027-01-01'),
        until: at('2028-01-01'),
        attempt: failing(kind),
        watch: {
          folded: ({ before, after }) => {
            const news = after.unrecorded.filter(({ sequence }) => sequence > before.noteSequence);
            failed.push(
              ...news.flatMap(({ failedNotice, at: when }) =>
                failedNotice ? [`${wall(when)} ${failedNotice}`] : [],
              ),
            );
          },
        },
      });
      expect(diary(life)).toEqual([
        '2027-04-01 00:00 leaving',
        '2027-05-31 00:00 block',
        '2027-09-28 00:00 delete',
      ]);
      expect(failed).toEqual([
        '2027-03-04 08:00 900123/0/-60/2027-03-31/1',
        '2027-03-24 08:00 900123/0/-27/2027-03-31/1',
        '2027-04-01 00:00 900123/0/-7/2027-03-31/1',
      ]);
      expect(life.state.failures).toEqual([]);
    },
  );
  it('that nobody has tried to deliver has not failed: its time runs from when it is tried', () => {
    const lateNotice = { lastDay: LAST_DAY, dueAt: at('2027-03-22 08:00') };
    const state = account({ observation: found(1, [contract('2024-01-01', LAST_DAY)]), lateNotice });
    const next = look(state, policy, at('2027-03-24 12:00'));
    expect(next).toMatchObject({
      type: 'act',
      step: { action: 'notice', notice: { offset: -7 }, deadline: at('2027-04-01 00:00') },
    });
  });
});

describe('the end of an ignore', () => {
  const hold = (from: string, until: string) => [commanded(at(from), command('ignore', { until }))];

  it('no milestone runs while it holds; the plan goes on by the late rule', () => {
    expect(diary(run({ messages: hold('2027-02-10 12:00', '2027-06-20') }))).toEqual([
      '2027-01-30 08:00 notice -60',
      '2027-06-13 08:00 reminder hold-ends',
      '2027-06-21 00:00 leaving',
      '2027-06-21 00:00 block',
      '2027-06-21 08:00 notice -7',
      '2027-09-28 00:00 delete',
    ]);
  });
  it('ignored from the start, the block waits for the first notice', () => {
    expect(diary(run({ messages: hold('2027-01-10 12:00', '2027-06-20') })).slice(1)).toEqual([
      '2027-06-21 00:00 leaving',
      '2027-06-21 08:00 notice -7',
      '2027-06-28 08:00 block',
      '2027-09-28 00:00 delete',
    ]);
  });
  it('the directory’s status goes on meanwhile', () => {
    const life = run({ messages: hold('2027-02-10 12:00', 'never'), until: '2027-12-01' });
    const written = life.deeds
      .filter(({ step }) => step.activeStatus !== null)
      .map(({ at: when, step }) => `${wall(when)} ${step.activeStatus ?? ''}`);
    expect(written).toEqual(['2027-04-01 00:00 Grace Period', '2027-05-31 00:00 Inactive']);
    expect(life.state).toMatchObject({ stage: 'active', access: 'on' });
  });
  it('a resume in good time changes nothing', () => {
    const messages = [...hold('2027-02-10 12:00', 'never'), commanded(at('2027-02-20'), command('resume'))];
    expect(diary(run({ messages }))).toEqual(WHOLE);
  });
});
