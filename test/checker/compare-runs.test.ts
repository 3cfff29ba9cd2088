import { describe, expect, it } from 'vitest';
import { dayOf } from '../../checker/calendar.ts';
import { compareRuns } from '../../checker/compare-runs.ts';
import type { Effect, Notice, RunRecord } from '../../checker/run-record.ts';

const BASE = '2027-01-01';
const at = (date: string, time = '12:00') => Date.parse(`${date}T${time}:00Z`);

function effect(over: Partial<Effect> = {}): Effect {
  return {
    account: 'ada',
    action: 'block',
    target: 'directory',
    lastDay: '2027-02-01',
    isDone: true,
    ...over,
  };
}

function notice(over: Partial<Notice> = {}): Notice {
  return {
    person: '7',
    account: 'ada',
    audience: 'person',
    type: 'notice',
    offset: -27,
    lastDay: '2027-02-01',
    dueAt: at('2027-01-05'),
    sentAt: at('2027-01-05'),
    state: 'sent',
    messageId: '<27>',
    ...over,
  };
}

const LATER = notice({
  offset: -7,
  dueAt: at('2027-01-25'),
  sentAt: at('2027-01-25'),
  messageId: '<7>',
});

function run(over: Partial<RunRecord> = {}): RunRecord {
  const notices = over.notices ?? [notice(), LATER];
  return {
    base: dayOf(BASE),
    effects: [effect()],
    notices,
    taken: notices.flatMap(({ messageId, state }) =>
      messageId === null || state !== 'sent' ? [] : [{ messageId, isAlarm: false, copiesWithoutReason: 0 }],
    ),
    ends: { ada: 'blocked' },
    troubles: [],
    ...over,
  };
}

const kindsOf = (other: RunRecord) => compareRuns(run(), other).differences.map(({ kind }) => kind);

describe('a run compared with the same story without faults', () => {
  it('differs in nothing from one that did the same', () => {
    expect(compareRuns(run(), run())).toEqual({ differences: [], explained: [] });
  });

  it('may have begun on another date: days count from the first one', () => {
    const moved = run({
      base: dayOf('2027-03-01'),
      effects: [effect({ lastDay: '2027-04-01' })],
      notices: [
        notice({ lastDay: '2027-04-01', dueAt: at('2027-03-05') }),
        notice({ ...LATER, lastDay: '2027-04-01', dueAt: at('2027-03-25') }),
      ],
    });
    expect(compareRuns(run(), moved).differences).toEqual([]);
  });

  it('has lost an effect that is not there, and one that is only half done', () => {
    expect(kindsOf(run({ effects: [] }))).toEqual(['lost']);
    expect(kindsOf(run({ effects: [effect(), effect({ action: 'leaving', isDone: false })] }))).toEqual([
      'lost',
    ]);
  });

  it('has doubled an effect that is there more often, whatever number it bears', () => {
    const status = (number: number) => effect({ action: `status:Active#${String(number)}` });
    const once = run({ effects: [status(3)] });
    expect(compareRuns(once, run({ effects: [status(9)] })).differences).toEqual([]);
    expect(compareRuns(once, run({ effects: [status(3), status(9)] })).differences).toMatchObject([
      { kind: 'doubled' },
    ]);
  });

  it('has lost a notice that never went out, and one that is still due', () => {
    expect(kindsOf(run({ notices: [LATER] }))).toEqual(['lost']);
    const due = notice({ state: 'due', sentAt: null, messageId: null });
    expect(kindsOf(run({ notices: [due, LATER] }))).toEqual(['lost', 'lost']);
  });

  it('explains a notice that was merged with a later one by an outage from one to the other, and by no other', () => {
    const merged = (from: string, to: string) =>
      compareRuns(
        run(),
        run({ notices: [LATER], troubles: [{ what: 'worker', from: at(from), to: at(to) }] }),
      );
    expect(merged('2027-01-04', '2027-01-26')).toMatchObject({
      differences: [],
      explained: [expect.stringContaining('notice -27')],
    });
    expect(merged('2027-01-04', '2027-01-10').differences).toMatchObject([{ kind: 'lost' }]);
    expect(merged('2027-01-10', '2027-01-26').differences).toMatchObject([{ kind: 'lost' }]);
  });

  it('has doubled a mail that was taken again for no reason, and one under the Message-ID of another', () => {
    const taken = [
      { messageId: '<27>', isAlarm: false, copiesWithoutReason: 1 },
      { messageId: '<7>', isAlarm: false, copiesWithoutReason: 0 },
    ];
    expect(kindsOf(run({ taken }))).toEqual(['doubled']);
    expect(kindsOf(run({ notices: [notice(), notice({ ...LATER, messageId: '<27>' })] }))).toEqual([
      'doubled',
    ]);
  });

  it('has lost a mail that the registry calls sent and no mail server took; one beside the registry is unknown', () => {
    expect(kindsOf(run({ taken: [] }))).toEqual(['lost', 'lost']);
    const { taken } = run();
    const more = { messageId: '<8>', isAlarm: false, copiesWithoutReason: 0 };
    expect(kindsOf(run({ taken: [...taken, more] }))).toEqual(['unknown']);
    expect(kindsOf(run({ taken: [...taken, { ...more, isAlarm: true }] }))).toEqual([]);
  });

  it('differs when an account ends otherwise, or is missing', () => {
    expect(kindsOf(run({ ends: { ada: 'active' } }))).toEqual(['different']);
    expect(kindsOf(run({ ends: {} }))).toEqual(['different']);
  });
});
