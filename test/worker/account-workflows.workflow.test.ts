import { afterAll, beforeAll, expect, it } from 'vitest';
import { DAY_MS } from '../../src/contracts/time.ts';
import { personOfHr, startTestDeployment, type TestDeployment } from '../support/deployment.ts';
import { clockFrom, eventually } from '../support/lives.ts';
import { at } from '../support/policy-builders.ts';
import { describeOnTemporal } from '../support/temporal.ts';

const START = at('2027-02-01 12:00');

describeOnTemporal('a workflow that is started from the registry’s snapshot', (server) => {
  let deployment: TestDeployment;
  beforeAll(async () => {
    deployment = await startTestDeployment(server, { clock: clockFrom(START) });
  });
  afterAll(() => deployment.stop());

  it('by a synchronisation, after it was lost, counts on behind the steps that the lost one had begun', async () => {
    await deployment.seedPerson(personOfHr(1), START);
    const row = await deployment.seedAccount({ personId: '1', at: START - 400 * DAY_MS });
    const { accountId } = row;
    await deployment.startAccount(accountId);
    await deployment.untilStatus(accountId, 'it is there', ({ stage }) => stage === 'active');
    await deployment.client.workflow.getHandle(`account/${accountId}`).terminate('by mistake');
    // An attempt that the lost workflow had begun, and that the registry's snapshot does not know of.
    const sequence = ((await deployment.registry.account(accountId))?.state.sequence ?? 0) + 40;
    await deployment.registry.claim({ accountId, sequence, attempt: 3 });

    deployment.hr.setPerson(personOfHr(1, { to: '2028-01-31' }));
    await deployment.sync();
    const told = await eventually('the registry hears of it', async () => {
      const now = await deployment.registry.account(accountId);
      return now?.state.observation?.ties[0]?.end === '2028-01-31' && now;
    });
    expect(told.problem).toBeNull();
    expect(told.state.failures).toEqual([]);
  });
});
