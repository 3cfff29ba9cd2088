import { afterAll, beforeAll, expect, it } from 'vitest';
import type { PersonMergeInput, PersonMergeResult } from '../../src/contracts/merge.ts';
import { type InstanceWorld, participant, startInstanceWorld } from '../support/instance-world.ts';
import { eventually, TUNING, within } from '../support/lives.ts';
import { describeOnTemporal } from '../support/temporal.ts';

describeOnTemporal('an account of an instance whose person was merged', (server) => {
  let world: InstanceWorld;
  beforeAll(async () => {
    world = await startInstanceWorld(server, {
      ...{ start: Date.UTC(2027, 1, 1, 12), instance: { expiredAccounts: 'manage' } },
    });
  });
  afterAll(() => world.stop());

  it('rests until its label names the other id, and then goes over, which is no loss', async () => {
    const { deployment, instance } = world;
    deployment.hr.setPerson(participant(1, '2027-03-31'));
    deployment.hr.setPerson(participant(2, '2027-09-30'));
    const id = instance.addAccount(1);
    instance.addAccount(2);
    await world.sync();
    const accountId = await world.accountOf(id);
    const ask = { requestId: 'm-1', fromPerson: '1', toPerson: '2', actor: 'admin-7', reason: 'ticket 12' };
    const merged = deployment.client.workflow.execute<
      (input: PersonMergeInput) => Promise<PersonMergeResult>
    >('personMerge', {
      ...{ taskQueue: deployment.queues.operator, workflowId: `merge/${deployment.prefix}` },
      args: [{ ask, clock: deployment.clock, tuning: TUNING }],
    });
    expect(await within('the merge', merged)).toMatchObject({ outcome: 'merged', merge: { accounts: [] } });

    deployment.hr.removePerson(1);
    await world.sync();
    expect(instance.label(id, 'hr.cern/status')).toBe('ERROR');
    expect(instance.double.account(id)).toMatchObject({ active: true, endTime: Date.UTC(2027, 2, 31) });
    expect(await deployment.registry.account(accountId)).toMatchObject({ personId: '1' });

    instance.double.setLabel(id, { prefix: 'hr.cern', name: 'cern_person_id', value: '2' });
    const { rows, heldPlan } = await within('a synchronisation', deployment.sync());
    expect({ rows, heldPlan }).toEqual({ rows: { correction: { open: 1 } }, heldPlan: null });
    await eventually('it belongs to the other', async () => {
      const row = await deployment.registry.account(accountId);
      return row?.personId === '2';
    });
    await world.sync();
    expect(instance.label(id, 'hr.cern/status')).toBe('MEMBER');
    expect(instance.double.account(id)).toMatchObject({ active: true, endTime: Date.UTC(2027, 8, 30) });
  });
});
