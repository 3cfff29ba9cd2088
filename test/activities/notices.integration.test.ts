import { ApplicationFailure } from '@temporalio/common';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { AccountState } from '../../src/contracts/account.ts';
import type { HrDoublePerson } from '../../src/demo/doubles/hr-double-person.ts';
import { decide } from '../../src/policy/decide.ts';
import { attemptStep, personOfHr, startSurroundings, type Surroundings } from '../support/deployment.ts';
import { beginStep } from '../support/lives.ts';
import { at, LAST_DAY, policyFor } from '../support/policy-builders.ts';

const LONG_AGO = at('2026-01-01');
const PRIMARY = policyFor('primary');
/** Right after the notices 60 and 7 days before the last day are due. */
const BEFORE_60 = at('2027-01-30 08:05');
const BEFORE_7 = at('2027-03-24 08:05');
const TOLD = Object.fromEntries([-60, -27].map((offset) => [offset, { lastDay: LAST_DAY, times: 1 }]));

let around: Surroundings;
let nextId = 900_300;

beforeAll(async () => {
  around = await startSurroundings();
});
afterEach(() => around.sink.fault('none'));
afterAll(() => around.stop());

async function leaver(person: Partial<HrDoublePerson> = {}, state: Partial<AccountState> = {}) {
  nextId += 1;
  const personId = String(nextId);
  await around.seedPerson(personOfHr(nextId, { to: LAST_DAY, ...person }), LONG_AGO);
  const account = await around.seedAccount({ personId, at: LONG_AGO, login: `leave${nextId}`, state });
  return { personId, account };
}

async function supervisor(person: Partial<HrDoublePerson> = {}) {
  nextId += 1;
  await around.seedPerson(personOfHr(nextId, { firstName: 'Grace', name: 'Hopper', ...person }), LONG_AGO);
  return nextId;
}

/** Mails to these addresses since the test began. */
function mailsTo(...addresses: readonly string[]) {
  return around.sink.mails.filter(({ to }) => to.some((address) => addresses.includes(address)));
}

async function failure(attempt: Promise<unknown>): Promise<ApplicationFailure> {
  const error = await attempt.then(
    () => null,
    (reason: unknown) => reason,
  );
  if (error instanceof ApplicationFailure) return error;
  throw new Error('it did not fail as it should', { cause: error });
}

describe('a notice goes', () => {
  it('to the address at the organisation, in the language of the person, once', async () => {
    const { personId, account } = await leaver({
      preferredLanguage: 'fr',
      externalEmail: 'ada@home.example',
    });
    const input = beginStep(account.state, PRIMARY, BEFORE_60, 'notice');
    const outcome = await attemptStep(around.deps, input);
    expect(outcome.result).toBe('done');
    await attemptStep(around.deps, input, { attempt: 2 });
    const [mail, ...more] = mailsTo(`person-${personId}@example.org`, 'ada@home.example');
    expect(more).toEqual([]);
    expect(mail?.to).toEqual([`person-${personId}@example.org`]);
    expect(mail?.headers.get('content-language')).toBe('fr');
    expect(mail?.text).toContain('31 mars 2027');
    const [notice] = await around.registry.notices(personId);
    expect(notice).toMatchObject({
      key: `${personId}/0/-60/${LAST_DAY}/1`,
      audience: 'person',
      state: 'sent',
      dueAt: at('2027-01-30 08:00'),
      messageId: mail?.messageId,
    });
  });

  it('to the external address of who has no other', async () => {
    const { account } = await leaver({ email: null, externalEmail: `home-${nextId}@home.example` });
    const address = `home-${nextId - 1}@home.example`;
    await attemptStep(around.deps, beginStep(account.state, PRIMARY, BEFORE_60, 'notice'));
    expect(mailsTo(address)).toHaveLength(1);
  });

  it('to the supervisor of who has none at all, to be passed on', async () => {
    const supervisorId = await supervisor();
    const { account } = await leaver({ email: null, supervisorId });
    await attemptStep(around.deps, beginStep(account.state, PRIMARY, BEFORE_60, 'notice'));
    const [mail] = mailsTo(`person-${supervisorId}@example.org`);
    expect(mail?.text).toContain(
      'We have no mail address for Ada Rossi. Please pass this message on to them.',
    );
  });

  it('to the last supervisor that HR named, when it names none any more', async () => {
    const supervisorId = await supervisor();
    const { personId, account } = await leaver({ email: null, supervisorId });
    await around.seedPerson(personOfHr(Number(personId), { to: LAST_DAY, email: null }), LONG_AGO);
    await attemptStep(around.deps, beginStep(account.state, PRIMARY, BEFORE_60, 'notice'));
    expect(mailsTo(`person-${supervisorId}@example.org`)).toHaveLength(1);
  });

  it('nowhere where there is nobody: the Service Desk gets one case, and the failure is shown', async () => {
    const { personId, account } = await leaver({ email: null });
    const input = beginStep(account.state, PRIMARY, BEFORE_60, 'notice');
    const first = await failure(attemptStep(around.deps, input));
    expect(first).toMatchObject({ type: 'MAIL_NO_ADDRESS', nonRetryable: true });
    await failure(attemptStep(around.deps, input, { attempt: 2 }));
    const cases = around.sink.mails.filter(
      ({ text }) => text.includes(`person ${personId}`) || text.includes(personId),
    );
    expect(cases.map(({ to }) => to)).toEqual([['service-desk@example.org']]);
    expect(cases[0]?.subject).toMatch(/nobody to send a notice to/);
  });
});

describe('seven days before the last day', () => {
  it('the supervisor gets the list of what is still owned, and the person too', async () => {
    const supervisorId = await supervisor();
    const { personId, account } = await leaver({ supervisorId }, { told: TOLD });
    const robot = await around.seedAccount({
      personId,
      at: LONG_AGO,
      kind: 'service',
      login: `bot${nextId}`,
    });
    await attemptStep(around.deps, beginStep(account.state, PRIMARY, BEFORE_7, 'notice'));
    const [own] = mailsTo(`person-${personId}@example.org`);
    expect(own?.text).toContain(robot.login);
    const [list] = mailsTo(`person-${supervisorId}@example.org`);
    expect(list?.text).toContain(robot.login);
    expect(list?.text).toContain('Ada Rossi');
    const audiences = (await around.registry.notices(personId)).map(({ audience, state }) => [
      audience,
      state,
    ]);
    expect(audiences.sort()).toEqual([
      ['person', 'sent'],
      ['supervisor', 'sent'],
    ]);
  });

  it('the supervisor gets nothing when nothing is owned', async () => {
    const supervisorId = await supervisor();
    const { account } = await leaver({ supervisorId }, { told: TOLD });
    await attemptStep(around.deps, beginStep(account.state, PRIMARY, BEFORE_7, 'notice'));
    expect(mailsTo(`person-${supervisorId}@example.org`)).toEqual([]);
  });

  it('a supervisor whose mail is refused keeps no other mail from going out', async () => {
    const supervisorId = await supervisor({ email: 'no plain address' });
    const { personId, account } = await leaver({ supervisorId }, { told: TOLD });
    await around.seedAccount({ personId, at: LONG_AGO, kind: 'service', login: `bot${nextId}` });
    await attemptStep(around.deps, beginStep(account.state, PRIMARY, BEFORE_7, 'notice')).catch(
      () => undefined,
    );
    expect(mailsTo(`person-${personId}@example.org`)).toHaveLength(1);
  });
});

describe('when the mail server', () => {
  it('puts a mail off, it is tried again and sent once', async () => {
    const { personId, account } = await leaver();
    const input = beginStep(account.state, PRIMARY, BEFORE_60, 'notice');
    await around.sink.fault('451');
    expect(await failure(attemptStep(around.deps, input))).toMatchObject({
      type: 'MAIL_DEFERRED',
      nonRetryable: false,
    });
    expect((await around.registry.notices(personId))[0]?.state).toBe('due');
    await around.sink.fault('none');
    await attemptStep(around.deps, input, { attempt: 2 });
    expect(mailsTo(`person-${personId}@example.org`)).toHaveLength(1);
  });

  it('vanishes before it says that it took the mail, it is sent again under the same Message-ID', async () => {
    const { personId, account } = await leaver();
    const input = beginStep(account.state, PRIMARY, BEFORE_60, 'notice');
    await around.sink.fault('drop-before-250');
    expect((await failure(attemptStep(around.deps, input))).nonRetryable).toBe(false);
    await around.sink.fault('none');
    await attemptStep(around.deps, input, { attempt: 2 });
    const mails = mailsTo(`person-${personId}@example.org`);
    expect(mails.map(({ acknowledged }) => acknowledged)).toEqual([false, true]);
    expect(new Set(mails.map(({ messageId }) => messageId)).size).toBe(1);
  });

  it('is not there, it is waited for', async () => {
    const { personId, account } = await leaver();
    const input = beginStep(account.state, PRIMARY, BEFORE_60, 'notice');
    await around.sink.fault('refuse');
    expect(await failure(attemptStep(around.deps, input))).toMatchObject({
      type: 'MAIL_UNREACHABLE',
      nonRetryable: false,
    });
    await around.sink.fault('none');
    await attemptStep(around.deps, input, { attempt: 2 });
    expect(mailsTo(`person-${personId}@example.org`)).toHaveLength(1);
  });

  it('refuses a mail for good, it is marked failed and alarmed when its time is over', async () => {
    const { personId, account } = await leaver();
    const input = beginStep(account.state, PRIMARY, BEFORE_60, 'notice');
    await around.sink.fault('550');
    const failed = await failure(attemptStep(around.deps, input));
    expect(failed).toMatchObject({ type: 'MAIL_REFUSED', nonRetryable: true });
    expect(JSON.stringify([failed.message, failed.details])).not.toContain('@');
    let state = decide(
      input.state,
      { type: 'stepFailed', at: BEFORE_60, step: input.step, code: 'MAIL_REFUSED', message: failed.message },
      PRIMARY,
    );
    expect(state.failures).toMatchObject([{ code: 'MAIL_REFUSED' }]);
    // The next notice is due: the first one is given up, and the plan goes on.
    const deadline = input.step.deadline ?? 0;
    expect(deadline).toBe(at('2027-03-04 08:00'));
    state = decide(state, { type: 'woke', at: deadline }, PRIMARY);
    expect(state.failures).toEqual([]);
    await around.sink.fault('none');
    await attemptStep(around.deps, beginStep(state, PRIMARY, deadline, 'notice'));
    const notices = await around.registry.notices(personId);
    expect(notices.map(({ offset, state: result }) => [offset, result])).toEqual([
      [-60, 'failed'],
      [-27, 'sent'],
    ]);
    const alarms = (await around.registry.alarms({ open: true })).map(({ key }) => key);
    expect(alarms).toContain(`notice-failed:${personId}/0/-60/${LAST_DAY}/1`);
  });
});

describe('a reminder', () => {
  it('goes to the person and to whoever set the hold: here an admin whom the registry does not know', async () => {
    const holds = {
      ignored: { until: '2027-02-20', actor: 'admin-7', at: LONG_AGO, reminded: false },
      disabledManually: null,
      excluded: null,
    };
    const { personId, account } = await leaver({}, { holds });
    const before = mailsTo('admins@example.org').length;
    const input = beginStep(account.state, PRIMARY, at('2027-02-13 08:05'), 'reminder');
    expect((await attemptStep(around.deps, input)).result).toBe('done');
    expect(mailsTo(`person-${personId}@example.org`)).toHaveLength(1);
    expect(mailsTo('admins@example.org')).toHaveLength(before + 1);
  });

  it('of the same hold on several accounts of a person is sent once', async () => {
    const holds = {
      ignored: { until: '2027-02-20', actor: 'admin-7', at: LONG_AGO, reminded: false },
      disabledManually: null,
      excluded: null,
    };
    const { personId, account } = await leaver({}, { holds });
    const second = await around.seedAccount({ personId, at: LONG_AGO, kind: 'secondary', state: { holds } });
    const moment = at('2027-02-13 08:05');
    await attemptStep(around.deps, beginStep(account.state, PRIMARY, moment, 'reminder'));
    await attemptStep(around.deps, beginStep(second.state, policyFor('secondary'), moment, 'reminder'));
    expect(mailsTo(`person-${personId}@example.org`)).toHaveLength(1);
  });
});

describe('an all-clear', () => {
  it('says that the date which was told no longer holds', async () => {
    const { personId, account } = await leaver({}, { told: TOLD });
    await around.seedPerson(personOfHr(Number(personId), { to: '2028-06-30' }), LONG_AGO);
    const observation = (await around.registry.person(personId))?.observation;
    if (!observation) throw new Error('nobody was seeded');
    const state = decide(
      account.state,
      { type: 'observed', at: at('2027-03-10 12:00'), observation },
      PRIMARY,
    );
    const input = beginStep(state, PRIMARY, at('2027-03-11 08:05'), 'allClear');
    expect((await attemptStep(around.deps, input)).result).toBe('done');
    const [mail] = mailsTo(`person-${personId}@example.org`);
    expect(mail?.subject).toMatch(/the date we announced no longer holds/);
    expect(mail?.text).toContain('30 June 2028');
  });
});
