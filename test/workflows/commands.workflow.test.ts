import { WorkflowUpdateFailedError } from '@temporalio/client';
import { ApplicationFailure } from '@temporalio/common';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { AccountStatus } from '../../src/contracts/account-status.ts';
import { COMMAND_NAMES, type CommandName } from '../../src/contracts/command.ts';
import { COMMAND_REFUSED } from '../../workflows/messages.ts';
import { clockFrom, eventually } from '../support/lives.ts';
import { account, at, contract, found, LAST_DAY } from '../support/policy-builders.ts';
import {
  type RecordedAccount,
  type RecordedAccounts,
  startRecordedAccounts,
} from '../support/recording-activities.ts';
import { describeOnTemporal } from '../support/temporal.ts';

const BY = { actor: 'admin-7', reason: 'ticket 12' };

/** The words with which an Update was refused. */
async function refusal(call: Promise<unknown>): Promise<string> {
  const error = await call.then(
    () => null,
    (reason: unknown) => reason,
  );
  if (!(error instanceof WorkflowUpdateFailedError)) throw new Error('it was not refused', { cause: error });
  expect(error.cause).toBeInstanceOf(ApplicationFailure);
  if (error.cause instanceof ApplicationFailure) expect(error.cause.type).toBe(COMMAND_REFUSED);
  return error.cause?.message ?? '';
}

describeOnTemporal('commands to an account', (server) => {
  let accounts: RecordedAccounts;
  beforeAll(async () => {
    accounts = await startRecordedAccounts(server);
  });
  afterAll(() => accounts.stop());

  const inMarch = () => accounts.start({ clock: clockFrom(at('2027-03-01 12:00')), state: told(-60, -27) });

  it.each<[CommandName, object, RegExp]>([
    ['resume', {}, /^resume: the account is not ignored$/],
    ['enable', {}, /^enable: the account is not disabled$/],
    ['extend', {}, /^extend: extend needs until: the new last day, or null/],
    ['extend', { until: null }, /^extend: no admin gave a date that could be withdrawn$/],
    ['extend', { until: 'never' }, /^extend: until must be a date; an open end can only come from HR$/],
    ['restore', { until: '2027-02-28' }, /^restore: until, 2027-02-28, is over; give today or a later date$/],
    ['restore', { until: null }, /^restore: until must be a date, or left out$/],
    ['ignore', { until: null }, /^ignore: until must be a date, "never", or left out$/],
    ['ignore', { until: '2027-02-30' }, /^ignore: until must be a date that exists, YYYY-MM-DD$/],
    ['disable', { actor: 'ada@example.org' }, /^disable: actor must be an opaque id, not an address$/],
    ['disable', { actor: '' }, /^disable: actor is missing/],
    ['disable', { reason: 'x'.repeat(201) }, /^disable: reason is missing, or longer than 200 characters$/],
    ['disable', { commandId: 7 }, /^disable: commandId must be a short text$/],
  ])('%s with %j is refused with the reason, and changes nothing', async (name, over, words) => {
    const one = await inMarch();
    const before = await one.status();
    expect(await refusal(one.update(name, { ...BY, ...over }))).toMatch(words);
    expect(await one.status()).toEqual(before);
    expect(one.calls()).toEqual([]);
  });

  it('a service account is neither disabled nor restored with a person', async () => {
    const clock = clockFrom(at('2027-03-01 12:00'));
    const service = await accounts.start({ clock, state: account({ kind: 'service' }) });
    expect(await refusal(service.update('disable', BY))).toMatch(/a service account is not disabled/);
    expect(await refusal(service.update('restore', BY))).toMatch(/a service account is never blocked/);
  });

  it('the answer shows the resulting state and the new plan', async () => {
    const one = await inMarch();
    const { applied, status } = await one.update('extend', { ...BY, until: '2027-12-31', commandId: 'x-1' });
    expect(applied).toBe(true);
    expect(status).toMatchObject({
      stage: 'active',
      access: 'on',
      lastDay: '2027-12-31',
      standing: 'member',
    });
    const dates = status.plan.map(({ action, due }) => `${action} ${due}`);
    expect(dates).toEqual(
      expect.arrayContaining([
        'notice -60 2027-11-01 08:00',
        'leaving 2028-01-01 00:00',
        'block 2028-03-01 00:00',
        'delete 2028-06-29 00:00',
      ]),
    );
  });

  it.each(COMMAND_NAMES)('%s sent twice with one commandId acts once and is answered again', async (name) => {
    const one = await accounts.start({
      clock: clockFrom(at('2027-03-01 12:00')),
      state: name === 'resume' ? ignored() : name === 'enable' ? disabled() : told(-60, -27),
    });
    const until = name === 'extend' ? { until: '2027-08-31' } : {};
    const payload = { ...BY, ...until, commandId: `${name}-1` };
    const first = await one.update(name, payload);
    await one.untilStatus('nothing is under way', isQuiet);
    // Also where it would be refused by now, and in both forms.
    const second = await one.update(name, payload);
    await one.signal(name, payload);
    const third = await one.update(name, payload, 'another-update-id');
    expect([first.applied, second.applied, third.applied]).toEqual([true, false, false]);
    expect(third.status.holds).toEqual(first.status.holds);
    expect(third.status.lastDay).toBe(first.status.lastDay);
    expect(third.status.lastRefusal).toBeNull();
    const notes = () => auditOf(one).filter(({ commandId }) => commandId === `${name}-1`);
    await eventually('the audit note', () => notes().length > 0);
    expect(notes()).toHaveLength(1);
  });

  it.each(COMMAND_NAMES)('%s folds in the same way as signal and as Update', async (name) => {
    const start = () =>
      accounts.start({
        clock: clockFrom(at('2027-03-01 12:00')),
        state: name === 'resume' ? ignored() : name === 'enable' ? disabled() : told(-60, -27),
      });
    const [bySignal, byUpdate] = [await start(), await start()];
    const payload = { ...BY, commandId: 'same', ...(name === 'extend' ? { until: '2027-08-31' } : {}) };
    await bySignal.signal(name, payload);
    await byUpdate.update(name, payload);
    const [signalled, updated] = [await settled(bySignal), await settled(byUpdate)];
    expect(signalled).toEqual(updated);
  });

  it('a signal that makes no sense is refused in words for the operator, and noted', async () => {
    const one = await inMarch();
    await one.signal('resume', BY);
    const status = await one.untilStatus('the refusal', ({ lastRefusal }) => lastRefusal !== null);
    expect(status.lastRefusal).toBe('resume: the account is not ignored');
    await one.untilCall('record');
    expect(auditOf(one).map(({ what }) => what)).toEqual([
      'message refused: resume: the account is not ignored',
    ]);
  });

  it('the status tells past steps with their reasons, and the whole plan with dates', async () => {
    // A day a second: the notice of 4 March comes within the second.
    const one = await accounts.start({ clock: clockFrom(at('2027-03-03 20:00'), 1), state: told(-60) });
    await one.untilCall('notice');
    const status = await one.untilStatus('the notice is past', ({ past }) => past.length > 0);
    expect(status.past[0]).toMatchObject({
      action: 'notice',
      dueAt: at('2027-03-04 08:00'),
      result: 'done',
      note: 'done by the test',
    });
    const plan = status.plan.map(({ action, due, why, held }) => ({ action, due, why, held }));
    expect(plan.filter(({ action }) => !action.startsWith('status'))).toEqual([
      {
        action: 'notice -7',
        due: '2027-03-24 08:00',
        why: 'notice 7 days before the last day, 2027-03-31',
        held: false,
      },
      { action: 'leaving', due: '2027-04-01 00:00', why: 'the last day, 2027-03-31, is over', held: false },
      { action: 'block', due: '2027-05-31 00:00', why: 'last day 2027-03-31', held: false },
      { action: 'delete', due: '2027-09-28 00:00', why: 'last day 2027-03-31', held: false },
    ]);
  });

  it('a fact of HR moves the plan; an older or equal one changes nothing', async () => {
    const one = await inMarch();
    await one.signal('participationChanged', found(5, [contract('2024-01-01', '2028-01-31')]));
    await one.untilStatus('the new last day', ({ lastDay }) => lastDay === '2028-01-31');
    await one.untilCall('record');
    const before = await settled(one);
    await one.signal('participationChanged', found(5, [contract('2024-01-01', '2027-02-01')]));
    await one.signal('participationChanged', found(4, [contract('2024-01-01', '2027-02-01')]));
    await one.signal('participationChanged', found(9, [], { personId: '900999' }));
    expect(await settled(one)).toEqual(before);
    expect(auditOf(one).map(({ what }) => what)).toEqual(['HR: found, last day 2027-03-31 → 2028-01-31']);
  });
});

/** An account that was told its last day at these offsets. */
function told(...offsets: readonly number[]) {
  return { told: Object.fromEntries(offsets.map((offset) => [offset, { lastDay: LAST_DAY, times: 1 }])) };
}

function ignored() {
  const hold = { until: '2027-05-30', actor: 'admin-1', at: at('2027-02-01'), reminded: false };
  return { ...told(-60), holds: { ignored: hold, disabledManually: null, excluded: null } };
}

function disabled() {
  const hold = { actor: 'admin-1', at: at('2027-02-01') };
  return {
    ...told(-60, -27),
    access: 'off' as const,
    holds: { ignored: null, disabledManually: hold, excluded: null },
  };
}

/** Every step that was due on 1 March is done. */
function isQuiet({ plan }: AccountStatus): boolean {
  return plan.every(({ dueAt }) => dueAt > at('2027-03-02'));
}

/** What the account told the audit log so far. */
function auditOf(one: RecordedAccount) {
  const notes = one.calls().flatMap(({ input }) => input.state.unrecorded);
  return [...new Map(notes.map((note) => [note.sequence, note])).values()];
}

/** The status once nothing is under way, without what differs between two accounts. */
async function settled(one: RecordedAccount) {
  const status = await one.untilStatus(
    'nothing is due',
    ({ plan }) => !plan.some(({ dueAt }) => dueAt < at('2027-03-02')),
  );
  const { accountId: _accountId, past, plan, ...rest } = status;
  return {
    ...rest,
    past: past.map(({ key, result }) => ({ key, result })),
    plan: plan.map(({ key, due }) => ({ key, due })),
  };
}
