import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { ExpiredAccounts } from '../../src/contracts/instance.ts';
import { DAY_MS } from '../../src/contracts/time.ts';
import { cern } from '../../src/policies/cern.ts';
import { withInstance } from '../../src/policies/with-instance.ts';
import { commandUpdates, decisionUpdates, planApprovalId } from '../../workflows/messages.ts';
import { startTestDeployment } from '../support/deployment.ts';
import { startTestInstance } from '../support/instance.ts';
import { type InstanceWorld, participant, startInstanceWorld } from '../support/instance-world.ts';
import { clockFrom, eventually, within } from '../support/lives.ts';
import { describeOnTemporal, type TemporalAddress } from '../support/temporal.ts';

const START = Date.UTC(2027, 1, 1, 12);
const SAID = { actor: 'admin-7', reason: 'asked for by the experiment' };

const startWorld = (server: TemporalAddress, expiredAccounts: ExpiredAccounts, daysPerSecond?: number) =>
  startInstanceWorld(server, {
    ...{ start: START, instance: { expiredAccounts } },
    ...(daysPerSecond !== undefined && { daysPerSecond }),
  });

describeOnTemporal('accounts of an INDIGO IAM instance', (server) => {
  describe('day by day', () => {
    let world: InstanceWorld;
    beforeAll(async () => {
      world = await startWorld(server, 'manage');
      // So many that one who goes is no mass.
      for (let id = 900; id < 990; id += 1) {
        world.deployment.hr.setPerson(participant(id));
        world.instance.addAccount(id);
      }
    });
    afterAll(() => world.stop());

    it('an account with the label is adopted at the first synchronisation that sees it, and follows HR', async () => {
      const { deployment, instance } = world;
      deployment.hr.setPerson(participant(1, '2027-06-30', { firstName: 'Grace' }));
      const id = instance.addAccount(1);
      const stranger = instance.double.addAccount({
        ...{ givenName: 'No', familyName: 'Label', email: 'stranger@example.org' },
      });
      await world.sync();
      expect(instance.double.account(id)).toMatchObject({
        ...{ givenName: 'Grace', active: true },
        endTime: Date.UTC(2027, 5, 30),
      });
      expect(instance.label(id, 'hr.cern/status')).toBe('MEMBER');
      expect(instance.double.writes(stranger).filter(({ by }) => by === 'api')).toEqual([]);
      const account = await world.accountOf(id);
      const status = await deployment.untilStatus(account, 'it knows', ({ lastDay }) => lastDay !== null);
      expect(status).toMatchObject({ stage: 'active', lastDay: '2027-06-30', standing: 'member' });
    });

    it('an unchanged account costs Temporal nothing, and the instance its time stamp', async () => {
      const { deployment, instance } = world;
      deployment.hr.setPerson(participant(2));
      const id = instance.addAccount(2);
      await world.sync();
      const account = await world.accountOf(id);
      const handle = deployment.client.workflow.getHandle(`account/${account}`);
      const length = async () => {
        const { runId, historyLength } = await handle.describe();
        return [runId, historyLength];
      };
      const atRest = () =>
        eventually('it is at rest', async () => {
          const { raw, historyLength } = await handle.describe();
          const isAtRest = !raw.pendingWorkflowTask && (raw.pendingActivities ?? []).length === 0;
          // A run that has just begun anew has one event, and no task yet.
          return isAtRest && historyLength > 3 && (await length());
        });
      // What its own steps write there after the first one is news to the second.
      await atRest();
      await world.sync();
      const before = await atRest();
      const writes = instance.double.writes(id).length;
      await world.sync();
      expect(await length()).toEqual(before);
      expect(
        instance.double
          .writes(id)
          .slice(writes)
          .map(({ what }) => what),
      ).toEqual([expect.stringMatching(/^label hr\.cern\/timestamp=\d+$/)]);
    });

    it('an account whose label is removed is let go, and nothing is changed there', async () => {
      const { deployment, instance } = world;
      deployment.hr.setPerson(participant(3));
      const id = instance.addAccount(3);
      await world.sync();
      const account = await world.accountOf(id);
      instance.double.removeLabel(id, { prefix: 'hr.cern', name: 'cern_person_id' });
      const writes = instance.double.writes(id).length;
      await world.sync();
      const handle = deployment.client.workflow.getHandle(`account/${account}`);
      expect(await within('its end', handle.result())).toMatchObject({ stage: 'released' });
      await world.sync();
      expect(instance.double.writes(id)).toHaveLength(writes);
    });

    it('one deleted in the instance by hand ends as deletedOutside', async () => {
      const { deployment, instance } = world;
      deployment.hr.setPerson(participant(4));
      const id = instance.addAccount(4);
      await world.sync();
      const account = await world.accountOf(id);
      instance.double.deleteAccount(id);
      await world.sync();
      const handle = deployment.client.workflow.getHandle(`account/${account}`);
      expect(await within('its end', handle.result())).toMatchObject({ stage: 'deletedOutside' });
    });

    it('a changed label value re-points the account to the other person', async () => {
      const { deployment, instance } = world;
      deployment.hr.setPerson(participant(5));
      deployment.hr.setPerson(participant(6, '2027-09-30', { firstName: 'Emmy', name: 'Noether' }));
      const id = instance.addAccount(5);
      await world.sync();
      const account = await world.accountOf(id);
      instance.double.setLabel(id, { prefix: 'hr.cern', name: 'cern_person_id', value: '6' });
      await world.sync();
      await eventually('it belongs to the other', async () => {
        const row = await deployment.registry.account(account);
        return row?.personId === '6';
      });
      await world.sync();
      expect(instance.double.account(id)).toMatchObject({
        ...{ familyName: 'Noether', endTime: Date.UTC(2027, 8, 30) },
      });
    });

    it('a label ignore set in the dashboard is the hold, and its removal ends it', async () => {
      const { deployment, instance } = world;
      deployment.hr.setPerson(participant(7));
      const id = instance.addAccount(7);
      await world.sync();
      const account = await world.accountOf(id);
      instance.double.setLabel(id, { prefix: 'hr.cern', name: 'ignore' });
      await world.sync();
      await deployment.untilStatus(account, 'the hold', ({ holds }) => holds.includes('ignored'));
      expect(instance.label(id, 'hr.cern/status')).toBe('IGNORED');
      instance.double.removeLabel(id, { prefix: 'hr.cern', name: 'ignore' });
      await world.sync();
      await deployment.untilStatus(account, 'no hold', ({ holds }) => !holds.includes('ignored'));
      await world.sync();
      expect(instance.label(id, 'hr.cern/status')).toBe('MEMBER');
    });

    it('our ignore sets the label, and resume removes it', async () => {
      const { deployment, instance } = world;
      deployment.hr.setPerson(participant(8));
      const id = instance.addAccount(8);
      await world.sync();
      const handle = deployment.client.workflow.getHandle(`account/${await world.accountOf(id)}`);
      await handle.executeUpdate(commandUpdates.ignore, { args: [SAID] });
      await eventually('the label', () => instance.label(id, 'hr.cern/ignore') === null);
      await world.sync();
      expect(instance.label(id, 'hr.cern/status')).toBe('IGNORED');
      await handle.executeUpdate(commandUpdates.resume, { args: [SAID] });
      await eventually('no label', () => instance.label(id, 'hr.cern/ignore') === undefined);
      await world.sync();
      expect(instance.label(id, 'hr.cern/status')).toBe('MEMBER');
    });

    it('disable and enable set active, and a synchronisation does not undo a disabling', async () => {
      const { deployment, instance } = world;
      deployment.hr.setPerson(participant(9));
      const id = instance.addAccount(9);
      await world.sync();
      const handle = deployment.client.workflow.getHandle(`account/${await world.accountOf(id)}`);
      await handle.executeUpdate(commandUpdates.disable, { args: [SAID] });
      await eventually('it is inactive', () => instance.double.account(id)?.active === false);
      await world.sync();
      expect(instance.double.account(id)).toMatchObject({ active: false });
      await handle.executeUpdate(commandUpdates.enable, { args: [SAID] });
      await eventually('it is active', () => instance.double.account(id)?.active);
    });

    it('restore makes the end time the later of both and sets active; HR does not shorten it', async () => {
      const { deployment, instance } = world;
      deployment.hr.setPerson(participant(10, '2027-01-15'));
      const id = instance.addAccount(10, {
        ...{ active: false, endTime: Date.UTC(2027, 0, 15) },
        labels: [{ name: 'lifecycle.status', value: 'PENDING_REMOVAL' }],
      });
      await world.sync();
      const account = await world.accountOf(id);
      await deployment.untilStatus(account, 'as it was', ({ stage }) => stage === 'blocked');
      const handle = deployment.client.workflow.getHandle(`account/${account}`);
      await handle.executeUpdate(commandUpdates.restore, { args: [{ ...SAID, until: '2027-05-01' }] });
      await deployment.untilStatus(account, 'it is back', ({ stage }) => stage === 'active');
      await world.sync();
      expect(instance.double.account(id)).toMatchObject({ active: true, endTime: Date.UTC(2027, 4, 1) });
      expect(instance.label(id, 'lifecycle.status')).toBeUndefined();
    });

    it('traces of the instance’s own handler of expired accounts raise an alarm, once; our own marks do not', async () => {
      const { deployment, instance } = world;
      const iamAlarms = async () =>
        (await deployment.registry.alarms({ open: true })).filter(({ key }) => key.startsWith('iam-'));
      // No participation is over: HR does not end it, and it expires by the end time that an admin gave.
      deployment.hr.setPerson(participant(11));
      const id = instance.addAccount(11, { labels: [{ prefix: 'hr.cern', name: 'ignore' }] });
      await world.sync();
      instance.double.setEndTime(id, Date.UTC(2027, 0, 30));
      await world.sync();
      await eventually('our mark', () => instance.label(id, 'lifecycle.status') === 'PENDING_SUSPENSION');
      await world.sync();
      expect(await iamAlarms()).toEqual([]);
      instance.double.setLabel(id, { name: 'lifecycle.status', value: 'PENDING_REMOVAL' });
      await world.sync();
      expect(await iamAlarms()).toMatchObject([{ key: 'iam-expiry-task' }]);
      await world.sync();
      expect(await iamAlarms()).toEqual([]);
      const mails = deployment.sink.mails.filter(({ subject }) => subject.includes('iam-expiry-task'));
      expect(mails).toHaveLength(1);
    });

    it('many that are gone at once wait for an admin, and so do many whom HR has lost', async () => {
      const { deployment, instance } = world;
      const ids = [21, 22, 23, 24, 25, 26, 27, 28].map((person) => {
        deployment.hr.setPerson(participant(person));
        return [person, instance.addAccount(person)] as const;
      });
      await world.sync();
      for (const [, id] of ids.slice(0, 4)) {
        instance.double.removeLabel(id, { prefix: 'hr.cern', name: 'cern_person_id' });
      }
      for (const [person] of ids.slice(4)) {
        deployment.hr.setPerson(participant(person, null, { participations: [] }));
      }
      const result = await within('a synchronisation', deployment.sync());
      expect(result.heldPlan).not.toBeNull();
      for (const [, id] of ids.slice(4)) {
        expect(instance.double.account(id)).toMatchObject({ endTime: null, active: true });
        expect(instance.label(id, 'hr.cern/status')).toBe('MEMBER');
      }
      for (const [, id] of ids.slice(0, 4)) {
        expect(await deployment.status(await world.accountOf(id))).toMatchObject({ stage: 'active' });
      }
    });
  });

  it('the first sight of many whom HR does not know as members waits for an admin, and touches nothing', async () => {
    const world = await startWorld(server, 'manage');
    try {
      const { deployment, instance } = world;
      const ids = [31, 32, 33, 34, 35].map((person) => {
        deployment.hr.setPerson(participant(person, '2026-12-31'));
        return instance.addAccount(person);
      });
      const result = await within('a synchronisation', deployment.sync());
      expect(result.heldPlan).not.toBeNull();
      expect(result.instance).toMatchObject({ adopted: 5, handling: { written: 0, leftAlone: 5 } });
      const plan = deployment.client.workflow.getHandle(planApprovalId(result.heldPlan ?? 'none'));
      await plan.executeUpdate(decisionUpdates.approve, { args: [SAID] });
      await within('the plan', plan.result());
      await world.sync();
      for (const id of ids) {
        expect(instance.label(id, 'hr.cern/status')).toBe('EXPIRED');
        expect(instance.double.account(id)?.endTime).toBeGreaterThanOrEqual(START);
      }
    } finally {
      await world.stop();
    }
  });

  describe('managed by their own workflows, day after day', () => {
    let world: InstanceWorld;
    beforeAll(async () => {
      world = await startWorld(server, 'manage', 3);
    });
    afterAll(() => world.stop());

    it('expired, then suspended strictly after seven days, then deleted strictly after thirty, never in one go', async () => {
      const { deployment, instance } = world;
      const endTime = Date.UTC(2027, 1, 3, 9);
      deployment.hr.setPerson(participant(1, '2027-02-03'));
      const id = instance.addAccount(1, { endTime });
      await world.sync();
      const account = await world.accountOf(id);
      const end = instance.double.account(id)?.endTime ?? 0;
      const handle = deployment.client.workflow.getHandle(`account/${account}`);
      expect(await within('its end', handle.result(), 60_000)).toMatchObject({ stage: 'deleted' });
      const deeds = instance.double
        .writes(id)
        .filter(({ what, changed }) => changed && /lifecycle|active|deleted/.test(what));
      expect(deeds.map(({ what }) => what)).toEqual([
        'label lifecycle.status=PENDING_SUSPENSION',
        'label lifecycle.status=PENDING_REMOVAL',
        'active=false',
        'deleted',
      ]);
      // Each is due at the first midnight (UTC) later than so many days after the end, spread over the hour behind it:
      // as the plan says to the millisecond, and never before. How much later it was done is up to the fast clock.
      const { past } = await deployment.status(account);
      const dueAt = (action: string) => past.find((step) => step.action === action)?.dueAt;
      const [marked, labelled, suspended, deleted] = deeds.map(({ at }) => at);
      for (const [action, days, done] of [
        ['leaving', 0, marked],
        ['block', 7, labelled],
        ['block', 7, suspended],
        ['delete', 30, deleted],
      ] as const) {
        const midnight = (Math.floor(end / DAY_MS) + days + 1) * DAY_MS;
        expect(dueAt(action), action).toBeGreaterThanOrEqual(midnight);
        expect(dueAt(action), action).toBeLessThan(midnight + DAY_MS / 24);
        expect(done, action).toBeGreaterThanOrEqual(midnight);
      }
    }, 90_000);
  });

  describe('left to the instance’s own handler', () => {
    let world: InstanceWorld;
    beforeAll(async () => {
      world = await startWorld(server, 'delegate');
    });
    afterAll(() => world.stop());

    it('the stage mirrors what it did, and nothing is suspended or deleted by us', async () => {
      const { deployment, instance } = world;
      deployment.hr.setPerson(participant(1, '2027-01-20'));
      const id = instance.addAccount(1, { endTime: Date.UTC(2027, 0, 20) });
      await world.sync();
      const account = await world.accountOf(id);
      instance.double.runExpiredAccountsHandler();
      await world.sync();
      await deployment.untilStatus(account, 'suspended there', ({ stage }) => stage === 'blocked');
      instance.double.set({ removalGraceDays: 10 });
      instance.double.runExpiredAccountsHandler();
      await world.sync();
      const handle = deployment.client.workflow.getHandle(`account/${account}`);
      expect(await within('its end', handle.result())).toMatchObject({ stage: 'deleted' });
      const harm = instance.double
        .writes(id)
        .filter(({ by, what }) => by === 'api' && /active=false|deleted/.test(what));
      expect(harm).toEqual([]);
    });

    it('who is valid again is restored: active first, then the end time', async () => {
      const { deployment, instance } = world;
      instance.double.set({ removalGraceDays: 30 });
      deployment.hr.setPerson(participant(2, '2027-01-20'));
      const id = instance.addAccount(2, { endTime: Date.UTC(2027, 0, 20) });
      await world.sync();
      instance.double.runExpiredAccountsHandler();
      await world.sync();
      const account = await world.accountOf(id);
      await deployment.untilStatus(account, 'suspended there', ({ stage }) => stage === 'blocked');
      deployment.hr.setPerson(participant(2, '2027-12-31'));
      await world.sync();
      await deployment.untilStatus(account, 'it is back', ({ stage }) => stage === 'active');
      const back = instance.double
        .writes(id)
        .filter(({ by, what }) => by === 'api' && /^(active|endTime)/.test(what))
        .map(({ what }) => what);
      expect(back.slice(-2)).toEqual(['active=true', 'endTime=2027-12-31T00:00:00.000Z']);
    });
  });

  it('a client that lacks a scope for writes is one alarm and one mail, which names it, until a run handles everyone; meanwhile no other alarm is over', async () => {
    const world = await startWorld(server, 'delegate');
    try {
      const { deployment, instance } = world;
      const open = async () =>
        new Map((await deployment.registry.alarms({ open: true })).map(({ key, message }) => [key, message]));
      const mails = (key: string) =>
        deployment.sink.mails.filter(({ subject }) => subject.includes(key)).length;
      const run = async () => (await within('a synchronisation', deployment.sync())).instance;
      instance.double.set({ readOnlyEndTime: true });
      deployment.hr.setPerson(participant(1, '2027-06-30'));
      instance.addAccount(1);
      await world.sync();
      expect([...(await open()).keys()]).toEqual(['iam-end-time-read-only']);
      for (let runs = 0; runs < 2; runs += 1) {
        instance.double.fault('403', { for: 'putLabel' });
        expect(await run()).toMatchObject({ outcome: 'read', gaveUp: 1, handling: { failed: 1 } });
        expect((await open()).get('iam-unavailable')).toMatch(/IAM_FORBIDDEN.*iam:admin\.write/);
        // Nor does a run that cannot even read.
        instance.double.fault('403', { for: 'listUsers' });
        expect(await run()).toMatchObject({ outcome: 'unavailable' });
        instance.double.fault('none');
      }
      expect([...(await open()).keys()].sort()).toEqual(['iam-end-time-read-only', 'iam-unavailable']);
      expect([mails('iam-unavailable'), mails('iam-end-time-read-only')]).toEqual([1, 1]);
      await world.sync();
      expect([...(await open()).keys()]).toEqual(['iam-end-time-read-only']);
      instance.double.set({ readOnlyEndTime: false });
      await world.sync();
      expect([...(await open()).keys()]).toEqual([]);
      expect([mails('iam-unavailable'), mails('iam-end-time-read-only')]).toEqual([1, 1]);
    } finally {
      await world.stop();
    }
  });

  it('a deployment of persons and an instance keeps both', async () => {
    const clock = clockFrom(START);
    const instance = await startTestInstance(clock, { expiredAccounts: 'manage' });
    const deployment = await startTestDeployment(server, {
      clock,
      instance: instance.kept,
      settings: { policies: withInstance(cern, 'manage') },
    });
    try {
      deployment.hr.setPerson(participant(1, '2027-06-30'));
      const id = instance.addAccount(1);
      // Somebody else's login in the directory is just what the first one's is in the instance.
      await deployment.seedPerson(participant(2, null, { firstName: 'Emmy', name: 'Noether' }), START);
      await deployment.seedAccount({ personId: '2', at: START, login: 'user1' });
      const result = await within('a synchronisation', deployment.sync());
      expect(result.instance).toMatchObject({ adopted: 1 });
      await within('another one', deployment.sync());
      const kinds = (await deployment.registry.accounts({ personId: '1' })).map(({ kind }) => kind);
      expect(kinds.sort()).toEqual(['experiment', 'primary']);
      expect(instance.double.account(id)).toMatchObject({ endTime: Date.UTC(2027, 5, 30) });
      const entry = await deployment.entry('user1');
      expect(entry?.person).toMatchObject({ personId: '2', familyName: 'Noether' });
    } finally {
      await deployment.stop();
      await instance.stop();
    }
  });
});
