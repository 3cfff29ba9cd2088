import { describe, expect, it } from 'vitest';
import { findActual } from '../../../src/demo/check/actual.ts';
import type { InstanceRecord } from '../../../src/demo/demo-instance.ts';
import type { SinkMail } from '../../../src/demo/doubles/smtp-sink.ts';
import type { Character } from '../../../src/demo/story/character.ts';
import { contract, record } from '../../../src/demo/story/records.ts';
import type { Everything } from '../../../src/demo/worker-messages.ts';
import { initialState } from '../../../src/policy/initial-state.ts';
import type { AccountRow, EffectRow, NoticeRow } from '../../../src/registry/registry.ts';

const characters: readonly Character[] = [
  {
    nick: 'ada',
    about: '',
    expected: '',
    hr: [{ from: 'start', record: record(1, 'Ada', 'Rossi', { contracts: [contract('2022-01-01')] }) }],
  },
  {
    nick: 'greta',
    about: '',
    expected: '',
    hr: [{ from: 'start', record: record(2, 'Greta', 'Hof', { contracts: [contract('2022-01-01')] }) }],
  },
];

function account(login: string, kind: AccountRow['kind'], personId: string, createdAt = 0): AccountRow {
  const own = { accountId: `id-${login}`, kind, personId, experiment: null } as const;
  const state = initialState({ ...own, stage: 'active', observation: null, at: 0 });
  return { ...own, login, createdAt, state, nextStep: null, nextStepAt: null, problem: null, uidNumber: 1 };
}

function effect(login: string, action: string, rest: Partial<EffectRow> = {}): EffectRow {
  return {
    accountId: `id-${login}`,
    epoch: 0,
    action,
    target: 'directory',
    lastDay: '2027-03-31',
    sequence: 1,
    attempt: 1,
    state: 'done',
    intentAt: 5,
    doneAt: 10,
    note: null,
    ...rest,
  };
}

function notice(key: string, rest: Partial<NoticeRow> = {}): NoticeRow {
  return {
    key,
    audience: 'person',
    personId: '1',
    accountId: 'id-arossi',
    template: 'leaving-soon',
    offset: -7,
    lastDay: '2027-03-31',
    dueAt: 0,
    state: 'sent',
    messageId: `<${key}>`,
    sentAt: 5,
    ...rest,
  };
}

function mail(messageId: string, to = 'ada.rossi@cern.example', subject = 'Your last day'): SinkMail {
  return {
    messageId,
    from: 'accounts@cern.example',
    to: [to],
    subject,
    text: '',
    html: '',
    headers: new Map(),
    receivedAt: 7,
    acknowledged: true,
    encrypted: false,
  };
}

function find(rest: Partial<Everything>, mails: readonly SinkMail[] = []) {
  const everything: Everything = {
    accounts: [account('arossi', 'primary', '1')],
    effects: [],
    notices: [],
    ownership: [{ accountId: 'id-arossi', personId: '1', since: 0, until: null, reason: '' }],
    alarms: [],
    observations: [],
    entries: {},
    ...rest,
  };
  const { actual, contradictions } = findActual({ characters, everything, mails });
  return {
    lines: actual
      .filter(({ kind }) => kind !== 'end')
      .map(({ nick, what, at }) => `${nick} ${what} @${String(at)}`),
    ends: actual.filter(({ kind }) => kind === 'end').map(({ what }) => what),
    contradictions,
  };
}

describe('accounts of an INDIGO IAM instance', () => {
  const everything: Everything = {
    ...{ effects: [], notices: [], alarms: [], observations: [], entries: {} },
    accounts: [account('ada_cms', 'experiment', '1')],
    ownership: [{ accountId: 'id-ada_cms', personId: '1', since: 0, until: null, reason: '' }],
  };
  const written: InstanceRecord = {
    ...{ userName: 'ada_cms', nick: 'ada', account: null },
    writes: [{ at: 9, by: 'api', what: 'deleted', changed: true }],
  };
  const findWith = (instance: readonly InstanceRecord[], rest: Partial<Everything> = {}) =>
    findActual({ characters, everything: { ...everything, ...rest }, mails: [], instance });

  it('are told by the instance, and their stage by the registry', () => {
    expect(findWith([written])).toMatchObject({
      actual: [
        { nick: 'ada', what: 'ada_cms: iam deleted', at: 9, kind: 'iam' },
        { nick: 'ada', what: 'end ada_cms: active, not there', at: null, kind: 'end' },
      ],
      contradictions: [],
    });
  });
  it('that nobody follows are said to be so', () => {
    expect(findWith([written], { accounts: [], ownership: [] }).actual.at(-1)?.what).toBe(
      'end ada_cms: not followed, not there',
    );
  });
  it('have effects without groups', () => {
    const effects = [effect('ada_cms', 'block', { target: 'indigo-iam', note: 'suspended' })];
    expect(findWith([], { effects }).actual).toMatchObject([{ what: 'ada_cms: block 2027-03-31' }]);
  });
  it('that carry no label must not be written to', () => {
    const stranger = { ...written, userName: 'sam_local', nick: null };
    expect(findWith([stranger]).contradictions).toEqual([
      'sam_local: nobody follows it, and it was written to',
    ]);
    const byAdmin = [{ at: 9, by: 'admin', what: 'deleted', changed: true } as const];
    expect(findWith([{ ...stranger, writes: byAdmin }]).contradictions).toEqual([]);
  });
});

describe('what is found to have happened', () => {
  it('names effects that are done, and not those that are only intended', () => {
    const effects = [
      effect('arossi', 'block', { note: 'directory: 2 memberships deleted' }),
      effect('arossi', 'status:Inactive#6'),
      effect('arossi', 'delete', { state: 'intent', doneAt: null }),
    ];
    expect(find({ effects }).lines).toEqual([
      'ada block 2027-03-31, 2 groups @10',
      'ada status Inactive @10',
    ]);
  });
  it('counts a mail once, when it came twice under one Message-ID', () => {
    const key = '1/0/-7/2027-03-31/1';
    const mails = [mail(`<${key}>`), mail(`<${key}>`)];
    expect(find({ notices: [notice(key)] }, mails).lines).toEqual(['ada notice -7 for 2027-03-31 @7']);
  });
  it('sees the same notice twice under two keys', () => {
    const [first, second] = ['1/0/-7/2027-03-31/1', '1/1/-7/2027-03-31/1'];
    const found = find({ notices: [notice(first), notice(second)] }, [
      mail(`<${first}>`),
      mail(`<${second}>`),
    ]);
    expect(found.lines).toEqual(['ada notice -7 for 2027-03-31 @7', 'ada notice -7 for 2027-03-31 @7']);
  });
  it('says to whom a mail went, when not to the person', () => {
    const key = '1/0/-7/2027-03-31/1';
    const found = find({ notices: [notice(key)] }, [mail(`<${key}>`, 'greta.hof@cern.example')]);
    expect(found.lines).toEqual(['ada notice -7 for 2027-03-31 to greta @7']);
  });
  it('believes the mail server and not the registry', () => {
    expect(find({ notices: [notice('1/0/-7/2027-03-31/1')] })).toMatchObject({
      lines: [],
      contradictions: ['ada: the registry says a leaving-soon was sent, no mail server took it'],
    });
    expect(find({}, [mail('<unheard of>')]).contradictions).toEqual([
      'a mail was sent that the registry knows nothing of: Your last day',
    ]);
  });
  it('tells a notice that failed or never went out from one that was sent', () => {
    const notices = [notice('1/0/-7/2027-03-31/1', { state: 'failed', messageId: null })];
    expect(find({ notices }).lines).toEqual(['ada notice -7 for 2027-03-31 failed @0']);
  });
  it('finds a transfer that only half happened', () => {
    const accounts = [account('arossi', 'primary', '1'), account('svc', 'service', '2')];
    const ownership = [
      { accountId: 'id-arossi', personId: '1', since: 0, until: null, reason: '' },
      { accountId: 'id-svc', personId: '1', since: 0, until: 9, reason: '' },
      { accountId: 'id-svc', personId: '2', since: 9, until: null, reason: '' },
    ];
    expect(find({ accounts, ownership, effects: [effect('svc', 'transfer')] })).toMatchObject({
      lines: ['ada svc: transfer to greta @9'],
      contradictions: [],
    });
    expect(find({ accounts, ownership }).contradictions).toHaveLength(1);
  });
  it('reads the end from the directory, and tells a second primary account from the first', () => {
    const accounts = [account('arossi', 'primary', '1', 1), account('arossi2', 'primary', '1', 2)];
    expect(find({ accounts }).ends).toEqual(['end active, no entry', 'end account 2: active, no entry']);
  });
});
