import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { mergePersons, tellMerged } from '../../activities/merge/merge-persons.ts';
import { writeGuestEntry } from '../../activities/guests/write-guests.ts';
import type { SyncContext } from '../../activities/sync-activities.ts';
import type { OperatorAnswer, OperatorRequest } from '../../src/contracts/operator.ts';
import { DAY_MS } from '../../src/contracts/time.ts';
import {
  attemptStep,
  personOfHr,
  runSync,
  startSurroundings,
  type Surroundings,
} from '../support/deployment.ts';
import { beginStep, clockFrom } from '../support/lives.ts';
import { at, policyFor } from '../support/policy-builders.ts';
import { wholeSync } from '../support/run-sync.ts';

const NOW = at('2027-02-01 12:00');

let around: Surroundings;
beforeAll(async () => {
  around = await startSurroundings();
});
beforeEach(() => around.forget());
afterAll(() => around.stop());

async function member(id: number, over: Parameters<typeof personOfHr>[1] = {}) {
  await around.seedPerson(personOfHr(id, over), NOW);
  return around.seedAccount({ personId: String(id), at: NOW });
}

function context(): SyncContext {
  const { signal } = new AbortController();
  return {
    ...{ deps: around.deps, clock: clockFrom(NOW), signal, now: () => NOW, beat: () => undefined },
    resumeFrom: null,
  };
}

const askOf = (fromPerson: number, toPerson: number) => ({
  ...{ requestId: `m-${String(fromPerson)}`, fromPerson: String(fromPerson), toPerson: String(toPerson) },
  ...{ actor: 'admin-7', reason: 'ticket 12' },
});

async function merge(fromPerson: number, toPerson: number): Promise<void> {
  const ask = askOf(fromPerson, toPerson);
  expect(await mergePersons(context(), ask)).toMatchObject({ outcome: 'merged' });
  await tellMerged(context(), ask);
}

const sync = (daysLater = 0) => wholeSync(around.deps, NOW + daysLater * DAY_MS);
const accountsOf = (personId: number) => around.registry.accounts({ personId: String(personId) });
const alarms = async () => (await around.registry.alarms({ open: true })).map(({ key }) => key);
const operator = (request: OperatorRequest): Promise<OperatorAnswer> =>
  runSync(around.deps, (activities) => activities.answerOperator({ clock: clockFrom(NOW), request }));

describe('an id that HR gave up', () => {
  it.each([true, false])(
    'is asked for nothing and counts for nothing, with a list of HR’s: %s',
    async (hasList) => {
      around.hr.setList(hasList);
      await member(1);
      await member(2);
      await merge(1, 2);
      around.hr.removePerson(1);
      const before = around.hr.requests.length;
      for (const day of [1, 2, 3, 4, 5]) {
        const { noPerson, looked, expected, settled, joiners } = await sync(day);
        expect({ noPerson, looked, expected, joiners }).toEqual({
          noPerson: 0,
          looked: 1,
          expected: 1,
          joiners: 0,
        });
        expect(settled).toMatchObject({ shrunk: null, plan: { rows: {} } });
      }
      expect(around.hr.requests.slice(before).map(({ personId }) => personId)).not.toContain('1');
      expect(await alarms()).toEqual([]);
      expect((await around.registry.person('1'))?.noPersonSightings).toBeNull();
    },
  );

  it('that was missed already is missed no more', async () => {
    await member(1);
    await member(2);
    around.hr.removePerson(1);
    await sync(1);
    expect(await alarms()).toEqual(['no-person:1']);
    await merge(1, 2);
    await sync(2);
    expect(await alarms()).toEqual([]);
  });

  it('and is shown by HR all the same gets no account, and an alarm for as long as that lasts', async () => {
    await member(1);
    await member(2);
    await merge(1, 2);
    around.hr.setPerson(personOfHr(1, { to: '2029-12-31' }));
    expect(await sync(1)).toMatchObject({ joiners: 0, told: 0 });
    expect(await alarms()).toEqual(['hr-merged-person:1']);
    expect(await accountsOf(1)).toEqual([]);
    expect(await accountsOf(2)).toHaveLength(2);
    // One that is over says nothing.
    around.hr.setPerson(personOfHr(1, { to: '2026-12-31' }));
    await sync(2);
    expect(await alarms()).toEqual([]);
  });

  it('a plan from before the merge tells it nothing, and makes no account for it', async () => {
    await member(2);
    around.hr.setPerson(personOfHr(1));
    const run = { clock: clockFrom(NOW), planId: 'run-before' };
    const range = { after: null, upTo: null, expected: 0 };
    await runSync(around.deps, (activities) => activities.beginRun({ ...run, dryRun: false }));
    await runSync(around.deps, (activities) => activities.observePersons({ ...run, range, dryRun: false }));
    expect(await mergePersons(context(), askOf(1, 2))).toMatchObject({ outcome: 'merged' });
    const applied = await runSync(around.deps, (activities) => activities.applyRows({ ...run, range }));
    expect(applied).toMatchObject({ joiners: 0, stale: 1, failed: 0 });
    expect(await accountsOf(1)).toEqual([]);
    await runSync(around.deps, (activities) => activities.giveUpRun(run));
  });

  it('a person is not told apart for ever from an account that was over when it moved', async () => {
    const old = await around.seedPerson(personOfHr(1), NOW);
    const over = { stage: 'deleted', access: 'off' } as const;
    await around.seedAccount({ personId: old.personId, at: NOW, state: over });
    await member(2);
    await merge(1, 2);
    around.hr.setPerson(personOfHr(2, { to: '2028-01-31' }));
    await sync(1);
    expect(await sync(2)).toMatchObject({ told: 0, settled: { plan: { rows: {} } } });
  });
});

describe('what goes by an id that HR gave up', () => {
  it('a step that would harm waits until the account follows', async () => {
    const account = await member(1, { to: '2026-11-30' });
    await member(2);
    const state = {
      ...account.state,
      ...{
        stage: 'grace' as const,
        activeStatus: 'Inactive' as const,
        guest: { departure: 0, state: 'open' as const },
      },
      named: { lastDay: '2026-11-30', dueAt: NOW - 90 * DAY_MS },
    };
    const input = beginStep(state, policyFor('primary'), NOW, 'block');
    await merge(1, 2);
    await expect(attemptStep(around.deps, input)).rejects.toMatchObject({
      type: 'PERSON_MERGED',
      nonRetryable: false,
    });
    expect(await around.entry(account.login)).toMatchObject({ access: 'on' });
  });

  it('a supervisor whom HR goes on naming by it is the same person under the other one', async () => {
    await member(1);
    await member(2);
    await merge(1, 2);
    await around.seedPerson(personOfHr(3, { to: '2027-01-15', supervisorId: 1 }), NOW);
    const robot = await around.seedAccount({ personId: '3', at: NOW, kind: 'service' });
    const input = beginStep(robot.state, policyFor('service'), NOW, 'transfer');
    expect(await attemptStep(around.deps, input)).toMatchObject({
      result: 'done',
      newOwner: { personId: '2' },
    });
    expect(await around.registry.account(robot.accountId)).toMatchObject({ personId: '2' });
  });

  it('a request for an account, or to own one, is refused with the id to ask for', async () => {
    await member(1);
    await member(2);
    await member(3);
    const robot = await around.seedAccount({ personId: '3', at: NOW, kind: 'service' });
    await merge(1, 2);
    const said = { actor: 'ada', reason: 'tests' };
    const request = {
      ...said,
      type: 'requestAccount',
      requestId: 'r',
      kind: 'service',
      personId: '1',
      login: 'bot',
    } as const;
    expect(await operator(request)).toMatchObject({
      code: 'PERSON_MERGED',
      why: expect.stringContaining('2'),
    });
    const opened = around.registry.openReassignment({
      ask: { requestId: 'r2', accountId: robot.accountId, newOwner: '1', ...said },
      ...{ at: NOW, lapsesAt: NOW + 1, judge: ({ newOwner }) => newOwner?.mergedInto ?? null },
    });
    expect(await opened).toEqual({ refused: '2' });
  });
});

describe('a guest account of an id that HR gave up', () => {
  const MAIL = 'ada@elsewhere.example';
  async function guestOf(accountId: string) {
    const identity = { provider: 'email', subject: MAIL, email: MAIL };
    const guest = await around.registry.openGuest({
      ...{ guestId: 'g-1', personId: '1', accountId, identity, at: NOW },
    });
    if (guest === null) throw new Error('the address is nobody’s');
    return guest;
  }

  it('leads to the other id in every directory', async () => {
    const account = await member(1);
    await member(2);
    const guest = await guestOf(account.accountId);
    const { signal } = new AbortController();
    const person = await around.registry.person('1');
    if (person === null) throw new Error('nobody is there');
    await writeGuestEntry(around.directory, { guest, person, signal });
    await merge(1, 2);
    expect(await around.entry(MAIL)).toMatchObject({
      ...{ kind: 'guest', access: 'off', person: { personId: '2', mail: MAIL } },
    });
  });

  it('under the name of which somebody else’s entry stands leaves that as it is', async () => {
    const account = await member(1);
    await member(2);
    await member(3);
    await guestOf(account.accountId);
    const other = await around.seedAccount({
      ...{ personId: '3', kind: 'service', login: MAIL, at: NOW },
    });
    const before = await around.entry(other.login);
    const ask = askOf(1, 2);
    expect(await mergePersons(context(), ask)).toMatchObject({ outcome: 'merged' });
    await expect(tellMerged(context(), ask)).rejects.toMatchObject({ code: 'TARGET_CONFLICT' });
    expect(await around.entry(other.login)).toEqual(before);
  });
});

describe('a preview', () => {
  it('says what a merge comes to, and changes nothing', async () => {
    const account = await member(1);
    await member(2);
    const before = await around.registry.auditTrail({});
    const answer = await operator({ type: 'previewMerge', fromPerson: '1', toPerson: '2' });
    expect(answer).toMatchObject({
      preview: {
        ...{ refused: null, done: null, from: { standing: 'member', lastDay: 'open' } },
        accounts: [{ accountId: account.accountId, kind: 'primary', newKind: 'secondary' }],
      },
    });
    expect(await around.registry.auditTrail({})).toEqual(before);
    expect(await accountsOf(1)).toHaveLength(1);
    await merge(1, 2);
    const again = await operator({ type: 'previewMerge', fromPerson: '1', toPerson: '2' });
    expect(again).toMatchObject({ preview: { refused: null, done: { requestId: 'm-1' } } });
  });

  it.each([
    ['', '2'],
    ['1', 'x'.repeat(300)],
  ])('takes no rubbish: %j, %j', async (fromPerson, toPerson) => {
    expect(await operator({ type: 'previewMerge', fromPerson, toPerson })).toMatchObject({ type: 'refused' });
  });
});
