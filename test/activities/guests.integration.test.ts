import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { forgetReleased, writeGuestsOf } from '../../activities/guests/write-guests.ts';
import type { Directory } from '../../src/connectors/directory.ts';
import type { AccountState } from '../../src/contracts/account.ts';
import { decide } from '../../src/policy/decide.ts';
import { BY_EMAIL } from '../../src/contracts/guest.ts';
import type { AccountRow } from '../../src/registry/registry.ts';
import { attemptStep, personOfHr, startSurroundings, type Surroundings } from '../support/deployment.ts';
import { beginStep } from '../support/lives.ts';
import { at, LAST_DAY, policyWithGuest } from '../support/policy-builders.ts';

const LONG_AGO = at('2026-01-01');
const LEFT = at('2027-04-01 00:10');
const POLICY = policyWithGuest();

let around: Surroundings;
let nextId = 910_500;
beforeAll(async () => {
  around = await startSurroundings();
});
beforeEach(() => around.hr.fault('none'));
afterAll(() => around.stop());

/** A person who has left, and their primary account. */
async function leaver(externalEmail: string | null) {
  nextId += 1;
  const id = nextId;
  await around.seedPerson(personOfHr(id, { to: LAST_DAY, externalEmail }), LONG_AGO);
  const personId = String(id);
  const account = await around.seedAccount({ personId, at: LONG_AGO, login: `p${id}`, stage: 'grace' });
  return { id, personId, account };
}

const begin = ({ state }: AccountRow) => beginStep({ ...state, stage: 'grace' }, POLICY, LEFT, 'guest');
const guestOf = (email: string) => around.registry.guestOf({ provider: BY_EMAIL, subject: email });
const cases = () => around.sink.mails.filter(({ to }) => to.join() === around.deps.settings.serviceDesk);

describe('a guest account at leaving', () => {
  it('is a row and an entry that lead to the person and to the login they had', async () => {
    const { account, personId } = await leaver('Ada.Rossi@Example.net');
    const input = begin(account);
    expect(await attemptStep(around.deps, input)).toMatchObject({
      result: 'done',
      note: 'a guest account is open',
    });
    expect(await guestOf('ada.rossi@example.net')).toMatchObject({
      ...{ personId, formerLogin: account.login, isOpen: true },
    });
    expect(await around.entry('ada.rossi@example.net')).toMatchObject({
      ...{
        kind: 'guest',
        access: 'on',
        person: { personId, mail: 'ada.rossi@example.net' },
        activeStatus: null,
      },
    });
    // The account itself is as it was.
    expect(await around.entry(account.login)).toMatchObject({ access: 'on' });
    expect(await attemptStep(around.deps, input, { attempt: 2 })).toMatchObject({ result: 'done' });
    expect(await around.registry.guests(personId)).toHaveLength(1);
  });

  it.each([
    ['is missing', null],
    ['is one of ours', 'somebody@Example.org'],
    ['is one of ours, deeper', 'somebody@mail.example.org'],
    ['is another person’s', 'taken@example.net'],
  ])('is a case for the Service Desk, once, if the address %s', async (_, address) => {
    if (address === 'taken@example.net') {
      nextId += 1;
      await around.seedPerson(personOfHr(nextId, { externalEmail: 'Taken@Example.net' }), LONG_AGO);
    }
    const { account, personId } = await leaver(address);
    const before = cases().length;
    const input = begin(account);
    for (const attempt of [1, 2]) {
      expect(await attemptStep(around.deps, input, { attempt })).toMatchObject({ result: 'done' });
    }
    expect(cases()).toHaveLength(before + 1);
    expect(cases().at(-1)?.text).toContain(personId);
    expect(await around.registry.guests(personId)).toEqual([]);
  });

  it('is not opened when HR, read afresh, says that the person is here, or back soon', async () => {
    const soon = { id: 'C-2', startDate: '2027-05-01', endDate: null };
    const again = [{ id: 'C-1', startDate: '2024-01-01', endDate: LAST_DAY }, soon];
    const answers: readonly Parameters<typeof personOfHr>[1][] = [{ to: '2028-01-31' }, { contracts: again }];
    for (const over of answers) {
      const { account, id, personId } = await leaver(`back${String(nextId)}@example.net`);
      const input = begin(account);
      around.hr.setPerson(personOfHr(id, over));
      expect(await attemptStep(around.deps, input)).toMatchObject({ result: 'refused' });
      expect(await around.registry.guests(personId)).toEqual([]);
    }
  });

  it('waits while HR is unavailable', async () => {
    const { account, personId } = await leaver('waits@example.net');
    const input = begin(account);
    around.hr.fault('500');
    await expect(attemptStep(around.deps, input)).rejects.toMatchObject({ type: 'HR_UNAVAILABLE' });
    expect(await around.registry.guests(personId)).toEqual([]);
  });
});

describe('a guest account that is released and forgotten while another step writes it', () => {
  it('leaves no entry behind', async () => {
    const { account, personId } = await leaver('late@example.net');
    const { signal } = new AbortController();
    const identity = { provider: BY_EMAIL, subject: 'late@example.net', email: 'late@example.net' };
    const opened = await around.registry.openGuest({
      ...{ guestId: 'g-late', personId, accountId: account.accountId, identity, at: LEFT },
    });
    expect(opened).not.toBeNull();
    let forgets = 1;
    const slow: Directory = {
      ...around.directory,
      create: async (call) => {
        if (forgets > 0) {
          forgets -= 1;
          const by = { requestId: 'r-late', actor: 'admin-7', reason: 'tests', at: LEFT };
          await around.registry.releaseGuest({ guestId: 'g-late', ...by });
          await forgetReleased(around.deps, personId, signal);
        }
        return around.directory.create(call);
      },
    };
    await writeGuestsOf({ registry: around.registry, directory: slow, signal }, personId);
    expect(await around.registry.guests(personId)).toEqual([]);
    expect(await around.entry('late@example.net')).toBeNull();
  });
});

describe('a guest account of who is back', () => {
  const opened = async (email: string) => {
    const left = await leaver(email);
    const input = begin(left.account);
    const outcome = await attemptStep(around.deps, input);
    const { step } = input;
    const state = decide(input.state, { type: 'stepEnded', at: LEFT, step, outcome }, POLICY);
    return { ...left, state };
  };

  it('is shut in the registry and on every target', async () => {
    const { personId, state } = await opened('shut@example.net');
    const back: AccountState = { ...state, stage: 'active', departure: state.departure + 1 };
    const input = beginStep(back, POLICY, LEFT, 'shutGuest');
    expect(await attemptStep(around.deps, input)).toMatchObject({
      result: 'done',
      note: 'shut on every target',
    });
    expect(await around.registry.guests(personId)).toMatchObject([{ isOpen: false }]);
    expect(await around.entry('shut@example.net')).toMatchObject({ access: 'off' });
  });

  it('is shut by the new primary account, if the old one is deleted', async () => {
    const { id, personId, state } = await opened('anew@example.net');
    const gone = { ...state, stage: 'deleted' as const, sequence: state.sequence + 1 };
    const nothing = { nextStep: null, nextStepAt: null, problem: null, notes: [] };
    await around.registry.project({ state: gone, ...nothing });
    around.hr.setPerson(personOfHr(id, { to: '2028-12-31' }));
    const account = await around.seedAccount({ personId, at: LEFT, login: `q${id}`, stage: 'pending' });
    const number = await around.registry.nextObservationNumber();
    const ties = [
      {
        kind: 'contract' as const,
        start: '2024-01-01',
        end: '2028-12-31',
        excluded: false,
        experiment: null,
      },
    ];
    const observation = { number, personId, outcome: 'found' as const, ties, at: LEFT };
    const input = beginStep({ ...account.state, observation }, POLICY, LEFT, 'activate');
    expect(await attemptStep(around.deps, input)).toMatchObject({ result: 'done' });
    expect(await around.registry.guests(personId)).toMatchObject([{ isOpen: false }]);
    expect(await around.entry('anew@example.net')).toMatchObject({ access: 'off' });
  });
});
