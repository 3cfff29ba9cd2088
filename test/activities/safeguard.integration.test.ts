import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { ActivityDependencies } from '../../activities/dependencies.ts';
import { storeLook } from '../../activities/store-look.ts';
import type { Plan } from '../../src/contracts/plan.ts';
import { LifecycleError } from '../../src/errors.ts';
import { personOfHr, runSync, startSurroundings, type Surroundings } from '../support/deployment.ts';
import { clockFrom } from '../support/lives.ts';
import { at } from '../support/policy-builders.ts';
import { wholeSync } from '../support/run-sync.ts';

const DAY_1 = at('2027-02-01 12:00');
const hoursLater = (hours: number) => DAY_1 + hours * 3_600_000;
const MANY = 12;
const SAID = { actor: 'admin-7', reason: 'HR was reorganised' };

const FORMER = Array.from({ length: 150 }, (_, index) => 1_000 + index);

let around: Surroundings;
beforeAll(async () => {
  around = await startSurroundings();
});
beforeEach(async () => {
  await around.forget();
  for (const id of FORMER) around.hr.removePerson(id);
});
afterAll(() => around.stop());

const ids = Array.from({ length: MANY }, (_, index) => index + 1);

async function members(some: readonly number[] = ids): Promise<void> {
  for (const id of some) {
    await around.seedPerson(personOfHr(id), DAY_1);
    await around.seedAccount({ personId: String(id), at: DAY_1 });
  }
}

/** So many have left long ago, and have no account, that the staff are less than five per cent of all. */
async function formerPeople(): Promise<void> {
  for (const id of FORMER) await around.seedPerson(personOfHr(id, { to: '2020-12-31' }), DAY_1);
}

/** HR says something else of these people. */
function hrSays(some: readonly number[], over: Parameters<typeof personOfHr>[1]): void {
  for (const id of some) around.hr.setPerson(personOfHr(id, over));
}

const sync = (hours = 0, options: Parameters<typeof wholeSync>[2] = {}) =>
  wholeSync(around.deps, hoursLater(hours), options);

const alarms = async () => (await around.registry.alarms({ open: true })).map(({ key }) => key);

async function rowsOf(planId: string) {
  const rows = await around.registry.planRows({ planId, after: null, limit: 100 });
  return rows.map(({ personId, kind, state }) => `${personId} ${kind} ${state}`);
}

function decide(planId: string, verdict: 'approved' | 'rejected', hours = 1): Promise<Plan> {
  const decision = { verdict, ...SAID };
  const input = { clock: clockFrom(hoursLater(hours)), planId, decision };
  return runSync(around.deps, (activities) => activities.decidePlan(input));
}

function applyApproved(planId: string, hours = 1, deps: ActivityDependencies = around.deps) {
  const input = { clock: clockFrom(hoursLater(hours)), planId };
  return runSync(deps, (activities) => activities.applyApproved(input));
}

/** Whom accounts were told of, each person once. */
const told = () => [...new Set(around.tellings.map(({ observation }) => observation?.personId))].sort();

describe('more losses than the safeguard lets through', () => {
  it('wait in a plan with every row, while joins, extensions, returns and corrections are applied', async () => {
    await members();
    hrSays([1, 2, 3, 4], { to: '2026-12-31' });
    hrSays([5], { to: '2027-12-31' });
    hrSays([6], { email: 'new@example.org' });
    hrSays([20], {});
    const { planId, settled, ...counts } = await sync();
    expect(counts).toMatchObject({ looked: 13, changed: 7, joiners: 1, failed: 0, stale: 0 });
    expect(settled.plan.heldBecause).toEqual([
      '4 losses among 12 persons with an account (33.3 %): more than 3 and more than 5 %',
    ]);
    expect(await rowsOf(planId)).toEqual([
      ...[1, 2, 3, 4].map((id) => `${String(id)} loss held`),
      '5 shortening held',
      '6 correction applied',
      '20 join applied',
    ]);
    expect(told()).toEqual(['6', undefined]);
    expect(await alarms()).toEqual([`held-plan:${planId}`]);
    expect((await around.registry.plan(planId))?.state).toBe('held');
  });

  it('wait however many people HR knows who have left and have no account', async () => {
    const staff = ids.slice(0, 6);
    await formerPeople();
    await members(staff);
    hrSays(staff, { to: '2026-12-31' });
    const { planId, settled } = await sync();
    expect(settled.plan.heldBecause).toEqual([
      '6 losses among 6 persons with an account (100.0 %): more than 3 and more than 5 %',
    ]);
    expect(await rowsOf(planId)).toEqual(staff.map((id) => `${String(id)} loss held`));
    expect(told()).toEqual([]);
  });

  it('wait when all who have an account are unknown to HR, whomever else it knows', async () => {
    const staff = ids.slice(0, 6);
    await formerPeople();
    await members(staff);
    for (const id of staff) around.hr.removePerson(id);
    const { settled } = await sync();
    expect(settled.shrunk).toBe(
      'HR answers for 0 of the 6 persons with an account it answered for last time: less than 90 %',
    );
    expect(await alarms()).toEqual(['hr-answers']);
  });

  it('do not keep names and departments from being corrected', async () => {
    await members();
    hrSays([1, 2, 3, 4], { to: '2026-12-31', name: 'Rossi-Bianchi', department: 'IT' });
    const { planId } = await sync();
    expect((await around.registry.plan(planId))?.state).toBe('held');
    const [account] = await around.registry.accounts({ personId: '1' });
    expect(await around.entry(account?.login ?? '')).toMatchObject({
      access: 'on',
      person: { familyName: 'Rossi-Bianchi', department: 'IT' },
    });
    expect(around.tellings).toEqual([]);
  });

  it('are applied when there are few of them', async () => {
    await members();
    hrSays([1, 2, 3], { to: '2026-12-31' });
    const { planId } = await sync();
    expect(await rowsOf(planId)).toEqual(['1 loss applied', '2 loss applied', '3 loss applied']);
    expect(told()).toEqual(['1', '2', '3']);
    expect((await around.registry.plan(planId))?.state).toBe('applied');
  });

  it('count over a day: what trickles in is held as well', async () => {
    await members();
    hrSays([1, 2], { to: '2026-12-31' });
    await sync();
    hrSays([3, 4], { to: '2026-12-31' });
    const { planId } = await sync(20);
    expect(await rowsOf(planId)).toEqual(['3 loss held', '4 loss held']);
    // A day after the first two they are forgotten, and the others go through.
    const later = await sync(25);
    expect(await rowsOf(later.planId)).toEqual(['3 loss applied', '4 loss applied']);
    expect((await around.registry.plan(planId))?.state).toBe('superseded');
  });

  it('never stop the next run from looking, and the same ones are not planned twice', async () => {
    await members();
    hrSays([1, 2, 3, 4], { to: '2026-12-31' });
    const first = await sync();
    hrSays([9], { department: 'IT' });
    const second = await sync(1);
    expect(second).toMatchObject({ looked: MANY, told: 1 });
    expect(second.settled.heldPlan?.planId).toBe(first.planId);
    expect(await rowsOf(second.planId)).toEqual(['9 correction applied']);
    expect(await alarms()).toEqual([`held-plan:${first.planId}`]);
  });

  it('are dropped when HR takes them back: nobody was told, and nobody is told now', async () => {
    await members();
    hrSays(ids, { to: '2026-12-31' });
    const { planId } = await sync();
    hrSays(ids, {});
    const next = await sync(1);
    expect(await rowsOf(next.planId)).toEqual([]);
    expect((await around.registry.plan(planId))?.state).toBe('superseded');
    expect(await alarms()).toEqual([]);
    expect(around.tellings).toEqual([]);
  });
});

describe('a run that gave up waiting for HR', () => {
  /** HR answers for the first eight, and is silent for the others: too few to count as an HR that answers for less. */
  const silentForTheRest = (): ActivityDependencies => {
    const { settings, hr } = around.deps;
    const limits = { ...settings.safeguard.limits, answeredPercent: 0 };
    return {
      ...around.deps,
      settings: { ...settings, safeguard: { ...settings.safeguard, limits } },
      hr: {
        ...hr,
        listPersons: async (input) =>
          Number(input.after ?? '0') >= 8
            ? { outcome: 'unavailable', code: 'HR_TIMEOUT', reason: 'as the test says' }
            : hr.listPersons(input),
      },
    };
  };

  it('holds losses and shortenings, however few, since its plan is not known whole; the next run decides', async () => {
    await members();
    hrSays([1], { to: '2026-12-31' });
    hrSays([2], { to: '2027-12-31' });
    hrSays([3], { email: 'new@example.org' });
    const { planId, settled } = await wholeSync(silentForTheRest(), hoursLater(0));
    expect(settled.plan.heldBecause).toEqual([expect.stringContaining('unavailable for so long')]);
    expect(await rowsOf(planId)).toEqual(['1 loss held', '2 shortening held', '3 correction applied']);
    expect(told()).toEqual(['3']);
    const next = await sync(1);
    expect(await rowsOf(next.planId)).toEqual(['1 loss applied', '2 shortening applied']);
    expect((await around.registry.plan(planId))?.state).toBe('superseded');
    expect(await alarms()).toEqual([]);
  });

  it('holds nothing when there is nothing to hold', async () => {
    await members();
    hrSays([3], { email: 'new@example.org' });
    const { planId, settled } = await wholeSync(silentForTheRest(), hoursLater(0));
    expect(settled).toMatchObject({
      heldPlan: null,
      shrunk: expect.stringContaining('unavailable for so long'),
    });
    expect(await rowsOf(planId)).toEqual(['3 correction applied']);
    expect(await alarms()).toEqual(['hr-answers']);
  });
});

describe('an approval', () => {
  async function heldPlan(some: readonly number[] = [1, 2, 3, 4]): Promise<string> {
    await members();
    hrSays(some, { to: '2026-12-31' });
    return (await sync()).planId;
  }

  it('applies exactly that plan', async () => {
    const planId = await heldPlan();
    expect((await decide(planId, 'approved')).state).toBe('approved');
    expect(await applyApproved(planId)).toMatchObject({ told: 4, stale: 0, failed: 0 });
    expect(told()).toEqual(['1', '2', '3', '4']);
    expect((await around.registry.plan(planId))?.state).toBe('applied');
    expect(await alarms()).toEqual([]);
    const trail = await around.registry.auditTrail({});
    expect(trail.filter(({ what }) => what === 'plan-approved')).toMatchObject([SAID]);
    // What somebody looked at does not count against the next ones.
    hrSays([5, 6], { to: '2026-12-31' });
    const next = await sync(2);
    expect(await rowsOf(next.planId)).toEqual(['5 loss applied', '6 loss applied']);
  });

  it('leaves out whoever HR says something else of by now, looking at each once more', async () => {
    const planId = await heldPlan();
    await decide(planId, 'approved');
    hrSays([2], {});
    hrSays([3], { to: '2026-11-30' });
    expect(await applyApproved(planId)).toMatchObject({ told: 2, stale: 2 });
    expect(told()).toEqual(['1', '4']);
    // The next synchronisation plans anew who is stale: one loss, and one who never lost anything.
    const next = await sync(2);
    expect(await rowsOf(next.planId)).toEqual(['3 loss applied']);
  });

  it('waits for HR where it is silent, and applies the others', async () => {
    const planId = await heldPlan();
    await decide(planId, 'approved');
    around.hr.fault('500', { for: [2] });
    await expect(applyApproved(planId)).rejects.toMatchObject({
      type: 'HR_UNAVAILABLE',
      nonRetryable: false,
    });
    expect(told()).toEqual(['1', '3', '4']);
    expect(await rowsOf(planId)).toContain('2 loss approved');
    around.hr.fault('none');
    expect(await applyApproved(planId)).toMatchObject({ told: 1 });
    expect((await around.registry.plan(planId))?.state).toBe('applied');
  });

  it('does not reach people whose accounts were told something else in the meantime', async () => {
    const planId = await heldPlan();
    await around.seedPerson(personOfHr(1, { to: '2026-11-30' }), DAY_1);
    hrSays([1], { to: '2026-12-31' });
    const { registry, hr } = around.deps;
    const { signal } = new AbortController();
    await storeLook(around.deps, {
      number: await registry.nextObservationNumber(),
      personId: '1',
      answer: await hr.readPerson({ personId: '1', signal }),
      before: await registry.person('1'),
      ...{ at: DAY_1, source: 'sync' },
    });
    await decide(planId, 'approved');
    expect(await applyApproved(planId)).toMatchObject({ told: 3, stale: 1 });
    expect(await rowsOf(planId)).toContain('1 loss stale');
  });

  it('finds people whose accounts were told just that, by whoever was cut off then: it is applied', async () => {
    const planId = await heldPlan();
    const person = await around.registry.person('1');
    await around.registry.markApplied({
      personId: '1',
      digest: person?.digest ?? null,
      number: person?.observation?.number ?? 0,
    });
    await decide(planId, 'approved');
    expect(await applyApproved(planId)).toMatchObject({ told: 3, stale: 0 });
    expect((await around.registry.plan(planId))?.rows).toEqual({ loss: { applied: 4 } });
  });

  it('is tried again where applying failed, under an alarm after a while, until nothing of it is left', async () => {
    const planId = await heldPlan();
    await decide(planId, 'approved');
    const [account] = await around.registry.accounts({ personId: '2' });
    const { workflows } = around.deps;
    const broken: ActivityDependencies = {
      ...around.deps,
      workflows: {
        ...workflows,
        tell: async (input) => {
          if (input.state.accountId !== account?.accountId) return workflows.tell(input);
          throw new LifecycleError({ code: 'BROKEN', message: 'the connection broke', retryable: true });
        },
      },
    };
    const failed = { type: 'APPROVED_NOT_APPLIED', nonRetryable: false };
    await expect(applyApproved(planId, 1, broken)).rejects.toMatchObject(failed);
    expect(told()).toEqual(['1', '3', '4']);
    expect(await alarms()).toEqual([]);
    await expect(applyApproved(planId, 3, broken)).rejects.toMatchObject(failed);
    expect(await alarms()).toEqual([`approved-plan:${planId}`]);
    expect((await around.registry.plan(planId))?.state).toBe('approved');
    const input = { clock: clockFrom(hoursLater(4)), planId };
    // What the heartbeat of the attempts before said is counted on.
    const before = { joiners: 0, told: 3, stale: 0, failed: 1 };
    const applied = runSync(around.deps, (activities) => activities.applyApproved(input), before);
    expect(await applied).toEqual({ joiners: 0, told: 4, stale: 0, failed: 0 });
    expect((await around.registry.plan(planId))?.state).toBe('applied');
    expect(await alarms()).toEqual([]);
  });

  it('is found by every later run until it is applied, and so is a plan that is held', async () => {
    const planId = await heldPlan();
    const later = async (prefix: string) => {
      for (let index = 0; index < 60; index += 1) {
        const one = { planId: `${prefix}-${String(index)}`, dryRun: false, at: hoursLater(1) };
        await around.registry.openPlan(one);
      }
    };
    await later('while-held');
    const ask = { clock: clockFrom(DAY_1), request: { type: 'plan', planId: null } } as const;
    const shown = await runSync(around.deps, (activities) => activities.answerOperator(ask));
    expect(shown).toMatchObject({ type: 'plan', plan: { planId, state: 'held' } });
    await decide(planId, 'approved', 2);
    await later('while-approved');
    const { settled } = await sync(5);
    expect(settled.approved.map((plan) => plan.planId)).toEqual([planId]);
    expect(await alarms()).toEqual([`approved-plan:${planId}`]);
    // Whoever applies it may end before the alarm does: the next run sees to that.
    await applyApproved(planId, 5);
    await around.registry.raiseAlarm({ key: `approved-plan:${planId}`, message: 'x', at: hoursLater(5) });
    await sync(6);
    expect(await alarms()).toEqual([]);
  });

  it('counts no more after two weeks in which HR was silent: those changes are planned anew', async () => {
    const planId = await heldPlan();
    await decide(planId, 'approved', 0);
    around.hr.fault('500', { for: [2, 3] });
    await expect(applyApproved(planId, 1)).rejects.toMatchObject({ type: 'HR_UNAVAILABLE' });
    await expect(applyApproved(planId, 14 * 24 - 1)).rejects.toMatchObject({ type: 'HR_UNAVAILABLE' });
    expect(await applyApproved(planId, 14 * 24)).toMatchObject({ told: 0, stale: 2 });
    expect((await around.registry.plan(planId))?.state).toBe('applied');
    expect(await alarms()).toEqual([`approval-given-up:${planId}`]);
    around.hr.fault('none');
    const mails = around.sink.mails.length;
    const next = await sync(14 * 24 + 1);
    expect(await rowsOf(next.planId)).toEqual(['2 loss applied', '3 loss applied']);
    expect(around.sink.mails.slice(mails).map(({ text }) => text)).toEqual([
      expect.stringContaining('2 changes that were approved'),
    ]);
    expect(await alarms()).toEqual([`approval-given-up:${planId}`]);
    await sync(14 * 24 + 2);
    expect(await alarms()).toEqual([]);
  });

  it('asks HR no more once it is silent for many in a row, or asks to wait, and lets a synchronisation run', async () => {
    const many = Array.from({ length: 70 }, (_, index) => index + 1);
    await members(many);
    hrSays(many, { to: '2026-12-31' });
    const { planId } = await sync();
    await decide(planId, 'approved');
    for (const [code, atMost] of [
      ['HR_TIMEOUT', 52],
      // Of that it answers: the records of these people cannot be read, and others might.
      ['HR_CONTRACTS_MISSING', 70],
      ['HR_RETRY_LATER', 3],
    ] as const) {
      let asked = 0;
      const silent: ActivityDependencies = {
        ...around.deps,
        hr: {
          ...around.deps.hr,
          readPerson: async () => {
            asked += 1;
            return { outcome: 'unavailable', code, reason: 'it is silent' };
          },
        },
      };
      await expect(applyApproved(planId, 1, silent)).rejects.toMatchObject({ type: 'HR_UNAVAILABLE' });
      expect(asked).toBeLessThanOrEqual(atMost);
      if (code === 'HR_CONTRACTS_MISSING') expect(asked).toBe(70);
      await sync(2);
    }
    expect(around.tellings).toEqual([]);
    expect(await applyApproved(planId, 3)).toMatchObject({ told: 70 });
  });

  it('said while the run still applies its other rows does not make that run wait for HR', async () => {
    const planId = await heldPlan();
    await decide(planId, 'approved');
    around.hr.fault('500');
    const run = { clock: clockFrom(hoursLater(1)), planId, range: { after: null, upTo: null, expected: 0 } };
    const asked = around.hr.requests.length;
    expect(await runSync(around.deps, (activities) => activities.applyRows(run))).toMatchObject({ told: 0 });
    expect(around.hr.requests).toHaveLength(asked);
    expect((await around.registry.plan(planId))?.rows).toEqual({ loss: { approved: 4 } });
  });

  it('of a plan that another took the place of does nothing', async () => {
    const planId = await heldPlan();
    hrSays([5], { to: '2026-12-31' });
    const next = await sync(1);
    expect((await decide(planId, 'approved', 2)).state).toBe('superseded');
    expect(await applyApproved(planId, 2)).toMatchObject({ told: 0 });
    expect(around.tellings).toEqual([]);
    expect(next.settled.plan.state).toBe('held');
    expect(await alarms()).toEqual([`held-plan:${next.planId}`]);
  });

  it('that never came: the plan lapses, and the next run plans anew', async () => {
    const planId = await heldPlan();
    const input = { clock: clockFrom(hoursLater(14 * 24)), planId };
    expect((await runSync(around.deps, (activities) => activities.lapsePlan(input))).state).toBe('lapsed');
    expect(await alarms()).toEqual([]);
    const next = await sync(14 * 24 + 1);
    expect(next.settled.plan.state).toBe('held');
  });
});

describe('a rejection', () => {
  it('holds for as long as HR says the same, and is not forgotten', async () => {
    await members();
    hrSays([1, 2, 3, 4], { to: '2026-12-31' });
    const { planId } = await sync();
    await decide(planId, 'rejected');
    const next = await sync(2);
    expect(next.settled).toMatchObject({ rejectedAgain: 4, heldPlan: null });
    expect(around.tellings).toEqual([]);
    expect(await alarms()).toEqual(['rejected-changes']);
    // HR says something else: that is a new change. Taken back, it is none.
    hrSays([1], { to: '2026-12-15' });
    hrSays([2], {});
    const third = await sync(3);
    expect(await rowsOf(third.planId)).toEqual(['1 loss applied', '3 loss rejected', '4 loss rejected']);
  });

  it('is planned anew when somebody asks for it', async () => {
    await members();
    hrSays([1, 2, 3, 4], { to: '2026-12-31' });
    const { planId } = await sync();
    await decide(planId, 'rejected');
    const next = await sync(2, { replanRejected: true });
    expect(next.settled.plan.state).toBe('held');
  });
});

describe('the mail to the admins', () => {
  it('says why, what, and what to do, without a name, and is sent once', async () => {
    await members();
    hrSays([1, 2, 3, 4], { to: '2026-12-31' });
    const { planId } = await sync();
    const before = around.sink.mails.length;
    const input = { clock: clockFrom(DAY_1), planId };
    const mail = () => runSync(around.deps, (activities) => activities.mailHeldPlan(input));
    await around.sink.fault('451');
    await expect(mail()).rejects.toMatchObject({ type: 'NOBODY_TOLD', nonRetryable: false });
    await around.sink.fault('none');
    await mail();
    await sync(1);
    const [sent, ...others] = around.sink.mails.slice(before);
    expect(others).toEqual([]);
    expect(sent?.to).toEqual(['admins@example.org']);
    expect(sent?.text).toContain('more than 3 and more than 5 %');
    for (const id of [1, 2, 3, 4])
      expect(sent?.text).toContain(`${String(id)}: loss, last day open → 2026-12-31`);
    expect(sent?.text).toContain(`plan approve ${planId}`);
    expect(sent?.text).not.toMatch(/rossi/i);
  });
});

describe('HR lies', () => {
  const EXCLUDED = [{ id: 'C', startDate: '2020-01-01', excluded: true }];
  const LIES: readonly (readonly [string, () => void])[] = [
    ['404 for everyone', () => around.hr.fault('404-for-all')],
    ['half the people', () => ids.slice(0, MANY / 2).forEach((id) => around.hr.removePerson(id))],
    ['all dates in the past', () => hrSays(ids, { to: '2020-01-01' })],
    ['everyone excluded', () => hrSays(ids, { contracts: EXCLUDED })],
    ['nobody with a contract', () => hrSays(ids, { contracts: [] })],
    ['500 for everyone', () => around.hr.fault('500')],
  ];

  it.each(LIES)(
    '%s, for two days: nobody is told anything, one alarm, and it is over when HR is well',
    async (_, lie) => {
      await members();
      around.hr.setList(false);
      lie();
      const seen = new Set<string>();
      const mails = around.sink.mails.length;
      for (const hours of [1, 2, 3, 24, 48]) {
        await sync(hours);
        for (const key of await alarms()) seen.add(key);
      }
      expect(around.tellings).toEqual([]);
      expect([...seen]).toHaveLength(1);
      expect(around.sink.mails.length - mails).toBeLessThanOrEqual(1);
      around.hr.fault('none');
      hrSays(ids, {});
      await sync(49);
      expect(await alarms()).toEqual([]);
      expect(around.tellings).toEqual([]);
    },
  );

  it('404 for everyone for so long that it is a fact: that fact waits for an admin', async () => {
    await members();
    around.hr.setList(false);
    around.hr.fault('404-for-all');
    for (const hours of [1, 25, 49]) await sync(hours);
    const { settled } = await sync(75);
    expect(settled.plan).toMatchObject({ state: 'held', rows: { loss: { held: MANY } } });
    expect(around.tellings).toEqual([]);
  });

  describe('404 for a fourth of the people until it is a fact', () => {
    /** Held since HR shrank: the losses alone are few. */
    async function absent(): Promise<string> {
      await members();
      [1, 2, 3].forEach((id) => around.hr.removePerson(id));
      for (const hours of [1, 25, 49]) await sync(hours);
      const { settled, planId } = await sync(75);
      expect(settled.plan.heldBecause).toEqual([expect.stringContaining('9 of the 12 persons')]);
      return planId;
    }

    it('stays held in later runs, which know it for a fact: HR still answers for far fewer', async () => {
      const planId = await absent();
      for (const hours of [76, 77, 100]) {
        const { settled } = await sync(hours);
        expect(settled).toMatchObject({
          heldPlan: { planId },
          shrunk: expect.stringContaining('9 of the 12'),
        });
      }
      expect(around.tellings).toEqual([]);
    });

    it('is missed no more once somebody has decided, until it is to be planned anew', async () => {
      await decide(await absent(), 'rejected', 76);
      hrSays([4], { to: '2026-12-31' });
      const next = await sync(77);
      expect(next.settled).toMatchObject({ shrunk: null, rejectedAgain: 3 });
      expect(await rowsOf(next.planId)).toContain('4 loss applied');
      const again = await sync(78, { replanRejected: true });
      expect(again.settled.plan.heldBecause).toContainEqual(expect.stringContaining('9 of the 12 persons'));
      await decide(again.planId, 'approved', 79);
      expect((await sync(80)).settled).toMatchObject({ shrunk: null, heldPlan: null });
      await applyApproved(again.planId, 81);
      expect(told()).toEqual(['1', '2', '3', '4']);
      expect((await sync(82)).settled).toMatchObject({ shrunk: null, rejectedAgain: 0, heldPlan: null });
    });
  });

  it('an empty list, and a list that fails: nobody is told anything, one alarm', async () => {
    await members();
    for (const [hours, mode] of [
      [1, 'empty-list'],
      [2, '500'],
      [24, 'truncated'],
    ] as const) {
      around.hr.fault(mode);
      const { settled } = await sync(hours);
      expect(settled.shrunk).toContain('HR was unavailable');
      expect(await alarms()).toEqual(['hr-answers']);
    }
    expect(around.tellings).toEqual([]);
    around.hr.fault('none');
    await sync(25);
    expect(await alarms()).toEqual([]);
  });
});

describe('a dry run', () => {
  it('shows what a run would do, and changes nothing', async () => {
    await members();
    hrSays([1, 2, 3, 4], { to: '2026-12-31' });
    hrSays([5], { department: 'IT' });
    hrSays([20], {});
    around.hr.removePerson(6);
    const everything = async () => ({
      persons: await around.registry.persons({ after: null, limit: 100 }),
      accounts: await around.registry.accounts({}),
      alarms: await around.registry.alarms({ open: true }),
      observations: await around.registry.observations('1'),
      audit: await around.registry.auditTrail({}),
    });
    const before = await everything();
    const mails = around.sink.mails.length;
    const dry = await sync(0, { dryRun: true });
    expect(await everything()).toEqual(before);
    expect([around.tellings, around.sink.mails.length]).toEqual([[], mails]);
    expect(await around.registry.plan(dry.planId)).toMatchObject({ state: 'dryRun' });
    const shown = await rowsOf(dry.planId);

    const real = await sync(0);
    const done = await rowsOf(real.planId);
    expect(shown).toEqual(done.map((row) => row.replace(' applied', ' open')));
    expect(dry.settled.plan.heldBecause).toEqual(real.settled.plan.heldBecause);
  });

  it('takes no plan’s place', async () => {
    await members();
    hrSays([1, 2, 3, 4], { to: '2026-12-31' });
    const { planId } = await sync();
    hrSays([1, 2, 3, 4], {});
    await sync(1, { dryRun: true });
    expect((await around.registry.plan(planId))?.state).toBe('held');
  });
});
