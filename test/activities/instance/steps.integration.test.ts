import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { AccountState } from '../../../src/contracts/account.ts';
import type { CommandName } from '../../../src/contracts/command.ts';
import type { Policy } from '../../../src/contracts/policy.ts';
import type { GiveAccessReason, StepAction } from '../../../src/contracts/step.ts';
import { DAY_MS } from '../../../src/contracts/time.ts';
import type { StepInput } from '../../../src/contracts/workflow-input.ts';
import type { IndigoIamCall } from '../../../src/demo/doubles/indigo-iam/indigo-iam-double.ts';
import { indigoIam } from '../../../src/policies/indigo-iam.ts';
import { decide } from '../../../src/policy/decide.ts';
import { nextStep } from '../../../src/policy/next-step.ts';
import { attemptStep, runSync, startSurroundings, type Surroundings } from '../../support/deployment.ts';
import { EXPERIMENT, startTestInstance, type TestInstance } from '../../support/instance.ts';
import { beginStep, clockFrom } from '../../support/lives.ts';
import { bareStep, command, found, participation, policyFor } from '../../support/policy-builders.ts';

const NOW = Date.UTC(2027, 2, 1, 12);
const END = Date.UTC(2027, 0, 20, 9);
const LAST_DAY = '2027-01-20';
/** Where others move an end to, so that nothing is over any more. */
const MOVED = Date.UTC(2027, 5, 30);
const policy = policyFor('experiment');
const MARK = (value: string) => ({ name: 'lifecycle.status', value });
const PERSON_LABEL = { prefix: 'hr.cern', name: 'cern_person_id' };

let around: Surroundings;
let instance: TestInstance;
const clock = clockFrom(NOW);
beforeAll(async () => {
  instance = await startTestInstance(clock, { expiredAccounts: 'manage' });
  around = await startSurroundings({ instance: instance.kept, settings: { policies: indigoIam } });
});
beforeEach(async () => {
  await around.forget();
  instance.double.fault('none');
  instance.double.set({ readOnlyEndTime: false });
  for (const { id } of instance.double.accounts()) instance.double.deleteAccount(id);
});
afterAll(async () => {
  await around.stop();
  await instance.stop();
});

function hrSays(endDate: string | null): void {
  const participations = [{ experiment: EXPERIMENT, startDate: '2020-01-01', endDate }];
  around.hr.setPerson({ ...{ id: 1, firstName: 'Ada', name: 'Rossi' }, participations });
}

/** An account whose end is over, adopted, and told what HR says. */
async function adopted(
  over: { readonly active?: boolean; readonly mark?: string; readonly endTime?: number } = {},
): Promise<{ readonly id: string; readonly state: AccountState }> {
  hrSays(LAST_DAY);
  const { mark, ...rest } = over;
  const labels = mark === undefined ? [] : [MARK(mark)];
  const id = instance.addAccount(1, { endTime: END, ...rest, labels });
  const run = { clock, planId: 'adoption', dryRun: false };
  await runSync(around.deps, (activities) => activities.beginRun(run));
  await runSync(around.deps, (activities) => activities.readInstance(run));
  await runSync(around.deps, (activities) => activities.giveUpRun(run));
  const [followed] = await around.registry.followedRows([id]);
  const account = await around.registry.account(followed?.row.accountId ?? 'nobody');
  if (!account) throw new Error('it was not adopted');
  const observation = found(1, [participation(EXPERIMENT, null, LAST_DAY)], { personId: '1' });
  return { id, state: decide(account.state, { type: 'observed', at: NOW, observation }, policy) };
}

const suspended = { active: false, mark: 'PENDING_REMOVAL' } as const;

/** The argument of the step that is due for the account. */
async function due(action: StepAction, over: Parameters<typeof adopted>[0] = {}, own: Policy = policy) {
  const { id, state } = await adopted(over);
  const ready: AccountState =
    action === 'delete' ? { ...state, blocked: { lastDay: LAST_DAY, at: NOW - 20 * DAY_MS } } : state;
  // On the instance's own clock, by which it was adopted.
  return { id, input: { ...beginStep(ready, own, NOW, action), clock } };
}

const attempt = (input: StepInput, number = 1) => attemptStep(around.deps, input, { attempt: number });
const deedsOn = (id: string) =>
  instance.double
    .writes(id)
    .filter(({ by }) => by === 'api')
    .map(({ what }) => what);

describe('an account of an instance, managed:', () => {
  it('expired, it is marked and stays active', async () => {
    const { id, input } = await due('leaving');
    expect(await attempt(input)).toMatchObject({
      ...{ result: 'done', facts: { lifecycleStatus: 'PENDING_SUSPENSION', active: true } },
    });
    expect(deedsOn(id)).toEqual(['label lifecycle.status=PENDING_SUSPENSION']);
  });
  it('after its grace it is marked, then inactive', async () => {
    const { id, input } = await due('block', { mark: 'PENDING_SUSPENSION' });
    expect(await attempt(input)).toMatchObject({
      ...{ result: 'done', facts: { lifecycleStatus: 'PENDING_REMOVAL', suspendedBy: 'lifecycle' } },
    });
    expect(deedsOn(id)).toEqual(['label lifecycle.status=PENDING_REMOVAL', 'active=false']);
  });
  it('with removal switched off the mark is SUSPENDED', async () => {
    const milestones = policy.milestones.filter(({ action }) => action !== 'delete');
    const { id, input } = await due('block', { mark: 'PENDING_SUSPENSION' }, { ...policy, milestones });
    await attempt(input);
    expect(instance.label(id, 'lifecycle.status')).toBe('SUSPENDED');
  });
  it('one that an admin suspended in its grace is marked all the same, and stays the admin’s', async () => {
    const { id, state } = await adopted({ mark: 'PENDING_SUSPENSION' });
    instance.double.setActive(id, false);
    const outcome = await attempt(beginStep(state, policy, NOW, 'block'));
    expect(outcome).toMatchObject({ facts: { suspendedBy: 'admin', lifecycleStatus: 'PENDING_REMOVAL' } });
  });
  it('is deleted from suspension, and once', async () => {
    const { id, input } = await due('delete', suspended);
    expect(await attempt(input)).toMatchObject({ result: 'done' });
    expect(instance.double.account(id)).toBeUndefined();
    expect(await attempt(input, 2)).toMatchObject({ result: 'done' });
  });
  it('is not deleted while somebody has made it active again', async () => {
    const { id, input } = await due('delete', suspended);
    instance.double.setActive(id, true);
    expect(await attempt(input)).toMatchObject({
      ...{ result: 'refused', why: { code: 'instance', facts: { active: true } } },
    });
    expect(instance.double.account(id)).toBeDefined();
  });
  it.each([
    ['whose mark was taken away', () => undefined],
    ['whose mark was set back', (id: string) => instance.double.setLabel(id, MARK('PENDING_SUSPENSION'))],
  ])('is not deleted while it is not blocked: inactive by an admin, %s', async (_what, thenMark) => {
    const { id, input } = await due('delete', suspended);
    instance.double.removeLabel(id, MARK('PENDING_REMOVAL'));
    thenMark(id);
    const outcome = await attempt(input);
    expect(outcome).toMatchObject({
      ...{ result: 'refused', why: { code: 'instance', facts: { active: false, suspendedBy: 'admin' } } },
    });
    expect(instance.double.account(id)).toBeDefined();
    expect(deedsOn(id)).toEqual([]);
    // It is not blocked any more: by the calendar, and with another block before it.
    const after = decide(input.state, { type: 'stepEnded', at: NOW, step: input.step, outcome }, policy);
    expect(after.stage).not.toBe('blocked');
    expect(nextStep(after, policy, NOW)).not.toMatchObject({ step: { action: 'delete' } });
  });
});

describe.each([
  ['block', { mark: 'PENDING_SUSPENSION' }],
  ['delete', suspended],
] as const)('before a %s', (action, over) => {
  /** It is left as it was, and the error says why. */
  async function leftAlone(change: (id: string) => void, type: string): Promise<void> {
    const { id, input } = await due(action, over);
    change(id);
    await expect(attempt(input)).rejects.toMatchObject({ type, nonRetryable: false });
    expect(deedsOn(id)).toEqual([]);
    expect(instance.double.account(id)).toBeDefined();
  }

  it('a label that is gone leaves the account alone', () =>
    leftAlone((id) => instance.double.removeLabel(id, PERSON_LABEL), 'IAM_NOT_OURS'));
  it('a label that names another person leaves it alone', () =>
    leftAlone((id) => instance.double.setLabel(id, { ...PERSON_LABEL, value: '2' }), 'IAM_NOT_OURS'));
  it('HR that knows a member leaves it alone', () => leftAlone(() => hrSays('2027-12-31'), 'HR_SAYS_MEMBER'));
  it('an HR that gives no answer leaves it alone', async () => {
    await leftAlone(() => around.hr.fault('500'), 'HR_UNAVAILABLE');
    around.hr.fault('none');
  });
  it('a freeze leaves it alone', async () => {
    const { id, input } = await due(action, over);
    await around.registry.setFrozen({ actor: 'admin-7', reason: 'HR is moved', frozen: true, at: NOW });
    await expect(attempt(input)).rejects.toMatchObject({ type: 'FROZEN' });
    expect(deedsOn(id)).toEqual([]);
  });
  it('HR that knows a member leaves it alone also where the label skip-end-date-synch stands', () =>
    leftAlone((id) => {
      instance.double.setLabel(id, { prefix: 'hr.cern', name: 'skip-end-date-synch' });
      hrSays('2027-12-31');
    }, 'HR_SAYS_MEMBER'));
  it.each([
    ['', () => undefined],
    [
      ', also where its end time is never written',
      (id: string) => instance.double.setLabel(id, { prefix: 'hr.cern', name: 'skip-end-date-synch' }),
    ],
  ])('a loss that HR, read afresh, shows waits until a plan is applied%s', async (_where, label) => {
    const { id, state } = await adopted(over);
    label(id);
    const observation = found(2, [participation(EXPERIMENT, null, '2027-12-31')], { personId: '1' });
    const told = decide(state, { type: 'observed', at: NOW, observation }, policy);
    const ready: AccountState =
      action === 'delete' ? { ...told, blocked: { lastDay: LAST_DAY, at: NOW - 20 * DAY_MS } } : told;
    const input = { ...beginStep(ready, policy, NOW, action), clock };
    hrSays('2027-12-31');
    await expect(attempt(input)).rejects.toMatchObject({ type: 'HR_SAYS_MEMBER' });
    around.hr.setPerson({ ...{ id: 1, firstName: 'Ada', name: 'Rossi' }, participations: [] });
    await expect(attempt(input, 2)).rejects.toMatchObject({ type: 'HR_LOSS_WAITS', nonRetryable: false });
    expect(deedsOn(id)).toEqual([]);
    // The safeguard lets it through, or an admin does: the very same step goes on.
    const person = await around.registry.person('1');
    const number = person?.observation?.number ?? 0;
    await around.registry.markApplied({ personId: '1', digest: person?.digest ?? null, number });
    expect(await attempt(input, 3)).toMatchObject({ result: 'done' });
  });
  it('HR is not asked while the label ignore stands', async () => {
    const { id, input } = await due(action, over);
    instance.double.setLabel(id, { prefix: 'hr.cern', name: 'ignore' });
    hrSays('2027-12-31');
    const asked = around.hr.requests.length;
    expect(await attempt(input)).toMatchObject({ result: 'done' });
    expect(around.hr.requests).toHaveLength(asked);
  });
  it('an end that has moved is what it plans anew from', async () => {
    const { id, input } = await due(action, over);
    instance.double.setEndTime(id, Date.UTC(2027, 5, 30));
    expect(await attempt(input)).toMatchObject({
      ...{ result: 'refused', why: { code: 'instance', facts: { endTime: Date.UTC(2027, 5, 30) } } },
    });
    expect(deedsOn(id)).toEqual([]);
  });
  it('an end that moves while HR is asked counts: the account is looked at once more', async () => {
    const { id, input } = await due(action, over);
    around.hr.fault('slow');
    const asked = around.hr.nextRequest();
    const attempted = attempt(input);
    await asked;
    instance.double.setEndTime(id, Date.UTC(2027, 5, 30));
    around.hr.fault('none');
    expect(await attempted).toMatchObject({
      ...{ result: 'refused', why: { code: 'instance', facts: { endTime: Date.UTC(2027, 5, 30) } } },
    });
    expect(deedsOn(id)).toEqual([]);
  });
});

describe('a freeze between the mark and the suspension', () => {
  it('leaves it active, and once it is over the block is done', async () => {
    const { id, input } = await due('block', { mark: 'PENDING_SUSPENSION' });
    instance.double.fault('slow', { for: 'putLabel', times: 1 });
    const marking = instance.double.nextRequest('putLabel');
    const attempted = attempt(input);
    await marking;
    const said = { actor: 'admin-7', reason: 'HR is moved', at: NOW };
    await around.registry.setFrozen({ ...said, frozen: true });
    instance.double.fault('none');
    await expect(attempted).rejects.toMatchObject({ type: 'FROZEN', nonRetryable: false });
    expect(instance.double.account(id)).toMatchObject({ active: true });
    await around.registry.setFrozen({ ...said, frozen: false });
    expect(await attempt(input, 2)).toMatchObject({ result: 'done', facts: { suspendedBy: 'lifecycle' } });
    expect(deedsOn(id)).toEqual(['label lifecycle.status=PENDING_REMOVAL', 'active=false']);
  });
});

describe('an end that moves between the mark and the suspension', () => {
  /** A block whose PATCH hangs until the end has moved, which takes away the mark. */
  async function suspendedTooLate(): Promise<{ id: string; input: StepInput; attempted: Promise<unknown> }> {
    const { id, input } = await due('block', { mark: 'PENDING_SUSPENSION' });
    instance.double.fault('slow', { for: 'patchUser', times: 1 });
    const patched = instance.double.nextRequest('patchUser');
    const attempted = attempt(input);
    await patched;
    instance.double.setEndTime(id, MOVED);
    return { id, input, attempted };
  }

  it('takes the suspension back: a valid account is not left as if an admin had suspended it', async () => {
    const { id, input, attempted } = await suspendedTooLate();
    instance.double.fault('none');
    expect(await attempted).toMatchObject({
      result: 'refused',
      why: { code: 'instance', facts: { active: true, endTime: MOVED, suspendedBy: null } },
    });
    expect(instance.double.account(id)).toMatchObject({ active: true });
    const effects = await around.registry.effects(input.state.accountId);
    expect(effects.filter(({ state }) => state === 'intent').map(({ target }) => target)).toEqual([
      'indigo-iam',
    ]);
  });
  it.each(['getUser', 'patchUser'] as const)(
    'takes it back also if the attempt is cut off at the next %s',
    async (call) => {
      const { id, input, attempted } = await suspendedTooLate();
      const cutOff = expect(attempted).rejects.toMatchObject({ nonRetryable: false });
      instance.double.fault('none');
      instance.double.fault('reset', { for: call });
      await cutOff;
      expect(instance.double.account(id)).toMatchObject({ active: false });
      instance.double.fault('none');
      expect(await attempt(input, 2)).toMatchObject({ result: 'refused' });
      expect(instance.double.account(id)).toMatchObject({ active: true });
    },
  );
  it('leaves what an admin suspends meanwhile', async () => {
    const { id, input } = await due('block', { mark: 'PENDING_SUSPENSION' });
    instance.double.setActive(id, false);
    instance.double.setEndTime(id, MOVED);
    expect(await attempt(input)).toMatchObject({ why: { facts: { suspendedBy: 'admin' } } });
    expect(instance.double.account(id)).toMatchObject({ active: false });
  });
});

/** An attempt whose mark hangs until the end has moved. */
async function movedWhileMarked(id: string, input: StepInput): Promise<{ attempted: Promise<unknown> }> {
  instance.double.fault('slow', { for: 'putLabel', times: 1 });
  const put = instance.double.nextRequest('putLabel');
  const attempted = attempt(input);
  await put;
  instance.double.setEndTime(id, MOVED);
  instance.double.fault('none');
  return { attempted };
}

describe('an end that moves between the look and the mark', () => {
  it.each([
    ['leaving', {}, true],
    ['block', { mark: 'PENDING_SUSPENSION' }, true],
    ['block', { mark: 'PENDING_SUSPENSION', active: false }, false],
  ] as const)('%s leaves no mark on a valid account (%o)', async (action, over, active) => {
    const { id, input } = await due(action, over);
    const { attempted } = await movedWhileMarked(id, input);
    expect(await attempted).toMatchObject({
      result: 'refused',
      why: { code: 'instance', facts: { active, endTime: MOVED, lifecycleStatus: null } },
    });
    expect(instance.double.account(id)).toMatchObject({ active });
    expect(instance.label(id, 'lifecycle.status')).toBeUndefined();
    const effects = await around.registry.effects(input.state.accountId);
    expect(effects.some(({ target, state }) => target === 'indigo-iam' && state === 'done')).toBe(false);
  });
});

describe('an end that moves between the look and the mark, cut off after the mark', () => {
  it.each([
    ['leaving', {}, true],
    ['block', { mark: 'PENDING_SUSPENSION' }, true],
    ['block', { mark: 'PENDING_SUSPENSION', active: false }, false],
  ] as const)('%s leaves no mark on a valid account after the retry (%o)', async (action, over, active) => {
    const { id, input } = await due(action, over);
    const { attempted } = await movedWhileMarked(id, input);
    // What comes next, a look or the suspension, is cut off.
    for (const call of ['getUser', 'patchUser'] as const) instance.double.fault('reset', { for: call });
    await expect(attempted).rejects.toMatchObject({ nonRetryable: false });
    instance.double.fault('none');
    // The end moved before the mark was there, so nothing has taken it away.
    expect(instance.label(id, 'lifecycle.status')).toBeDefined();
    expect(await attempt(input, 2)).toMatchObject({
      result: 'refused',
      why: { code: 'instance', facts: { active, endTime: MOVED, lifecycleStatus: null } },
    });
    expect(instance.double.account(id)).toMatchObject({ active });
    expect(instance.label(id, 'lifecycle.status')).toBeUndefined();
  });
  it('a block that was cut off after it turned the account off gives it back', async () => {
    const { id, input } = await due('block', { mark: 'PENDING_SUSPENSION' });
    const { attempted } = await movedWhileMarked(id, input);
    instance.double.fault('reset', { for: 'getUser' });
    await expect(attempted).rejects.toMatchObject({ nonRetryable: false });
    instance.double.fault('none');
    expect(instance.double.account(id)).toMatchObject({ active: false });
    expect(await attempt(input, 2)).toMatchObject({ result: 'refused', why: { facts: { active: true } } });
    expect(instance.double.account(id)).toMatchObject({ active: true });
    expect(instance.label(id, 'lifecycle.status')).toBeUndefined();
  });
});

describe('the mark of an expired account', () => {
  it.each(['PENDING_REMOVAL', 'SUSPENDED'])(
    '%s of one that the lifecycle has suspended is not set back',
    async (mark) => {
      const { id, input } = await due('leaving');
      instance.double.setActive(id, false);
      instance.double.setLabel(id, MARK(mark));
      expect(await attempt(input)).toMatchObject({
        ...{ result: 'refused', why: { code: 'instance', facts: { lifecycleStatus: mark } } },
      });
      expect(deedsOn(id)).toEqual([]);
    },
  );
});

describe('what a step saw says nothing about whether the account goes', () => {
  const read = async (): Promise<void> => {
    const run = { clock, planId: 'next', dryRun: false };
    await runSync(around.deps, (activities) => activities.beginRun(run));
    await runSync(around.deps, (activities) => activities.readInstance(run));
  };

  it('a label that was gone at the last reading, and is back: the account goes on', async () => {
    const { id, input } = await due('leaving');
    instance.double.removeLabel(id, PERSON_LABEL);
    await read();
    expect(await around.registry.instanceRow(id)).toMatchObject({ presence: 'released' });
    instance.double.setLabel(id, { ...PERSON_LABEL, value: '1' });
    expect(await attempt(input)).toMatchObject({ result: 'done', facts: { presence: 'there' } });
    expect(await around.registry.account(input.state.accountId)).toMatchObject({ state: { stage: 'grace' } });
  });
  it('a label that named another person, and is back: the account stays its person’s', async () => {
    const { id, input } = await due('leaving');
    instance.double.setLabel(id, { ...PERSON_LABEL, value: '2' });
    await read();
    expect(await around.registry.instanceRow(id)).toMatchObject({ personId: '2' });
    instance.double.setLabel(id, { ...PERSON_LABEL, value: '1' });
    expect(await attempt(input)).toMatchObject({ result: 'done', facts: { personId: '1' } });
    expect(await around.registry.account(input.state.accountId)).toMatchObject({ state: { personId: '1' } });
  });
});

describe('traces of IAM’s own handler of expired accounts, where ours manages them', () => {
  /** Whether the next reading raises the alarm; the one after it is without a trace. */
  async function isTold(): Promise<boolean> {
    const told: boolean[] = [];
    for (const planId of ['next', 'the one after']) {
      const run = { clock, planId, dryRun: false };
      await runSync(around.deps, (activities) => activities.beginRun(run));
      await runSync(around.deps, (activities) => activities.readInstance(run));
      await runSync(around.deps, (activities) => activities.giveUpRun(run));
      const open = await around.registry.alarms({ open: true });
      told.push(open.some(({ key }) => key === 'iam-expiry-task'));
    }
    expect(told[1]).toBe(false);
    return told[0] === true;
  }

  it('a mark that came before our own step wrote the same is told', async () => {
    const { id, input } = await due('leaving');
    instance.double.setLabel(id, MARK('PENDING_SUSPENSION'));
    expect(await attempt(input)).toMatchObject({ result: 'done' });
    expect(await isTold()).toBe(true);
  });
  it('a suspension that came before our own block is told', async () => {
    const { id, input } = await due('block', { mark: 'PENDING_SUSPENSION' });
    instance.double.setActive(id, false);
    instance.double.setLabel(id, MARK('PENDING_REMOVAL'));
    await attempt(input);
    expect(await isTold()).toBe(true);
  });
  it('an account that is gone before our own delete is told', async () => {
    const { id, input } = await due('delete', suspended);
    instance.double.deleteAccount(id);
    expect(await attempt(input)).toMatchObject({ result: 'done' });
    expect(await isTold()).toBe(true);
  });
  it('an account whose end is over, and that is gone at the reading, is told', async () => {
    const { id } = await adopted(suspended);
    instance.double.deleteAccount(id);
    expect(await isTold()).toBe(true);
  });
  it('one that is not over was deleted by somebody: no trace', async () => {
    const { id } = await adopted({ endTime: Date.UTC(2027, 5, 30) });
    instance.double.deleteAccount(id);
    expect(await isTold()).toBe(false);
  });
  it.each([
    ['leaving', {}],
    ['block', { mark: 'PENDING_SUSPENSION' }],
    ['delete', suspended],
  ] as const)('what our own %s does is none', async (action, over) => {
    const { input } = await due(action, over);
    await attempt(input);
    expect(await isTold()).toBe(false);
  });
  it.each([
    ['leaving', {}, 'putLabel', 'after'],
    ['leaving', {}, 'getLabels', 'before'],
    ['block', { mark: 'PENDING_SUSPENSION' }, 'putLabel', 'after'],
    ['delete', suspended, 'deleteUser', 'after'],
  ] as const)('nor what a %s does that was cut off (%s, %s, %s)', async (action, over, call, when) => {
    const { input } = await due(action, over);
    instance.double.fault('reset', { for: call, when });
    await expect(attempt(input)).rejects.toMatchObject({ nonRetryable: false });
    instance.double.fault('none');
    await attempt(input, 2);
    expect(await isTold()).toBe(false);
  });
});

describe('a crash at any call of a block', () => {
  const CALLS: readonly IndigoIamCall[] = ['getUser', 'getLabels', 'putLabel', 'patchUser'];
  it.each(CALLS.flatMap((call) => (['before', 'after'] as const).map((when) => [when, call] as const)))(
    '%s %s ends, after the retry, where it would have ended without',
    async (when, call) => {
      const { id, input } = await due('block', { mark: 'PENDING_SUSPENSION' });
      instance.double.fault('reset', { for: call, when });
      await expect(attempt(input)).rejects.toMatchObject({ nonRetryable: false });
      instance.double.fault('none');
      expect(await attempt(input, 2)).toMatchObject({
        ...{ result: 'done', facts: { suspendedBy: 'lifecycle', lifecycleStatus: 'PENDING_REMOVAL' } },
      });
      expect(instance.double.account(id)).toMatchObject({ active: false });
    },
  );
});

/** A step that is due, on the account as it is then. */
type Ready = () => Promise<{ readonly id: string; readonly input: StepInput }>;

/** After a command, or a hold that is as said, this step is due. */
function asked(action: StepAction, name: CommandName, over: Parameters<typeof adopted>[0] = {}): Ready {
  return async () => {
    const { id, state } = await adopted(over);
    const told = command(name, name === 'extend' ? { until: '2027-06-30' } : {});
    const after = decide(state, { type: 'commanded', at: NOW, command: told }, policy);
    return { id, input: { ...beginStep(after, policy, NOW, action), clock } };
  };
}

const WITHOUT_DAYS = (labels: readonly { readonly name: string; readonly value?: string | null }[]) =>
  labels
    .filter(({ name }) => name !== 'timestamp')
    .map(({ name, value }) => `${name}=${value ?? ''}`)
    .sort();

describe.each<readonly [string, Ready, readonly IndigoIamCall[]]>([
  ['an expired account is marked', () => due('leaving'), ['getUser', 'getLabels', 'putLabel']],
  ['a suspended account is deleted', () => due('delete', suspended), ['getUser', 'getLabels', 'deleteUser']],
  [
    'an admin’s date is written',
    asked('adminDate', 'extend', suspended),
    ['getUser', 'getLabels', 'patchUser', 'putEndTime'],
  ],
  [
    'an admin’s date is written where the mark is left',
    asked('adminDate', 'extend', { ...suspended, endTime: Date.UTC(2027, 7, 1) }),
    ['getUser', 'getLabels', 'patchUser', 'deleteLabel'],
  ],
  ['a hold sets the label', asked('hold', 'ignore'), ['getUser', 'getLabels', 'putLabel']],
  ['an account is disabled', asked('disable', 'disable'), ['getUser', 'getLabels', 'patchUser']],
])('a crash at any call when %s', (_, ready, calls) => {
  const shown = (id: string) => {
    const account = instance.double.account(id);
    if (!account) return null;
    const { active, endTime, labels } = account;
    return { active, endTime, labels: WITHOUT_DAYS(labels) };
  };
  const told = async (input: StepInput, number: number) => {
    const { at: _at, ...outcome } = await attempt(input, number);
    if (outcome.result !== 'done') throw new Error(`it was ${outcome.result}`);
    const { number: _number, at: _when, ...facts } = outcome.facts ?? { number: 0, at: 0 };
    return facts;
  };

  it.each(calls.flatMap((call) => (['before', 'after'] as const).map((when) => [when, call] as const)))(
    '%s %s ends, after the retry, where it would have ended without',
    async (when, call) => {
      const smooth = await ready();
      const expected = { told: await told(smooth.input, 1), shown: shown(smooth.id) };
      await around.forget();
      if (instance.double.account(smooth.id)) instance.double.deleteAccount(smooth.id);

      const { id, input } = await ready();
      instance.double.fault('reset', { for: call, when });
      await expect(attempt(input)).rejects.toMatchObject({ nonRetryable: false });
      instance.double.fault('none');
      expect({ told: await told(input, 2), shown: shown(id) }).toEqual(expected);
    },
  );
});

describe('what admins ask', () => {
  const giving = (state: AccountState, giveAccess: GiveAccessReason): StepInput => {
    const step = bareStep('giveAccess', { giveAccess });
    return { step, state: decide(state, { type: 'stepBegun', at: NOW, step }, policy), policy, clock };
  };

  it('a block that was called off gives nothing back that an admin had suspended', async () => {
    const { id, state } = await adopted({ mark: 'PENDING_SUSPENSION' });
    instance.double.setActive(id, false);
    expect(await attempt(giving(state, 'repaired'))).toMatchObject({ result: 'done' });
    expect(instance.double.account(id)).toMatchObject({ active: false });
  });
  it('an enable that was called off gives back what disable had turned off', async () => {
    const { id, state } = await adopted({ mark: 'PENDING_SUSPENSION' });
    instance.double.setActive(id, false);
    await attempt(giving({ ...state, turnedOff: true }, 'repaired'));
    expect(instance.double.account(id)).toMatchObject({ active: true });
  });
  it.each(['getUser', 'getLabels', 'patchUser'] as const)(
    'enable that is cut off at %s makes it active after the retry',
    async (call) => {
      const { id, state } = await adopted();
      instance.double.setActive(id, false);
      const input = giving(state, 'enabled');
      instance.double.fault('reset', { for: call, when: 'after' });
      await expect(attempt(input)).rejects.toMatchObject({ nonRetryable: false });
      instance.double.fault('none');
      expect(await attempt(input, 2)).toMatchObject({ result: 'done', facts: { active: true } });
    },
  );
  it('enable makes it active, whoever had suspended it', async () => {
    const { id, state } = await adopted();
    instance.double.setActive(id, false);
    await attempt(giving(state, 'enabled'));
    expect(instance.double.account(id)).toMatchObject({ active: true });
  });
  it('a date while IAM’s own handler turns the account off again: it is active all the same', async () => {
    const { id, state } = await adopted(suspended);
    const asked = decide(
      state,
      { type: 'commanded', at: NOW, command: command('restore', { until: '2027-06-30' }) },
      policy,
    );
    const activated = instance.double.nextRequest('patchUser');
    const outcome = attempt(beginStep(asked, policy, NOW, 'adminDate'));
    await activated;
    instance.double.setActive(id, false);
    expect(await outcome).toMatchObject({ result: 'done', facts: { active: true, suspendedBy: null } });
    expect(instance.double.account(id)).toMatchObject({ active: true });
    expect(instance.label(id, 'lifecycle.status')).toBeUndefined();
  });
  it('a date takes the older table’s mark of our own disabling away: who suspends it now is an admin', async () => {
    const { id, state } = await adopted({ active: false });
    const action = { prefix: 'hr.cern', name: 'action' };
    instance.double.setLabel(id, { ...action, value: 'DISABLE_ACCOUNT' });
    const asked = decide(
      state,
      { type: 'commanded', at: NOW, command: command('restore', { until: '2027-06-30' }) },
      policy,
    );
    expect(await attempt(beginStep(asked, policy, NOW, 'adminDate'))).toMatchObject({ result: 'done' });
    expect(instance.double.account(id)).toMatchObject({ active: true });
    const labels = instance.double.account(id)?.labels ?? [];
    expect(labels.filter(({ name }) => name === 'action')).toMatchObject([{ value: 'RESTORE_ACCOUNT' }]);
  });
  it('a date where the instance lets nobody change end times: active, and no more', async () => {
    const { id, state } = await adopted({ active: false });
    instance.double.set({ readOnlyEndTime: true });
    const asked = decide(
      state,
      { type: 'commanded', at: NOW, command: command('restore', { until: '2027-06-30' }) },
      policy,
    );
    const outcome = await attempt(beginStep(asked, policy, NOW, 'adminDate'));
    expect(outcome).toMatchObject({ result: 'done', note: expect.stringContaining('nobody') });
    expect(instance.double.account(id)).toMatchObject({ active: true, endTime: END });
  });
});
