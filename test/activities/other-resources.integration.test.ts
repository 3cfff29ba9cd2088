import { ApplicationFailure } from '@temporalio/common';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { AccountState } from '../../src/contracts/account.ts';
import { createResourceSource } from '../../src/connectors/resources/create-resource-source.ts';
import type { ResourceSource } from '../../src/connectors/resource-source.ts';
import type { HrDoublePerson } from '../../src/demo/doubles/hr-double-person.ts';
import { startResourcesDouble, type ResourcesDouble } from '../../src/demo/doubles/resources-double.ts';
import { createProposalTokens } from '../../src/links/proposal-token.ts';
import {
  activityEnvironment,
  attemptStep,
  personOfHr,
  startSurroundings,
  type Surroundings,
} from '../support/deployment.ts';
import { beginStep, clockFrom } from '../support/lives.ts';
import { at, LAST_DAY, policyFor } from '../support/policy-builders.ts';

const LONG_AGO = at('2026-01-01');
const PRIMARY = policyFor('primary');
const HOUR_MS = 3_600_000;
const BEFORE_60 = at('2027-01-30 08:05');
const BEFORE_7 = at('2027-03-24 08:05');
const TOLD = Object.fromEntries([-60, -27].map((offset) => [offset, { lastDay: LAST_DAY, times: 1 }]));
const TOKEN = 'a token of the source';
const SITE = { type: 'website', name: 'ada-lab' };
const PROPOSALS = createProposalTokens({ publicUrl: 'https://accounts.example.org', key: 'k'.repeat(32) });
const NOT_LISTED = /could not be listed/;

let around: Surroundings;
let double: ResourcesDouble;
let source: ResourceSource;
let nextId = 900_700;

beforeAll(async () => {
  double = await startResourcesDouble({ credentials: { token: TOKEN } });
  source = createResourceSource({
    ...{ baseUrl: double.url, credentials: { token: TOKEN } },
    ...{ timeoutMs: 2_000, concurrency: 4, ratePerSecond: null },
  });
  around = await startSurroundings({
    over: () => ({ resources: { source, patienceMs: 4 * HOUR_MS } }),
    settings: {
      links: { reassignment: () => 'https://accounts.example.org/never', proposal: PROPOSALS.address },
    },
  });
});
afterEach(async () => {
  double.fault('none');
  await around.sink.fault('none');
});
afterAll(async () => {
  await around.stop();
  await source.close();
  await double.stop();
});

async function leaver(person: Partial<HrDoublePerson> = {}, state: Partial<AccountState> = {}) {
  nextId += 1;
  const personId = String(nextId);
  await around.seedPerson(personOfHr(nextId, { to: LAST_DAY, ...person }), LONG_AGO);
  const account = await around.seedAccount({ personId, at: LONG_AGO, login: `owner${nextId}`, state });
  return { personId, account, mail: `person-${personId}@example.org` };
}

async function supervisor() {
  nextId += 1;
  await around.seedPerson(personOfHr(nextId, { firstName: 'Grace', name: 'Hopper' }), LONG_AGO);
  return nextId;
}

const robotOf = (personId: string) => {
  nextId += 1;
  return around.seedAccount({ personId, at: LONG_AGO, kind: 'service', login: `bot${nextId}` });
};
const mailsTo = (address: string) => around.sink.mails.filter(({ to }) => to.includes(address));
const alarms = async () => (await around.registry.alarms({ open: true })).map(({ key }) => key);

async function failure(attempt: Promise<unknown>): Promise<ApplicationFailure> {
  const error = await attempt.then(
    () => null,
    (reason: unknown) => reason,
  );
  if (error instanceof ApplicationFailure) return error;
  throw new Error('it did not fail as it should', { cause: error });
}

describe('what a leaver owns beside accounts', () => {
  it('stands in the notice, with what it is, and in no outcome', async () => {
    const { personId, account, mail } = await leaver();
    double.setOwned(personId, [SITE]);
    const outcome = await attemptStep(around.deps, beginStep(account.state, PRIMARY, BEFORE_60, 'notice'));
    expect(mailsTo(mail)[0]?.text).toContain('  - website: ada-lab\n');
    expect(JSON.stringify([outcome, await around.registry.account(account.accountId)])).not.toContain(
      'ada-lab',
    );
    expect(double.requests).toContain(`/owned/${personId}`);
  });

  it('is told the supervisor seven days before, also if no service account is left', async () => {
    const supervisorId = await supervisor();
    const { personId, account } = await leaver({ supervisorId }, { told: TOLD });
    double.setOwned(personId, [SITE]);
    const asked = double.requests.length;
    await attemptStep(around.deps, beginStep(account.state, PRIMARY, BEFORE_7, 'notice'));
    const [list] = mailsTo(`person-${supervisorId}@example.org`);
    expect(list?.subject).toBe('Ada Rossi still owns official resources');
    expect(list?.text).toContain('  - website: ada-lab\n');
    // Asked once for both.
    expect(double.requests).toHaveLength(asked + 1);
  });

  it('is nothing: the supervisor is told nothing', async () => {
    const supervisorId = await supervisor();
    const { account, mail } = await leaver({ supervisorId }, { told: TOLD });
    await attemptStep(around.deps, beginStep(account.state, PRIMARY, BEFORE_7, 'notice'));
    expect(mailsTo(mail)).toHaveLength(1);
    expect(mailsTo(`person-${supervisorId}@example.org`)).toEqual([]);
  });

  it('is asked for by no other mail: not by an all-clear', async () => {
    const { personId, account } = await leaver({}, { told: TOLD });
    const asked = double.requests.length;
    const allClear = { told: LAST_DAY, dueAt: at('2027-03-11 08:00'), returned: false };
    const person = await around.seedPerson(personOfHr(Number(personId), { to: '2028-06-30' }), LONG_AGO);
    const state = { ...account.state, observation: person.observation, allClear };
    const input = beginStep(state, PRIMARY, at('2027-03-11 08:05'), 'allClear');
    expect((await attemptStep(around.deps, input)).result).toBe('done');
    expect(double.requests).toHaveLength(asked);
  });
});

describe('while the source of resources is down', () => {
  it('the notice waits, and nobody gets half of it', async () => {
    const supervisorId = await supervisor();
    const { personId, account, mail } = await leaver({ supervisorId }, { told: TOLD });
    double.setOwned(personId, [SITE]);
    double.fault('500');
    const input = beginStep(account.state, PRIMARY, BEFORE_7, 'notice');
    const failed = await failure(attemptStep(around.deps, input));
    expect(failed).toMatchObject({ type: 'RESOURCES_STATUS_500', nonRetryable: false });
    expect(JSON.stringify([failed.message, failed.details])).not.toMatch(/ada-lab|9007/);
    expect(mailsTo(mail)).toEqual([]);
    expect((await around.registry.notices(personId)).map(({ state }) => state)).toEqual(['due']);
    double.fault('none');
    await attemptStep(around.deps, input, { attempt: 2 });
    expect(mailsTo(mail)[0]?.text).toContain('ada-lab');
    expect(mailsTo(`person-${supervisorId}@example.org`)).toHaveLength(1);
  });

  it('the notice goes out without the list when patience ends, says so, and the admins are told', async () => {
    const supervisorId = await supervisor();
    const { personId, account, mail } = await leaver({ supervisorId }, { told: TOLD });
    double.setOwned(personId, [SITE]);
    double.fault('500');
    const late = (moment: number) => beginStep(account.state, PRIMARY, moment, 'notice');
    expect((await failure(attemptStep(around.deps, late(at('2027-03-24 11:59'))))).nonRetryable).toBe(false);
    expect((await attemptStep(around.deps, late(at('2027-03-24 12:00')))).result).toBe('done');
    expect(mailsTo(mail)[0]?.text).toMatch(NOT_LISTED);
    // Nobody knows that nothing is left.
    const [list] = mailsTo(`person-${supervisorId}@example.org`);
    expect(list?.subject).toBe('Official resources of Ada Rossi: please ask');
    expect(list?.text).toMatch(NOT_LISTED);
    expect(await alarms()).toContain('resources-unavailable');

    double.fault('none');
    const next = await leaver();
    await attemptStep(around.deps, beginStep(next.account.state, PRIMARY, BEFORE_60, 'notice'));
    expect(mailsTo(next.mail)[0]?.text).not.toMatch(NOT_LISTED);
    expect(await alarms()).not.toContain('resources-unavailable');
  });

  it('the notice is never held until it has no time left: by half of its time it is gone', async () => {
    const { account, mail } = await leaver({}, { told: TOLD });
    double.fault('500');
    const deps = { ...around.deps, resources: { source, patienceMs: 1_000 * HOUR_MS } };
    const begun = beginStep(account.state, PRIMARY, BEFORE_7, 'notice');
    // Leaving is a week later.
    expect((begun.step.deadline ?? 0) - begun.step.dueAt).toBeGreaterThan(7 * 24 * HOUR_MS);
    const half = (begun.step.dueAt + (begun.step.deadline ?? 0)) / 2;
    await failure(attemptStep(deps, { ...begun, clock: clockFrom(half - HOUR_MS) }));
    await attemptStep(deps, { ...begun, clock: clockFrom(half) }, { attempt: 2 });
    expect(mailsTo(mail)[0]?.text).toMatch(NOT_LISTED);
  });

  it('what no retry mends is not waited for', async () => {
    const { personId, account, mail } = await leaver();
    double.setAnswer(personId, { owned: 'something else' });
    await attemptStep(around.deps, beginStep(account.state, PRIMARY, BEFORE_60, 'notice'));
    expect(mailsTo(mail)[0]?.text).toMatch(NOT_LISTED);
    const [alarm] = (await around.registry.alarms({ open: true })).filter(
      ({ key }) => key === 'resources-unavailable',
    );
    expect(alarm?.message).toContain('RESOURCES_WRONG_SHAPE');
    expect(alarm?.message).not.toMatch(/something else|9007/);
  });

  it('a step that is called off asks no more, and mails nothing', async () => {
    const { account, mail } = await leaver();
    double.fault('slow');
    const asked = double.requests.length;
    const environment = activityEnvironment({ attempt: 1 });
    const running = attemptStep(around.deps, beginStep(account.state, PRIMARY, BEFORE_60, 'notice'), {
      environment,
    });
    await expect.poll(() => double.requests.length).toBe(asked + 1);
    environment.cancel();
    await expect(running).rejects.toThrow();
    expect(mailsTo(mail)).toEqual([]);
  });
});

describe('the links by which an owner proposes the next one', () => {
  it('stand in the notice before leaving, one for each service account', async () => {
    const { personId, account, mail } = await leaver();
    const robots = [await robotOf(personId), await robotOf(personId)];
    await attemptStep(around.deps, beginStep(account.state, PRIMARY, BEFORE_60, 'notice'));
    const text = mailsTo(mail)[0]?.text ?? '';
    for (const { accountId, login } of robots) {
      const address = PROPOSALS.address({ accountId, owner: personId, since: LONG_AGO });
      expect(text.replaceAll('=\n', '')).toContain(`  - ${login}: ${address}`);
    }
  });

  it('go to nobody else: not to the supervisor, nor to one who passes the mail on, nor after leaving', async () => {
    const supervisorId = await supervisor();
    const { personId, account } = await leaver({ supervisorId, email: null }, { told: TOLD });
    await robotOf(personId);
    await attemptStep(around.deps, beginStep(account.state, PRIMARY, BEFORE_7, 'notice'));
    const mails = mailsTo(`person-${supervisorId}@example.org`);
    expect(mails).toHaveLength(2);
    expect(mails.map(({ text }) => text).join()).not.toContain('https://');

    const gone = await leaver({}, { told: TOLD });
    await robotOf(gone.personId);
    const begun = beginStep(gone.account.state, PRIMARY, BEFORE_7, 'notice');
    const notice = begun.step.notice && { ...begun.step.notice, template: 'has-left' as const };
    await attemptStep(around.deps, { ...begun, step: { ...begun.step, notice } });
    const [told] = mailsTo(gone.mail);
    expect(told?.subject).toContain('has ended');
    expect(told?.text).not.toContain('https://');
  });
});
