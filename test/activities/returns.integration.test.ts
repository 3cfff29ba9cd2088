import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { AccountKind, AccountState } from '../../src/contracts/account.ts';
import type { StepAction } from '../../src/contracts/step.ts';
import { BY_EMAIL } from '../../src/contracts/guest.ts';
import { decide } from '../../src/policy/decide.ts';
import type { AccountRow } from '../../src/registry/registry.ts';
import { attemptStep, personOfHr, startSurroundings, type Surroundings } from '../support/deployment.ts';
import { beginStep } from '../support/lives.ts';
import { at, contract, found, policyFor, policyWithGuest } from '../support/policy-builders.ts';

const LONG_AGO = at('2026-01-01');
const EMAIL = 'ada@example.net';
const { signal } = new AbortController();

let around: Surroundings;
beforeAll(async () => {
  around = await startSurroundings();
});
beforeEach(() => around.forget());
afterAll(() => around.stop());

/** Carries out what is due, which must be this, and answers the state after it. */
async function carryOut(state: AccountState, when: string, action: StepAction): Promise<AccountState> {
  const policy = state.kind === 'primary' ? policyWithGuest() : policyFor(state.kind);
  const input = beginStep(state, policy, at(when), action);
  const outcome = await attemptStep(around.deps, input);
  expect(outcome).toMatchObject({ result: 'done' });
  return decide(input.state, { type: 'stepEnded', at: at(when), step: input.step, outcome }, policy);
}
/** HR says this of the person from now on, and the account is told. */
async function told(
  row: AccountRow,
  state: AccountState,
  when: string,
  to: string | null,
): Promise<AccountState> {
  const person = personOfHr(Number(row.personId), { to, externalEmail: EMAIL });
  await around.seedPerson(person, at(when));
  const number = await around.registry.nextObservationNumber();
  const observation = { ...found(number, [contract('2024-01-01', to)]), personId: row.personId };
  const policy = state.kind === 'primary' ? policyWithGuest() : policyFor(state.kind);
  return decide(state, { type: 'observed', at: at(when), observation }, policy);
}
async function member(kind: AccountKind, login: string): Promise<AccountRow> {
  const person = personOfHr(1, { to: '2027-03-31', externalEmail: EMAIL });
  await around.seedPerson(person, LONG_AGO);
  const row = await around.seedAccount({ personId: '1', at: LONG_AGO, kind, login, groups: ['staff'] });
  const known = { lastDay: '2027-03-31', times: 1 };
  const state = { ...row.state, told: { '-60': known, '-27': known, '-7': known } };
  return { ...row, state: { ...state, named: { lastDay: '2027-03-31', dueAt: at('2027-01-30 08:00') } } };
}
const guest = async () => {
  const row = await around.registry.guestOf({ provider: BY_EMAIL, subject: EMAIL });
  return [row?.isOpen, (await around.entry(EMAIL))?.access];
};

describe('a person who leaves and comes back, twice', () => {
  it('has one guest account, opened and shut twice, and access that goes and comes with each leaving', async () => {
    const row = await member('primary', 'ada');
    let state = row.state;
    const leave = async (day: string, block: string) => {
      state = await carryOut(state, day, 'leaving');
      state = await carryOut(state, day, 'guest');
      expect(await guest()).toEqual([true, 'on']);
      expect(await around.entry('ada')).toMatchObject({ access: 'on', activeStatus: 'Grace Period' });
      if (state.activeStatus !== 'Inactive') state = await carryOut(state, block, 'status');
      state = await carryOut(state, block, 'block');
      expect(await around.entry('ada')).toMatchObject({
        access: 'off',
        activeStatus: 'Inactive',
        memberships: [],
      });
    };
    const comeBack = async (date: string, to: string | null) => {
      const when = `${date} 12:00`;
      state = await told(row, state, when, to);
      state = await carryOut(state, when, 'giveAccess');
      expect(await around.entry('ada')).toMatchObject({
        access: 'on',
        activeStatus: 'Active',
        memberships: [],
      });
      expect(await guest()).toEqual([true, 'on']);
      state = await carryOut(state, when, 'shutGuest');
      expect(await guest()).toEqual([false, 'off']);
      // It is due from the moment at which access was given.
      state = await carryOut(state, `${date} 12:01`, 'allClear');
    };
    await leave('2027-04-01 00:10', '2027-05-31 00:10');
    await comeBack('2027-06-10', '2027-10-31');
    const again = { lastDay: '2027-10-31', times: 2 };
    state = {
      ...state,
      told: { '-60': again, '-27': again, '-7': again },
      named: { lastDay: '2027-10-31', dueAt: at('2027-09-01 08:00') },
    };
    await leave('2027-11-01 00:10', '2027-12-31 00:10');
    await comeBack('2028-01-15', null);
    expect(state).toMatchObject({ stage: 'active', departure: 2, epoch: 2, guest: { state: 'shut' } });
    expect(await around.registry.guests('1')).toHaveLength(1);
    const effects = await around.registry.effects(row.accountId);
    const blocks = effects.filter(({ action }) => action === 'block');
    expect(blocks.map(({ epoch, lastDay, state: done }) => [epoch, lastDay, done])).toEqual([
      [0, '2027-03-31', 'done'],
      [1, '2027-10-31', 'done'],
    ]);
    const welcomes = around.sink.mails.filter(({ text }) => text.includes('Welcome back'));
    expect(new Set(welcomes.map(({ messageId }) => messageId)).size).toBe(2);
  });
});

describe('a secondary account that comes back', () => {
  it('has its mail go to the primary one, wherever it went meanwhile', async () => {
    await member('primary', 'ada');
    const row = await member('secondary', 'ada-test');
    const state = await told(
      row,
      await carryOut(row.state, '2027-04-01 00:10', 'leaving'),
      '2027-04-05 12:00',
      null,
    );
    await around.directory.setMailRouting({ login: 'ada-test', to: 'thief@example.net', signal });
    await carryOut(state, '2027-04-05 12:00', 'giveAccess');
    expect(await around.entry('ada-test')).toMatchObject({ access: 'on', mailRouting: 'ada@example.org' });
  });
});
