import { randomUUID } from 'node:crypto';
import { NativeConnection, Worker } from '@temporalio/worker';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { DAY_MS } from '../../src/contracts/time.ts';
import type { WatchdogInput, WatchdogMemory, WatchdogResult } from '../../src/contracts/watchdog.ts';
import type { AccountRow } from '../../src/registry/registry.ts';
import { applyWatchdogSchedule, watchdogScheduleId } from '../../src/schedule/watchdog-schedule.ts';
import { createAccountWatch } from '../../src/worker/account-watch.ts';
import { createAccountWorkflows } from '../../src/worker/account-workflows.ts';
import { bundleWorkflows, PAYLOAD_CONVERTER_PATH } from '../../src/worker/bundle-workflows.ts';
import { personOfHr, startTestDeployment, type TestDeployment } from '../support/deployment.ts';
import { clockFrom, eventually, TUNING, within } from '../support/lives.ts';
import { at } from '../support/policy-builders.ts';
import { describeOnTemporal } from '../support/temporal.ts';

const START = at('2027-02-01 12:00');
const LONG_AGO = START - 400 * DAY_MS;

describeOnTemporal('the watchdog', (server) => {
  let deployment: TestDeployment;
  beforeAll(async () => {
    deployment = await startTestDeployment(server, { clock: clockFrom(START) });
  });
  afterAll(() => deployment.stop());

  const input = (): WatchdogInput => ({ clock: deployment.clock, tuning: TUNING, overdueMinutes: 15 });
  /** One visit; without a memory it compares every account. */
  const visit = (memory?: WatchdogMemory): Promise<WatchdogResult> =>
    within(
      'a visit',
      deployment.client.workflow.execute<(input: WatchdogInput) => Promise<WatchdogResult>>('watchdog', {
        taskQueue: deployment.queues.operator,
        workflowId: `watchdog-${randomUUID()}`,
        args: [{ ...input(), ...(memory && { memory }) }],
      }),
    );
  const handleOf = ({ accountId }: AccountRow) =>
    deployment.client.workflow.getHandle(`account/${accountId}`);
  const statusOf = async (row: AccountRow) => (await handleOf(row).describe()).status.name;
  const openAlarms = async () => (await deployment.registry.alarms({ open: true })).map(({ key }) => key);
  const mailsOf = ({ accountId }: AccountRow) =>
    deployment.sink.mails.filter(({ text }) => text.includes(accountId));

  /** An account that has long been there, and sleeps. */
  async function sleeper(id: number): Promise<AccountRow> {
    await deployment.seedPerson(personOfHr(id), START);
    const row = await deployment.seedAccount({ personId: String(id), at: LONG_AGO });
    await deployment.startAccount(row.accountId);
    await deployment.untilStatus(row.accountId, 'it is there', ({ stage }) => stage === 'active');
    return row;
  }

  it('starts a terminated workflow again, which goes on with its plan; the alarm is mailed once, and cleared', async () => {
    const row = await sleeper(1);
    const { plan } = await deployment.status(row.accountId);
    await handleOf(row).terminate('by mistake');
    const first = await visit();
    expect(first).toMatchObject({ healed: 1, failed: 0, broken: [] });
    expect(await statusOf(row)).toBe('RUNNING');
    expect((await deployment.status(row.accountId)).plan).toEqual(plan);
    expect(await openAlarms()).toEqual([`workflow-closed:${row.accountId}`]);
    expect(mailsOf(row)).toHaveLength(1);
    const second = await visit(first);
    expect(second).toMatchObject({ healed: 0, comparedAt: first.comparedAt });
    expect(await openAlarms()).toEqual([]);
    await visit(second);
    expect(mailsOf(row)).toHaveLength(1);
    // It hears what HR says from now on.
    deployment.hr.setPerson(personOfHr(1, { to: '2028-01-31' }));
    await deployment.sync();
    await deployment.untilStatus(row.accountId, 'told', ({ lastDay }) => lastDay === '2028-01-31');
  });

  it('starts a workflow that was never started, and leaves one alone that is being made', async () => {
    await deployment.seedPerson(personOfHr(2), START);
    const old = await deployment.seedAccount({ personId: '2', at: LONG_AGO });
    await deployment.seedPerson(personOfHr(3), START);
    const young = await deployment.seedAccount({ personId: '3', at: deployment.now() });
    await visit();
    expect(await statusOf(old)).toBe('RUNNING');
    await expect(statusOf(young)).rejects.toThrow(/not found/);
    await deployment.startAccount(young.accountId);
  });

  it('never starts a life again that has ended; the alarm says what to do', async () => {
    await deployment.seedPerson(personOfHr(4), START);
    const row = await deployment.seedAccount({ personId: '4', at: LONG_AGO, stage: 'blocked' });
    const { workflows } = deployment.deps;
    const deleted = { ...row.state, stage: 'deleted' } as const;
    // A workflow that ends at once, while the registry says that the account is blocked.
    await deployment.client.workflow.execute('accountLifecycle', {
      taskQueue: deployment.queues.accounts,
      workflowId: `account/${row.accountId}`,
      args: [{ state: deleted, policy: policy(), clock: deployment.clock, tuning: TUNING }],
    });
    expect(await visit()).toMatchObject({ healed: 0, broken: [] });
    await workflows.ensureStarted({ state: row.state, clock: deployment.clock });
    expect(await statusOf(row)).toBe('COMPLETED');
    const alarms = await deployment.registry.alarms({ open: true });
    expect(alarms.find(({ key }) => key === `workflow-closed:${row.accountId}`)?.message).toContain(
      'had ended as deleted, but the registry says blocked',
    );
  });

  it('wakes an account that seems overdue to the registry: it tells it anew, and its own plan stays', async () => {
    const row = await sleeper(5);
    // What a lost write leaves behind: a step of long ago that is due.
    const ended = { ...row.state, observation: null, vanishedLastDay: '2027-01-02' };
    const behind = { nextStep: 'leaving', nextStepAt: START - 10 * DAY_MS, problem: null, notes: [] };
    await deployment.registry.project({ state: ended, ...behind });
    const first = await visit();
    expect(first).toMatchObject({ woken: 1, overdue: [row.accountId] });
    const renewed = await eventually('the registry knows', async () => {
      const now = await deployment.registry.account(row.accountId);
      return now?.state.vanishedLastDay === null && now;
    });
    expect(renewed.state.observation).toEqual(row.state.observation);
    expect(await visit(first)).toMatchObject({ woken: 0, overdue: [] });
    const trail = await deployment.registry.auditTrail({ accountId: row.accountId });
    expect(trail.filter(({ what }) => what === 'asked to tell the registry anew')).toHaveLength(1);
  });

  it('sees since when a step waits for a worker that takes its queue', async () => {
    const { client, deps } = deployment;
    const taskQueue = `without-targets-${randomUUID()}`;
    const connection = await NativeConnection.connect({ address: server.address });
    // Workflows are carried out there, and no activity is.
    const worker = await Worker.create({
      connection,
      namespace: server.namespace,
      taskQueue,
      workflowBundle: await bundleWorkflows(),
      dataConverter: { payloadConverterPath: PAYLOAD_CONVERTER_PATH },
    });
    await deployment.seedPerson(personOfHr(8, { to: '2027-01-20' }), START);
    const row = await deployment.seedAccount({ personId: '8', at: LONG_AGO, stage: 'active' });
    const { policies } = deps.settings;
    const workflows = createAccountWorkflows({ client, taskQueue, policies, tuning: TUNING });
    const watch = createAccountWatch({ client, prefix: taskQueue });
    await worker.runUntil(async () => {
      const before = Date.now();
      await workflows.ensureStarted({ state: row.state, clock: deployment.clock });
      const { step } = await eventually('it waits', async () => {
        const seen = await watch.look(row.accountId);
        return seen.step && seen;
      });
      expect(step).toMatchObject({ attempt: 1, failure: null });
      // Temporal's clock and ours are the same machine's here.
      expect(step?.waitsSince).toBeGreaterThanOrEqual(before - 1);
      await handleOf(row).terminate('the test is over');
    });
    await connection.close();
    await deployment.registry.project({
      state: { ...row.state, stage: 'released', sequence: row.state.sequence + 1 },
      ...{ nextStep: null, nextStepAt: null, problem: null, notes: [] },
    });
  });

  it('wakes without leaving a trace in the account', async () => {
    const row = await sleeper(6);
    const before = await deployment.status(row.accountId);
    const watch = createAccountWatch({ client: deployment.client, prefix: deployment.prefix });
    await watch.lookAgain(row.accountId);
    const after = await deployment.status(row.accountId);
    expect(after).toEqual({ ...before, plan: after.plan });
    expect(await watch.look(row.accountId)).toMatchObject({ status: 'running', step: null, taskAttempt: 0 });
  });

  it('reports a workflow whose task fails again and again, until it is mended', async () => {
    await deployment.seedPerson(personOfHr(7), START);
    const row = await deployment.seedAccount({ personId: '7', at: LONG_AGO });
    // Its argument makes no sense: a fault of ours, as far as Temporal sees.
    await deployment.client.workflow.start('accountLifecycle', {
      taskQueue: deployment.queues.accounts,
      workflowId: `account/${row.accountId}`,
      workflowTaskTimeout: 1000,
      args: [{ state: null, policy: policy(), clock: deployment.clock, tuning: TUNING }],
    });
    const stuck = await eventually(
      'Temporal reports it',
      async () => {
        const found = await deployment.client.workflow.count(
          `TaskQueue='${deployment.queues.accounts}' AND TemporalReportedProblems IS NOT NULL`,
        );
        return found.count > 0;
      },
      90_000,
    );
    expect(stuck).toBe(true);
    const first = await visit();
    expect(await openAlarms()).toContain(`stuck:${row.accountId}`);
    const [mail] = mailsOf(row);
    expect(mail?.text).toContain('deploy mended code');
    // No code mends this one: an operator ends it, and the watchdog starts it from the registry.
    await handleOf(row).terminate('its argument is broken');
    await visit(first);
    expect(await openAlarms()).not.toContain(`stuck:${row.accountId}`);
    await deployment.untilStatus(row.accountId, 'it goes on', ({ stage }) => stage === 'active');
  });

  it('runs by a schedule, and each visit knows what the one before found out', async () => {
    const { client, prefix } = deployment;
    await applyWatchdogSchedule(client, { everyMinutes: 0.02, enabled: true, prefix, input: input() });
    const schedule = client.schedule.getHandle(watchdogScheduleId(prefix));
    try {
      const runs = await eventually('three visits', async () => {
        const { info } = await schedule.describe();
        return info.recentActions.length >= 3 && info.recentActions;
      });
      const results: WatchdogResult[] = [];
      for (const { action } of runs.slice(0, 3)) {
        const handle = client.workflow.getHandle<() => Promise<WatchdogResult>>(action.workflow.workflowId);
        results.push(await within('a visit', handle.result()));
      }
      // Only the first one had to compare every account.
      expect(new Set(results.map(({ comparedAt }) => comparedAt))).toEqual(new Set([results[0]?.visitedAt]));
    } finally {
      await schedule.delete();
    }
  });

  function policy() {
    const found = deployment.deps.settings.policies.policies.primary;
    if (!found) throw new Error('there is no policy');
    return found;
  }
});
