import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { NOTHING_HANDLED } from '../../../src/contracts/instance-handling.ts';
import type { InstanceSettings } from '../../../src/contracts/instance.ts';
import { DAY_MS } from '../../../src/contracts/time.ts';
import { changeOf } from '../../registry/suites/plan-builder.ts';
import { startSurroundings, type Surroundings } from '../../support/deployment.ts';
import { type HandlerWorld, startHandlerWorld } from './handler-world.ts';

let around: Surroundings;
let world: HandlerWorld;

beforeAll(async () => {
  around = await startSurroundings({ settings: { pageSize: 20 } });
});
beforeEach(() => around.forget());
afterEach(() => world.stop());
afterAll(() => around.stop());

const day = (date: string) => Date.parse(`${date}T00:00:00Z`);
const lifecycle = (value: string) => ({ name: 'lifecycle.status', value });
const ours = (name: string, value?: string) => ({ prefix: 'hr.cern', name, ...(value && { value }) });

async function begin(settings: Partial<InstanceSettings> = {}): Promise<HandlerWorld> {
  world = await startHandlerWorld(around, settings);
  return world;
}

/** Everything of the labels but the two that every account has. */
function labels(id: string): Readonly<Record<string, string>> {
  const { cern_person_id: _id, timestamp: _timestamp, ...rest } = world.labels(id);
  return rest;
}

const bothDialects = describe.each([{ dialect: 'current' }, { dialect: 'legacy' }] as const);

describe('label ignore', () => {
  it('status IGNORED; HR changes nothing; the end time is as admins left it', async () => {
    await begin();
    await world.hrSays(7, { until: '2027-03-01', givenName: 'Grace' });
    const id = world.addAccount(7, { endTime: day('2027-12-31'), labels: [ours('ignore')] });
    await world.sync();
    expect(world.account(id)).toMatchObject({ givenName: 'Ada', active: true, endTime: day('2027-12-31') });
    expect(labels(id)).toEqual({
      ignore: '',
      status: 'IGNORED',
      message: 'ignored-as-the-label-ignore-says',
    });
  });

  it('legacy: NO_ACTION and OK with the message, and nobody is disabled', async () => {
    await begin({ dialect: 'legacy' });
    await world.hrSays(7, {});
    const id = world.addAccount(7, { labels: [ours('ignore')] });
    await world.sync();
    expect(world.account(id).active).toBe(true);
    expect(labels(id)).toEqual({
      ...{ ignore: '', action: 'NO_ACTION', status: 'OK' },
      message: 'ignored-as-the-label-ignore-says',
    });
  });
});

bothDialects('HR says nothing to go by, dialect $dialect', ({ dialect }) => {
  const error = { status: 'ERROR', message: 'HR-unavailable' };

  it('HR unavailable: status ERROR; end time and active untouched', async () => {
    await begin({ dialect });
    await world.hrSays(7, { until: '2027-03-01' });
    const id = world.addAccount(7, { endTime: day('2027-12-31') });
    await around.registry.addUnheard({ run: 'run-1', personIds: ['7'] });
    await world.read();
    await world.handle();
    expect(world.account(id)).toMatchObject({ active: true, endTime: day('2027-12-31') });
    expect(labels(id)).toEqual(error);
  });

  it('a stretch of persons that HR was not asked for: they alone are unavailable', async () => {
    await begin({ dialect });
    const ids = new Map<number, string>();
    for (const personId of [9, 10, 100]) {
      await world.hrSays(personId, { until: null });
      ids.set(personId, world.addAccount(personId));
    }
    await world.read();
    await world.handle({ unheard: [{ after: '9', upTo: '10' }] });
    const status = [...ids.values()].map((id) => labels(id)['message']);
    expect(status).toEqual([undefined, 'HR-unavailable', undefined]);
  });

  it('no such person, not confirmed: status ERROR; nothing else', async () => {
    await begin({ dialect, onPersonIdNotFound: 'disable_user' });
    await world.hrSays(7, { until: null });
    const id = world.addAccount(7);
    await world.hrKnowsNobody(7, { isConfirmed: false });
    await world.sync();
    expect(world.account(id)).toMatchObject({ active: true, endTime: null });
    expect(labels(id)).toEqual({ status: 'ERROR', message: 'no-such-person-in-HR' });
  });

  it('no such person, confirmed: ERROR with no_action, and with disable_user while the plan is held', async () => {
    await begin({ dialect });
    await world.hrSays(7, { until: null });
    const id = world.addAccount(7);
    await world.hrKnowsNobody(7);
    await world.sync();
    expect(labels(id)).toEqual({ status: 'ERROR', message: 'no-such-person-in-HR' });
    expect(world.account(id)).toMatchObject({ active: true, endTime: null });
  });

  it('no such person, confirmed and held: the safeguard holds the account as well', async () => {
    await begin({ dialect, onPersonIdNotFound: 'disable_user' });
    await world.hrSays(7, { until: null });
    const id = world.addAccount(7);
    await world.hrKnowsNobody(7, { isHeld: true });
    await world.sync();
    expect(labels(id)).toEqual({ status: 'ERROR', message: 'no-such-person-in-HR' });
    expect(world.account(id)).toMatchObject({ active: true, endTime: null });
  });

  it('a label without an id: status ERROR and the message, and nobody is asked for', async () => {
    await begin({ dialect });
    const id = world.addAccount(null);
    await world.sync();
    expect(labels(id)).toEqual({ status: 'ERROR', message: 'no-person-id-in-label-cern_person_id' });
    expect(world.account(id)).toMatchObject({ active: true, endTime: null });
  });
});

describe('no such person, confirmed and applied, with disable_user', () => {
  it('is an ended membership: status EXPIRED, and the account ends now', async () => {
    await begin({ onPersonIdNotFound: 'disable_user' });
    await world.hrSays(7, { until: null });
    const id = world.addAccount(7);
    await world.hrKnowsNobody(7);
    expect(await world.sync()).toMatchObject({ ended: 1 });
    expect(world.account(id)).toMatchObject({ active: true, endTime: world.now() });
    expect(labels(id)).toEqual({ status: 'EXPIRED', message: 'no-such-person-in-HR' });
  });

  it('legacy: disabled at once', async () => {
    await begin({ dialect: 'legacy', onPersonIdNotFound: 'disable_user' });
    await world.hrSays(7, { until: null });
    const id = world.addAccount(7);
    await world.hrKnowsNobody(7);
    expect(await world.sync()).toMatchObject({ ended: 1 });
    expect(world.account(id)).toMatchObject({ active: false, endTime: null });
    expect(labels(id)).toEqual({ action: 'DISABLE_ACCOUNT', status: 'OK' });
  });
});

bothDialects('person found, dialect $dialect', ({ dialect }) => {
  const good = dialect === 'current' ? 'MEMBER' : 'OK';

  it('given name, family name and e-mail follow HR', async () => {
    await begin({ dialect });
    await world.hrSays(7, { until: null, givenName: 'Grace', email: 'grace@example.org' });
    const id = world.addAccount(7, { familyName: 'Old' });
    await world.sync();
    const { givenName, familyName, email } = world.account(id);
    expect([givenName, familyName, email]).toEqual(['Grace', 'Rossi', 'grace@example.org']);
  });

  it('the e-mail does not, if skip-email-synch is set; the names do', async () => {
    await begin({ dialect });
    await world.hrSays(7, { until: null, givenName: 'Grace', email: 'grace@example.org' });
    const id = world.addAccount(7, { labels: [ours('skip-email-synch')] });
    await world.sync();
    expect(world.account(id)).toMatchObject({ givenName: 'Grace', email: 'p7@example.org' });
  });

  it('the e-mail does not, if HR has none; the names do', async () => {
    await begin({ dialect });
    await world.hrSays(7, { until: null, givenName: 'Grace', email: null });
    const id = world.addAccount(7);
    await world.sync();
    expect(world.account(id)).toMatchObject({ givenName: 'Grace', email: 'p7@example.org' });
  });

  it('an e-mail that is bound to another account is left, is counted, and the rest goes on', async () => {
    await begin({ dialect });
    await world.hrSays(7, { until: null, givenName: 'Grace', email: 'taken@example.org' });
    const id = world.addAccount(7);
    world.double.addAccount({ givenName: 'X', familyName: 'Y', email: 'taken@example.org' });
    expect(await world.sync()).toMatchObject({ refusedEmails: 1, failed: 0, written: 1 });
    expect(world.account(id)).toMatchObject({ givenName: 'Grace', email: 'p7@example.org' });
    expect(labels(id)['status']).toBe(good);
  });

  it('names that IAM refuses are left, counted, and the rest goes on', async () => {
    await begin({ dialect });
    await world.hrSays(7, { until: null, email: 'new@example.org' });
    const id = world.addAccount(7, { givenName: 'Old' });
    world.double.fault('400', { for: 'patchUser', times: 1 });
    expect(await world.sync()).toMatchObject({ refusedNames: 1, failed: 0 });
    expect(world.account(id)).toMatchObject({ givenName: 'Old', email: 'new@example.org' });
    expect(labels(id)['status']).toBe(good);
  });

  it('a name too short for IAM is not even sent', async () => {
    await begin({ dialect });
    await world.hrSays(7, { until: null, givenName: 'A' });
    const id = world.addAccount(7, { givenName: 'Ada', familyName: 'Old' });
    expect(await world.sync()).toMatchObject({ refusedNames: 1, failed: 0 });
    expect(world.account(id)).toMatchObject({ givenName: 'Ada', familyName: 'Rossi' });
  });
});

describe('participation valid', () => {
  it('status MEMBER; end time = its end date at 00:00 UTC; label action removed', async () => {
    await begin();
    await world.hrSays(7, { until: '2027-06-30' });
    const id = world.addAccount(7, {
      labels: [ours('action', 'NO_ACTION'), ours('status', 'ERROR'), ours('message', 'old')],
    });
    expect(await world.sync()).toEqual({ ...NOTHING_HANDLED, handled: 1, written: 1, told: 1 });
    expect(world.account(id).endTime).toBe(day('2027-06-30'));
    expect(world.labels(id)).toEqual({
      ...{ cern_person_id: '7', status: 'MEMBER', timestamp: String(world.now()) },
    });
  });

  it("the end time is never before an admin's date", async () => {
    await begin();
    await world.hrSays(7, { until: '2027-06-30' });
    const id = world.addAccount(7);
    await world.read();
    const until = '2027-09-01';
    await world.changeState(id, { adminDate: { until, actor: 'a', at: 0, reminded: false } });
    await world.handle();
    expect(world.account(id).endTime).toBe(day('2027-09-01'));
  });

  it('legacy: NO_ACTION and OK; no end time is written', async () => {
    await begin({ dialect: 'legacy' });
    await world.hrSays(7, { until: '2027-06-30' });
    const id = world.addAccount(7);
    await world.sync();
    expect(world.account(id)).toMatchObject({ active: true, endTime: null });
    expect(labels(id)).toEqual({ action: 'NO_ACTION', status: 'OK' });
  });
});

describe('an account that was suspended, and whose participation is valid again', () => {
  it.each(['SUSPENDED', 'PENDING_REMOVAL'])('by the lifecycle (%s): restored', async (value) => {
    await begin();
    await world.hrSays(7, { until: '2027-06-30' });
    const over = { active: false, endTime: day('2027-02-01'), labels: [lifecycle(value)] };
    const id = world.addAccount(7, over);
    expect(await world.sync()).toMatchObject({ restored: 1 });
    const writes = world.double.writes(id).map(({ what }) => what);
    const order = ['active=true', 'endTime=2027-06-30T00:00:00.000Z', 'no label lifecycle.status'];
    expect(writes.filter((what) => order.includes(what)).slice(0, 3)).toEqual(order);
    expect(labels(id)).toEqual({ status: 'MEMBER' });
    expect(await world.row(id)).toMatchObject({ suspendedBy: null, snapshot: { user: { active: true } } });
  });

  it('with skip-end-date-synch: active, the end time not written, the mark removed', async () => {
    await begin();
    await world.hrSays(7, { until: '2027-06-30' });
    const marks = [lifecycle('PENDING_REMOVAL'), ours('skip-end-date-synch')];
    const id = world.addAccount(7, { active: false, endTime: day('2027-04-01'), labels: marks });
    await world.sync();
    expect(world.account(id)).toMatchObject({ active: true, endTime: day('2027-04-01') });
    expect(labels(id)).toEqual({ 'skip-end-date-synch': '', status: 'MEMBER' });
  });

  it('with skip-end-date-synch and an end that is over: it stays suspended, and comes to rest', async () => {
    await begin();
    await world.hrSays(7, { until: '2027-06-30' });
    const marks = [lifecycle('PENDING_REMOVAL'), ours('skip-end-date-synch')];
    const id = world.addAccount(7, { active: false, endTime: day('2027-02-20'), labels: marks });
    expect(await world.sync()).toMatchObject({ restored: 0 });
    world.double.runExpiredAccountsHandler();
    expect(await world.sync()).toMatchObject({ restored: 0, written: 0 });
    expect(world.account(id)).toMatchObject({ active: false });
    expect(labels(id)).toEqual({
      ...{ '/lifecycle.status': 'PENDING_REMOVAL', 'skip-end-date-synch': '', status: 'MEMBER' },
    });
  });

  bothDialects('in an instance that lets nobody change end times, dialect $dialect', ({ dialect }) => {
    it('and over: it stays suspended, is never active in between, and comes to rest', async () => {
      await begin({ dialect });
      await world.hrSays(7, { until: '2027-06-30' });
      const over = { active: false, endTime: day('2027-02-20'), labels: [lifecycle('PENDING_REMOVAL')] };
      const id = world.addAccount(7, over);
      world.double.set({ readOnlyEndTime: true });
      const refusedEndTimes = dialect === 'current' ? 1 : 0;
      expect(await world.sync()).toMatchObject({ restored: 0, refusedEndTimes });
      world.double.runExpiredAccountsHandler();
      expect(await world.sync()).toMatchObject({ restored: 0, refusedEndTimes, written: 0 });
      expect(world.double.writes(id).map(({ what }) => what)).not.toContain('active=true');
      expect(labels(id)).toMatchObject({ '/lifecycle.status': 'PENDING_REMOVAL' });
      // As soon as it may be written: restored, in the order that keeps it known.
      if (dialect === 'legacy') return;
      world.double.set({ readOnlyEndTime: false });
      expect(await world.sync()).toMatchObject({ restored: 1, refusedEndTimes: 0 });
      expect(world.account(id)).toMatchObject({ active: true, endTime: day('2027-06-30') });
    });
  });

  it('and that IAM’s own handler turns off again before its end time is written: it is made active once more', async () => {
    await begin();
    await world.hrSays(7, { until: '2027-06-30' });
    const over = { active: false, endTime: day('2027-02-20'), labels: [lifecycle('PENDING_REMOVAL')] };
    const id = world.addAccount(7, over);
    await world.read();
    const restored = world.double.nextRequest('patchUser');
    const handled = world.handle();
    await restored;
    world.double.runExpiredAccountsHandler();
    expect(world.account(id).active).toBe(false);
    expect(await handled).toMatchObject({ restored: 1, failed: 0 });
    expect(world.account(id)).toMatchObject({ active: true, endTime: day('2027-06-30') });
    expect(labels(id)).toEqual({ status: 'MEMBER' });
    expect(await world.row(id)).toMatchObject({ suspendedBy: null, snapshot: { user: { active: true } } });
  });

  it('and that an attempt before had made active: the same', async () => {
    await begin();
    await world.hrSays(7, { until: '2027-06-30' });
    const over = { endTime: day('2027-02-20'), labels: [lifecycle('PENDING_REMOVAL')] };
    const id = world.addAccount(7, over);
    await world.read();
    world.double.fault('slow', { for: 'putEndTime', times: 1 });
    const moved = world.double.nextRequest('putEndTime');
    const handled = world.handle();
    await moved;
    world.double.runExpiredAccountsHandler();
    world.double.fault('none');
    expect(await handled).toMatchObject({ failed: 0 });
    expect(world.account(id)).toMatchObject({ active: true, endTime: day('2027-06-30') });
  });

  it('and that somebody turns off whenever it is made active: the attempt fails, and then it is an admin’s', async () => {
    await begin();
    await world.hrSays(7, { until: '2027-06-30' });
    const over = { active: false, endTime: day('2027-02-20'), labels: [lifecycle('PENDING_REMOVAL')] };
    const id = world.addAccount(7, over);
    await world.read();
    const insists = async () => {
      for (const _time of [1, 2]) {
        await world.double.nextRequest('patchUser');
        world.double.setActive(id, false);
      }
    };
    const insisted = insists();
    expect(await world.handle()).toMatchObject({ restored: 0, failed: 1 });
    await insisted;
    expect(await world.handle()).toMatchObject({ restored: 0, failed: 0 });
    expect(world.account(id).active).toBe(false);
    expect(await world.row(id)).toMatchObject({ suspendedBy: 'admin' });
  });

  it('and disabled by an admin’s command while the run was under way: it is not given back', async () => {
    await begin();
    await world.hrSays(7, { until: '2027-06-30' });
    const over = { active: false, endTime: day('2027-02-20'), labels: [lifecycle('PENDING_REMOVAL')] };
    const id = world.addAccount(7, over);
    await world.read();
    world.double.fault('slow', { for: 'getUser', times: 1 });
    const asked = world.double.nextRequest('getUser');
    const handled = world.handle();
    await asked;
    const { state } = await world.follower(id);
    const disabledManually = { actor: 'admin-7', at: 0 };
    await world.changeState(id, { holds: { ...state.holds, disabledManually } });
    world.double.fault('none');
    expect(await handled).toMatchObject({ restored: 0, handled: 1 });
    expect(world.account(id).active).toBe(false);
  });

  it('by an admin: it stays suspended, and the rest goes on', async () => {
    await begin();
    await world.hrSays(7, { until: '2027-06-30', givenName: 'Grace' });
    const id = world.addAccount(7, { active: false });
    expect(await world.sync()).toMatchObject({ restored: 0 });
    expect(world.account(id)).toMatchObject({
      ...{ active: false, givenName: 'Grace', endTime: day('2027-06-30') },
    });
    expect(labels(id)['status']).toBe('MEMBER');
  });

  it("by an admin in the middle of a grace, and labelled PENDING_REMOVAL by IAM's handler: it stays suspended", async () => {
    await begin();
    await world.hrSays(7, { until: '2027-03-09' });
    const id = world.addAccount(7);
    await world.sync();
    expect(world.account(id).endTime).toBe(world.now());
    world.setNow(world.now() + DAY_MS);
    world.double.runExpiredAccountsHandler();
    expect(labels(id)['/lifecycle.status']).toBe('PENDING_SUSPENSION');
    world.double.setActive(id, false);
    await world.sync();
    expect(await world.row(id)).toMatchObject({ suspendedBy: 'admin' });

    world.setNow(world.now() + 10 * DAY_MS);
    world.double.runExpiredAccountsHandler();
    expect(labels(id)['/lifecycle.status']).toBe('PENDING_REMOVAL');
    await world.hrSays(7, { until: '2027-12-31' });
    expect(await world.sync()).toMatchObject({ restored: 0 });
    await world.sync();
    expect(world.account(id)).toMatchObject({ active: false, endTime: day('2027-12-31') });
    expect(await world.row(id)).toMatchObject({ suspendedBy: 'admin' });
  });

  it("by IAM's own handler, from grace to suspension: it is restored, and an admin's later suspension stays", async () => {
    await begin();
    await world.hrSays(7, { until: '2027-03-09' });
    const id = world.addAccount(7);
    await world.sync();
    world.setNow(world.now() + 10 * DAY_MS);
    world.double.runExpiredAccountsHandler();
    expect(world.account(id).active).toBe(false);
    await world.sync();
    expect(await world.row(id)).toMatchObject({ suspendedBy: 'lifecycle' });
    await world.hrSays(7, { until: null });
    await world.sync();
    expect(world.account(id)).toMatchObject({ active: true, endTime: null });

    world.double.setActive(id, false);
    await world.sync();
    expect(world.account(id).active).toBe(false);
  });

  it.each([
    ['in its grace', [lifecycle('PENDING_SUSPENSION')]],
    ['over, and not marked yet', []],
  ])(
    "by IAM's own handler right before the end of one that was active, %s, is moved: it is restored",
    async (_when, marks) => {
      await begin();
      await world.hrSays(7, { until: '2027-06-30' });
      const id = world.addAccount(7, { endTime: day('2027-03-01'), labels: marks });
      await world.read();
      world.double.fault('slow', { for: 'putEndTime', times: 1 });
      const moved = world.double.nextRequest('putEndTime');
      const handled = world.handle();
      await moved;
      world.double.runExpiredAccountsHandler();
      expect(world.account(id).active).toBe(false);
      world.double.fault('none');
      await handled;
      await world.sync();
      expect(world.account(id)).toMatchObject({ active: true, endTime: day('2027-06-30') });
      expect(await world.row(id)).toMatchObject({ suspendedBy: null });
      expect(labels(id)).not.toHaveProperty('/lifecycle.status');
    },
  );

  it('only an account whose end was over is looked at once more when its end moves', async () => {
    await begin();
    await world.hrSays(7, { until: '2027-06-30' });
    await world.hrSays(8, { until: '2027-06-30' });
    world.addAccount(7, { endTime: day('2027-04-01') });
    await world.sync();
    const reads = () => world.calls().filter((call) => call === 'getUser').length;
    expect(reads()).toBe(1);
    world.addAccount(8, { endTime: day('2027-03-01') });
    await world.sync();
    expect(reads()).toBe(2);
  });

  it('a suspension that comes while the account is read is seen by its mark', async () => {
    await begin();
    await world.hrSays(7, { until: '2027-06-30' });
    const id = world.addAccount(7, { endTime: day('2027-03-01') });
    await world.read();
    world.double.fault('slow', { for: 'getLabels', times: 1 });
    const request = world.double.nextRequest('getLabels');
    const handled = world.handle();
    await request;
    world.double.runExpiredAccountsHandler();
    world.double.fault('none');
    expect(await handled).toMatchObject({ restored: 1 });
    expect(world.account(id)).toMatchObject({ active: true, endTime: day('2027-06-30') });
  });

  it('by hand, of the person: it stays disabled', async () => {
    await begin();
    await world.hrSays(7, { until: '2027-06-30' });
    const id = world.addAccount(7, { active: false, labels: [lifecycle('SUSPENDED')] });
    await world.read();
    const disabledManually = { actor: 'a', at: 0 };
    await world.changeState(id, {
      holds: {
        ignored: null,
        disabledManually: { ...disabledManually, reason: 'x' } as never,
        excluded: null,
      },
    });
    expect(await world.handle()).toMatchObject({ restored: 0 });
    expect(world.account(id).active).toBe(false);
  });
});

describe('participation over, or none in the experiment', () => {
  it("an admin's date that was written before the registry knew of it is written again", async () => {
    await begin();
    await world.hrSays(7, { until: '2027-03-01' });
    const id = world.addAccount(7, { endTime: day('2027-03-01') });
    await world.sync();
    // The step has written the end time, and not yet told the registry.
    world.double.setEndTime(id, day('2027-06-30'));
    await world.sync();
    expect(world.account(id).endTime).toBe(world.now());
    const adminDate = { until: '2027-06-30', actor: 'a', at: 0, reminded: false, written: true } as const;
    await world.changeState(id, { adminDate });
    await world.sync();
    expect(world.account(id).endTime).toBe(day('2027-06-30'));
    expect(labels(id)['status']).toBe('EXPIRED');
    await world.sync();
    expect(world.calls().filter((call) => call === 'putEndTime')).toEqual([]);
  });

  it('status EXPIRED; an account still valid ends now; it is not suspended', async () => {
    await begin();
    await world.hrSays(7, { until: '2027-03-09' });
    await world.hrSays(8, {});
    const [over, none] = [world.addAccount(7, { endTime: day('2027-12-31') }), world.addAccount(8)];
    expect(await world.sync()).toMatchObject({ ended: 2 });
    expect(labels(over)).toEqual({ status: 'EXPIRED', message: 'participation-ended-2027-03-09' });
    expect(labels(none)).toEqual({ status: 'EXPIRED', message: 'no-participation-in-CMS' });
    for (const id of [over, none]) {
      expect(world.account(id)).toMatchObject({ active: true, endTime: world.now() });
    }
  });

  it('the end is not moved again: graces run from the day we learned it', async () => {
    await begin();
    await world.hrSays(7, {});
    const id = world.addAccount(7);
    await world.sync();
    const learned = world.now();
    for (const ms of [3_600_000, DAY_MS, 20 * DAY_MS]) {
      world.setNow(learned + ms);
      expect(await world.sync()).toMatchObject({ ended: 0, written: 0 });
    }
    expect(world.account(id).endTime).toBe(learned);
  });

  it('on-participation-not-found no_action leaves the end time where there is none', async () => {
    await begin({ onParticipationNotFound: 'no_action' });
    await world.hrSays(7, {});
    const id = world.addAccount(7, { endTime: day('2027-12-31') });
    await world.sync();
    expect(world.account(id).endTime).toBe(day('2027-12-31'));
    expect(labels(id)['status']).toBe('EXPIRED');
  });

  it('skip-end-date-synch: the end time is never written', async () => {
    await begin();
    await world.hrSays(7, {});
    const id = world.addAccount(7, { endTime: day('2027-12-31'), labels: [ours('skip-end-date-synch')] });
    await world.sync();
    expect(world.account(id).endTime).toBe(day('2027-12-31'));
    expect(labels(id)['status']).toBe('EXPIRED');
  });

  it('with three sightings it counts at the third run in a row, and one participation begins anew', async () => {
    await begin({ participationSightings: 3 });
    await world.hrSays(7, {});
    const id = world.addAccount(7);
    await world.sync();
    await world.handle();
    await world.sync();
    expect(world.account(id).endTime).toBeNull();
    expect(labels(id)).toEqual({ message: 'no-participation-in-CMS-2-of-3-times' });
    await world.hrSays(7, { until: null });
    await world.sync();
    expect(labels(id)).toEqual({ status: 'MEMBER' });
    await world.hrSays(7, {});
    for (let run = 0; run < 2; run += 1) await world.sync();
    expect(world.account(id).endTime).toBeNull();
    await world.sync();
    expect(world.account(id).endTime).toBe(world.now());
    expect(labels(id)['status']).toBe('EXPIRED');
  });

  it('a loss that the safeguard holds takes nothing; the names go on', async () => {
    await begin();
    await world.hrSays(7, { until: '2027-12-31' });
    const id = world.addAccount(7);
    await world.sync();
    await world.hrSays(7, { givenName: 'Grace', isHeld: true });
    await world.sync();
    expect(world.account(id)).toMatchObject({ givenName: 'Grace', endTime: day('2027-12-31') });
    expect(labels(id)).toEqual({ status: 'MEMBER' });
  });

  it('a frozen deployment takes nothing, also if the freeze came just now', async () => {
    await begin();
    await world.hrSays(7, {});
    const id = world.addAccount(7, { labels: [ours('action', 'NO_ACTION')] });
    await world.read();
    const said = { actor: 'admin', reason: 'HR is wrong', at: world.now() };
    // Behind the page's own look at the freeze: what is written follows a look of its own.
    world.double.fault('slow', { for: 'getUser', times: 1 });
    const asked = world.double.nextRequest('getUser');
    const handled = world.handle();
    await asked;
    await around.registry.setFrozen({ frozen: true, ...said });
    world.double.fault('none');
    await handled;
    expect(world.account(id).endTime).toBeNull();
    expect(labels(id)).toEqual({});
    await around.registry.setFrozen({ frozen: false, ...said });
    await world.sync();
    expect(world.account(id).endTime).toBe(world.now());
  });
});

describe('legacy knows no grace', () => {
  it('not a valid member: disabled at once, DISABLE_ACCOUNT, OK; the mark before the deed', async () => {
    await begin({ dialect: 'legacy' });
    await world.hrSays(7, { until: '2027-03-09' });
    const id = world.addAccount(7);
    expect(await world.sync()).toMatchObject({ ended: 1 });
    expect(world.account(id)).toMatchObject({ active: false, endTime: null });
    expect(labels(id)).toEqual({ action: 'DISABLE_ACCOUNT', status: 'OK' });
    const writes = world.double.writes(id).map(({ what }) => what);
    expect(writes.slice(0, 2)).toEqual(['label hr.cern/action=DISABLE_ACCOUNT', 'active=false']);
    expect(await world.row(id)).toMatchObject({ suspendedBy: 'lifecycle' });
  });

  it('valid again and disabled by us: restored, RESTORE_ACCOUNT, OK; then NO_ACTION', async () => {
    await begin({ dialect: 'legacy' });
    await world.hrSays(7, {});
    const id = world.addAccount(7);
    for (let run = 0; run < 3; run += 1) await world.sync();
    expect(labels(id)['action']).toBe('DISABLE_ACCOUNT');
    await world.hrSays(7, { until: null });
    expect(await world.sync()).toMatchObject({ restored: 1 });
    expect(world.account(id).active).toBe(true);
    expect(labels(id)).toEqual({ action: 'RESTORE_ACCOUNT', status: 'OK' });
    await world.sync();
    expect(labels(id)).toEqual({ action: 'NO_ACTION', status: 'OK' });
  });

  it('valid again and disabled by an admin: it stays so, NO_ACTION', async () => {
    await begin({ dialect: 'legacy' });
    await world.hrSays(7, {});
    const id = world.addAccount(7, { active: false });
    await world.sync();
    expect(labels(id)).toEqual({ action: 'NO_ACTION', status: 'OK' });
    await world.hrSays(7, { until: null });
    await world.sync();
    expect(world.account(id).active).toBe(false);
  });
});

describe('accounts that were adopted for an experiment of another name', () => {
  it('are left as they are, and counted apart', async () => {
    await begin();
    await world.hrSays(7, { until: '2027-06-30' });
    const id = world.addAccount(7);
    await world.read();
    const settings = { ...world.settings, experiment: 'ATLAS' };
    const deps = { ...around.deps, instance: { iam: world.iam, settings } };
    expect(await world.handle({}, { deps })).toMatchObject({ failed: 1, otherExperiment: 1, written: 0 });
    expect(labels(id)).toEqual({});
  });
});

describe('an instance that lets nobody change end times', () => {
  it('is said in the counts, and everything else is written', async () => {
    await begin();
    world.double.set({ readOnlyEndTime: true });
    await world.hrSays(7, { until: '2027-06-30', givenName: 'Grace' });
    const id = world.addAccount(7);
    expect(await world.sync()).toMatchObject({ refusedEndTimes: 1, failed: 0, written: 1 });
    expect(world.account(id)).toMatchObject({ givenName: 'Grace', endTime: null });
    expect(labels(id)).toEqual({ status: 'MEMBER' });
    expect(await world.row(id)).toMatchObject({ snapshot: { user: { endTime: null } } });
  });
});

describe('unchanged is free', () => {
  const several = async (settings: Partial<InstanceSettings>): Promise<readonly string[]> => {
    await begin(settings);
    await world.hrSays(1, { until: '2027-06-30' });
    await world.hrSays(2, {});
    await world.hrSays(3, { until: null });
    const suspended = { active: false, labels: [lifecycle('SUSPENDED')] };
    const ids = [
      world.addAccount(1),
      world.addAccount(2),
      world.addAccount(3, suspended),
      world.addAccount(null),
    ];
    await world.sync();
    await world.deliver();
    if (settings.dialect === 'legacy') await world.sync();
    await world.deliver();
    world.setNow(world.now() + 3_600_000);
    return ids;
  };

  bothDialects('dialect $dialect', ({ dialect }) => {
    it('every-run: one time stamp an account, no read, nothing told', async () => {
      const ids = await several({ dialect });
      expect(await world.sync()).toEqual({ ...NOTHING_HANDLED, handled: ids.length });
      expect(world.calls()).toEqual(ids.map(() => 'putLabel'));
      expect(world.told()).toEqual([]);
      for (const id of ids) expect(world.labels(id)['timestamp']).toBe(String(world.now()));
    });

    it('on-change: the instance is not asked at all, and the time stamp stands', async () => {
      const ids = await several({ dialect, timestamp: 'on-change' });
      const [first = ''] = ids;
      const stamped = world.labels(first)['timestamp'];
      expect(stamped).toBeDefined();
      expect(await world.sync()).toEqual({ ...NOTHING_HANDLED, handled: ids.length });
      expect(world.calls()).toEqual([]);
      expect(world.told()).toEqual([]);
      expect(world.labels(first)['timestamp']).toBe(stamped);
    });
  });

  it('the registry is not written either', async () => {
    const ids = await several({});
    const before = await Promise.all(ids.map((id) => world.row(id)));
    await world.sync();
    const numberless = (row: object) => ({ ...row, number: 0, at: 0 });
    const after = await Promise.all(ids.map((id) => world.row(id)));
    expect(after.map(numberless)).toEqual(before.map(numberless));
  });

  it('what is refused every time is not stamped as a change', async () => {
    await begin({ timestamp: 'on-change' });
    await world.hrSays(7, { until: null, email: 'taken@example.org' });
    const id = world.addAccount(7);
    world.double.addAccount({ givenName: 'X', familyName: 'Y', email: 'taken@example.org' });
    await world.sync();
    const stamped = world.labels(id)['timestamp'];
    world.setNow(world.now() + 3_600_000);
    await world.sync();
    expect(world.labels(id)['timestamp']).toBe(stamped);
  });
});

describe('what an account is told', () => {
  it('is what the instance shows after the writes, once', async () => {
    await begin();
    await world.hrSays(7, { until: '2027-06-30' });
    const id = world.addAccount(7);
    await world.sync();
    expect(world.told()).toMatchObject([{ personId: '7', endTime: day('2027-06-30'), active: true }]);
    await world.deliver();
    await world.sync();
    expect(world.told()).toEqual([]);
    world.double.setLabel(id, ours('ignore'));
    await world.sync();
    expect(world.told()).toMatchObject([{ ignored: true }]);
  });

  it('is told again if the attempt was cut off before', async () => {
    await begin();
    await world.hrSays(7, { until: '2027-06-30' });
    world.addAccount(7);
    await world.sync();
    around.tellings.length = 0;
    await world.handle();
    expect(world.told()).toMatchObject([{ endTime: day('2027-06-30') }]);
  });
});

describe('who is left alone', () => {
  it('an account that is gone, or was given to somebody else since it was read', async () => {
    await begin();
    for (const personId of [1, 2, 3]) await world.hrSays(personId, { until: '2027-06-30' });
    const ids = [world.addAccount(1), world.addAccount(2), world.addAccount(3)];
    const [gone = '', given = '', kept = ''] = ids;
    await world.read();
    world.double.deleteAccount(gone);
    world.double.setLabel(given, ours('cern_person_id', '99'));
    expect(await world.handle()).toMatchObject({ leftAlone: 2, handled: 1, failed: 0 });
    expect(labels(given)).toEqual({});
    expect(labels(kept)).toEqual({ status: 'MEMBER' });
  });

  it('one that is gone, of which nothing but the time stamp was wanted', async () => {
    await begin();
    await world.hrSays(1, { until: null });
    const id = world.addAccount(1);
    await world.sync();
    world.double.deleteAccount(id);
    expect(await world.handle()).toMatchObject({ leftAlone: 1, failed: 0 });
  });

  it('one whose label names another person, until its account was told', async () => {
    await begin();
    await world.hrSays(1, { until: '2027-06-30' });
    await world.hrSays(2, {});
    const id = world.addAccount(1);
    await world.sync();
    world.double.setLabel(id, ours('cern_person_id', '2'));
    expect(await world.sync()).toMatchObject({ leftAlone: 1, handled: 0 });
    expect(world.account(id).endTime).toBe(day('2027-06-30'));
  });

  it('one whose first comparison with HR is held, until it is applied', async () => {
    await begin();
    await world.hrSays(1, { until: '2027-06-30' });
    const id = world.addAccount(1);
    await world.read();
    const applied = (await around.registry.person('1'))?.applied ?? null;
    await world.changeState(id, { observation: null });
    expect(await world.handle()).toMatchObject({ leftAlone: 1, handled: 0 });
    expect(world.calls()).toEqual([]);
    await world.changeState(id, { observation: applied });
    expect(await world.handle()).toMatchObject({ leftAlone: 0, handled: 1 });
  });

  it('one that came to its person after the plan was made: a row that does not name it compares it with nothing', async () => {
    await begin();
    await world.hrSays(1, {});
    const id = world.addAccount(1, { endTime: day('2027-06-30') });
    await world.read();
    const { accountId } = await world.row(id);
    await world.changeState(id, { observation: null });
    const planned = async (planId: string, instanceChanges: readonly string[]) => {
      const at = world.now();
      await around.registry.openPlan({ planId, dryRun: false, at });
      const change = changeOf({ personId: '1', instanceChanges });
      await around.registry.addChanges({ planId, changes: [change] });
      await around.registry.markRow({ planId, personId: '1', state: 'applied', at });
    };
    await planned('of-others', ['another-account new', `${String(accountId)} there 1`]);
    expect(await world.handle({ planId: 'of-others' })).toMatchObject({ leftAlone: 1, handled: 0 });
    expect(world.account(id).endTime).toBe(day('2027-06-30'));
    await planned('of-this-one', [`${String(accountId)} new`]);
    expect(await world.handle({ planId: 'of-this-one' })).toMatchObject({
      leftAlone: 0,
      handled: 1,
      ended: 1,
    });
  });

  it('one that is not there any more as the registry knows', async () => {
    await begin();
    await world.hrSays(1, {});
    const id = world.addAccount(1);
    await world.read();
    await around.registry.storeInstance([{ ...(await world.row(id)), presence: 'released' }]);
    expect(await world.handle()).toMatchObject({ leftAlone: 1, handled: 0 });
    expect(world.account(id).endTime).toBeNull();
  });
});

describe('an instance that fails', () => {
  const many = async (count: number): Promise<readonly string[]> => {
    const ids = Array.from({ length: count }, (_, index) => index + 1);
    for (const personId of ids) await world.hrSays(personId, { until: '2027-06-30' });
    const added = ids.map((personId) => world.addAccount(personId));
    await world.read();
    return added;
  };

  it('for one account: it touches no other, and the next run does it', async () => {
    await begin();
    const ids = await many(5);
    const [, broken = ''] = ids;
    world.double.fault('500', { account: broken });
    expect(await world.handle()).toMatchObject({ failed: 1, handled: 4 });
    expect(ids.map((id) => labels(id)['status'])).toEqual([
      'MEMBER',
      undefined,
      'MEMBER',
      'MEMBER',
      'MEMBER',
    ]);
    world.double.fault('none');
    expect(await world.sync()).toMatchObject({ failed: 0, handled: 5 });
    expect(labels(broken)).toEqual({ status: 'MEMBER' });
  });

  it('for many in a row: the attempt ends, to be retried, and the next one goes on behind the last good page', async () => {
    await begin({ concurrency: 1 });
    const ids = await many(90);
    world.double.fault('400', { for: 'getUser', skip: 25 });
    const beats: unknown[] = [];
    const attempt = world.handle({}, { beat: (details) => void beats.push(details) });
    await expect(attempt).rejects.toMatchObject({ code: 'IAM_UNAVAILABLE', retryable: true });
    expect(world.calls().filter((call) => call === 'getUser')).toHaveLength(25 + 50);
    const resumeFrom = beats.at(-1);
    expect(resumeFrom).toMatchObject({ waited: { isPausing: true } });

    world.double.fault('none');
    const counts = await world.handle({}, { resumeFrom });
    expect(counts.handled + counts.failed).toBe(90);
    expect(ids.slice(0, 25).every((id) => labels(id)['status'] === 'MEMBER')).toBe(true);
    expect(ids.slice(80).every((id) => labels(id)['status'] === 'MEMBER')).toBe(true);
    expect(await world.sync()).toMatchObject({ handled: 90, failed: 0 });
  });

  it('for everyone of a few: all of them are tried again', async () => {
    await begin();
    const ids = await many(3);
    world.double.fault('broken-json', { for: 'getUser' });
    await expect(world.handle()).rejects.toMatchObject({ code: 'IAM_UNAVAILABLE', retryable: true });
    world.double.fault('none');
    expect(await world.handle()).toMatchObject({ handled: 3, failed: 0 });
    expect(ids.map((id) => labels(id)['status'])).toEqual(['MEMBER', 'MEMBER', 'MEMBER']);
  });

  it('for the only one that had to be asked: it has failed, and holds up nobody', async () => {
    await begin({ timestamp: 'on-change' });
    const ids = await many(3);
    await world.sync();
    await world.hrSays(2, { until: null, givenName: 'Grace' });
    world.double.fault('broken-json', { for: 'getUser' });
    expect(await world.handle()).toMatchObject({ handled: 2, failed: 1 });
    world.double.fault('none');
    expect(await world.sync()).toMatchObject({ handled: 3, failed: 0, written: 1 });
    expect(ids.map((id) => world.account(id).givenName)).toContain('Grace');
  });

  it('for too long: the synchronisation goes on without it', async () => {
    await begin();
    await many(3);
    world.double.fault('broken-json', { for: 'getUser' });
    const resumeFrom = {
      ...{ after: null, counts: NOTHING_HANDLED },
      waited: { ms: around.deps.settings.giveUpMs - 1_000, isPausing: true },
    };
    await expect(world.handle({ backoffMs: 1_000 }, { resumeFrom })).rejects.toMatchObject({
      ...{ code: 'IAM_GAVE_UP', retryable: false },
    });
    // Without the pause it has not lasted long enough.
    await expect(world.handle({}, { resumeFrom })).rejects.toMatchObject({ code: 'IAM_UNAVAILABLE' });
  });

  describe('by refusing our client, which no waiting mends', () => {
    const final = (facts: object, words: RegExp) => ({
      ...{ code: 'IAM_GAVE_UP', retryable: false },
      ...{ message: expect.stringMatching(words) as string, facts: expect.objectContaining(facts) as object },
    });

    it('for one account: it is given up at the end, with the code and the scope; all others are handled', async () => {
      await begin();
      const ids = await many(4);
      world.double.fault('403', { account: ids[1] ?? '', for: 'putLabel' });
      const beats: unknown[] = [];
      const attempt = world.handle({}, { beat: (details) => void beats.push(details) });
      const words = /IAM_FORBIDDEN.*iam:admin\.write/;
      await expect(attempt).rejects.toMatchObject(final({ handled: 3, failed: 1 }, words));
      expect(ids.filter((id) => labels(id)['status'] === 'MEMBER')).toHaveLength(3);
      // An attempt that goes on where this one stood knows it, too.
      world.double.fault('none');
      const resumeFrom = beats.at(-1);
      await expect(world.handle({}, { resumeFrom })).rejects.toMatchObject(final({ failed: 1 }, words));
      expect(await world.sync()).toMatchObject({ handled: 4, failed: 0 });
    });

    it('for the only one that had to be asked', async () => {
      await begin({ timestamp: 'on-change' });
      await many(3);
      await world.sync();
      await world.hrSays(2, { until: null, givenName: 'Grace' });
      world.double.fault('403', { for: 'patchUser' });
      await expect(world.handle()).rejects.toMatchObject(
        final({ handled: 2, failed: 1 }, /IAM_FORBIDDEN.*scim:write/),
      );
    });

    it('for everyone: it is given up at once, and not asked for each of them', async () => {
      await begin({ concurrency: 1 });
      await many(60);
      world.double.fault('403', { for: 'putLabel' });
      await expect(world.handle()).rejects.toMatchObject(final({ failed: 50 }, /IAM_FORBIDDEN/));
      world.double.fault('none');
      world.double.expireTokens();
      world.double.fault('401', { for: 'token' });
      await expect(world.handle()).rejects.toMatchObject(final({ failed: 1 }, /IAM_UNAUTHORIZED.*client/));
      world.double.fault('none');
      expect(await world.sync()).toMatchObject({ handled: 60, failed: 0 });
    });
  });

  it('says nothing personal', async () => {
    const said: unknown[] = [];
    const log = { info: () => undefined, warn: (...what: unknown[]) => void said.push(what) };
    await begin();
    await world.hrSays(7, { until: null, email: 'taken@example.org' });
    world.addAccount(7);
    world.double.addAccount({ givenName: 'X', familyName: 'Y', email: 'taken@example.org' });
    await world.read();
    const deps = { ...around.deps, log, instance: { iam: world.iam, settings: world.settings } };
    await world.handle({}, { deps });
    world.double.fault('500');
    await world.handle({}, { deps });
    expect(JSON.stringify(said)).toContain('IAM_EMAIL_BOUND');
    expect(JSON.stringify(said)).not.toMatch(/taken@|Rossi|Ada/);
  });
});
