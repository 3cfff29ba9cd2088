import { ApplicationFailure } from '@temporalio/common';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { Policy } from '../../src/contracts/policy.ts';
import { DAY_MS } from '../../src/contracts/time.ts';
import { clockFrom, eventually, within } from '../support/lives.ts';
import { at, contract, found, LAST_DAY, policyFor } from '../support/policy-builders.ts';
import {
  gate,
  type RecordedAccount,
  type RecordedAccounts,
  startRecordedAccounts,
} from '../support/recording-activities.ts';
import { describeOnTemporal } from '../support/temporal.ts';

const ALL_TOLD = Object.fromEntries(
  [-60, -27, -7].map((offset) => [offset, { lastDay: LAST_DAY, times: 1 }]),
);
const NAMED = { lastDay: LAST_DAY, dueAt: at('2027-01-30 08:00') };

/** In grace, two virtual hours before the block. */
const BEFORE_BLOCK = at('2027-05-30 22:00');
const IN_GRACE = {
  stage: 'grace',
  stageSince: at('2027-04-01'),
  activeStatus: 'Grace Period',
  told: ALL_TOLD,
  named: NAMED,
} as const;

/** The last notice comes two days before leaving. */
const WITH_LATE_NOTICE: Policy['milestones'] = [
  { action: 'notice', offset: -1, tellSupervisor: false },
  { action: 'leaving', offset: 0 },
  { action: 'block', offset: 60 },
  { action: 'delete', offset: 180 },
];

/** HR shows the person with a contract that has not ended. */
const BACK = found(7, [contract('2024-01-01', LAST_DAY), contract('2027-05-29', null)]);

function fails(code: string, nonRetryable = false): never {
  throw ApplicationFailure.create({ type: code, message: `the target said ${code}`, nonRetryable });
}

describeOnTemporal('steps that fail', (server) => {
  let accounts: RecordedAccounts;
  beforeAll(async () => {
    accounts = await startRecordedAccounts(server);
  });
  afterAll(() => accounts.stop());

  const problemOf = async (one: RecordedAccount) => {
    const { typedSearchAttributes } = await one.handle.describe();
    const problem = typedSearchAttributes.getAll().find(({ key }) => key.name === 'LifecycleProblem');
    return problem?.value ?? null;
  };
  const pendingOf = async (one: RecordedAccount) => {
    const { raw } = await one.handle.describe();
    const [pending] = raw.pendingActivities ?? [];
    return pending ? { attempt: pending.attempt ?? 0, failure: pending.lastFailure?.message ?? null } : null;
  };

  it.concurrent(
    'one that is retried stays visible, is shown as trouble after a while, and succeeds',
    async () => {
      const target = { isUp: false };
      const one = await accounts.start({
        clock: clockFrom(BEFORE_BLOCK, 1),
        state: IN_GRACE,
        tuning: { patienceMs: 700 },
        answers: { block: () => (target.isUp ? undefined : fails('TARGET_DOWN')) },
      });
      const pending = await eventually('a retry that Temporal shows', async () => {
        const seen = await pendingOf(one);
        return seen !== null && seen.attempt > 1 && seen;
      });
      expect(pending.failure).toBe('the target said TARGET_DOWN');
      expect(await eventually('the problem', () => problemOf(one))).toBe('RETRYING_BLOCK');
      expect((await one.status()).problem).toBe('block does not succeed and is being retried');
      target.isUp = true;
      await one.untilStatus('blocked', ({ stage }) => stage === 'blocked');
      await eventually('the problem is gone', async () => (await problemOf(one)) === null);
      expect((await one.status()).problem).toBeNull();
      expect(one.begun().filter((action) => action === 'block')).toHaveLength(1);
    },
  );

  it.concurrent('a mail that cannot be delivered delays nobody’s return', async () => {
    const one = await accounts.start({
      clock: clockFrom(at('2027-06-03 07:00'), 1),
      state: {
        ...IN_GRACE,
        activeStatus: 'Inactive',
        observation: found(7, [contract('2024-01-01', LAST_DAY), contract('2027-06-05', null)]),
        holds: {
          ignored: { until: '2027-06-10', actor: 'admin-7', at: at('2027-05-01'), reminded: false },
          disabledManually: null,
          excluded: null,
        },
      },
      answers: { reminder: () => fails('MAIL_DOWN') },
    });
    await one.untilCall('reminder');
    const back = await one.untilCall('giveAccess');
    expect(back.at).toBeLessThan(at('2027-06-11'));
    await one.untilStatus('active', ({ stage }) => stage === 'active');
  });

  it.concurrent(
    'one that no retry mends is shown, tried again a day later, and ends no workflow',
    async () => {
      const one = await accounts.start({
        // Slow enough for the trouble to be seen while it lasts, a virtual day.
        clock: clockFrom(BEFORE_BLOCK, 0.2),
        state: IN_GRACE,
        answers: {
          block: ({ input }) =>
            input.state.failures.length < 1 ? fails('ACCOUNT_UNKNOWN', true) : undefined,
        },
      });
      const first = await one.untilCall('block');
      expect(await eventually('the problem', () => problemOf(one))).toBe('ACCOUNT_UNKNOWN');
      expect((await one.handle.describe()).status.name).toBe('RUNNING');
      await one.untilStatus('blocked', ({ stage }) => stage === 'blocked');
      const second = one.calls().filter(({ input }) => input.step.action === 'block')[1];
      expect((second?.at ?? 0) - first.at).toBeGreaterThanOrEqual(DAY_MS);
      await eventually('the problem is gone', async () => (await problemOf(one)) === null);
      const { past } = await one.status();
      expect(past.map(({ action, result }) => `${action} ${result}`)).toEqual(['status done', 'block done']);
    },
  );

  it.concurrent('a failure of one step keeps no other step of the account from its turn', async () => {
    // Ten virtual days a second: leaving and block come within seconds, the transfer of status never succeeds.
    const one = await accounts.start({
      clock: clockFrom(at('2027-03-31 12:00'), 20),
      state: { told: ALL_TOLD, named: NAMED },
      answers: { status: () => fails('DIRECTORY_REFUSES', true) },
    });
    await one.untilStatus('blocked', ({ stage }) => stage === 'blocked');
    expect(one.begun()).toContain('status');
  });

  it.concurrent(
    'a return called off a block that is waiting for its next attempt; access is repaired',
    async () => {
      const one = await accounts.start({
        clock: clockFrom(BEFORE_BLOCK, 1),
        state: IN_GRACE,
        tuning: { retryInitialMs: 60_000, retryMaximumMs: 60_000 },
        answers: { block: () => fails('TARGET_DOWN') },
      });
      await one.untilCall('block');
      await eventually('the block waits for its next attempt', async () => (await pendingOf(one))?.failure);
      await one.signal('participationChanged', BACK);
      await one.untilStatus('active', ({ stage }) => stage === 'active');
      const give = await one.untilCall('giveAccess');
      expect(give.input.state.access).toBe('partial');
      expect(give.input.step.giveAccess).toBe('returned');
      const { past } = await one.status();
      expect(past.some(({ action }) => action === 'block')).toBe(false);
    },
  );

  it.concurrent('an admin can call off a block that is being retried, by restore', async () => {
    const one = await accounts.start({
      clock: clockFrom(BEFORE_BLOCK, 1),
      state: IN_GRACE,
      tuning: { retryInitialMs: 60_000, retryMaximumMs: 60_000 },
      answers: { block: () => fails('TARGET_DOWN') },
    });
    await eventually('the block waits for its next attempt', async () => (await pendingOf(one))?.failure);
    const { applied } = await one.update('restore', { actor: 'admin-7', reason: 'ticket 12' });
    expect(applied).toBe(true);
    const { access, epoch } = (await one.untilCall('giveAccess')).input.state;
    expect(access).toBe('partial');
    const status = await one.untilStatus('active', ({ stage }) => stage === 'active');
    expect(status.access).toBe('on');
    // A second leaving with the same last day must find no effect of this block.
    const record = await eventually('a later call', () =>
      one.calls().find(({ input }) => input.state.epoch > epoch),
    );
    expect(record.input.state.epoch).toBe(epoch + 1);
  });

  it.concurrent(
    'a block that is being carried out is waited for and folded, and then access comes back',
    async () => {
      const acting = gate();
      const one = await accounts.start({
        clock: clockFrom(BEFORE_BLOCK, 1),
        state: IN_GRACE,
        answers: {
          block: async () => {
            await acting.opened;
            return { result: 'done', note: 'blocked in spite of it' };
          },
        },
      });
      await one.untilCall('block');
      await one.signal('participationChanged', BACK);
      await one.untilStatus('HR says that the person is back', ({ standing }) => standing === 'member');
      expect(one.begun()).toEqual(['status', 'block']);
      acting.open();
      const give = await one.untilCall('giveAccess');
      expect(give.input.state).toMatchObject({ stage: 'blocked', access: 'off' });
      const status = await one.untilStatus('active', ({ stage }) => stage === 'active');
      expect(status.past.find(({ action }) => action === 'block')).toMatchObject({
        action: 'block',
        result: 'done',
        note: 'blocked in spite of it',
      });
    },
  );

  it.concurrent(
    'a block that hears that it was called off stops halfway, and access is repaired',
    async () => {
      const one = await accounts.start({
        clock: clockFrom(BEFORE_BLOCK, 1),
        state: IN_GRACE,
        answers: {
          block: async ({ signal, beat }) => {
            const beating = setInterval(beat, 100);
            await within(
              'the cancellation',
              new Promise((resolve) => signal.addEventListener('abort', resolve)),
            );
            clearInterval(beating);
            signal.throwIfAborted();
            return undefined;
          },
        },
      });
      await one.untilCall('block');
      await one.signal('participationChanged', BACK);
      const give = await one.untilCall('giveAccess');
      expect(give.input.state).toMatchObject({ stage: 'grace', access: 'partial' });
      await one.untilStatus('active', ({ stage }) => stage === 'active');
    },
  );

  it.concurrent(
    'a notice that cannot be delivered gives way to the next milestone, and is marked failed',
    async () => {
      const one = await accounts.start({
        clock: clockFrom(at('2027-03-30 02:00'), 0.5),
        policy: policyFor('primary', { milestones: WITH_LATE_NOTICE }),
        answers: { notice: () => fails('MAIL_UNREACHABLE') },
      });
      await one.untilCall('notice', 2);
      const leaving = await one.untilCall('leaving');
      const status = await one.untilStatus('grace', ({ stage }) => stage === 'grace');
      expect(status.past.map(({ action, result }) => `${action} ${result}`)).toEqual([
        'notice failed',
        'leaving done',
      ]);
      const { key, deadline } = one.calls()[0]?.input.step ?? {};
      expect(deadline).toBe(at('2027-04-01'));
      expect(leaving.at).toBeGreaterThanOrEqual(at('2027-04-01'));
      const notes = one.calls().flatMap(({ input }) => input.state.unrecorded);
      expect(notes.find(({ failedNotice }) => failedNotice !== null)?.failedNotice).toBe(
        key?.replace('notice/', ''),
      );
    },
  );

  it.concurrent('a disabling outranks everything: it goes before a milestone that is due', async () => {
    const acting = gate();
    const one = await accounts.start({
      clock: clockFrom(BEFORE_BLOCK, 1),
      state: IN_GRACE,
      answers: {
        block: ({ attempt }) => (attempt < 3 ? fails('TARGET_DOWN') : acting.opened.then(() => undefined)),
      },
    });
    await one.untilCall('block');
    await one.update('disable', { actor: 'security-1', reason: 'incident 4' });
    await one.untilCall('disable');
    acting.open();
    await one.untilStatus('blocked', ({ stage }) => stage === 'blocked');
    expect(one.begun()).toEqual(['status', 'block', 'disable', 'block']);
  });
});
