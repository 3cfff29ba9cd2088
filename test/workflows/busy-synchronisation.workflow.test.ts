import { randomUUID } from 'node:crypto';
import { afterAll, afterEach, beforeAll, expect, it } from 'vitest';
import type { HrSource } from '../../src/connectors/hr-source.ts';
import type { OperatorAnswer, OperatorRequest, OperatorRequestInput } from '../../src/contracts/operator.ts';
import type { DecisionAnswer } from '../../src/contracts/sync.ts';
import type { ReconcileInput, ReconcileResult } from '../../src/contracts/reconcile.ts';
import type { WatchdogInput, WatchdogResult } from '../../src/contracts/watchdog.ts';
import { planApprovalId } from '../../workflows/messages.ts';
import { personOfHr, startTestDeployment, type TestDeployment } from '../support/deployment.ts';
import { clockFrom, eventually, TUNING, within } from '../support/lives.ts';
import { at } from '../support/policy-builders.ts';
import { gate } from '../support/recording-activities.ts';
import { describeOnTemporal } from '../support/temporal.ts';

const START = at('2027-02-01 12:00');
const SLOTS = 2;
const SAID = { actor: 'admin-7', reason: 'HR was reorganised' };
const ids = [1, 2, 3, 4, 5, 6, 7, 8];

describeOnTemporal('while a synchronisation fills every slot of its queue', (server) => {
  let deployment: TestDeployment;
  /** `null` = HR answers at once; else it does when this is opened. */
  let holding: ReturnType<typeof gate> | null = null;
  let held = 0;
  beforeAll(async () => {
    deployment = await startTestDeployment(server, {
      clock: clockFrom(START, 0.01),
      syncSlots: SLOTS,
      settings: { rangeSize: 1 },
      over: ({ hr }) => ({ hr: answersWhenLet(hr) }),
    });
    for (const id of ids) {
      await deployment.seedPerson(personOfHr(id), START);
      await deployment.seedAccount({ personId: String(id), at: START });
    }
  });
  afterEach(() => {
    holding?.open();
    holding = null;
  });
  afterAll(() => deployment.stop());

  function answersWhenLet(hr: HrSource): HrSource {
    return {
      ...hr,
      async listPersons(input) {
        if (holding) {
          held += 1;
          await holding.opened;
        }
        return hr.listPersons(input);
      },
    };
  }

  /** A synchronisation of which as many ranges as there are slots wait for HR, and the others for a slot. */
  async function fillSlots(): Promise<() => Promise<unknown>> {
    held = 0;
    holding = gate();
    const { open } = holding;
    const sync = await deployment.startSync();
    await eventually('every slot is taken', () => held === SLOTS);
    return async () => {
      holding = null;
      open();
      expect(held).toBe(SLOTS);
      return within('the synchronisation', sync.result());
    };
  }

  const ask = (request: OperatorRequest) =>
    deployment.client.workflow.execute<(input: OperatorRequestInput) => Promise<OperatorAnswer>>(
      'operatorRequest',
      {
        taskQueue: deployment.queues.operator,
        workflowId: `operator-${randomUUID()}`,
        args: [{ request, clock: deployment.clock, tuning: TUNING }],
      },
    );

  it('freeze and unfreeze get through', async () => {
    const goOn = await fillSlots();
    expect(await within('freeze', ask({ type: 'freeze', ...SAID }))).toMatchObject({ changed: true });
    expect(await deployment.registry.frozen()).toMatchObject({ actor: 'admin-7' });
    expect(await within('unfreeze', ask({ type: 'unfreeze', ...SAID }))).toMatchObject({ freeze: null });
    await goOn();
  });

  it('an admin’s decision on a held plan gets through', async () => {
    for (const id of ids.slice(4)) deployment.hr.setPerson(personOfHr(id, { to: '2026-12-31' }));
    const { heldPlan } = await within('a synchronisation', deployment.sync());
    const goOn = await fillSlots();
    const plan = deployment.client.workflow.getHandle(planApprovalId(heldPlan ?? 'none'));
    const decided = plan.executeUpdate<DecisionAnswer, [unknown]>('reject', { args: [SAID] });
    expect(await within('the decision', decided)).toMatchObject({ state: 'rejected' });
    await within('the end of the plan', plan.result());
    await goOn();
  });

  it('watchdog and reconcile look at the accounts', async () => {
    const goOn = await fillSlots();
    const common = { clock: deployment.clock, tuning: TUNING };
    const visit = deployment.client.workflow.execute<(input: WatchdogInput) => Promise<WatchdogResult>>(
      'watchdog',
      {
        taskQueue: deployment.queues.operator,
        workflowId: `watchdog-${randomUUID()}`,
        args: [{ ...common, overdueMinutes: 15 }],
      },
    );
    expect(await within('a visit', visit)).toMatchObject({ healed: ids.length, broken: [] });
    const comparison = deployment.client.workflow.execute<
      (input: ReconcileInput) => Promise<ReconcileResult>
    >('reconcile', {
      taskQueue: deployment.queues.operator,
      workflowId: `reconcile-${randomUUID()}`,
      args: [{ ...common, accountId: null, repair: false }],
    });
    expect(await within('a comparison', comparison)).toMatchObject({ accounts: ids.length });
    await goOn();
  });
});
