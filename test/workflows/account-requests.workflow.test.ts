import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { OperatorAnswer, OperatorRequest, OperatorRequestInput } from '../../src/contracts/operator.ts';
import { DAY_MS } from '../../src/contracts/time.ts';
import { personOfHr, startTestDeployment, type TestDeployment } from '../support/deployment.ts';
import { clockFrom, eventually, TUNING, within } from '../support/lives.ts';
import { at } from '../support/policy-builders.ts';
import { describeOnTemporal } from '../support/temporal.ts';

const START = at('2027-02-01 12:00');
const LONG_AGO = START - 400 * DAY_MS;

describeOnTemporal('accounts beside the primary one', (server) => {
  let deployment: TestDeployment;
  beforeAll(async () => {
    deployment = await startTestDeployment(server, { clock: clockFrom(START, 0.01) });
  });
  afterAll(() => deployment.stop());

  function ask(request: OperatorRequest): Promise<OperatorAnswer> {
    type Workflow = (input: OperatorRequestInput) => Promise<OperatorAnswer>;
    const asking = deployment.client.workflow.execute<Workflow>('operatorRequest', {
      taskQueue: deployment.queues.operator,
      workflowId: `operator-${randomUUID()}`,
      args: [{ request, clock: deployment.clock, tuning: TUNING }],
    });
    return within('an answer', asking);
  }

  const routeOf = async (login: string) => (await deployment.entry(login))?.mailRouting;

  it('a request becomes an account that can sign in, whose mail goes to the primary one', async () => {
    await deployment.seedPerson(personOfHr(1), LONG_AGO);
    await deployment.seedAccount({ personId: '1', at: LONG_AGO, login: 'ada' });
    for (const kind of ['secondary', 'service']) {
      const login = `ada-${kind}`;
      const request = {
        ...({ type: 'requestAccount', requestId: randomUUID(), kind, personId: '1', login } as const),
        ...{ actor: 'ada', reason: 'tests' },
      };
      const answer = await ask(request);
      if (answer.type !== 'account') throw new Error(JSON.stringify(answer));
      await deployment.untilStatus(answer.accountId, 'it is active', ({ stage }) => stage === 'active');
      expect(await deployment.entry(login)).toMatchObject({
        ...{ kind, access: 'on', mailRouting: 'ada@example.org', person: { personId: '1' } },
      });
      expect(await ask(request)).toMatchObject({ accountId: answer.accountId, made: false });
    }
  });

  it('a service account of somebody on leave can sign in all the same', async () => {
    const contracts = [{ id: 'C-2', startDate: '2024-01-01', endDate: null, excluded: true }];
    await deployment.seedPerson(personOfHr(2, { contracts }), LONG_AGO);
    await deployment.seedAccount({
      ...{ personId: '2', at: LONG_AGO, login: 'bob' },
      state: { holds: { ignored: null, disabledManually: null, excluded: { at: LONG_AGO } }, access: 'off' },
    });
    for (const [kind, access] of [
      ['secondary', 'off'],
      ['service', 'on'],
    ] as const) {
      const login = `bob-${kind}`;
      const answer = await ask({
        ...{ type: 'requestAccount', requestId: randomUUID(), kind, personId: '2', login },
        ...{ actor: 'bob', reason: 'tests' },
      });
      if (answer.type !== 'account') throw new Error(JSON.stringify(answer));
      await deployment.untilStatus(answer.accountId, 'it is active', ({ stage }) => stage === 'active');
      expect(await deployment.entry(login)).toMatchObject({ access });
    }
  });

  it('their mail follows to the new primary account of a person who returns after the deletion', async () => {
    await deployment.seedPerson(personOfHr(3), LONG_AGO);
    const old = await deployment.seedAccount({ personId: '3', at: LONG_AGO, login: 'arossi' });
    const others = [];
    for (const kind of ['secondary', 'service'] as const) {
      const login = `cleo-${kind}`;
      const account = await deployment.seedAccount({ personId: '3', at: LONG_AGO, kind, login });
      await deployment.directory.setMailRouting({
        ...{ login, to: 'arossi@example.org', signal: new AbortController().signal },
      });
      await deployment.startAccount(account.accountId);
      others.push(login);
    }
    await deployment.registry.project({
      ...{ state: { ...old.state, stage: 'deleted', access: 'off', sequence: 9 } },
      ...{ nextStep: null, nextStepAt: null, problem: null, notes: [] },
    });
    await deployment.directory.delete({ login: 'arossi', signal: new AbortController().signal });
    // Somebody else's mail stays where it is.
    await deployment.seedPerson(personOfHr(4), LONG_AGO);
    await deployment.seedAccount({ personId: '4', at: LONG_AGO, login: 'dan' });
    await deployment.seedAccount({ personId: '4', at: LONG_AGO, login: 'dan-test', kind: 'secondary' });

    await within('a synchronisation', deployment.sync());
    const primary = await eventually('a new primary account', async () => {
      const accounts = await deployment.registry.accounts({ personId: '3', kind: 'primary' });
      return accounts.find(({ state }) => state.stage === 'active');
    });
    expect(primary.login).toBe('arossi2');
    for (const login of others) expect(await routeOf(login)).toBe('arossi2@example.org');
    expect(await routeOf('arossi2')).toBeNull();
    expect(await routeOf('dan-test')).toBeNull();
  });
});
