import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { ActivityDependencies } from '../../activities/dependencies.ts';
import type { AccountState } from '../../src/contracts/account.ts';
import type { OperatorRequest } from '../../src/contracts/operator.ts';
import type { StepAction } from '../../src/contracts/step.ts';
import {
  attemptStep,
  FALLBACK_OWNER,
  personOfHr,
  runSync,
  startSurroundings,
  type Surroundings,
} from '../support/deployment.ts';
import { beginStep, clockFrom } from '../support/lives.ts';
import { at, LAST_DAY, policyFor } from '../support/policy-builders.ts';

const LONG_AGO = at('2026-01-01');
const NOW = at('2027-05-31 00:10');
const NAMED = { lastDay: LAST_DAY, dueAt: at('2027-01-30 08:00') };
const TOLD = Object.fromEntries([-60, -27, -7].map((offset) => [offset, { lastDay: LAST_DAY, times: 1 }]));
const SAID = { actor: 'admin-7', reason: 'HR is being moved' };

let around: Surroundings;
beforeAll(async () => {
  around = await startSurroundings();
});
beforeEach(async () => {
  await around.forget();
  await around.seedPerson(personOfHr(Number(FALLBACK_OWNER)), LONG_AGO);
});
afterAll(() => around.stop());

const setFrozen = (frozen: boolean) => around.registry.setFrozen({ ...SAID, frozen, at: NOW });

interface Case {
  readonly action: StepAction;
  readonly moment: number;
  readonly kind?: 'service';
  readonly stage: 'active' | 'grace' | 'blocked';
  readonly state?: Partial<AccountState>;
}

const BLOCKED = { access: 'off', blocked: { lastDay: LAST_DAY, at: NOW } } as const;
const CASES: readonly Case[] = [
  { action: 'block', moment: NOW, stage: 'grace' },
  { action: 'delete', moment: at('2027-09-28 00:10'), stage: 'blocked', state: BLOCKED },
  { action: 'transfer', moment: at('2027-04-01 00:10'), stage: 'active', kind: 'service' },
];

/** A leaver's account at the moment of a step. */
async function due({ action, moment, stage, kind, state }: Case) {
  await around.seedPerson(personOfHr(5, { to: LAST_DAY }), LONG_AGO);
  const account = await around.seedAccount({
    personId: '5',
    at: LONG_AGO,
    stage,
    login: 'leaver',
    groups: ['it-all'],
    ...(kind && { kind }),
    state: { ...(kind ? {} : { activeStatus: 'Inactive', told: TOLD, named: NAMED }), ...state },
  });
  const input = beginStep(account.state, policyFor(kind ?? 'primary'), moment, action);
  return { account, input };
}

const everything = async (accountId: string) => ({
  entry: await around.entry('leaver'),
  owner: (await around.registry.account(accountId))?.personId,
  effects: (await around.registry.effects(accountId)).map(({ state }) => state),
});

describe.each(CASES)('a $action, while the deployment is frozen,', (one) => {
  it('waits, without asking HR, and goes on after unfreeze', async () => {
    const { account, input } = await due(one);
    await setFrozen(true);
    const before = await everything(account.accountId);
    const asked = around.hr.requests.length;
    await expect(attemptStep(around.deps, input)).rejects.toMatchObject({
      type: 'FROZEN',
      nonRetryable: false,
      message: 'the deployment is frozen by admin-7 (HR is being moved); waiting for unfreeze',
    });
    expect(await everything(account.accountId)).toEqual(before);
    expect(around.hr.requests).toHaveLength(asked);

    await setFrozen(false);
    expect(await attemptStep(around.deps, input, { attempt: 2 })).toMatchObject({ result: 'done' });
    expect(await everything(account.accountId)).not.toEqual(before);
  });

  it('that froze a moment before it acts does not act', async () => {
    const { account, input } = await due(one);
    const before = await everything(account.accountId);
    // The look at HR is the last thing before the first harm.
    const deps: ActivityDependencies = {
      ...around.deps,
      hr: {
        ...around.deps.hr,
        readPerson: async (asked) => {
          await setFrozen(true);
          return around.deps.hr.readPerson(asked);
        },
      },
    };
    await expect(attemptStep(deps, input)).rejects.toMatchObject({ type: 'FROZEN' });
    // Neither is an intent left, which would count as a delete that has begun and must be finished.
    expect(await everything(account.accountId)).toEqual(before);
  });
});

describe('what goes on while the deployment is frozen', () => {
  it('is an admin’s disabling', async () => {
    await around.seedPerson(personOfHr(5), LONG_AGO);
    const hold = { actor: 'admin-7', at: NOW };
    const account = await around.seedAccount({
      personId: '5',
      at: LONG_AGO,
      login: 'leaver',
      state: { holds: { ignored: null, disabledManually: hold, excluded: null }, activeStatus: 'Active' },
    });
    await setFrozen(true);
    const input = beginStep(account.state, policyFor('primary'), NOW, 'disable');
    expect(await attemptStep(around.deps, input)).toMatchObject({ result: 'done' });
    expect(await around.entry('leaver')).toMatchObject({ access: 'off' });
  });
});

describe('an operator', () => {
  const ask = (request: OperatorRequest) =>
    runSync(around.deps, (activities) => activities.answerOperator({ clock: clockFrom(NOW), request }));

  it('freezes and unfreezes, once each, with a word in the audit log', async () => {
    expect(await ask({ type: 'frozen' })).toMatchObject({ freeze: null, changed: false });
    expect(await ask({ type: 'freeze', ...SAID })).toMatchObject({ freeze: SAID, changed: true });
    expect(await ask({ type: 'freeze', actor: 'admin-8', reason: 'me too' })).toMatchObject({
      freeze: SAID,
      changed: false,
    });
    expect(await ask({ type: 'unfreeze', ...SAID })).toMatchObject({ freeze: null, changed: true });
    const trail = await around.registry.auditTrail({});
    expect(trail.map(({ what, actor, reason }) => ({ what, actor, reason }))).toEqual([
      { what: 'frozen', ...SAID },
      { what: 'unfrozen', ...SAID },
    ]);
  });

  it.each([
    ['nobody in particular', { type: 'freeze', actor: '', reason: 'x' }, 'actor is missing'],
    ['an address', { type: 'freeze', actor: 'a@example.org', reason: 'x' }, 'opaque id'],
    ['no reason', { type: 'unfreeze', actor: 'admin-7', reason: '' }, 'reason is missing'],
  ] as const)('who is %s is refused, in words', async (_, request, why) => {
    expect(await ask(request)).toMatchObject({ type: 'refused', why: expect.stringContaining(why) });
    expect(await around.registry.frozen()).toBeNull();
  });
});
