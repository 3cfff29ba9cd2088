import { describe, expect, it } from 'vitest';
import type { AccountEvent } from '../../src/contracts/event.ts';
import { decide } from '../../src/policy/decide.ts';
import { planAhead } from '../../src/policy/next-step.ts';
import { diary, run } from '../support/diary.ts';
import {
  account,
  at,
  bareStep,
  command,
  commanded,
  contract,
  done,
  fold,
  found,
  look,
  observed,
  policyWithGuest,
} from '../support/policy-builders.ts';

const POLICY = policyWithGuest();
const OLD = contract('2024-01-01', '2027-03-31');
let number = 10;
const says = (when: string, ...ties: Parameters<typeof found>[1]): AccountEvent => {
  number += 1;
  return observed(at(when), found(number, ties));
};
const says2 = (when: string, name: Parameters<typeof command>[0], over = {}) =>
  commanded(at(when), command(name, over));
/** What became of the guest account, and the steps around it. */
const guestDiary = (messages: readonly AccountEvent[], until?: string) => {
  const life = run({ policy: POLICY, messages, ...(until !== undefined && { until }) });
  const about = /(leaving|guest|shutGuest|giveAccess|block|delete|disable)/;
  return { life, diary: diary(life).filter((line) => about.test(line) && !line.includes('notice')) };
};

describe('a guest account', () => {
  it('is opened right after leaving, once, and stays when the account is blocked and deleted', () => {
    const { life, diary: lines } = guestDiary([]);
    expect(lines).toEqual([
      '2027-04-01 00:00 leaving',
      '2027-04-01 00:00 guest',
      '2027-05-31 00:00 block',
      '2027-09-28 00:00 delete',
    ]);
    expect(life.state.guest).toEqual({ departure: 0, state: 'open' });
  });

  it('is shut at the return, and opened anew at the next leaving', () => {
    const { life, diary: lines } = guestDiary(
      [says('2027-06-15 12:00', OLD, contract('2027-06-15', '2027-07-31'))],
      '2027-08-02',
    );
    expect(lines.slice(2)).toEqual([
      '2027-05-31 00:00 block',
      '2027-06-15 12:00 giveAccess returned',
      '2027-06-15 12:00 shutGuest',
      '2027-08-01 00:00 leaving',
      '2027-08-01 00:00 guest',
    ]);
    expect(life.state.guest).toEqual({ departure: 1, state: 'open' });
  });

  it('waits for an affiliation that begins before day 60, and follows at once if that vanishes', () => {
    const { diary: lines } = guestDiary(
      [says('2027-03-01', OLD, contract('2027-05-15', null)), says('2027-04-10 12:00', OLD)],
      '2027-05-01',
    );
    expect(lines).toEqual(['2027-04-01 00:00 leaving', '2027-04-10 12:00 guest']);
    const never = guestDiary([says('2027-03-01', OLD, contract('2027-05-15', null))], '2027-06-30');
    expect(never.diary).toEqual(['2027-04-01 00:00 leaving', '2027-05-15 00:00 giveAccess returned']);
    const later = guestDiary([says('2027-03-01', OLD, contract('2027-07-15', null))], '2027-06-30');
    expect(later.diary[1]).toBe('2027-04-01 00:00 guest');
  });

  it('is none for whom an admin has disabled, until they are enabled; who is disabled later loses it', () => {
    const disabled = guestDiary(
      [says2('2027-03-01', 'disable'), says2('2027-04-20 12:00', 'enable')],
      '2027-05-01',
    );
    expect(disabled.diary.filter((line) => line.includes('uest'))).toEqual(['2027-04-20 12:00 guest']);
    const later = guestDiary(
      [says2('2027-06-10 12:00', 'disable'), says2('2027-06-20 12:00', 'enable')],
      '2027-07-01',
    );
    // Blocked as it is, nothing else changes.
    expect(later.diary.slice(3)).toEqual(['2027-06-10 12:00 shutGuest', '2027-06-20 12:00 guest']);
  });

  it('is a milestone, which `ignore` stops; that it is shut is none', () => {
    const ignored = guestDiary([says2('2027-03-30', 'ignore', { until: '2027-04-30' })], '2027-05-02');
    expect(ignored.diary).toEqual(['2027-05-01 00:00 leaving', '2027-05-01 00:00 guest']);
    const back = guestDiary(
      [
        says2('2027-04-10', 'ignore', { until: 'never' }),
        says('2027-04-12 12:00', contract('2024-01-01', null)),
      ],
      '2027-05-02',
    );
    expect(back.diary.slice(2)).toEqual([
      '2027-04-12 12:00 giveAccess returned',
      '2027-04-12 12:00 shutGuest',
    ]);
  });

  it('waits for leaving, also where that fails for a day', () => {
    const life = run({
      policy: POLICY,
      until: '2027-04-03',
      attempt: (step, now) =>
        step.action === 'leaving' && now < at('2027-04-01 12:00')
          ? { type: 'fails' }
          : { type: 'ends', outcome: done(now) },
    });
    expect(diary(life).slice(-2)).toEqual(['2027-04-02 00:00 leaving', '2027-04-02 00:00 guest']);
  });

  it.each(['notice', 'allClear', 'reminder'] as const)(
    'is no matter of a %s that is called off',
    (action) => {
      const state = fold(account(), POLICY);
      const when = at('2027-02-02');
      const left = decide(state, { type: 'stepCalledOff', at: when, step: bareStep(action) }, POLICY);
      expect(left.guest).toBeUndefined();
    },
  );

  it.each(['called off', 'failed'] as const)('%s halfway is shut when the person is back', (how) => {
    const left = fold(account({ stage: 'grace' }), POLICY);
    const step = bareStep('guest', { lastDay: '2027-03-31' });
    const when = at('2027-04-02');
    const halfway =
      how === 'failed'
        ? decide(left, { type: 'stepFailed', at: when, step, code: 'TARGET_CONFLICT', message: 'no' }, POLICY)
        : decide(left, { type: 'stepCalledOff', at: when, step }, POLICY);
    expect(halfway.guest?.state).toBe('partial');
    const back = { ...halfway, stage: 'active' as const, departure: 1, failures: [] };
    const open = { ...back, observation: found(99, [contract('2024-01-01', null)]) };
    const next = look(open, POLICY, at('2027-04-03'));
    expect(next).toMatchObject({ type: 'act', step: { action: 'shutGuest' } });
    const outcome = done(at('2027-04-03'));
    const shut = decide(
      open,
      { type: 'stepEnded', at: outcome.at, step: bareStep('shutGuest'), outcome },
      POLICY,
    );
    expect(planAhead(shut, POLICY, at('2027-04-03')).map((one) => one.step.action)).not.toContain(
      'shutGuest',
    );
  });

  it('is none where the policy has none', () => {
    expect(diary(run()).join()).not.toContain('guest');
  });
});

describe('an identity that an admin associates or releases', () => {
  const changed = (when: string, requestId: string): AccountEvent => {
    return { type: 'guestChanged', at: at(when), change: { requestId } };
  };
  const about = /(guest|Guest|giveAccess|leaving)/;
  const lines = (input: Parameters<typeof run>[0]) => diary(run(input)).filter((line) => about.test(line));

  it('is written at once, whatever holds: ignored, back soon, or with a policy that has no guests', () => {
    const messages = [
      says('2027-03-30 12:00', OLD, contract('2027-05-30', null)),
      says2('2027-04-02', 'ignore', { until: 'never' }),
      changed('2027-04-10 12:00', 'r-1'),
    ];
    expect(lines({ policy: POLICY, messages, until: '2027-04-20' })).toEqual([
      '2027-04-01 00:00 leaving',
      '2027-04-10 12:00 writeGuests',
    ]);
    expect(lines({ messages: [changed('2027-04-10 12:00', 'r-1')], until: '2027-04-20' })).toEqual([
      '2027-04-01 00:00 leaving',
      '2027-04-10 12:00 writeGuests',
    ]);
  });

  it('is shut at the return, also where nothing else was ever open, and also if told while it comes', () => {
    const back = says('2027-04-12 12:00', contract('2024-01-01', null));
    for (const told of ['2027-04-10 12:00', '2027-04-12 12:00']) {
      const after = lines({ messages: [changed(told, 'r-1'), back], until: '2027-05-01' });
      expect(after.filter((line) => line.includes('shutGuest'))).toEqual(['2027-04-12 12:00 shutGuest']);
      expect(after.filter((line) => line.includes('writeGuests'))).toHaveLength(1);
    }
    const late = lines({ messages: [back, changed('2027-04-13 12:00', 'r-1')], until: '2027-05-01' });
    expect(late.slice(2)).toEqual(['2027-04-13 12:00 shutGuest', '2027-04-13 12:00 writeGuests']);
  });

  it('leaves the guest account of the external address as it is', () => {
    const { diary: all } = guestDiary([changed('2027-04-10 12:00', 'r-1')], '2027-04-20');
    expect(all).toEqual(['2027-04-01 00:00 leaving', '2027-04-01 00:00 guest']);
  });

  it('is one step for each request, and a request told twice is one', () => {
    const messages = [
      changed('2027-04-10 12:00', 'r-1'),
      changed('2027-04-10 13:00', 'r-1'),
      changed('2027-04-11 12:00', 'r-2'),
    ];
    const steps = run({ messages, until: '2027-05-01' }).deeds.filter(
      ({ step }) => step.action === 'writeGuests',
    );
    expect(steps.map(({ step }) => step.key)).toEqual(['0/writeGuests/r-1', '0/writeGuests/r-2']);
  });

  it('that comes while one before is being written is written too', () => {
    let attempts = 0;
    const life = run({
      messages: [changed('2027-04-10 12:00', 'r-1'), changed('2027-04-11 12:00', 'r-2')],
      until: '2027-05-01',
      attempt: (step, now) => {
        if (step.action !== 'writeGuests') return { type: 'ends', outcome: done(now) };
        attempts += 1;
        return attempts === 1 ? { type: 'hangs', until: Infinity } : { type: 'ends', outcome: done(now) };
      },
    });
    expect(diary(life).slice(-1)).toEqual(['2027-04-11 12:00 writeGuests']);
    expect(life.state.guestChange).toBeUndefined();
  });

  it('that comes while one before is just done is written as well', () => {
    const began = fold(account({ stage: 'grace' }), POLICY, changed('2027-04-10 12:00', 'r-1'));
    const step = bareStep('writeGuests', { key: '0/writeGuests/r-1' });
    const outcome = done(at('2027-04-10 12:01'));
    const both = fold(began, POLICY, changed('2027-04-10 12:00', 'r-2'), {
      ...{ type: 'stepEnded', at: outcome.at, step, outcome },
    });
    expect(both.guestChange).toMatchObject({ requestId: 'r-2' });
    const ended = fold(began, POLICY, { type: 'stepEnded', at: outcome.at, step, outcome });
    expect(ended).not.toHaveProperty('guestChange');
  });

  it('is no matter of another account’s than the primary one', () => {
    const state = account({ kind: 'secondary' });
    expect(fold(state, POLICY, changed('2027-04-10 12:00', 'r-1'))).not.toHaveProperty('guestChange');
  });
});
