import { WorkflowUpdateFailedError } from '@temporalio/client';
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';
import type { DecisionAnswer, PlanMessage } from '../../src/contracts/sync.ts';
import { planApprovalId } from '../../workflows/messages.ts';
import { personOfHr, startTestDeployment, type TestDeployment } from '../support/deployment.ts';
import { clockFrom, eventually, within } from '../support/lives.ts';
import { at } from '../support/policy-builders.ts';
import { describeOnTemporal } from '../support/temporal.ts';

const START = at('2027-02-01 12:00');
const ids = Array.from({ length: 8 }, (_, index) => index + 1);
const SAID: PlanMessage = { actor: 'admin-7', reason: 'HR was reorganised' };

describeOnTemporal('a plan that is held', (server) => {
  let deployment: TestDeployment;
  beforeAll(async () => {
    deployment = await startTestDeployment(server, { clock: clockFrom(START, 0.01) });
  });
  beforeEach(async () => {
    for (const id of ids) deployment.hr.setPerson(personOfHr(id));
    await within('everyone is known', deployment.sync());
    await eventually('everyone is there', async () => {
      const now = Object.values(await stages());
      return now.length === ids.length && now.every((stage) => stage === 'active');
    });
  });
  afterAll(() => deployment.stop());

  /** HR takes half the people away; answers the plan that waits. */
  async function hold(to = '2026-12-31'): Promise<string> {
    for (const id of ids.slice(4)) deployment.hr.setPerson(personOfHr(id, { to }));
    const { heldPlan, heldBecause } = await within('a synchronisation', deployment.sync());
    expect(heldBecause).toEqual([expect.stringContaining('more than 3 and more than 5 %')]);
    return heldPlan ?? 'none';
  }

  const handleOf = (planId: string) => deployment.client.workflow.getHandle(planApprovalId(planId));

  function decide(
    planId: string,
    verdict: 'approve' | 'reject',
    said: unknown = SAID,
  ): Promise<DecisionAnswer> {
    const update = handleOf(planId).executeUpdate<DecisionAnswer, [unknown]>(verdict, { args: [said] });
    return within(verdict, update);
  }

  const stages = async () => {
    const accounts = await deployment.registry.accounts({ kind: 'primary' });
    return Object.fromEntries(accounts.map(({ personId, state }) => [personId, state.stage]));
  };

  it('mails the admins, lets later runs go on, and is applied when approved', async () => {
    const planId = await hold();
    const mailed = () => deployment.sink.mails.filter(({ text }) => text.includes(planId));
    await eventually('the admins are told', () => mailed().length === 1);
    // A later run ends too, and leaves the plan alone.
    expect(await within('the next run', deployment.sync())).toMatchObject({ heldPlan: planId, told: 0 });
    await expect(decide(planId, 'approve', { actor: 'a@example.org', reason: 'x' })).rejects.toBeInstanceOf(
      WorkflowUpdateFailedError,
    );
    expect(await decide(planId, 'approve')).toEqual({
      planId,
      state: 'approved',
      message: 'the plan is approved',
    });
    expect(await within('its end', handleOf(planId).result())).toMatchObject({
      state: 'approved',
      applied: { told: 4 },
    });
    await eventually('they have left', async () => {
      const now = await stages();
      return ids.slice(4).every((id) => now[String(id)] === 'grace') && now['1'] === 'active';
    });
    expect((await deployment.registry.plan(planId))?.state).toBe('applied');
    expect(mailed()).toHaveLength(1);
  });

  it('is refused by a signal too, and nobody leaves', async () => {
    const planId = await hold('2027-01-15');
    await handleOf(planId).signal('reject', { actor: '', reason: '' });
    await handleOf(planId).signal('reject', SAID);
    expect(await within('its end', handleOf(planId).result())).toMatchObject({
      state: 'rejected',
      applied: null,
    });
    expect(Object.values(await stages()).filter((stage) => stage === 'grace')).toEqual([]);
  });

  it('outlives a cancel request, and ends when a newer run takes its place', async () => {
    const planId = await hold('2027-01-20');
    await handleOf(planId).cancel();
    for (const id of ids.slice(3)) deployment.hr.setPerson(personOfHr(id, { to: '2027-01-21' }));
    const next = await within('the next run', deployment.sync());
    expect(next.heldPlan).toBe(next.planId);
    expect(await within('its end', handleOf(planId).result())).toMatchObject({ state: 'superseded' });
    expect(await decide(next.planId, 'reject')).toMatchObject({ state: 'rejected' });
  });

  it('whose workflow was terminated gets one again from the next run', async () => {
    const planId = await hold('2027-01-25');
    await handleOf(planId).terminate('by mistake');
    expect(await within('the next run', deployment.sync())).toMatchObject({ heldPlan: planId });
    expect(await decide(planId, 'reject')).toMatchObject({ state: 'rejected' });
  });

  it('that was approved, and whose workflow was lost before it was applied, is applied all the same', async () => {
    const planId = await hold('2027-01-27');
    await handleOf(planId).terminate('by mistake');
    const decision = { verdict: 'approved', ...SAID, at: deployment.now() } as const;
    await deployment.registry.decidePlan({ planId, decision });
    await within('the next run', deployment.sync());
    expect(await within('its end', handleOf(planId).result())).toMatchObject({ applied: { told: 4 } });
  });

  it('a synchronisation that is cancelled lets the next one run', async () => {
    deployment.hr.fault('slow');
    const asked = deployment.hr.nextRequest();
    const first = await deployment.startSync();
    await asked;
    await first.cancel();
    await expect(within('its end', first.result())).rejects.toThrow(/cancel/i);
    deployment.hr.fault('none');
    expect(await within('the next one', deployment.sync())).toMatchObject({ failed: 0 });
  });
});
