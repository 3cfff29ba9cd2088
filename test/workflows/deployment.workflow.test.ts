import { afterAll, beforeAll, expect, it } from 'vitest';
import { DAY_MS } from '../../src/contracts/time.ts';
import { personOfHr, startTestDeployment, type TestDeployment } from '../support/deployment.ts';
import { clockFrom, eventually, within } from '../support/lives.ts';
import { at, found, LAST_DAY } from '../support/policy-builders.ts';
import { describeOnTemporal } from '../support/temporal.ts';

/** Four real seconds before {@link LAST_DAY} is over. */
const START = at('2027-03-30 12:00');
const TOLD = Object.fromEntries([-60, -27, -7].map((offset) => [offset, { lastDay: LAST_DAY, times: 1 }]));

describeOnTemporal('a deployment', (server) => {
  let deployment: TestDeployment;
  beforeAll(async () => {
    deployment = await startTestDeployment(server, {
      clock: clockFrom(START, 0.5),
      people: [1, 2, 3, 4, 5].map((id) => personOfHr(id)),
    });
  });
  afterAll(() => deployment.stop());

  it('brings a joiner from HR to the directory; two synchronisations at once make one account each', async () => {
    const [first, second] = await within(
      'two synchronisations',
      Promise.all([deployment.sync(), deployment.sync()]),
    );
    expect(first.joiners + second.joiners).toBe(5);
    const accounts = await deployment.registry.accounts({ kind: 'primary' });
    expect(accounts).toHaveLength(5);
    for (const { accountId, login } of accounts) {
      await deployment.untilStatus(accountId, 'the account is active', ({ stage }) => stage === 'active');
      const entry = await eventually('the entry', () => deployment.entry(login));
      expect(entry).toMatchObject({ access: 'on', activeStatus: 'Active' });
    }
    // Nothing new: not one more event.
    const [one] = accounts;
    if (!one) throw new Error('nobody joined');
    const workflow = deployment.client.workflow.getHandle(`account/${one.accountId}`);
    const before = (await workflow.describe()).historyLength;
    expect(await deployment.sync()).toMatchObject({ changed: 0, told: 0, joiners: 0 });
    expect((await workflow.describe()).historyLength).toBe(before);
  });

  it('tells a change once, and carries out what follows: the directory says Grace Period', async () => {
    await deployment.seedPerson(personOfHr(20), START);
    const account = await deployment.seedAccount({
      personId: '20',
      at: START - 400 * DAY_MS,
      state: { told: TOLD },
    });
    await deployment.startAccount(account.accountId);
    await deployment.untilStatus(account.accountId, 'it is there', ({ stage }) => stage === 'active');
    deployment.hr.setPerson(personOfHr(20, { to: '2027-03-29' }));
    await deployment.sync();
    await deployment.sync();
    await deployment.untilStatus(account.accountId, 'it has left', ({ stage }) => stage === 'grace');
    const entry = await eventually('the directory says so', async () => {
      const now = await deployment.entry(account.login);
      return now?.activeStatus === 'Grace Period' && now;
    });
    expect(entry.access).toBe('on');
    expect((await deployment.registry.account(account.accountId))?.state.stage).toBe('grace');
    const trail = await deployment.registry.auditTrail({ accountId: account.accountId });
    expect(trail.filter(({ what }) => what.startsWith('HR: found'))).toHaveLength(1);
  });

  it('never starts a life again that is over, though the registry had not heard of it yet', async () => {
    await deployment.seedPerson(personOfHr(30, { to: '2026-01-31' }), START);
    const account = await deployment.seedAccount({
      personId: '30',
      at: START - 400 * DAY_MS,
      stage: 'blocked',
      state: { activeStatus: 'Inactive', blocked: { lastDay: '2026-01-31', at: START - 100 * DAY_MS } },
    });
    await deployment.startAccount(account.accountId);
    const workflow = deployment.client.workflow.getHandle(`account/${account.accountId}`);
    expect(await within('the end', workflow.result())).toMatchObject({ stage: 'deleted' });
    const { runId } = await workflow.describe();
    const { workflows } = deployment.deps;
    // What a synchronisation does with a row that it had read a moment before.
    const behind = { state: account.state, clock: deployment.clock };
    await workflows.tell({ ...behind, observation: found(99_999, [], { personId: '30' }) });
    await workflows.ensureStarted(behind);
    const after = await workflow.describe();
    expect([after.runId, after.status.name]).toEqual([runId, 'COMPLETED']);
  });

  it('carries on where it stopped when a fact comes for a workflow that was lost', async () => {
    await deployment.seedPerson(personOfHr(40), START);
    const account = await deployment.seedAccount({ personId: '40', at: START });
    deployment.hr.setPerson(personOfHr(40, { to: '2028-01-31' }));
    await deployment.sync();
    const status = await deployment.untilStatus(
      account.accountId,
      'it is told',
      ({ lastDay }) => lastDay === '2028-01-31',
    );
    expect(status.stage).toBe('active');
  });
});
