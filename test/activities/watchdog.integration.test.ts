import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { WatchDependencies } from '../../activities/watchdog/watch-context.ts';
import type { AccountState } from '../../src/contracts/account.ts';
import { DAY_MS, type Instant } from '../../src/contracts/time.ts';
import type { AccountRow } from '../../src/registry/registry.ts';
import { NO_LOOKS } from '../../src/policy/sync-counts.ts';
import { personOfHr, startSurroundings, type Surroundings } from '../support/deployment.ts';
import { clockFrom } from '../support/lives.ts';
import { at, LAST_DAY } from '../support/policy-builders.ts';
import { createWatchDouble, runWatch, type WatchDouble } from '../support/watching.ts';

/** Two days after {@link LAST_DAY}: who had not left by then is late. */
const NOW = at('2027-04-02 12:00');
const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
const OVERDUE_MS = 15 * MINUTE_MS;
const TOLD = Object.fromEntries([-60, -27, -7].map((offset) => [offset, { lastDay: LAST_DAY, times: 1 }]));

let around: Surroundings;
let watch: WatchDouble;
let deps: WatchDependencies;
beforeAll(async () => {
  around = await startSurroundings();
});
beforeEach(async () => {
  await around.forget();
  await around.registry.setFrozen({ frozen: false, actor: 'test', reason: 'begin', at: NOW });
  watch = createWatchDouble(around, () => NOW);
  deps = { ...around.deps, watch };
});
afterAll(() => around.stop());

/** An account whose leaving the registry plans for {@link LAST_DAY}, and of which it never heard again. */
async function leaver(id: number, state: Partial<AccountState> = {}): Promise<AccountRow> {
  await around.seedPerson(personOfHr(id, { to: LAST_DAY }), NOW - 90 * DAY_MS);
  return around.seedAccount({ personId: String(id), at: NOW - 90 * DAY_MS, state: { told: TOLD, ...state } });
}

const alarms = async () => {
  const open = await around.registry.alarms({ open: true });
  return open.map(({ key }) => key).sort();
};
const messageOf = async (key: string) =>
  (await around.registry.alarms({ open: true })).find((alarm) => alarm.key === key)?.message ?? '';

const wake = (
  input: { remembered?: readonly string[]; now?: Instant; patienceMs?: number; speed?: number } = {},
  resumeFrom?: unknown,
) => {
  const { remembered = [], now = NOW, patienceMs = HOUR_MS } = input;
  return runWatch(
    deps,
    ({ wakeOverdue }) =>
      wakeOverdue({
        clock: clockFrom(now),
        remembered,
        overdueMs: OVERDUE_MS,
        patienceMs,
        visitBegan: now,
      }),
    resumeFrom,
  );
};

const VISITED = Date.UTC(2027, 3, 2, 10);
interface Left {
  readonly visitedAt: number;
  readonly comparedAt: number;
  readonly difference: number;
  readonly explained: number;
}
const heal = (
  input: { memory?: Left | null; now?: Instant; visitedAt?: number } = {},
  resumeFrom?: unknown,
) => {
  const { memory = null, now = NOW, visitedAt = VISITED } = input;
  return runWatch(
    deps,
    ({ healEnded }) =>
      healEnded({ clock: clockFrom(now), memory, visitedAt, visitBegan: now, overdueMs: OVERDUE_MS }),
    resumeFrom,
  );
};
const quiet = (over: Partial<Left> = {}): Left => ({
  ...{ visitedAt: VISITED - 10 * MINUTE_MS, comparedAt: VISITED - HOUR_MS, difference: 0, explained: 0 },
  ...over,
});

describe('an account that is overdue', () => {
  it('and sleeps is woken, and reported when it was not to be woken', async () => {
    const { accountId } = await leaver(1);
    const first = await wake();
    expect(first).toEqual({ overdue: [accountId], woken: 1, healed: 0, failed: 0 });
    expect(watch.asked).toEqual([`lookAgain ${accountId}`]);
    expect(await alarms()).toEqual([]);
    const second = await wake({ remembered: first.overdue, now: NOW + 10 * MINUTE_MS });
    expect(second).toEqual({ overdue: [accountId], woken: 0, healed: 0, failed: 0 });
    expect(await alarms()).toEqual([`overdue:${accountId}`]);
    expect(await messageOf(`overdue:${accountId}`)).toMatch(/leaving is overdue since 2027-03-31T22:/);
    // It goes on: what it did is told to the registry.
    const row = await around.registry.account(accountId);
    if (!row) throw new Error('it is gone');
    const state: AccountState = { ...row.state, stage: 'grace', activeStatus: 'Grace Period', sequence: 1 };
    const next = { nextStep: 'block', nextStepAt: NOW + 30 * DAY_MS, problem: null, notes: [] };
    await around.registry.project({ state, ...next });
    await wake({ remembered: second.overdue, now: NOW + 20 * MINUTE_MS });
    expect(await alarms()).toEqual([]);
  });

  it('only as far as the registry knows is asked to tell it anew', async () => {
    const row = await leaver(1);
    const guest = { departure: 0, state: 'open' } as const;
    watch.knows(row.accountId, { ...row.state, stage: 'grace', activeStatus: 'Grace Period', guest });
    await wake();
    expect(watch.asked).toEqual([`recordAgain ${row.accountId}`]);
  });

  it('is none before the setting says so', async () => {
    const { accountId } = await leaver(1);
    await wake({ now: at('2027-04-01 00:10') });
    expect(watch.asked).toEqual([]);
    // The spread puts its leaving anywhere within an hour.
    await wake({ now: at('2027-04-01 01:20') });
    expect(watch.asked).toEqual([`lookAgain ${accountId}`]);
  });

  it.each([
    ['a hold stops its milestones', { holds: ignored() }],
    ['a failure is shown, and the next try is tomorrow', { failures: failures() }],
  ])('is none while %s', async (_, state) => {
    await leaver(1, { activeStatus: 'Grace Period', ...state });
    expect(await wake()).toMatchObject({ overdue: [], woken: 0 });
    expect(await alarms()).toEqual([]);
  });

  it('by its own word is none: it said not before', async () => {
    const now = at('2027-06-02 12:00');
    const key = `0/block/${LAST_DAY}`;
    const inGrace = {
      stage: 'grace',
      activeStatus: 'Inactive',
      stageSince: at('2027-04-01'),
      named: { lastDay: LAST_DAY, dueAt: at('2027-01-30 08:00') },
      guest: { departure: 0, state: 'open' },
    } as const;
    await leaver(1, { ...inGrace, notBefore: { key, at: now + DAY_MS } });
    const { accountId } = await leaver(2, inGrace);
    await wake({ now });
    expect(watch.asked).toEqual([`lookAgain ${accountId}`]);
  });

  it('and whose step is retried is left alone, and reported in its words after patience', async () => {
    const { accountId } = await leaver(1);
    const failure = { code: 'TARGET_UNREACHABLE', message: 'the directory cannot be reached' };
    watch.show(accountId, { step: { activity: 'enterGrace', attempt: 57, failure, waitsSince: null } });
    await wake({ patienceMs: 365 * DAY_MS });
    expect(await alarms()).toEqual([]);
    await wake();
    expect(watch.asked).toEqual([]);
    expect(await messageOf(`overdue:${accountId}`)).toMatch(
      /leaving, due 2027-03-31T22:.*attempt 57, TARGET_UNREACHABLE: the directory cannot be reached/,
    );
  });

  it('and whose step waits in its queue, or has been under way for long, is reported after patience', async () => {
    const { accountId } = await leaver(1);
    const queued = { activity: 'enterGrace', attempt: 1, failure: null, waitsSince: VISITED - 5 * HOUR_MS };
    watch.show(accountId, { step: queued });
    await wake({ patienceMs: 365 * DAY_MS });
    expect(await alarms()).toEqual([]);
    await wake();
    expect(await messageOf(`overdue:${accountId}`)).toMatch(
      /leaving, due 2027-03-31T22:.* waits in its queue since 2027-04-02T05:00.*no worker takes it/,
    );
    watch.show(accountId, { step: { ...queued, waitsSince: null } });
    await wake();
    expect(await messageOf(`overdue:${accountId}`)).toMatch(/does not succeed; attempt 1, no answer yet/);
    expect(watch.asked).toEqual([]);
  });

  const frozenStep = {
    activity: 'enterGrace',
    attempt: 57,
    failure: { code: 'FROZEN', message: 'the deployment is frozen' },
    waitsSince: null,
  };
  const freeze = (frozen: boolean, at: Instant = NOW) =>
    around.registry.setFrozen({ frozen, actor: 'admin-7', reason: 'HR is being moved', at });

  it('because the deployment is frozen is no news', async () => {
    const { accountId } = await leaver(1);
    await freeze(true);
    watch.show(accountId, { step: { ...frozenStep, waitsSince: Date.now() - 2 * HOUR_MS } });
    await wake();
    expect([watch.asked, await alarms()]).toEqual([[], []]);
  });

  it('because it was frozen is none before its next attempt; if no worker takes that, it is', async () => {
    const { accountId } = await leaver(1);
    watch.show(accountId, { step: { ...frozenStep, waitsSince: Date.now() + MINUTE_MS } });
    await wake();
    expect(await alarms()).toEqual([]);
    watch.show(accountId, { step: { ...frozenStep, waitsSince: Date.now() - 2 * HOUR_MS } });
    await wake();
    expect(await messageOf(`overdue:${accountId}`)).toMatch(/waits in its queue since/);
  });

  it('and has no workflow gets one', async () => {
    const { accountId } = await leaver(1);
    watch.show(accountId, { status: 'missing' });
    await wake();
    expect(around.tellings.map((telling) => telling.accountId)).toEqual([accountId]);
    expect(await alarms()).toEqual([`workflow-missing:${accountId}`]);
  });

  it('and cannot be looked at stops none of the others', async () => {
    const rows = await Promise.all([1, 2, 3, 4, 5, 6, 7].map((id) => leaver(id)));
    const broken = rows[3];
    if (!broken) throw new Error('there are seven');
    watch.show(broken.accountId, new TypeError('a fault'));
    expect(await wake()).toMatchObject({ woken: 6, failed: 1 });
    expect(watch.asked).toHaveLength(6);
  });

  it('goes on where a visit that was broken off had stopped', async () => {
    const ids = (await Promise.all([1, 2, 3, 4].map((id) => leaver(id)))).map((row) => row.accountId).sort();
    const [first, second] = ids;
    const resumeFrom = {
      ...{ after: second, reported: {}, overdue: [first, second] },
      ...{ woken: 2, healed: 0, failed: 0 },
    };
    const result = await wake({}, resumeFrom);
    expect(result.woken).toBe(4);
    expect([...result.overdue].sort()).toEqual(ids);
    expect(watch.asked).toHaveLength(2);
  });
});

describe('a flood', () => {
  it('is twenty alarms and one that counts the others', async () => {
    const rows = await Promise.all(Array.from({ length: 23 }, (_, id) => leaver(id + 1)));
    await wake({ remembered: rows.map(({ accountId }) => accountId) });
    const keys = await alarms();
    expect(keys).toHaveLength(21);
    expect(await messageOf('overdue:others')).toMatch(/^3 more accounts/);
  });
});

describe('an account without a workflow', () => {
  it.each(['terminated', 'failed', 'timedOut', 'missing'] as const)(
    'that is %s gets another one from the registry, with an alarm and an audit entry',
    async (status) => {
      const row = await leaver(1);
      watch.show(row.accountId, { status });
      watch.list([]);
      const started: AccountState[] = [];
      const ensureStarted: typeof deps.workflows.ensureStarted = async ({ state }) => {
        started.push(state);
        watch.show(row.accountId, { status: 'running' });
      };
      deps = { ...deps, workflows: { ...deps.workflows, ensureStarted } };
      expect(await heal()).toMatchObject({ healed: 1, failed: 0 });
      expect(started).toEqual([row.state]);
      const kind = status === 'missing' ? 'workflow-missing' : 'workflow-closed';
      expect(await alarms()).toEqual([`${kind}:${row.accountId}`]);
      const trail = await around.registry.auditTrail({ accountId: row.accountId });
      expect(trail.find(({ what }) => what === 'workflow started again')).toMatchObject({
        actor: 'watchdog',
        facts: { was: status },
      });
      watch.list(null);
      expect(await heal({ memory: quiet(), now: NOW + MINUTE_MS })).toMatchObject({ healed: 0 });
      expect(await alarms()).toEqual([]);
    },
  );

  it('is told what it was told since the registry last heard of it, and never what waits for approval', async () => {
    await around.seedPerson(personOfHr(1), NOW - 90 * DAY_MS);
    const row = await around.seedAccount({ personId: '1', at: NOW - 90 * DAY_MS });
    const { number } = row.state.observation ?? { number: 0 };
    // Applied since: told to the lost workflow.
    const applied = await around.seedPerson(personOfHr(1, { to: '2028-12-31' }), NOW);
    watch.show(row.accountId, { status: 'missing' });
    watch.list([]);
    await heal();
    expect(applied.applied?.number).toBeGreaterThan(number);
    expect(around.tellings.map(({ observation }) => observation?.number)).toEqual([applied.applied?.number]);
  });

  it('that has ended as it should is never started again; the alarm says what to do', async () => {
    const { accountId } = await leaver(1, { stage: 'blocked' });
    watch.show(accountId, { status: 'completed' });
    watch.ended(accountId, 'deleted');
    watch.list([]);
    expect(await heal()).toMatchObject({ healed: 0 });
    expect(around.tellings).toEqual([]);
    expect(await messageOf(`workflow-closed:${accountId}`)).toMatch(
      /had ended as deleted, but the registry says blocked.*npm run reconcile -- --account .* --repair/,
    );
  });

  it('is left alone when its life is over', async () => {
    const { accountId } = await leaver(1, { stage: 'deleted', access: 'off' });
    watch.show(accountId, { status: 'completed' });
    watch.closed.push(accountId);
    await heal();
    expect([await alarms(), around.tellings]).toEqual([[], []]);
  });

  it('is left alone while it is so young that it is being started', async () => {
    await around.seedPerson(personOfHr(1), NOW);
    const { accountId } = await around.seedAccount({ personId: '1', at: NOW - MINUTE_MS });
    watch.show(accountId, { status: 'missing' });
    watch.list([]);
    await heal();
    expect(around.tellings).toEqual([]);
  });

  it('is not concluded from a list alone', async () => {
    const { accountId } = await leaver(1);
    watch.list([]);
    watch.closed.push(accountId);
    expect(await heal()).toMatchObject({ healed: 0 });
    expect([await alarms(), around.tellings]).toEqual([[], []]);
  });

  it('that cannot be started is reported, and stops none of the others', async () => {
    const rows = await Promise.all([1, 2, 3, 4, 5].map((id) => leaver(id)));
    for (const { accountId } of rows) watch.show(accountId, { status: 'missing' });
    watch.list([]);
    const [broken] = rows;
    const ensureStarted: typeof deps.workflows.ensureStarted = async ({ state }) => {
      if (state.accountId === broken?.accountId) throw new TypeError('a fault');
      watch.show(state.accountId, { status: 'running' });
    };
    deps = { ...deps, workflows: { ...deps.workflows, ensureStarted } };
    expect(await heal()).toMatchObject({ healed: 4, failed: 1 });
    expect(await messageOf(`workflow-missing:${broken?.accountId ?? ''}`)).toContain(
      'could not be started again',
    );
  });
});

describe('looking for them', () => {
  it('asks what was closed since the last visit, and a little before', async () => {
    await heal({ memory: quiet() });
    expect(watch.askedSince).toEqual([quiet().visitedAt - 10 * MINUTE_MS]);
  });

  it('compares everyone at the first visit and once a day, else only when the numbers differ twice', async () => {
    const { accountId } = await leaver(1);
    expect(await heal()).toMatchObject({ comparedAt: VISITED, difference: 0, explained: 0 });
    expect(watch.comparisons()).toBe(1);
    expect(await heal({ memory: quiet() })).toMatchObject({ comparedAt: quiet().comparedAt });
    expect(watch.comparisons()).toBe(1);
    watch.list([]);
    watch.show(accountId, { status: 'running' });
    expect(await heal({ memory: quiet() })).toMatchObject({ difference: 1, explained: 0 });
    expect(watch.comparisons()).toBe(1);
    await heal({ memory: quiet({ difference: 1 }) });
    expect(watch.comparisons()).toBe(2);
    await heal({ memory: quiet({ comparedAt: VISITED - DAY_MS }) });
    expect(watch.comparisons()).toBe(3);
  });

  it('does not compare again and again because of workflows that the registry does not know', async () => {
    const { accountId } = await leaver(1);
    watch.list([accountId, 'nobody-knows-1', 'nobody-knows-2']);
    const first = await heal();
    expect(first).toMatchObject({ difference: -2, explained: -2 });
    await heal({ memory: quiet(first) });
    expect(watch.comparisons()).toBe(1);
  });

  it('does not compare again and again because of a life that has ended without the registry’s knowing', async () => {
    const { accountId } = await leaver(1);
    watch.show(accountId, { status: 'completed' });
    watch.list([]);
    const first = await heal();
    expect(first).toMatchObject({ difference: 1, explained: 1 });
    await heal({ memory: quiet(first) });
    expect(watch.comparisons()).toBe(1);
  });

  it('goes on where a visit that was broken off had stopped', async () => {
    const ids = (await Promise.all([1, 2, 3, 4].map((id) => leaver(id)))).map((row) => row.accountId).sort();
    for (const id of ids) watch.show(id, { status: 'missing' });
    watch.list([]);
    const compared = { stage: 'active', after: ids[2] };
    await heal({}, { healed: 3, failed: 0, without: 0, reported: {}, compared, listed: 0 });
    expect(around.tellings.map(({ accountId }) => accountId)).toEqual([ids[3]]);
  });
});

describe('a workflow that cannot go on', () => {
  const report = (now = NOW) =>
    runWatch(deps, ({ reportStuck }) => reportStuck({ clock: clockFrom(now), visitBegan: now }));
  const problems = ['category=WorkflowTaskFailed', 'cause=WorkflowTaskFailedCauseNonDeterministicError'];

  it('is reported with the remedy, until it goes on', async () => {
    const { accountId } = await leaver(1);
    watch.stuckIds.push(`account/${accountId}`);
    watch.show(accountId, { problems });
    expect(await report()).toEqual({ failed: 0 });
    expect(await messageOf(`stuck:${accountId}`)).toMatch(/NonDeterministicError.*cannot replay it/);
    // Temporal's list forgets it too early: what counts is the workflow.
    watch.stuckIds.length = 0;
    await report(NOW + MINUTE_MS);
    expect(await alarms()).toEqual([`stuck:${accountId}`]);
    watch.show(accountId, { problems: [] });
    await report(NOW + 2 * MINUTE_MS);
    expect(await alarms()).toEqual([]);
  });

  it('is not reported from a list alone', async () => {
    const { accountId } = await leaver(1);
    watch.stuckIds.push(`account/${accountId}`);
    await report();
    expect(await alarms()).toEqual([]);
  });

  it('may be another one than an account’s', async () => {
    watch.stuckIds.push('plan-approval/plan-7');
    watch.show('plan-approval/plan-7', { problems });
    await report();
    expect(await alarms()).toEqual(['stuck:plan-approval/plan-7']);
  });
});

describe('the deployment as a whole', () => {
  const tell = (now: Instant, syncOverdueMs: number | null = 3 * HOUR_MS) => {
    const settings = { ...deps.settings, watchdog: { syncOverdueMs, frozenDays: 7 } };
    // It was started for the first time then.
    const clock = { ...clockFrom(now), virtualMs: NOW, realMs: Date.now() - (now - NOW) };
    return runWatch({ ...deps, settings }, ({ tellAdmins }) => tellAdmins({ clock, broken: [] }));
  };
  const later = (hours: number) => NOW + hours * HOUR_MS;
  const settle = async (planId: string, hours: number, dryRun = false) => {
    await around.registry.openPlan({ planId, dryRun, at: later(hours) });
    const settled = { planId, looks: NO_LOOKS, heldBecause: [], lapsesAt: later(hours), at: later(hours) };
    await around.registry.settlePlan(settled);
  };

  it('without a synchronisation for too long is an alarm, until the next one', async () => {
    await tell(later(2.9));
    expect(await alarms()).toEqual([]);
    expect(await tell(later(3.1))).toEqual({ mailed: 1 });
    expect(await messageOf('sync-overdue')).toMatch(/since 2027-04-02T10:00:00/);
    await settle('plan-1', 4);
    await tell(later(4.2));
    expect(await alarms()).toEqual([]);
    // Neither a dry run nor one that hangs counts.
    await settle('plan-2', 6, true);
    await around.registry.openPlan({ planId: 'plan-3', dryRun: false, at: later(6) });
    await tell(later(7.2));
    expect(await alarms()).toEqual(['sync-overdue']);
    expect(await messageOf('sync-overdue')).toMatch(/since 2027-04-02T14:00:00/);
    // Somebody has turned it off: none is expected.
    await tell(later(8), null);
    expect(await alarms()).toEqual([]);
  });

  it('that stays frozen is an alarm after a week, until unfreeze', async () => {
    const set = (frozen: boolean) =>
      around.registry.setFrozen({ frozen, actor: 'admin-7', reason: 'HR is being moved', at: NOW });
    await set(true);
    await tell(later(7 * 24 - 1), null);
    expect(await alarms()).toEqual([]);
    expect(await tell(later(7 * 24 + 1), null)).toEqual({ mailed: 1 });
    expect(await messageOf('frozen')).toMatch(/since 2027-04-02T10:00.* by admin-7 \(HR is being moved\)/);
    expect(await tell(later(8 * 24), null)).toEqual({ mailed: 0 });
    await set(false);
    await tell(later(8 * 24), null);
    expect(await alarms()).toEqual([]);
  });
});

describe('the admins', () => {
  it('are told once, and of parts of a visit that failed too', async () => {
    const tell = (broken: readonly string[]) =>
      runWatch(deps, ({ tellAdmins }) => tellAdmins({ clock: clockFrom(NOW), broken }));
    await around.registry.raiseAlarm({ key: 'overdue:acc-1', message: 'it is late', at: NOW });
    expect(await tell(['accounts that are overdue'])).toEqual({ mailed: 2 });
    expect(await tell([])).toEqual({ mailed: 0 });
    expect(await alarms()).toEqual(['overdue:acc-1']);
  });
});

function ignored(): AccountState['holds'] {
  const hold = { until: null, actor: 'admin-7', at: NOW - 60 * DAY_MS, reminded: true };
  return { ignored: hold, disabledManually: null, excluded: null };
}

function failures(): AccountState['failures'] {
  const key = `0/leaving/${LAST_DAY}`;
  const since = NOW - DAY_MS;
  return [{ key, code: 'ACCOUNT_UNKNOWN', message: 'no row', since, retryAt: NOW + HOUR_MS }];
}
