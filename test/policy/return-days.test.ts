import { describe, expect, it } from 'vitest';
import type { AccountState } from '../../src/contracts/account.ts';
import type { AccountEvent } from '../../src/contracts/event.ts';
import type { Step } from '../../src/contracts/step.ts';
import type { Instant } from '../../src/contracts/time.ts';
import { planAhead } from '../../src/policy/next-step.ts';
import { diary, run } from '../support/diary.ts';
import type { Attempt } from '../support/live.ts';
import {
  account,
  at,
  contract,
  done,
  found,
  observed,
  plusDays,
  policyFor,
  policyWithGuest,
} from '../support/policy-builders.ts';

const POLICY = policyWithGuest();
const OLD = contract('2024-01-01', '2027-03-31');
const BLOCK = '2027-05-31 00:00';
const DELETE = '2027-09-28 00:00';
let number = 10;
const says = (when: string, ...ties: Parameters<typeof found>[1]): AccountEvent => {
  number += 1;
  return observed(at(when), found(number, ties));
};
const dayOf = (day: number) => plusDays('2027-04-01', day);
const noonOf = (day: number) => `${dayOf(day)} 12:00`;
/** HR shows the person again, from that day on, at its noon. */
const back = (day: number) => says(noonOf(day), OLD, contract(dayOf(day), null));
const succeeds = (now: Instant): Attempt => ({ type: 'ends', outcome: done(now) });
const HERE = found(9_000, [contract('2024-01-01', null)]);

/** A life in which one step goes otherwise. */
const life = (
  messages: readonly AccountEvent[],
  attempt?: (step: Step, now: Instant, state: AccountState) => Attempt | null,
) =>
  run({
    ...{ policy: POLICY, messages, until: '2028-12-31' },
    ...(attempt && { attempt: (step, now, state) => attempt(step, now, state) ?? succeeds(now) }),
  });
/** What it was in the end when somebody is back with everything that comes back. */
const RESTORED = {
  ...{ stage: 'active', access: 'on', activeStatus: 'Active', blocked: null, deleteBegun: false },
  ...{ allClear: null, failures: [] },
};

describe('a return on day', () => {
  it.each([0, 1, 59, 60, 61, 179])(
    '%d: access, then the guest account is shut, then the mail; nothing is left',
    (day) => {
      const one = life([back(day)]);
      expect(one.state).toMatchObject({ ...RESTORED, departure: 1, guest: { state: 'shut' } });
      const lines = diary(one);
      expect(lines.filter((line) => line.endsWith(' guest'))).toEqual(['2027-04-01 00:00 guest']);
      expect(lines.slice(-3)).toEqual([
        `${noonOf(day)} giveAccess returned`,
        `${noonOf(day)} shutGuest`,
        `${noonOf(day)} allClear returned`,
      ]);
      expect(lines.includes(`${BLOCK} block`)).toBe(day >= 60);
      expect(planAhead(one.state, POLICY, at('2028-12-31'))).toEqual([]);
    },
  );

  it.each([180, 181])(
    '%d is too late: deleted, and the guest account stays for the new primary one to shut',
    (day) => {
      const one = life([back(day)]);
      expect(one.state).toMatchObject({
        stage: 'deleted',
        access: 'off',
        departure: 0,
        guest: { state: 'open' },
      });
      expect(diary(one).at(-1)).toBe(`${DELETE} delete`);
    },
  );

  it.each([0, 1, 59, 60, 61, 179])('%d: a secondary account is back as well, and sends no mail', (day) => {
    const state = account({ kind: 'secondary' });
    const one = run({ state, policy: policyFor('secondary'), messages: [back(day)], until: '2028-12-31' });
    expect(one.state).toMatchObject({ stage: 'active', access: 'on', departure: 1 });
    expect(diary(one).at(-1)).toBe(`${noonOf(day)} giveAccess returned`);
    expect(diary(one).join()).not.toMatch(/notice|allClear|guest/i);
  });

  it.each([0, 1, 59, 60, 61, 179, 180, 181])('%d: a service account stays with the supervisor', (day) => {
    const newOwner = { ...found(900, [contract('2020-01-01', null)]), personId: '900001' };
    const one = run({
      ...{ state: account({ kind: 'service' }), policy: policyFor('service'), messages: [back(day)] },
      attempt: (_step, now) => ({ type: 'ends', outcome: done(now, { newOwner }) }),
    });
    expect(diary(one)).toEqual(['2027-04-01 00:00 transfer']);
    expect(one.state).toMatchObject({ stage: 'active', access: 'on', personId: '900001' });
  });
});

describe('a return at the very moment', () => {
  it.each([
    ['block', BLOCK],
    ['delete', DELETE],
  ])('of the %s, told just before: it is not carried out', (action, moment) => {
    const one = life([says(moment, OLD, contract('2024-01-01', null))]);
    expect(one.state).toMatchObject({ ...RESTORED, guest: { state: 'shut' } });
    expect(diary(one).filter((line) => line.endsWith(` ${action}`))).toEqual([]);
    expect(diary(one)).toContain(`${moment} giveAccess returned`);
  });

  it.each([
    ['block', 1, 0],
    ['delete', 2, 1],
  ] as const)(
    'of the %s, as only HR says when it is read afresh: the step stands back',
    (action, epochs, blocks) => {
      const one = life([], (step, now, state) =>
        step.action === action
          ? {
              type: 'ends',
              outcome: {
                ...{ result: 'refused', at: now, recorded: state.noteSequence },
                why: { code: 'observation', observation: HERE },
              },
            }
          : null,
      );
      expect(one.state).toMatchObject({ ...RESTORED, departure: 1, guest: { state: 'shut' } });
      expect(one.state.epoch).toBeLessThanOrEqual(epochs);
      expect(diary(one).filter((line) => line.endsWith(' block'))).toHaveLength(blocks);
      expect(diary(one).filter((line) => line.endsWith(' delete'))).toEqual([]);
    },
  );

  it.each(['block', 'delete'])(
    'of the %s, while it runs and has not begun anywhere: it is called off',
    (action) => {
      const moment = action === 'block' ? BLOCK : DELETE;
      const day = moment.slice(0, 10);
      const one = life([says(`${day} 06:00`, OLD, contract('2024-01-01', null))], (step) =>
        step.action === action ? { type: 'hangs', until: Infinity } : null,
      );
      expect(one.deeds.filter(({ result }) => result === 'calledOff').map(({ step }) => step.action)).toEqual(
        [action],
      );
      expect(one.state).toMatchObject({ ...RESTORED, departure: 1, guest: { state: 'shut' } });
      expect(
        diary(one)
          .slice(-3)
          .map((line) => line.slice(0, 16)),
      ).toEqual(Array(3).fill(`${day} 06:00`));
    },
  );

  it('of a block that ran meanwhile: what it turned off is on again, and the next leaving has a block of its own', () => {
    const one = life(
      [says('2027-05-31 06:00', contract('2024-01-01', null)), says('2027-06-10 12:00', OLD)],
      (step, now) =>
        step.action === 'block' && now < at('2027-06-01')
          ? { type: 'hangs', until: at('2027-05-31 05:00') }
          : null,
    );
    const blocks = one.deeds.filter(({ step, result }) => step.action === 'block' && result === 'done');
    expect(blocks.map(({ step }) => step.key)).toEqual(['0/block/2027-03-31', '1/block/2027-03-31']);
    expect(diary(one)).toContain('2027-05-31 06:00 giveAccess returned');
  });

  it('of a delete that has begun: it is finished, whatever HR says, and gives nobody anything', () => {
    const one = life([says('2027-09-28 06:00', contract('2024-01-01', null))], (step, now, state) => {
      const ended = { at: now, recorded: state.noteSequence };
      if (step.action === 'delete' && !state.deleteBegun) return { type: 'hangs', until: Infinity };
      if (step.giveAccess !== 'returned') return null;
      return { type: 'ends', outcome: { ...ended, result: 'refused', why: { code: 'deleteBegun' } } };
    });
    expect(one.state).toMatchObject({ stage: 'deleted', access: 'off', departure: 0 });
    expect(diary(one).slice(-1)).toEqual(['2027-09-28 06:00 delete']);
    expect(diary(one).join()).not.toContain('giveAccess');
  });
});

describe('a person who leaves and comes back, twice', () => {
  const twice = () =>
    life([
      says('2027-06-10 12:00', OLD, contract('2027-06-10', '2027-10-31')),
      says('2028-01-15 12:00', OLD, contract('2027-06-10', '2027-10-31'), contract('2028-01-15', null)),
    ]);

  it('has two leavings: notices, guest account, block, return, each of them once in each', () => {
    const lines = diary(twice());
    expect(lines.slice(lines.indexOf('2027-04-01 00:00 leaving'))).toEqual([
      '2027-04-01 00:00 leaving',
      '2027-04-01 00:00 guest',
      `${BLOCK} block`,
      '2027-06-10 12:00 giveAccess returned',
      '2027-06-10 12:00 shutGuest',
      '2027-06-10 12:00 allClear returned',
      '2027-09-01 08:00 notice -60',
      '2027-10-04 08:00 notice -27',
      '2027-10-24 08:00 notice -7',
      '2027-11-01 00:00 leaving',
      '2027-11-01 00:00 guest',
      '2027-12-31 00:00 block',
      '2028-01-15 12:00 giveAccess returned',
      '2028-01-15 12:00 shutGuest',
      '2028-01-15 12:00 allClear returned',
    ]);
  });

  it('is counted: leavings, epochs, and keys that never come twice', () => {
    const one = twice();
    expect(one.state).toMatchObject({
      ...RESTORED,
      departure: 2,
      epoch: 2,
      guest: { departure: 2, state: 'shut' },
    });
    const keys = one.deeds.filter(({ step }) => step.action !== 'record').map(({ step }) => step.key);
    expect(new Set(keys).size).toBe(keys.length);
    const notices = one.deeds.flatMap(({ step }) => step.notice?.key ?? []);
    expect(new Set(notices).size).toBe(notices.length);
    expect(notices.map((key) => key.split('/')[1])).toEqual(['0', '0', '0', '1', '1', '1', '1', '2']);
  });
});
