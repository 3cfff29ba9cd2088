import { ApplicationFailure } from '@temporalio/common';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { ActivityDependencies } from '../../activities/dependencies.ts';
import type { Directory } from '../../src/connectors/directory.ts';
import type { AccountState } from '../../src/contracts/account.ts';
import type { StepOutcome } from '../../src/contracts/step.ts';
import type { StepInput } from '../../src/contracts/workflow-input.ts';
import { TargetError } from '../../src/errors.ts';
import { decide } from '../../src/policy/decide.ts';
import { planAhead } from '../../src/policy/next-step.ts';
import { isApplied } from '../../activities/sync/plan-change.ts';
import { attemptStep, personOfHr, startSurroundings, type Surroundings } from '../support/deployment.ts';
import { beginStep } from '../support/lives.ts';
import { at, LAST_DAY, policyFor } from '../support/policy-builders.ts';

const DAY_60 = at('2027-05-31 00:10');
const DAY_180 = at('2027-09-28 00:10');
const LONG_AGO = at('2026-01-01');
const NAMED = { lastDay: LAST_DAY, dueAt: at('2027-01-30 08:00') };
const TOLD = Object.fromEntries([-60, -27, -7].map((offset) => [offset, { lastDay: LAST_DAY, times: 1 }]));
const PRIMARY = policyFor('primary');

let around: Surroundings;
let nextId = 900_100;

beforeAll(async () => {
  around = await startSurroundings();
});
afterAll(() => around.stop());

/** A leaver of {@link LAST_DAY} in grace, whose directory entry says already that day 60 has come. */
async function leaver(over: Partial<AccountState> = {}, groups: readonly string[] = []) {
  nextId += 1;
  const id = nextId;
  await around.seedPerson(personOfHr(id, { to: LAST_DAY }), LONG_AGO);
  const account = await around.seedAccount({
    personId: String(id),
    at: LONG_AGO,
    stage: 'grace',
    groups,
    state: { activeStatus: 'Inactive', told: TOLD, named: NAMED, ...over },
  });
  return { id, account, login: account.login };
}

function fold({ state, step, policy }: StepInput, outcome: StepOutcome): AccountState {
  return decide(state, { type: 'stepEnded', at: outcome.at, step, outcome }, policy);
}

/** The failure that Temporal is told. */
async function failure(attempt: Promise<unknown>): Promise<ApplicationFailure> {
  const error = await attempt.then(
    () => null,
    (reason: unknown) => reason,
  );
  if (error instanceof ApplicationFailure) return error;
  throw new Error('it did not fail as it should', { cause: error });
}

/** The same with one directory, of which some calls do something else. */
function withDirectory(change: (directory: Directory) => Partial<Directory>): ActivityDependencies {
  const { directory } = around;
  return { ...around.deps, directories: [{ ...directory, ...change(directory) }] };
}

const crash = () => {
  throw new TargetError({ code: 'TARGET_UNREACHABLE', message: 'the connection broke', retryable: true });
};

/** Fails the first time, then goes through. */
function onceBroken<A extends unknown[], R>(call: (...args: A) => Promise<R>): (...args: A) => Promise<R> {
  let isBroken = true;
  return async (...args) => {
    if (!isBroken) return call(...args);
    isBroken = false;
    return crash();
  };
}

describe('a block', () => {
  it('turns access off, deletes every static membership, and is recorded', async () => {
    const { account, login } = await leaver({}, ['cms-web', 'it-all']);
    const input = beginStep(account.state, PRIMARY, DAY_60, 'block');
    const outcome = await attemptStep(around.deps, input);
    expect(outcome).toMatchObject({ result: 'done', note: 'directory: 2 memberships deleted' });
    expect(await around.entry(login)).toMatchObject({ access: 'off', memberships: [] });
    const row = await around.registry.account(account.accountId);
    expect(row).toMatchObject({ state: { stage: 'blocked' }, nextStep: 'delete on 2027-09-28 00:00' });
    const [effect] = await around.registry.effects(account.accountId);
    expect(effect).toMatchObject({ action: 'block', state: 'done', lastDay: LAST_DAY, epoch: 0 });
  });

  it.each([
    ['is valid', { to: null }, 'returned'],
    ['left later', { to: '2027-04-30' }, 'block'],
  ] as const)('is refused when HR, read afresh, says that the person %s', async (_, dates, next) => {
    const { id, account, login } = await leaver({}, ['it-all']);
    around.hr.setPerson(personOfHr(id, dates));
    const input = beginStep(account.state, PRIMARY, DAY_60, 'block');
    const outcome = await attemptStep(around.deps, input);
    expect(outcome).toMatchObject({ result: 'refused', why: { code: 'observation' } });
    expect(await around.entry(login)).toMatchObject({ access: 'on', memberships: ['it-all'] });
    expect(await around.registry.effects(account.accountId)).toEqual([]);
    // What it saw is a fact of the registry, which the next synchronisation tells everyone of the person.
    const person = await around.registry.person(String(id));
    expect(person && isApplied(person)).toBe(false);
    const state = fold(input, outcome);
    expect(state.observation?.ties[0]?.end).toBe(dates.to);
    expect(planAhead(state, PRIMARY, DAY_60).map(({ step }) => step.giveAccess ?? step.action)).toContain(
      next,
    );
  });

  it('is not hastened or stopped by a loss that a fresh look shows: that waits for the synchronisation', async () => {
    const { id, account } = await leaver();
    around.hr.setPerson(personOfHr(id, { to: '2027-02-28' }));
    const outcome = await attemptStep(around.deps, beginStep(account.state, PRIMARY, DAY_60, 'block'));
    expect(outcome.result).toBe('done');
  });

  it('waits when what HR says instead takes something away as well: a contract to come that vanished', async () => {
    nextId += 1;
    const to = { id: 'C-1', startDate: '2024-01-01', endDate: LAST_DAY };
    const next = { id: 'C-2', startDate: '2027-12-01' };
    await around.seedPerson(personOfHr(nextId, { contracts: [to, next] }), LONG_AGO);
    const account = await around.seedAccount({
      personId: String(nextId),
      at: LONG_AGO,
      stage: 'grace',
      state: { activeStatus: 'Inactive', told: TOLD, named: NAMED },
    });
    around.hr.setPerson(personOfHr(nextId, { contracts: [{ ...to, endDate: '2027-06-30' }] }));
    const input = beginStep(account.state, PRIMARY, DAY_60, 'block');
    expect(await failure(attemptStep(around.deps, input))).toMatchObject({
      type: 'HR_LOSS_WAITS',
      nonRetryable: false,
    });
    expect(await around.entry(account.login)).toMatchObject({ access: 'on' });

    around.hr.setPerson(personOfHr(nextId, { contracts: [{ ...to, endDate: '2027-06-30' }, next] }));
    expect(await attemptStep(around.deps, input, { attempt: 2 })).toMatchObject({ result: 'refused' });
  });

  it('waits for the safeguard too: an absence that is confirmed, but held, is no fact yet', async () => {
    const { id, account } = await leaver();
    const personId = String(id);
    around.hr.removePerson(id);
    const known = await around.registry.person(personId);
    if (!known) throw new Error('nobody was seeded');
    const number = await around.registry.nextObservationNumber();
    const absent = { number, personId, outcome: 'no-person', ties: [], at: DAY_60 } as const;
    const row = { ...absent, digest: null, source: 'sync', detail: null };
    const person = { ...known, observation: absent, digest: null };
    await around.registry.storeObservation({ observation: row, person });
    const input = beginStep(account.state, PRIMARY, DAY_60, 'block');
    expect(await failure(attemptStep(around.deps, input))).toMatchObject({
      type: 'HR_NO_PERSON_UNCONFIRMED',
    });

    await around.registry.markApplied({ personId, digest: null, number });
    expect(await attemptStep(around.deps, input, { attempt: 2 })).toMatchObject({ result: 'done' });
  });

  it.each([
    ['HR fails', '500', 'HR_UNAVAILABLE'],
    ['HR does not answer in time', 'slow', 'HR_UNAVAILABLE'],
    ['HR breaks off', 'truncated', 'HR_UNAVAILABLE'],
    ['HR answers for somebody else', 'wrong-id', 'HR_UNAVAILABLE'],
    ['HR knows no such person, which is not confirmed', '404-for-all', 'HR_NO_PERSON_UNCONFIRMED'],
  ] as const)('waits, visibly, while %s; nothing is done', async (_, mode, code) => {
    const { id, account, login } = await leaver({}, ['it-all']);
    const input = beginStep(account.state, PRIMARY, DAY_60, 'block');
    around.hr.fault(mode, { for: [id] });
    const failed = await failure(attemptStep(around.deps, input));
    around.hr.fault('none');
    expect(failed).toMatchObject({ type: code, nonRetryable: false });
    expect(await around.entry(login)).toMatchObject({ access: 'on', memberships: ['it-all'] });
    expect((await around.registry.account(account.accountId))?.state.stage).toBe('grace');
    const [effect] = await around.registry.effects(account.accountId);
    expect(effect).toBeUndefined();
    // HR is back: the next attempt goes through.
    expect((await attemptStep(around.deps, input, { attempt: 2 })).result).toBe('done');
  });

  it('waits while HR shows no contracts of a person who had them', async () => {
    const { id, account } = await leaver();
    around.hr.setPerson({ ...personOfHr(id), contracts: null });
    const input = beginStep(account.state, PRIMARY, DAY_60, 'block');
    expect(await failure(attemptStep(around.deps, input))).toMatchObject({ type: 'HR_UNAVAILABLE' });
  });

  it('repeats without harm after a crash between acting and saying so', async () => {
    const { account, login } = await leaver({}, ['it-all']);
    const input = beginStep(account.state, PRIMARY, DAY_60, 'block');
    const { registry } = around;
    const dying = { ...around.deps, registry: { ...registry, effectDone: onceBroken(registry.effectDone) } };
    expect((await failure(attemptStep(dying, input))).nonRetryable).toBe(false);
    expect(await around.entry(login)).toMatchObject({ access: 'off', memberships: [] });
    expect((await around.registry.effects(account.accountId))[0]?.state).toBe('intent');
    const outcome = await attemptStep(around.deps, input, { attempt: 2 });
    expect(outcome.result).toBe('done');
    const effects = await around.registry.effects(account.accountId);
    expect(effects).toMatchObject([{ state: 'done', attempt: 2 }]);
  });

  it('acts only once: an attempt after the last one finds it done', async () => {
    const { account } = await leaver({}, ['it-all']);
    const input = beginStep(account.state, PRIMARY, DAY_60, 'block');
    const acted: string[] = [];
    const deps = withDirectory((directory) => ({
      setAccess: async (call) => {
        acted.push(call.access);
        await directory.setAccess(call);
      },
    }));
    const first = await attemptStep(deps, input);
    const second = await attemptStep(deps, input, { attempt: 2 });
    expect(acted).toEqual(['off']);
    expect(second.result === 'done' && first.result === 'done' && second.note === first.note).toBe(true);
  });

  it('each target is tried apart: one that fails keeps no other from being done', async () => {
    const { account, login } = await leaver();
    const input = beginStep(account.state, PRIMARY, DAY_60, 'block');
    const second = { ...around.directory, name: 'second', setAccess: async () => crash() };
    const deps = { ...around.deps, directories: [second, around.directory] };
    expect(await failure(attemptStep(deps, input))).toMatchObject({ type: 'TARGET_UNREACHABLE' });
    expect(await around.entry(login)).toMatchObject({ access: 'off' });
    const states = (await around.registry.effects(account.accountId)).map(({ target, state }) => [
      target,
      state,
    ]);
    expect(Object.fromEntries(states)).toEqual({ directory: 'done', second: 'intent' });
  });

  it('is refused to an attempt that a later one has superseded, right before it acts', async () => {
    const { account, login } = await leaver();
    const input = beginStep(account.state, PRIMARY, DAY_60, 'block');
    const { registry } = around;
    const { accountId } = account;
    // Between the look at HR and the deed, the next step of the account begins.
    const overtaken = {
      ...around.deps,
      registry: {
        ...registry,
        intend: async (call: Parameters<typeof registry.intend>[0]) => {
          const row = await registry.intend(call);
          await registry.claim({ accountId, sequence: input.state.sequence + 1, attempt: 1 });
          return row;
        },
      },
    };
    expect(await failure(attemptStep(overtaken, input))).toMatchObject({
      type: 'SUPERSEDED',
      nonRetryable: true,
    });
    expect(await around.entry(login)).toMatchObject({ access: 'on' });
    expect(await failure(attemptStep(around.deps, input, { attempt: 9 }))).toMatchObject({
      type: 'SUPERSEDED',
    });
  });

  it('of a second leaving with the same last day is a new effect', async () => {
    const { id, account, login } = await leaver({}, ['it-all']);
    const first = beginStep(account.state, PRIMARY, DAY_60, 'block');
    let state = fold(first, await attemptStep(around.deps, first));
    // Back by an admin's date, over again after it, and HR's last day is still the same one.
    const back = { name: 'restore', actor: 'admin-7', reason: 't', until: '2027-06-10' } as const;
    const restored = decide(state, { type: 'commanded', at: at('2027-06-01'), command: back }, PRIMARY);
    const give = beginStep(restored, PRIMARY, at('2027-06-01 01:00'), 'giveAccess');
    state = fold(give, await attemptStep(around.deps, give));
    expect(await around.entry(login)).toMatchObject({ access: 'on', activeStatus: 'Active' });
    expect(state.epoch).toBe(1);
    const withdrawn = { name: 'extend', actor: 'admin-7', reason: 't', until: null } as const;
    state = decide(state, { type: 'commanded', at: at('2027-06-02'), command: withdrawn }, PRIMARY);
    state = { ...state, stage: 'grace', activeStatus: 'Inactive', told: TOLD, named: NAMED, allClear: null };
    await around.directory.addMembership(login, 'new-group');
    const again = beginStep(state, PRIMARY, at('2027-06-02 01:00'), 'block');
    expect(again.step.lastDay).toBe(LAST_DAY);
    expect((await attemptStep(around.deps, again)).result).toBe('done');
    expect(await around.entry(login)).toMatchObject({ access: 'off', memberships: [] });
    const epochs = (await around.registry.effects(account.accountId))
      .filter(({ action }) => action === 'block')
      .map(({ epoch }) => epoch);
    expect(epochs).toEqual([0, 1]);
    expect(id).toBeGreaterThan(0);
  });
});

describe('the block of a secondary account', () => {
  const SECONDARY = policyFor('secondary');

  async function secondary(noticeDueAt: number | null) {
    const { id } = await leaver();
    const personId = String(id);
    const account = await around.seedAccount({ personId, at: LONG_AGO, kind: 'secondary', stage: 'grace' });
    if (noticeDueAt !== null) {
      await around.registry.noticeDue({
        key: `${personId}/0/-60/${LAST_DAY}/1`,
        audience: 'person',
        personId,
        accountId: account.accountId,
        template: 'leaving-soon',
        offset: -60,
        lastDay: LAST_DAY,
        dueAt: noticeDueAt,
      });
    }
    return account;
  }

  it('goes through when the primary account named it in time', async () => {
    const account = await secondary(at('2027-05-20 08:00'));
    const outcome = await attemptStep(around.deps, beginStep(account.state, SECONDARY, DAY_60, 'block'));
    expect(outcome.result).toBe('done');
  });

  it('goes through when an all-clear of the same moment names the same date', async () => {
    const account = await secondary(at('2027-03-25 08:00'));
    await around.registry.noticeDue({
      key: `${account.personId}/0/all-clear/2027-03-20/1`,
      audience: 'person',
      personId: account.personId,
      accountId: account.accountId,
      template: 'all-clear',
      offset: null,
      lastDay: LAST_DAY,
      dueAt: at('2027-03-25 08:00'),
    });
    const outcome = await attemptStep(around.deps, beginStep(account.state, SECONDARY, DAY_60, 'block'));
    expect(outcome.result).toBe('done');
  });

  it('waits until seven days after the first notice that named it', async () => {
    const account = await secondary(at('2027-05-28 08:00'));
    const input = beginStep(account.state, SECONDARY, DAY_60, 'block');
    const outcome = await attemptStep(around.deps, input);
    expect(outcome).toMatchObject({
      result: 'refused',
      why: { code: 'notBefore', at: at('2027-06-04 08:00') },
    });
    expect(await around.entry(account.login)).toMatchObject({ access: 'on' });
    const state = fold(input, outcome);
    expect(() => beginStep(state, SECONDARY, at('2027-06-04 07:59'))).toThrow(/nothing is due/);
    expect(beginStep(state, SECONDARY, at('2027-06-04 08:01')).step.action).toBe('block');
  });

  it('waits for a notice that is still to come', async () => {
    const account = await secondary(null);
    const outcome = await attemptStep(around.deps, beginStep(account.state, SECONDARY, DAY_60, 'block'));
    expect(outcome).toMatchObject({ why: { code: 'notBefore', at: at('2027-06-07 08:00') } });
  });
});

describe('a delete', () => {
  const BLOCKED = {
    stage: 'blocked',
    access: 'off',
    blocked: { lastDay: LAST_DAY, at: DAY_60 },
  } as const;

  it('removes the account from every target; the login stays reserved', async () => {
    const { account, login } = await leaver(BLOCKED);
    const input = beginStep(account.state, PRIMARY, DAY_180, 'delete');
    expect((await attemptStep(around.deps, input)).result).toBe('done');
    expect(await around.entry(login)).toBeNull();
    expect(await around.registry.loginTaken(login)).toBe(true);
    const row = await around.registry.account(account.accountId);
    expect(row).toMatchObject({ state: { stage: 'deleted' }, nextStep: null });
  });

  it('is refused when HR, read afresh, says that the person is back', async () => {
    const { id, account, login } = await leaver(BLOCKED);
    around.hr.setPerson(personOfHr(id));
    const outcome = await attemptStep(around.deps, beginStep(account.state, PRIMARY, DAY_180, 'delete'));
    expect(outcome).toMatchObject({ result: 'refused', why: { code: 'observation' } });
    expect(await around.entry(login)).not.toBeNull();
  });

  it('that has begun on one target is finished, whoever comes back: no access is given before', async () => {
    const { id, account, login } = await leaver(BLOCKED);
    const second = { ...around.directory, name: 'second', delete: async () => crash() };
    const both = { ...around.deps, directories: [around.directory, second] };
    const input = beginStep(account.state, PRIMARY, DAY_180, 'delete');
    await failure(attemptStep(both, input));
    expect(await around.entry(login)).toBeNull();

    // The person comes back: the retried delete is called off, and access is to be given.
    await around.seedPerson(personOfHr(id), DAY_180);
    const observation = (await around.registry.person(String(id)))?.observation;
    if (!observation) throw new Error('nobody was seeded');
    let state = decide(input.state, { type: 'observed', at: DAY_180, observation }, PRIMARY);
    state = decide(state, { type: 'stepCalledOff', at: DAY_180, step: input.step }, PRIMARY);
    const give = beginStep(state, PRIMARY, DAY_180, 'giveAccess');
    const refused = await attemptStep(both, give);
    expect(refused).toMatchObject({ result: 'refused', why: { code: 'deleteBegun' } });
    expect(await around.entry(login)).toBeNull();

    state = fold(give, refused);
    const finish = beginStep(state, PRIMARY, DAY_180, 'delete');
    const deleted: string[] = [];
    const mended = { ...second, delete: async (call: { login: string }) => void deleted.push(call.login) };
    const outcome = await attemptStep({ ...both, directories: [around.directory, mended] }, finish);
    expect(outcome.result).toBe('done');
    expect(deleted).toEqual([login]);
    expect(fold(finish, outcome).stage).toBe('deleted');
  });

  it('that began is finished without asking HR', async () => {
    const { id, account } = await leaver({ ...BLOCKED, deleteBegun: true });
    around.hr.fault('500', { for: [id] });
    const outcome = await attemptStep(around.deps, beginStep(account.state, PRIMARY, DAY_180, 'delete'));
    around.hr.fault('none');
    expect(outcome.result).toBe('done');
  });
});

describe('failures', () => {
  it('carry a code and facts, and nothing personal', async () => {
    const { id, account, login } = await leaver();
    const input = beginStep(account.state, PRIMARY, DAY_60, 'block');
    const leaky = (error: Error) =>
      withDirectory(() => ({
        setAccess: () => Promise.reject(error),
      }));
    const known = new TargetError({
      code: 'TARGET_REFUSED',
      message: 'The directory refused.',
      retryable: true,
      facts: { target: 'directory' },
      cause: new Error(`uid=${login},mail=person-${id}@example.org`),
    });
    const first = await failure(attemptStep(leaky(known), input));
    expect(first).toMatchObject({
      type: 'TARGET_REFUSED',
      details: [{ target: 'directory' }],
      cause: undefined,
    });
    const unknown = new RangeError(`no Ada Rossi <person-${id}@example.org>`);
    const second = await failure(attemptStep(leaky(unknown), input, { attempt: 2 }));
    expect(second).toMatchObject({ type: 'UNEXPECTED', nonRetryable: false });
    for (const { message, details, cause } of [first, second]) {
      expect(JSON.stringify([message, details, String(cause)])).not.toMatch(/Ada|Rossi|@|uid=/);
    }
  });

  it('are found in the log by where they come from, without a message that may be personal', async () => {
    const { account } = await leaver();
    const logged: unknown[] = [];
    const log = { info: () => undefined, warn: (_: string, facts: unknown) => void logged.push(facts) };
    const broken = withDirectory(() => ({ setAccess: () => Promise.reject(new RangeError('no Ada Rossi')) }));
    await failure(attemptStep({ ...broken, log }, beginStep(account.state, PRIMARY, DAY_60, 'block')));
    expect(logged).toMatchObject([{ error: 'RangeError', attempt: 1, accountId: account.accountId }]);
    expect(JSON.stringify(logged)).toContain('harm.integration.test.ts');
    expect(JSON.stringify(logged)).not.toContain('Rossi');
  });

  it('of an account that the registry lacks is one that no retry mends', async () => {
    const { account } = await leaver();
    const state = { ...account.state, accountId: 'acc-that-is-not-there' };
    const failed = await failure(attemptStep(around.deps, beginStep(state, PRIMARY, DAY_60, 'block')));
    expect(failed).toMatchObject({ type: 'ACCOUNT_UNKNOWN', nonRetryable: true });
  });
});

describe('exclusion and disabling', () => {
  it('an exclusion is carried out only if HR, read afresh, still excludes every contract', async () => {
    nextId += 1;
    const excluded = [{ id: 'C', startDate: '2024-01-01', excluded: true }];
    await around.seedPerson(personOfHr(nextId, { contracts: excluded }), LONG_AGO);
    const account = await around.seedAccount({ personId: String(nextId), at: LONG_AGO, groups: ['it-all'] });
    const input = beginStep(account.state, PRIMARY, at('2027-02-01'), 'exclude');
    expect((await attemptStep(around.deps, input)).result).toBe('done');
    expect(await around.entry(account.login)).toMatchObject({ access: 'off', memberships: ['it-all'] });

    nextId += 1;
    await around.seedPerson(personOfHr(nextId, { contracts: excluded }), LONG_AGO);
    const other = await around.seedAccount({ personId: String(nextId), at: LONG_AGO });
    around.hr.setPerson(personOfHr(nextId));
    const refused = await attemptStep(
      around.deps,
      beginStep(other.state, PRIMARY, at('2027-02-01'), 'exclude'),
    );
    expect(refused).toMatchObject({ result: 'refused', why: { code: 'observation' } });
    expect(await around.entry(other.login)).toMatchObject({ access: 'on' });
  });

  it.each([
    ['has no contract any more', []],
    ['ends the contract soon', [{ id: 'C', startDate: '2024-01-01', endDate: '2027-02-02' }]],
  ])(
    'an exclusion waits when HR, read afresh, %s: a loss is for the synchronisation',
    async (_, contracts) => {
      nextId += 1;
      const excluded = [{ id: 'C', startDate: '2024-01-01', excluded: true }];
      await around.seedPerson(personOfHr(nextId, { contracts: excluded }), LONG_AGO);
      const account = await around.seedAccount({ personId: String(nextId), at: LONG_AGO });
      around.hr.setPerson(personOfHr(nextId, { contracts }));
      const input = beginStep(account.state, PRIMARY, at('2027-02-01'), 'exclude');
      expect(await failure(attemptStep(around.deps, input))).toMatchObject({
        type: 'HR_LOSS_WAITS',
        nonRetryable: false,
      });
      expect(await around.entry(account.login)).toMatchObject({ access: 'on' });
    },
  );

  it('a disabling asks nobody', async () => {
    const { id, account, login } = await leaver({
      holds: {
        ignored: null,
        disabledManually: { actor: 'security-1', at: LONG_AGO },
        excluded: null,
      },
    });
    around.hr.fault('500', { for: [id] });
    const outcome = await attemptStep(
      around.deps,
      beginStep(account.state, PRIMARY, at('2027-05-01'), 'disable'),
    );
    around.hr.fault('none');
    expect(outcome.result).toBe('done');
    expect(await around.entry(login)).toMatchObject({ access: 'off' });
  });
});
