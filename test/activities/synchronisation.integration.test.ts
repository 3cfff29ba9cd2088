import { ApplicationFailure } from '@temporalio/common';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { ActivityDependencies } from '../../activities/dependencies.ts';
import type { Instant } from '../../src/contracts/time.ts';
import { LifecycleError } from '../../src/errors.ts';
import { NO_LOOKS } from '../../src/policy/sync-counts.ts';
import { personOfHr, runSync, startSurroundings, type Surroundings } from '../support/deployment.ts';
import { startTestInstance } from '../support/instance.ts';
import { clockFrom } from '../support/lives.ts';
import { at } from '../support/policy-builders.ts';
import { wholeSync } from '../support/run-sync.ts';

const DAY_1 = at('2027-02-01 12:00');
const hoursLater = (hours: number) => DAY_1 + hours * 3_600_000;

let around: Surroundings;
beforeAll(async () => {
  around = await startSurroundings();
});
beforeEach(() => around.forget());
afterAll(() => around.stop());

/** Somebody with a primary account whose workflow has long been started. */
async function member(id: number): Promise<void> {
  await around.seedPerson(personOfHr(id), DAY_1);
  await around.seedAccount({ personId: String(id), at: DAY_1 });
}

const RUN = 'run-1';

/** Looks at everyone, in one range. */
async function observe(
  now: Instant,
  deps: ActivityDependencies = around.deps,
  resumeFrom?: unknown,
  planId = RUN,
) {
  const range = { after: null, upTo: null, expected: 0 };
  const input = { clock: clockFrom(now), planId, range, dryRun: false };
  await runSync(deps, (activities) => activities.beginRun(input));
  try {
    return await runSync(deps, (activities) => activities.observePersons(input), resumeFrom);
  } finally {
    await runSync(deps, (activities) => activities.giveUpRun(input));
  }
}

const sync = (now: Instant = DAY_1, deps: ActivityDependencies = around.deps) => wholeSync(deps, now);

const accountsOf = (personId: number) => around.registry.accounts({ personId: String(personId) });

async function failure(attempt: Promise<unknown>): Promise<ApplicationFailure> {
  const error = await attempt.then(
    () => null,
    (reason: unknown) => reason,
  );
  if (error instanceof ApplicationFailure) return error;
  throw new Error('it did not fail as it should', { cause: error });
}

/** Throws the first time, after `times` calls that went through. */
function breaking<A extends unknown[], R>(
  call: (...args: A) => Promise<R>,
  after = 0,
): (...args: A) => Promise<R> {
  let calls = 0;
  return async (...args) => {
    calls += 1;
    if (calls !== after + 1) return call(...args);
    throw new LifecycleError({ code: 'BROKEN', message: 'the connection broke', retryable: true });
  };
}

describe('whom HR gave no answer for', () => {
  it('is not unheard in the run any more once a later attempt has heard of them', async () => {
    for (const id of [1, 2]) await member(id);
    const instance = await startTestInstance(clockFrom(DAY_1));
    const deps = { ...around.deps, instance: instance.kept };
    const unheard = () => around.registry.unheard({ run: RUN, personIds: ['1', '2'] });
    around.hr.setList(false);
    around.hr.fault('500', { for: [1, 2] });
    await observe(DAY_1, deps);
    expect(await unheard()).toEqual(new Set(['1', '2']));
    around.hr.fault('none');
    around.hr.fault('500', { for: [2] });
    await observe(DAY_1, deps);
    expect(await unheard()).toEqual(new Set(['2']));
    await instance.stop();
  });
});

describe('joiners', () => {
  it('get exactly one primary account each, under a login that was never used', async () => {
    for (const id of [1, 2, 3, 4, 5]) around.hr.setPerson(personOfHr(id));
    expect(await sync()).toMatchObject({ looked: 5, changed: 5, joiners: 5, failed: 0 });
    const accounts = await around.registry.accounts({ kind: 'primary' });
    expect(accounts.map(({ personId }) => personId).sort()).toEqual(['1', '2', '3', '4', '5']);
    expect(accounts.map(({ login }) => login).sort()).toEqual([
      'arossi',
      'arossi2',
      'arossi3',
      'arossi4',
      'arossi5',
    ]);
    expect(around.tellings.filter(({ observation }) => observation === null)).toHaveLength(5);
    expect(await sync(hoursLater(1))).toMatchObject({ changed: 0, joiners: 0, told: 0 });
    expect(await around.registry.accounts({})).toHaveLength(5);
  });

  it('whose name has no letter that a login can have get one that says whose it is', async () => {
    around.hr.setPerson(personOfHr(71, { firstName: '李', name: '明' }));
    await sync();
    expect((await accountsOf(71)).map(({ login }) => login)).toEqual(['u71']);
  });

  it('with a future affiliation wait in pending, on no target', async () => {
    around.hr.setPerson(personOfHr(8, { from: '2027-05-01' }));
    await sync();
    const [account] = await accountsOf(8);
    expect(account?.state).toMatchObject({ stage: 'pending', access: 'none' });
    expect(await around.entry(account?.login ?? '')).toBeNull();
  });

  it('are none whose affiliations are all over', async () => {
    around.hr.setPerson(personOfHr(9, { to: '2027-01-31' }));
    expect(await sync()).toMatchObject({ looked: 1, joiners: 0 });
    expect(await around.registry.accounts({})).toEqual([]);
    expect(around.tellings).toEqual([]);
  });
});

describe('who has not changed', () => {
  it('costs no row and no signal', async () => {
    for (const id of [1, 2, 3, 4]) await member(id);
    const before = await around.registry.observations('1');
    const told = around.tellings.length;
    for (const hours of [1, 2, 3]) {
      expect(await sync(hoursLater(hours))).toMatchObject({ looked: 4, changed: 0, told: 0, failed: 0 });
    }
    expect(await around.registry.observations('1')).toEqual(before);
    expect(around.tellings).toHaveLength(told);
  });
});

describe('who has changed', () => {
  it('is told once, on every account that is not over', async () => {
    await around.seedPerson(personOfHr(1), DAY_1);
    for (const kind of ['primary', 'secondary', 'service'] as const) {
      await around.seedAccount({ personId: '1', at: DAY_1, kind });
    }
    around.hr.setPerson(personOfHr(1, { to: '2027-03-31' }));
    expect(await sync()).toMatchObject({ changed: 1, told: 1 });
    const accounts = (await accountsOf(1)).map(({ accountId }) => accountId);
    expect(around.tellings.map(({ accountId }) => accountId).sort()).toEqual(accounts.sort());
    expect(new Set(around.tellings.map(({ observation }) => observation?.ties[0]?.end))).toEqual(
      new Set(['2027-03-31']),
    );
    await sync(hoursLater(1));
    expect(around.tellings).toHaveLength(3);
  });

  it('in name or address only: registry and directory are corrected', async () => {
    await around.seedPerson(personOfHr(1), DAY_1);
    const { login } = await around.seedAccount({ personId: '1', at: DAY_1 });
    around.hr.setPerson(personOfHr(1, { name: 'Rossi-Bianchi', email: 'new@example.org', department: 'IT' }));
    await sync();
    expect(await around.registry.person('1')).toMatchObject({ familyName: 'Rossi-Bianchi' });
    expect(await around.entry(login)).toMatchObject({
      person: { displayName: 'Ada Rossi-Bianchi', mail: 'new@example.org', department: 'IT' },
    });
  });
});

describe('who is missing in the list', () => {
  /** HR whose list leaves these people out. */
  const without = (...ids: readonly number[]): ActivityDependencies => ({
    ...around.deps,
    hr: {
      ...around.deps.hr,
      listPersons: async (input) => {
        const page = await around.deps.hr.listPersons(input);
        if (page.outcome !== 'page') return page;
        return { ...page, records: page.records.filter(({ personId }) => !ids.includes(Number(personId))) };
      },
    },
  });

  it('is asked for alone; absence alone says nothing', async () => {
    for (const id of [1, 2, 3, 4, 5]) await member(id);
    const asked = around.hr.requests.length;
    expect(await sync(DAY_1, without(2, 5))).toMatchObject({ looked: 5, changed: 0, noPerson: 0 });
    const singles = around.hr.requests
      .slice(asked)
      .flatMap(({ personId }) => (personId === null ? [] : [personId]));
    expect(singles.sort()).toEqual(['2', '5']);
    expect(around.tellings).toEqual([]);
  });

  it('and unknown three times over three days has left, and is told so once', async () => {
    for (const id of [1, 2]) await member(id);
    around.hr.removePerson(2);
    const openAlarms = async () => (await around.registry.alarms({ open: true })).map(({ key }) => key);
    expect(await sync()).toMatchObject({ noPerson: 1, told: 0 });
    expect(await openAlarms()).toEqual(['no-person:2']);
    // Three more sightings, but not yet over three days.
    for (const hours of [1, 2, 71]) expect(await sync(hoursLater(hours))).toMatchObject({ told: 0 });
    expect((await around.registry.person('2'))?.observation?.outcome).toBe('found');
    expect(await sync(hoursLater(73))).toMatchObject({ noPerson: 1, told: 1 });
    expect(around.tellings.map(({ observation }) => [observation?.personId, observation?.outcome])).toEqual([
      ['2', 'no-person'],
    ]);
    await sync(hoursLater(74));
    expect(around.tellings).toHaveLength(1);
  });

  it('is not gone after two sightings, however far apart', async () => {
    for (const id of [1, 2]) await member(id);
    around.hr.removePerson(2);
    await sync();
    await sync(hoursLater(500));
    expect((await around.registry.person('2'))?.observation?.outcome).toBe('found');
  });

  it('is counted once in each run, however often a page is read again', async () => {
    for (const id of [1, 2, 3]) await member(id);
    around.hr.removePerson(2);
    const count = async () => (await around.registry.person('2'))?.noPersonSightings?.count;
    const rows = async () => (await around.registry.observations('2')).length;
    const before = await rows();
    for (const hours of [0, 40, 80]) await observe(hoursLater(hours), around.deps, undefined, 'one-run');
    expect([await count(), (await rows()) - before]).toEqual([1, 1]);
    await observe(hoursLater(81), around.deps, undefined, 'another-run');
    expect(await count()).toBe(2);
  });

  it('and known again once: the count begins anew', async () => {
    for (const id of [1, 2]) await member(id);
    around.hr.removePerson(2);
    for (const hours of [0, 40]) await sync(hoursLater(hours));
    around.hr.setPerson(personOfHr(2));
    await sync(hoursLater(70));
    expect(await around.registry.alarms({ open: true })).toEqual([]);
    around.hr.removePerson(2);
    for (const hours of [72, 80]) await sync(hoursLater(hours));
    expect((await around.registry.person('2'))?.observation?.outcome).toBe('found');
    expect((await around.registry.person('2'))?.noPersonSightings?.count).toBe(2);
  });
});

describe('who has departed', () => {
  /** Runs at these hours; those in which HR was asked for person 2 alone. */
  async function askedIn(hours: readonly number[]): Promise<readonly number[]> {
    const asked: number[] = [];
    for (const hour of hours) {
      const before = around.hr.requests.length;
      await sync(hoursLater(hour));
      if (around.hr.requests.slice(before).some(({ personId }) => personId === '2')) asked.push(hour);
    }
    return asked;
  }

  it.each([true, false])('and has no account is asked for once a day (with a list: %s)', async (hasList) => {
    await member(1);
    await around.seedPerson(personOfHr(2, { to: '2026-12-31' }), DAY_1);
    around.hr.setList(hasList);
    around.hr.removePerson(2);
    expect(await askedIn([0, 40, 73])).toEqual([0, 40, 73]);
    expect((await around.registry.person('2'))?.applied?.outcome).toBe('no-person');
    expect(await askedIn([74, 75, 97, 99, 100, 122, 124])).toEqual([74, 99, 124]);
    expect((await sync(hoursLater(125))).looked).toBe(1);
    // Back: the list shows it at once; without one it is seen within a day.
    around.hr.setPerson(personOfHr(2));
    expect(await sync(hoursLater(hasList ? 126 : 149))).toMatchObject({ looked: 2, joiners: 1 });
  });

  it('and still has an account is asked for in every run', async () => {
    for (const id of [1, 2]) await member(id);
    around.hr.removePerson(2);
    expect(await askedIn([0, 40, 73, 74, 75, 76])).toEqual([0, 40, 73, 74, 75, 76]);
  });

  it('is not noted as asked for in a dry run', async () => {
    await member(1);
    await around.seedPerson(personOfHr(2, { to: '2026-12-31' }), DAY_1);
    around.hr.removePerson(2);
    await askedIn([0, 40, 73]);
    await wholeSync(around.deps, hoursLater(74), { dryRun: true });
    expect((await around.registry.person('2'))?.departedAskedAt).toBeNull();
  });
});

describe('HR', () => {
  it.each([
    ['fails', '500'],
    ['sends half a list', 'truncated'],
    ['breaks the connection', 'reset'],
    ['sends no JSON', 'broken-json'],
    ['sends nothing', 'empty-body'],
    ['sends an empty list', 'empty-list'],
  ] as const)('%s: nobody is lost, and the run waits for it', async (_, mode) => {
    for (const id of [1, 2, 3, 4]) await member(id);
    const before = await around.registry.persons({ after: null, limit: 10 });
    around.hr.fault(mode);
    const failed = await failure(observe(DAY_1));
    expect(failed).toMatchObject({ type: 'HR_UNAVAILABLE', nonRetryable: false });
    expect(await around.registry.persons({ after: null, limit: 10 })).toEqual(before);
    around.hr.fault('none');
    expect(await sync(hoursLater(1))).toMatchObject({ looked: 4, changed: 0, noPerson: 0 });
  });

  it('with an empty list, where there were people behind the last page: an error, no departure', async () => {
    for (const id of [1, 2]) await member(id);
    const empty: ActivityDependencies = {
      ...around.deps,
      hr: {
        ...around.deps.hr,
        listPersons: async () => ({ outcome: 'page', records: [], lastId: null }),
      },
    };
    expect(await failure(observe(DAY_1, empty))).toMatchObject({
      type: 'HR_LIST_EMPTY',
      nonRetryable: false,
    });
    expect((await around.registry.person('1'))?.noPersonSightings).toBeNull();
  });

  it('that shows nobody at all any more by 404 is counted, not believed', async () => {
    for (const id of [1, 2, 3]) await member(id);
    around.hr.setList(false);
    around.hr.fault('404-for-all');
    expect(await sync()).toMatchObject({ looked: 3, noPerson: 3, told: 0 });
  });

  it('without a list is asked for everyone the registry knows', async () => {
    for (const id of [1, 2, 3, 4, 5]) await member(id);
    around.hr.setList(false);
    around.hr.setPerson(personOfHr(4, { to: '2027-03-31' }));
    expect(await sync()).toMatchObject({ looked: 5, changed: 1, told: 1 });
    expect(around.tellings).toHaveLength(1);
  });

  it('without contracts for a person who had them says nothing about them', async () => {
    await member(1);
    around.hr.setPerson({ ...personOfHr(1), contracts: null });
    expect(await sync()).toMatchObject({ unavailable: 1, changed: 0, told: 0 });
    // An empty list of contracts is an answer.
    around.hr.setPerson({ ...personOfHr(1), contracts: [] });
    expect(await sync(hoursLater(1))).toMatchObject({ unavailable: 0, changed: 1 });
  });

  /** HR, one person at a time, that answers so for some of them. */
  const unavailableFor = (code: string, ids: readonly number[]): ActivityDependencies => ({
    ...around.deps,
    hr: {
      ...around.deps.hr,
      listPersons: async () => ({ outcome: 'unsupported' }),
      readPerson: async (input) =>
        ids.includes(Number(input.personId))
          ? { outcome: 'unavailable', code, reason: 'as the test says' }
          : around.deps.hr.readPerson(input),
    },
  });
  const SIXTY = Array.from({ length: 60 }, (_, index) => index + 1);

  it('of which sixty records in a row cannot be read keeps nobody behind them from being read', async () => {
    for (const id of [...SIXTY, 61]) await around.seedPerson(personOfHr(id), DAY_1);
    around.hr.setPerson(personOfHr(61, { to: '2027-03-31' }));
    for (const code of ['HR_WRONG_SHAPE', 'HR_WRONG_PERSON', 'HR_BAD_ID']) {
      expect(await observe(DAY_1, unavailableFor(code, SIXTY)), code).toMatchObject({
        looked: 61,
        unavailable: 60,
        answered: 1,
      });
    }
  });

  it('that is silent for fifty in a row is waited for, behind the last page that was done', async () => {
    for (const id of [...SIXTY, 61]) await around.seedPerson(personOfHr(id), DAY_1);
    const failed = await failure(observe(DAY_1, unavailableFor('HR_STATUS_503', SIXTY.slice(3))));
    expect(failed).toMatchObject({ type: 'HR_UNAVAILABLE', nonRetryable: false });
  });

  it('that is silent for longer than the setting says is given up, with what it had answered by then', async () => {
    for (const id of [1, 2, 3, 4, 5, 6, 7]) await member(id);
    around.hr.fault('500');
    const minute = { ...around.deps, settings: { ...around.deps.settings, giveUpMs: 60_000 } };
    const counts = { ...NO_LOOKS, looked: 3, expected: 3, answered: 2, unavailable: 1 };
    const resumed = (ms: number) => ({ after: '3', counts, waited: { ms, isPausing: false } });
    expect(await failure(observe(DAY_1, minute, resumed(0)))).toMatchObject({ type: 'HR_UNAVAILABLE' });
    expect(await failure(observe(DAY_1, minute, resumed(60_000)))).toMatchObject({
      type: 'HR_GAVE_UP',
      nonRetryable: true,
      details: [counts],
    });
    // An empty list is no answer either.
    const empty = {
      ...minute.hr,
      listPersons: async () => ({ outcome: 'page', records: [], lastId: null }) as const,
    };
    const before = { after: null, counts: NO_LOOKS, waited: { ms: 60_000, isPausing: false } };
    expect(await failure(observe(DAY_1, { ...minute, hr: empty }, before))).toMatchObject({
      type: 'HR_GAVE_UP',
    });
  });

  it('whose one record cannot be read keeps nobody else from being read', async () => {
    for (const id of [1, 2, 3]) await member(id);
    around.hr.setPerson({ ...personOfHr(2), contracts: [{ id: 'C', startDate: 'soon', endDate: 'never' }] });
    around.hr.setPerson(personOfHr(3, { to: '2027-03-31' }));
    expect(await sync()).toMatchObject({ looked: 3, changed: 1, noPerson: 0 });
    expect((await around.registry.person('2'))?.observation?.ties).toMatchObject([{ end: null }]);
  });
});

describe('an affiliation that starts after its own end', () => {
  it('does not count, and the log says so when HR begins to say it', async () => {
    await member(1);
    around.hr.setPerson(personOfHr(1, { from: '2029-01-01', to: '2028-12-31' }));
    const said: unknown[] = [];
    const log = {
      ...around.deps.log,
      warn: (words: string, facts: object) => void said.push([words, facts]),
    };
    for (const now of [DAY_1, hoursLater(1)]) await sync(now, { ...around.deps, log });
    const remarks = [expect.stringContaining('starts after its end and is ignored')];
    const facts = expect.objectContaining({ personId: '1', remarks });
    expect(said).toEqual([["a part of HR's record is ignored", facts]]);
  });
});

describe('a crash in the middle', () => {
  it('of looking goes on from the last page that was said to be done', async () => {
    for (const id of [1, 2, 3, 4, 5, 6, 7]) await member(id);
    const counts = { ...NO_LOOKS, looked: 3 };
    const asked = around.hr.requests.length;
    const result = await observe(DAY_1, around.deps, { after: '3', counts });
    expect(result.looked).toBe(7);
    expect(around.hr.requests[asked]?.path).toContain('after=3');
  });

  it.each([
    ['an account row was made, and its workflow not started', 'ensureStarted'],
    ['somebody was told, and that was not marked', 'markApplied'],
    ['the first of two accounts was told', 'tell'],
    ['the directory was to be corrected', 'setPerson'],
  ] as const)('after %s: the next run does the rest, and makes nothing twice', async (_, where) => {
    await around.seedPerson(personOfHr(1), DAY_1);
    await around.seedAccount({ personId: '1', at: DAY_1 });
    await around.seedAccount({ personId: '1', at: DAY_1, kind: 'secondary' });
    around.hr.setPerson(personOfHr(1, { to: '2027-03-31' }));
    around.hr.setPerson(personOfHr(2));
    const { deps, registry, directory } = around;
    const { workflows } = deps;
    const broken: ActivityDependencies = {
      ...deps,
      registry:
        where === 'markApplied' ? { ...registry, markApplied: breaking(registry.markApplied) } : registry,
      directories:
        where === 'setPerson' ? [{ ...directory, setPerson: breaking(directory.setPerson) }] : [directory],
      workflows: {
        ...workflows,
        ensureStarted:
          where === 'ensureStarted' ? breaking(workflows.ensureStarted) : workflows.ensureStarted,
        tell: where === 'tell' ? breaking(workflows.tell, 1) : workflows.tell,
      },
    };
    expect(await sync(DAY_1, broken)).toMatchObject({ failed: 1 });
    expect(await sync(hoursLater(1))).toMatchObject({ failed: 0 });
    const joined = await accountsOf(2);
    expect(joined).toHaveLength(1);
    const heard = new Set(around.tellings.map(({ accountId }) => accountId));
    const all = [...joined, ...(await accountsOf(1))].map(({ accountId }) => accountId);
    expect([...heard].sort()).toEqual(all.sort());
    const facts = () => around.tellings.filter(({ observation }) => observation !== null).length;
    const before = facts();
    expect(await sync(hoursLater(2))).toMatchObject({ told: 0, joiners: 0 });
    expect(facts()).toBe(before);
  });

  it('after a returner got a new account: its workflow is started by the next run', async () => {
    await around.seedPerson(personOfHr(1), DAY_1);
    await around.seedAccount({ personId: '1', at: DAY_1, login: 'arossi', state: { stage: 'deleted' } });
    const { workflows } = around.deps;
    const broken = {
      ...around.deps,
      workflows: { ...workflows, ensureStarted: breaking(workflows.ensureStarted) },
    };
    expect(await sync(DAY_1, broken)).toMatchObject({ failed: 1 });
    await sync(hoursLater(1));
    const made = (await accountsOf(1)).find(({ state }) => state.stage === 'pending');
    expect(made?.login).toBe('arossi2');
    expect(new Set(around.tellings.map(({ accountId }) => accountId))).toEqual(new Set([made?.accountId]));
  });
});

describe('a returner after deletion', () => {
  it('gets a new primary account with another login', async () => {
    await around.seedPerson(personOfHr(1, { to: '2026-06-30' }), DAY_1);
    await around.seedAccount({ personId: '1', at: DAY_1, login: 'arossi', state: { stage: 'deleted' } });
    await sync();
    expect(await accountsOf(1)).toHaveLength(1);
    around.hr.setPerson(personOfHr(1));
    expect(await sync(hoursLater(1))).toMatchObject({ joiners: 1 });
    const accounts = await accountsOf(1);
    expect(accounts.map(({ login, state }) => [login, state.stage]).sort()).toEqual([
      ['arossi', 'deleted'],
      ['arossi2', 'pending'],
    ]);
    // The deleted one hears nothing.
    const deleted = accounts.find(({ state }) => state.stage === 'deleted')?.accountId;
    expect(around.tellings.map(({ accountId }) => accountId)).not.toContain(deleted);
  });
});

describe('a person to whom nothing can be applied', () => {
  it('raises one alarm, run by run, until a run applies everybody', async () => {
    const open = async () =>
      (await around.registry.alarms({ open: true })).filter(({ key }) => key === 'sync-failed');
    for (const id of [1, 2, 3]) around.hr.setPerson(personOfHr(id));
    const { workflows } = around.deps;
    const fail = () => Promise.reject(new Error('it never works'));
    const broken = { ...around.deps, workflows: { ...workflows, ensureStarted: fail, tell: fail } };
    for (const hours of [0, 24]) {
      expect(await sync(hoursLater(hours), broken)).toMatchObject({ failed: 3 });
      expect(await open()).toMatchObject([{ message: expect.stringContaining('Changes of 3 persons') }]);
    }
    expect(around.sink.mails.filter(({ text }) => text.includes('Changes of 3 persons'))).toHaveLength(1);
    expect(await sync(hoursLater(48))).toMatchObject({ failed: 0 });
    expect(await open()).toEqual([]);
  });
});

describe('two synchronisations', () => {
  it('exclude each other; who comes second waits, and goes on when the first is over', async () => {
    await around.seedPerson(personOfHr(1), DAY_1);
    const run = { clock: clockFrom(DAY_1), planId: RUN, dryRun: false, shrunk: false };
    await runSync(around.deps, (activities) => activities.beginRun(run));
    expect(await failure(sync())).toMatchObject({ type: 'SYNC_RUNNING', nonRetryable: false });
    await runSync(around.deps, (activities) => activities.endRun(run));
    expect(await sync()).toMatchObject({ failed: 0 });
  });

  it('one that is given up leaves no lease behind', async () => {
    await around.seedPerson(personOfHr(1), DAY_1);
    around.hr.fault('500');
    await failure(observe(DAY_1));
    around.hr.fault('none');
    expect(await sync()).toMatchObject({ failed: 0 });
  });
});

describe('an alarm that HR does not know a person', () => {
  const open = async () =>
    (await around.registry.alarms({ open: true })).flatMap(({ key }) =>
      key.startsWith('no-person:') ? [key] : [],
    );

  it('is raised for those who have an account, and not for old records that HR clears away', async () => {
    for (const id of [1, 2, 3]) await around.seedPerson(personOfHr(id, { to: '2026-12-31' }), DAY_1);
    await around.seedAccount({ personId: '1', at: DAY_1, kind: 'service' });
    await around.seedAccount({ personId: '2', at: DAY_1, state: { stage: 'deleted' } });
    around.hr.setPerson(personOfHr(4, { to: '2026-12-31' }));
    for (const id of [1, 2, 3]) around.hr.removePerson(id);
    // Three are no outage.
    const { settings } = around.deps;
    const limits = { ...settings.safeguard.limits, missingCount: 10 };
    const deps = { ...around.deps, settings: { ...settings, safeguard: { ...settings.safeguard, limits } } };
    expect(await sync(DAY_1, deps)).toMatchObject({ noPerson: 3 });
    expect(await open()).toEqual(['no-person:1']);
  });

  it('is cleared however many others there are', async () => {
    const others = Array.from({ length: 1500 }, (_, index) => String(index + 2));
    const registry: ActivityDependencies['registry'] = {
      ...around.registry,
      sightedOwners: async ({ after, limit }) => {
        const from = after === null ? 0 : others.indexOf(after) + 1;
        return others.slice(from, from + limit);
      },
    };
    for (const key of ['no-person:1', 'no-person:2', 'no-person:1400']) {
      await around.registry.raiseAlarm({ key, message: 'HR does not know them', at: DAY_1 });
    }
    const run = { clock: clockFrom(DAY_1), planId: RUN, dryRun: false, shrunk: true };
    await runSync({ ...around.deps, registry }, async (activities) => {
      await activities.beginRun(run);
      await activities.endRun(run);
    });
    expect(await open()).toEqual(['no-person:1400', 'no-person:2']);
  });
});

describe('alarms', () => {
  const raise = (key: string) =>
    around.registry.raiseAlarm({ key, message: `HR says something odd of ${key}`, at: DAY_1 });
  const mails = () => around.sink.mails.filter(({ text }) => text.includes('something odd'));

  it('are mailed to the admins once', async () => {
    await raise('odd');
    around.hr.setPerson(personOfHr(1));
    // Mail that does not go out holds up no synchronisation: the next one tries again.
    for (const fault of ['451', '550'] as const) {
      await around.sink.fault(fault);
      await sync();
      expect(await around.registry.alarms({ open: true })).toMatchObject([{ key: 'odd', mailedAt: null }]);
    }
    await around.sink.fault('none');
    const before = mails().length;
    await sync();
    await sync();
    expect(
      mails()
        .slice(before)
        .map(({ to }) => to),
    ).toEqual([['admins@example.org']]);
  });

  it('are mailed in one mail when there are many at once', async () => {
    const keys = [1, 2, 3, 4, 5, 6].map((number) => `odd-${String(number)}`);
    for (const key of keys) await raise(key);
    around.hr.setPerson(personOfHr(1));
    const before = mails().length;
    await sync();
    const [mail, ...others] = mails().slice(before);
    expect(others).toEqual([]);
    for (const key of keys) expect(mail?.text).toContain(key);
    await sync();
    expect(mails()).toHaveLength(before + 1);
  });
});
