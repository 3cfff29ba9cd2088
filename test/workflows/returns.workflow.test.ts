import { afterAll, beforeAll, expect, it } from 'vitest';
import type { Directory } from '../../src/connectors/directory.ts';
import { BY_EMAIL } from '../../src/contracts/guest.ts';
import { TargetError } from '../../src/errors.ts';
import { writeGuestsOf } from '../../activities/guests/write-guests.ts';
import { personOfHr, startTestDeployment, type TestDeployment } from '../support/deployment.ts';
import { clockFrom, eventually, within } from '../support/lives.ts';
import { at, LAST_DAY } from '../support/policy-builders.ts';
import { describeOnTemporal } from '../support/temporal.ts';

/** An hour and a half into day 180: the delete is due, wherever in the window. */
const START = at('2027-09-28 01:30');
const LONG_AGO = at('2026-01-01');
const { signal } = new AbortController();

describeOnTemporal('a return while the delete is due', (server) => {
  let deployment: TestDeployment;
  /** Logins that the directory does not delete for the time being. */
  const stuck = new Set<string>();
  const tried = new Set<string>();

  beforeAll(async () => {
    const stubborn = (directory: Directory): Directory => ({
      ...directory,
      delete: (call) => {
        tried.add(call.login);
        const down = new TargetError({ code: 'TARGET_UNREACHABLE', message: 'down', retryable: true });
        return stuck.has(call.login) ? Promise.reject(down) : directory.delete(call);
      },
    });
    deployment = await startTestDeployment(server, {
      clock: clockFrom(START, 0.01),
      over: ({ directories }) => ({ directories: directories.map(stubborn) }),
    });
  });
  afterAll(() => deployment.stop());

  /** Somebody who was blocked on day 60, with a guest account, and whose delete is due by now. */
  async function leaver(id: number, login: string) {
    const email = `${login}@example.net`;
    await deployment.seedPerson(personOfHr(id, { to: LAST_DAY, externalEmail: email }), LONG_AGO);
    const personId = String(id);
    const account = await deployment.seedAccount({
      ...{ personId, at: LONG_AGO, login, stage: 'blocked' },
      state: {
        activeStatus: 'Inactive',
        blocked: { lastDay: LAST_DAY, at: at('2027-05-31 00:10') },
        guest: { departure: 0, state: 'open' },
        told: Object.fromEntries([-60, -27, -7].map((offset) => [offset, { lastDay: LAST_DAY, times: 1 }])),
        named: { lastDay: LAST_DAY, dueAt: at('2027-01-30 08:00') },
      },
    });
    await deployment.registry.openGuest({
      ...{ guestId: `guest-${personId}`, personId, accountId: account.accountId, at: at('2027-04-01') },
      identity: { provider: BY_EMAIL, subject: email, email },
    });
    const { registry, directory } = deployment;
    await writeGuestsOf({ registry, directory, signal }, personId);
    return { id, personId, login, email, accountId: account.accountId };
  }
  const comesBack = async (id: number) => {
    deployment.hr.setPerson(personOfHr(id, { to: null }));
    await within('a synchronisation', deployment.sync());
  };
  const guestEntry = async (email: string) => (await deployment.entry(email))?.access;

  it('and has begun nowhere restores the account, and shuts the guest account', async () => {
    const one = await leaver(1, 'arossi');
    deployment.hr.fault('500');
    await deployment.startAccount(one.accountId);
    await eventually('the delete waits for HR', async () => {
      const { pendingActivities } = (
        await deployment.client.workflow.getHandle(`account/${one.accountId}`).describe()
      ).raw;
      return pendingActivities?.some(({ lastFailure }) => lastFailure !== null && lastFailure !== undefined);
    });
    deployment.hr.fault('none');
    await comesBack(one.id);
    await deployment.untilStatus(
      one.accountId,
      'it is back',
      ({ stage, problem }) => stage === 'active' && !problem,
    );
    await eventually('the guest account is shut', async () => (await guestEntry(one.email)) === 'off');
    expect(await deployment.entry(one.login)).toMatchObject({ access: 'on', activeStatus: 'Active' });
    expect(tried.has(one.login)).toBe(false);
    const mail = await eventually('the mail that says so', () =>
      deployment.sink.mails.find(({ text }) => text.includes('Welcome back')),
    );
    expect(mail.text).toContain(one.login);
    expect(mail.text).toContain(
      'Group memberships that were deleted and service accounts that were transferred',
    );
  });

  it('and has begun somewhere finishes it; then the person has a new account with another login', async () => {
    const one = await leaver(2, 'arossi9');
    stuck.add(one.login);
    await deployment.startAccount(one.accountId);
    await eventually('the delete has begun', async () => {
      const effects = await deployment.registry.effects(one.accountId);
      return tried.has(one.login) && effects.some(({ action }) => action === 'delete');
    });
    await comesBack(one.id);
    await deployment.untilStatus(one.accountId, 'it knows that it is deleted', ({ past }) =>
      past.some(({ action, result }) => action === 'giveAccess' && result === 'refused'),
    );
    expect(await deployment.entry(one.login)).toMatchObject({ access: 'off' });
    expect(await deployment.registry.accounts({ personId: one.personId, kind: 'primary' })).toHaveLength(1);
    stuck.delete(one.login);
    await eventually('it is deleted', async () => {
      const row = await deployment.registry.account(one.accountId);
      return row?.state.stage === 'deleted';
    });
    expect(await deployment.entry(one.login)).toBeNull();
    expect(await guestEntry(one.email)).toBe('on');

    await within('a synchronisation', deployment.sync());
    const anew = await eventually('a new primary account', async () => {
      const accounts = await deployment.registry.accounts({ personId: one.personId, kind: 'primary' });
      return accounts.find(({ state }) => state.stage === 'active');
    });
    expect(anew.login).not.toBe(one.login);
    expect(await deployment.entry(anew.login)).toMatchObject({
      access: 'on',
      person: { personId: one.personId },
    });
    expect(await guestEntry(one.email)).toBe('off');
    expect(await deployment.registry.guests(one.personId)).toMatchObject([{ isOpen: false }]);
  });
});
