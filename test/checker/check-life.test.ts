import { describe, expect, it } from 'vitest';
import { createChecker } from '../../checker/check-life.ts';
import type { Fact, Finding, ObservedLife } from '../../checker/life.ts';
import {
  ACCOUNT,
  at,
  BEGIN,
  block,
  BLOCK,
  contract,
  CONTRACT,
  DELETE,
  hrSays,
  inactive,
  LAST_DAY,
  LEAVING,
  life,
  mail,
  notice,
  NOTICES,
  orders,
  PERSON,
  remove,
  says,
  tells,
} from './lives.ts';

const check = createChecker();
const found = (over: Partial<ObservedLife>) =>
  check(life(over)).map(({ kind, words }) => `${kind}: ${words}`);
const kinds = (findings: readonly Finding[]) => [...new Set(findings.map(({ kind }) => kind))];

describe('a joiner who is told of while a worker that is back still works off what waited', () => {
  const begun = at('2027-05-29 12:00');
  const joins = (trouble: object) =>
    found({
      from: begun,
      stageAtStart: 'pending',
      facts: says('2027-05-29 12:00', contract('2027-05-29', null)),
      deeds: [
        { type: 'joined', at: at('2027-05-30 10:00') },
        { type: 'access', at: at('2027-05-30 10:00'), access: 'on' },
        { type: 'status', at: at('2027-05-30 10:00'), value: 'Active' },
      ],
      mails: [],
      troubles: [{ what: 'worker', from: at('2027-05-20'), to: at('2027-06-03'), ...trouble }],
      until: at('2027-06-10'),
      stageAtEnd: 'active',
    });

  it('joins by it at once', () => {
    expect(joins({ backAt: at('2027-05-29 10:00') })).toEqual([]);
  });
  it('would have joined too early, were the worker still dead', () => {
    expect(joins({})).toContain('early: joined: no affiliation had begun');
  });
});

describe('a life by the rules', () => {
  it('is found right', () => {
    expect(found({})).toEqual([]);
  });
  it('is right with every mail and deed at the end of its window', () => {
    const later = <T extends { at: number }>(deed: T): T => ({ ...deed, at: deed.at + 39 * 60_000 });
    const { deeds, mails } = life();
    const late = mails.map((one) => ({
      ...one,
      begunAt: one.begunAt + 39 * 60_000,
      sentAt: one.begunAt + 39 * 60_000,
    }));
    expect(found({ deeds: [...BEGIN, ...deeds.slice(2).map(later)], mails: late })).toEqual([]);
  });
  it('is right when missed notices were merged into the latest, at the next notice time', () => {
    const troubles = [{ what: 'worker', from: at('2027-01-20'), to: at('2027-03-10 12:00') }] as const;
    const mails = [notice(-27, '2027-03-11 08:20'), notice(-7, '2027-03-24 08:20')];
    expect(found({ troubles, mails })).toEqual([]);
  });
  it('is right when a mail could not be delivered and was given up at the next milestone', () => {
    const troubles = [{ what: 'mail', from: at('2027-03-04'), to: at('2027-03-24 12:00') }] as const;
    const failed = { sentAt: null, failedAt: at('2027-03-24 08:20') };
    const late = { sentAt: at('2027-03-24 12:00') };
    const [first] = NOTICES;
    const mails = [
      ...(first ? [first] : []),
      notice(-27, '2027-03-04 08:20', LAST_DAY, failed),
      notice(-7, '2027-03-24 08:20', LAST_DAY, late),
    ];
    expect(found({ troubles, mails })).toEqual([]);
  });
  it('is right for somebody whose date moved: an all-clear, and the new date anew', () => {
    const facts = [
      ...says('2027-01-01', CONTRACT),
      ...says('2027-03-10 12:00', contract('2024-01-01', '2027-04-20')),
    ];
    const mails = [
      ...NOTICES.slice(0, 2),
      mail('allClear', '2027-03-11 08:20', { lastDay: '2027-04-20' }),
      notice(-60, '2027-03-11 08:20', '2027-04-20'),
      notice(-27, '2027-03-24 08:20', '2027-04-20'),
      notice(-7, '2027-04-13 08:20', '2027-04-20'),
    ];
    expect(found({ facts, mails, until: at('2027-04-19'), stageAtEnd: 'active', deeds: BEGIN })).toEqual([]);
  });
});

describe('a block', () => {
  const stageAtEnd = 'blocked';
  const until = at('2027-06-20');
  const blocked = (when: string, over: Partial<ObservedLife> = {}) =>
    found({ deeds: [...BEGIN, ...LEAVING, ...block(when), inactive()], stageAtEnd, until, ...over });

  it('a day early is early', () => {
    expect(blocked('2027-05-30 00:20')).toContain('early: block: its day had not begun');
  });
  it('a minute before the midnight of its day is early', () => {
    expect(blocked('2027-05-30 23:59')).toContain('early: block: its day had not begun');
  });
  it('that never comes is lost', () => {
    const deeds = [...BEGIN, ...LEAVING, inactive()];
    expect(found({ deeds, stageAtEnd: 'grace' })).toContain('lost: no block after the last day 2027-03-31');
  });
  it('that comes a day late without a reason is lost', () => {
    expect(blocked('2027-06-01 00:20')).toContain('lost: no block after the last day 2027-03-31');
  });
  it('that is late since the worker was down is not', () => {
    const troubles = [{ what: 'worker', from: at('2027-05-30'), to: at('2027-06-03 10:00') }] as const;
    const deeds = [...BEGIN, ...LEAVING, inactive('2027-06-03 10:00'), ...block('2027-06-03 10:00')];
    expect(found({ troubles, deeds, stageAtEnd, until })).toEqual([]);
  });
  it('while the account is ignored is wrong', () => {
    const facts = [...says('2027-01-01', CONTRACT), orders('2027-05-20 10:00', 'ignore', '2027-08-01')];
    expect(blocked('2027-05-31 00:20', { facts })).toContain('wrongBlock: block: the account was ignored');
  });
  it('while HR says that the person stays is wrong, although nobody told the account', () => {
    const facts = [...says('2027-01-01', CONTRACT), hrSays('2027-05-30 10:00', contract('2024-01-01', null))];
    expect(blocked('2027-05-31 00:20', { facts })).toContain(
      'wrongBlock: block: HR said that the affiliation is open-ended',
    );
  });
  it.each(['unavailable', 'no-person'] as const)('while HR answers %s is wrong', (outcome) => {
    const answer: Fact = { type: 'hrAnswers', at: at('2027-05-30'), person: PERSON, answer: { outcome } };
    const facts = [...says('2027-01-01', CONTRACT), answer];
    expect(kinds(check(life({ facts, deeds: [...BEGIN, ...LEAVING, ...BLOCK], stageAtEnd, until })))).toEqual(
      ['wrongBlock'],
    );
  });
  it('while HR knows no such person any more is wrong, although the account was told of no ties before', () => {
    const facts: readonly Fact[] = [
      ...says('2027-01-01', CONTRACT),
      ...says('2027-04-10'),
      { type: 'hrAnswers', at: at('2027-05-30'), person: PERSON, answer: { outcome: 'no-person' } },
    ];
    expect(blocked('2027-05-31 00:20', { facts })).toContain(
      'wrongBlock: block: HR knew no such person, which was not confirmed',
    );
  });
  it('while the person is back is wrong', () => {
    const facts = [
      ...says('2027-01-01', CONTRACT),
      ...says('2027-05-20', CONTRACT, contract('2027-05-20', null)),
    ];
    expect(blocked('2027-05-31 00:20', { facts })).toContain('wrongBlock: block: the person was here');
  });
  it('while the deployment is frozen is wrong', () => {
    const troubles = [{ what: 'freeze', from: at('2027-05-30'), to: at('2027-06-03') }] as const;
    expect(blocked('2027-05-31 00:20', { troubles })).toContain(
      'wrongBlock: block: the deployment was frozen',
    );
  });
  it('that no notice named is wrong', () => {
    expect(blocked('2027-05-31 00:20', { mails: [] })).toContain(
      'wrongBlock: block: no notice had named its date',
    );
  });
  it('within seven days of the first notice that named it is wrong', () => {
    const mails = [notice(-7, '2027-05-27 08:20')];
    expect(blocked('2027-05-31 00:20', { mails })).toContain(
      'wrongBlock: block: the first notice that named its date was due on 2027-05-27',
    );
  });
  it('of somebody who has not left yet is wrong', () => {
    const deeds = [...BEGIN, ...block('2027-05-31 00:20')];
    expect(found({ deeds, stageAtEnd, until })).toContain('wrongBlock: block: it came from active');
  });
  it('of a service account is wrong', () => {
    expect(blocked('2027-05-31 00:20', { kind: 'service' })).toContain(
      'wrongBlock: block: a service account is never blocked',
    );
  });
});

describe('a delete', () => {
  const deleted = (when: string, over: Partial<ObservedLife> = {}) =>
    found({ deeds: [...BEGIN, ...LEAVING, ...BLOCK, ...remove(when)], ...over });

  it('a day early is early', () => {
    expect(deleted('2027-09-27 00:20')).toEqual(['early: delete: its day had not begun']);
  });
  it('that never comes is lost', () => {
    const deeds = [...BEGIN, ...LEAVING, ...BLOCK];
    expect(found({ deeds, stageAtEnd: 'blocked' })).toEqual([
      'lost: no delete after the last day 2027-03-31',
    ]);
  });
  it('while HR says that the person stays is wrong', () => {
    const facts = [
      ...says('2027-01-01', CONTRACT),
      hrSays('2027-09-27', contract('2024-01-01', '2028-01-01')),
    ];
    expect(deleted('2027-09-28 00:20', { facts })).toEqual([
      'wrongDelete: delete: HR said that the last day is 2028-01-01',
    ]);
  });
  it('in one go with the block is wrong', () => {
    const troubles = [{ what: 'worker', from: at('2027-05-20'), to: at('2027-10-01 10:00') }] as const;
    const late = '2027-10-01 10:00';
    const deeds = [...BEGIN, ...LEAVING, inactive(late), ...block(late), ...remove('2027-10-08 00:20')];
    expect(found({ troubles, deeds })).toEqual(['wrongDelete: delete: it came in one go with the block']);
    const right = [...BEGIN, ...LEAVING, inactive(late), ...block(late), ...remove('2027-10-09 00:20')];
    expect(found({ troubles, deeds: right })).toEqual([]);
  });
  it('that is not of a blocked account is wrong', () => {
    const deeds = [...BEGIN, ...LEAVING, inactive(), ...DELETE];
    expect(found({ deeds })).toContain('wrongDelete: delete: it came from grace');
  });
});

describe('a notice', () => {
  it('that is missing is missed', () => {
    expect(found({ mails: NOTICES.slice(1) })).toEqual([
      'noticeMissed: notice -60 for the last day 2027-03-31 did not go out',
    ]);
  });
  it('that was given up although mail worked is missed', () => {
    const failed = notice(-60, '2027-01-30 08:20', LAST_DAY, {
      sentAt: null,
      failedAt: at('2027-03-04 08:20'),
    });
    expect(found({ mails: [failed, ...NOTICES.slice(1)] })).toContain(
      'noticeMissed: notice -60, last day 2027-03-31 was given up without need',
    );
  });
  it('that comes twice is doubled', () => {
    const again = notice(-27, '2027-03-05 08:20');
    expect(found({ mails: [...NOTICES, again] })).toEqual([
      'noticeDoubled: notice -27, last day 2027-03-31: told already on 2027-03-04',
    ]);
  });
  it('of which two copies got out is doubled', () => {
    const mails = NOTICES.map((one, index) => (index === 1 ? { ...one, extraCopies: 1 } : one));
    expect(found({ mails })).toEqual(['noticeDoubled: notice -27, last day 2027-03-31 got out 2 times']);
  });
  it('that was missed, and is sent beside the latest one, is doubled', () => {
    const troubles = [{ what: 'worker', from: at('2027-01-20'), to: at('2027-03-10 12:00') }] as const;
    const mails = [
      notice(-60, '2027-03-10 12:00'),
      notice(-27, '2027-03-11 08:20'),
      notice(-7, '2027-03-24 08:20'),
    ];
    expect(found({ troubles, mails })).toEqual([
      'noticeDoubled: notice -60, last day 2027-03-31 although that of -27 days had come',
    ]);
  });
  it('before its time is early', () => {
    const mails = NOTICES.map((one, index) => (index === 0 ? { ...notice(-60, '2027-01-30 07:59') } : one));
    expect(found({ mails })).toEqual(['early: notice -60, last day 2027-03-31 came before its time']);
  });
  it('of another date than the one that counts is unexplained', () => {
    const wrong = notice(-7, '2027-03-26 08:20', '2027-04-02');
    expect(found({ mails: [...NOTICES, wrong] })).toContain(
      'wrong: notice -7, last day 2027-04-02 names a last day that did not count',
    );
  });
  it('that is taken back by nothing when its date moves is missed', () => {
    const facts = [
      ...says('2027-01-01', CONTRACT),
      ...says('2027-03-10 12:00', contract('2024-01-01', null)),
    ];
    const over = {
      facts,
      mails: NOTICES.slice(0, 2),
      until: at('2027-04-19'),
      stageAtEnd: 'active',
    } as const;
    expect(found({ ...over, deeds: BEGIN })).toEqual([
      'noticeMissed: no all-clear for the last day 2027-03-31, which no longer holds',
    ]);
  });
  it('all is clear twice over: doubled', () => {
    const facts = [
      ...says('2027-01-01', CONTRACT),
      ...says('2027-03-10 12:00', contract('2024-01-01', null)),
    ];
    const mails = [
      ...NOTICES.slice(0, 2),
      mail('allClear', '2027-03-11 08:20'),
      mail('allClear', '2027-03-12 08:20'),
    ];
    expect(found({ facts, mails, until: at('2027-04-19'), stageAtEnd: 'active', deeds: BEGIN })).toEqual([
      'noticeDoubled: allClear: nothing was told any more',
    ]);
  });
});

describe('leaving and coming back', () => {
  it('a leaving that never comes is lost', () => {
    expect(found({ deeds: BEGIN, stageAtEnd: 'active', until: at('2027-04-10') })).toContain(
      'lost: no leaving after the last day 2027-03-31',
    );
  });
  it('a leaving on the last day is early', () => {
    const deeds = [...BEGIN, { type: 'leaving', at: at('2027-03-31 12:00'), lastDay: LAST_DAY }] as const;
    expect(kinds(check(life({ deeds, stageAtEnd: 'grace', until: at('2027-03-31 13:00') })))).toEqual([
      'early',
    ]);
  });
  it('somebody back who gets nothing back, and no word of it, is lost', () => {
    const facts = [
      ...says('2027-01-01', CONTRACT),
      ...says('2027-06-20', CONTRACT, contract('2027-06-20', null)),
    ];
    const deeds = [...BEGIN, ...LEAVING, ...BLOCK];
    expect(found({ facts, deeds, stageAtEnd: 'blocked' })).toContain('lost: who is back got nothing back');
  });
  it('a welcome that is not said is missed', () => {
    const facts = [
      ...says('2027-01-01', CONTRACT),
      ...says('2027-06-20 05:00', CONTRACT, contract('2027-06-20', null)),
    ];
    const back = at('2027-06-20 05:00');
    const deeds = [
      ...[...BEGIN, ...LEAVING, ...BLOCK],
      { type: 'returned', at: back },
      { type: 'access', at: back, access: 'on' },
      { type: 'status', at: back, value: 'Active' },
    ] as const;
    const over = { facts, deeds, stageAtEnd: 'active' } as const;
    expect(found(over)).toEqual(['noticeMissed: who is back was not told so']);
    expect(found({ ...over, mails: [...NOTICES, mail('returned', '2027-06-20 05:00')] })).toEqual([]);
  });
  it('an account given back to nobody is unexplained', () => {
    const deeds = [...BEGIN, ...LEAVING, ...BLOCK, { type: 'returned', at: at('2027-06-20') }] as const;
    expect(found({ deeds, stageAtEnd: 'active', until: at('2027-06-21') })).toContain(
      'wrong: returned: nobody was back',
    );
  });
});

describe('commands', () => {
  it('a disable that nothing follows is lost', () => {
    const facts = [...says('2027-01-01', CONTRACT), orders('2027-02-01 10:00', 'disable')];
    expect(found({ facts })).toContain('lost: access is not off: disabled by an admin');
  });
  it('an admin’s date counts when it is later than HR’s', () => {
    const facts = [...says('2027-01-01', CONTRACT), orders('2027-02-01 10:00', 'extend', '2027-06-30')];
    expect(found({ facts })).toEqual(
      expect.arrayContaining([
        'wrong: leaving: the last day 2027-03-31 did not count',
        'wrongBlock: block: the last day 2027-03-31 did not count',
      ]),
    );
  });
  it('a command that came twice with one id counts once', () => {
    const ids = { commandId: 'c-1' };
    const facts: readonly Fact[] = [
      ...says('2027-01-01', CONTRACT),
      { ...orders('2027-02-01 10:00', 'ignore', '2027-03-01'), ...ids },
      orders('2027-02-02 10:00', 'resume'),
      { ...orders('2027-02-03 10:00', 'ignore', '2028-03-01'), ...ids },
    ];
    expect(found({ facts })).toEqual([]);
  });
});

describe('facts', () => {
  it('with a lower number than one before say nothing', () => {
    const old = tells('2027-01-01', contract('2024-01-01', null));
    const facts = [...says('2027-01-02', CONTRACT), { ...old, at: at('2027-02-01') }];
    expect(found({ facts })).toEqual([]);
  });
  it('a loss that only HR knows hastens nothing: the account goes by what it was told', () => {
    const facts = [
      ...says('2027-01-01', CONTRACT),
      hrSays('2027-05-30', contract('2024-01-01', '2026-12-31')),
    ];
    expect(found({ facts })).toEqual([]);
  });
  it('when all vanish, the day on which that was told is the last', () => {
    const facts = [...says('2027-01-01', CONTRACT), ...says('2027-02-05 12:00')];
    expect(found({ facts })).toEqual(
      expect.arrayContaining(['wrongBlock: block: the last day 2027-03-31 did not count']),
    );
  });
});

describe('a service account', () => {
  const service = (over: Partial<ObservedLife>) =>
    found({ kind: 'service', mails: [], stageAtEnd: 'active', deeds: BEGIN, ...over });
  const heir: readonly Fact[] = [
    {
      type: 'told',
      at: at('2027-04-01 00:20'),
      person: 'p-2',
      number: 1e6,
      answer: { outcome: 'found', ties: [contract(null, null)] },
    },
  ];
  const handed = (when: string, to = 'p-2') =>
    ({ type: 'transfer', at: at(when), lastDay: LAST_DAY, to }) as const;
  const facts = [...says('2027-01-01', CONTRACT), ...heir];

  it('is handed on when its owner has left', () => {
    expect(service({ facts, deeds: [...BEGIN, handed('2027-04-01 00:20')] })).toEqual([]);
  });
  it('that is not handed on is lost', () => {
    expect(service({ facts })).toEqual(["lost: not handed on after the owner's last day 2027-03-31"]);
  });
  it('that is handed on before its owner has left is early', () => {
    expect(service({ facts, deeds: [...BEGIN, handed('2027-03-31 12:00')] })).toContain(
      'early: transfer: its day had not begun',
    );
  });
  it('waits for an owner who comes back before day 60', () => {
    const back = says('2027-01-01', CONTRACT, contract('2027-05-01', null));
    expect(service({ facts: back })).toEqual([]);
  });
});

it('an end that the deeds do not come to is unexplained', () => {
  const [finding] = check(life({ stageAtEnd: 'blocked' }));
  expect(finding).toMatchObject({ kind: 'wrong', account: ACCOUNT });
});
