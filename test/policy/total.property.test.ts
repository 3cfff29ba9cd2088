import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { AccountState, Stage } from '../../src/contracts/account.ts';
import type { Tie } from '../../src/contracts/affiliation.ts';
import { COMMAND_NAMES } from '../../src/contracts/command.ts';
import type { AccountEvent } from '../../src/contracts/event.ts';
import type { Step, StepAction } from '../../src/contracts/step.ts';
import { decide } from '../../src/policy/decide.ts';
import { describeAccount } from '../../src/policy/describe.ts';
import { nextStep } from '../../src/policy/next-step.ts';
import { accountStatus } from '../../src/policy/status.ts';
import { account, bareStep, EXPERIMENT, PERSON, policyFor } from '../support/policy-builders.ts';

/** Any event on any account, dates at the ends of the calendar included: nothing may stop a workflow. */

const runs = { numRuns: Number(process.env['PROPERTY_RUNS'] ?? 25) };
const DAY = 86_400_000;

const date = fc.oneof(
  fc.constantFrom('0001-01-01', '1970-01-01', '9999-12-31', '2028-02-29'),
  fc.integer({ min: 20_000, max: 22_000 }).map((day) => new Date(day * DAY).toISOString().slice(0, 10)),
);
const instant = fc.integer({ min: 20_400 * DAY, max: 21_800 * DAY });
const tie: fc.Arbitrary<Tie> = fc.record({
  kind: fc.constantFrom('contract', 'participation'),
  start: fc.option(date),
  end: fc.option(date),
  excluded: fc.boolean(),
  experiment: fc.option(fc.constantFrom(EXPERIMENT, 'atlas')),
});
const observation = fc.record({
  number: fc.integer({ min: 0, max: 9 }),
  personId: fc.constantFrom(PERSON, 'somebody-else'),
  outcome: fc.constantFrom('found' as const, 'no-person' as const),
  ties: fc.array(tie, { maxLength: 3 }),
  at: instant,
});
const ACTIONS: readonly StepAction[] = [
  'activate',
  'notice',
  'reminder',
  'allClear',
  'leaving',
  'status',
  'transfer',
  'block',
  'delete',
  'giveAccess',
  'disable',
  'exclude',
  'hold',
  'adminDate',
  'record',
];
const step: fc.Arbitrary<Step> = fc
  .record({
    action: fc.constantFrom(...ACTIONS),
    key: fc.constantFrom(
      '0/block/2027-03-31',
      '0/giveAccess/returned',
      'record',
      'notice/p/0/-7/2027-03-31/1',
      '',
      '/',
    ),
    lastDay: fc.option(date),
    deadline: fc.option(instant),
    giveAccess: fc.option(fc.constantFrom('returned', 'corrected', 'enabled', 'exclusionEnded', 'repaired')),
    activeStatus: fc.option(fc.constantFrom('Active', 'Grace Period', 'Inactive')),
    offset: fc.option(fc.constantFrom(-60, -7)),
  })
  .map(({ action, key, lastDay, deadline, giveAccess, activeStatus, offset }) =>
    bareStep(action, {
      key,
      lastDay,
      deadline,
      giveAccess,
      activeStatus,
      notice: ['notice', 'allClear', 'reminder'].includes(action)
        ? {
            key,
            template: 'leaving-soon',
            offset,
            lastDay,
            blockOn: null,
            deleteOn: null,
            tellSupervisor: false,
            actor: null,
          }
        : null,
    }),
  );
const event: fc.Arbitrary<AccountEvent> = instant.chain((at) =>
  fc.oneof(
    observation.map((one): AccountEvent => ({ type: 'observed', at, observation: one })),
    fc
      .record({
        name: fc.constantFrom(...COMMAND_NAMES),
        until: fc.oneof(fc.constant(undefined), fc.constantFrom('never' as const, null, 'rubbish'), date),
        commandId: fc.option(fc.constantFrom('a', 'b'), { nil: undefined }),
      })
      .map(({ name, until, commandId }): AccountEvent => {
        const given = {
          ...(until === undefined ? {} : { until }),
          ...(commandId === undefined ? {} : { commandId }),
        };
        return { type: 'commanded', at, command: { name, actor: 'a', reason: 'r', ...given } };
      }),
    fc.constant<AccountEvent>({ type: 'woke', at }),
    step.map((one): AccountEvent => ({ type: 'stepBegun', at, step: one })),
    step.map((one): AccountEvent => ({ type: 'stepCalledOff', at, step: one })),
    step.map((one): AccountEvent => ({ type: 'stepFailed', at, step: one, code: 'X', message: 'x' })),
    fc.tuple(step, fc.option(observation, { nil: undefined })).map(([one, newOwner]): AccountEvent => ({
      type: 'stepEnded',
      at,
      step: one,
      outcome: { result: 'done', at, note: '', recorded: 3, ...(newOwner && { newOwner }) },
    })),
    fc
      .tuple(step, observation, instant, fc.integer({ min: 0, max: 2 }))
      .map(([one, seen, later, code]): AccountEvent => ({
        type: 'stepEnded',
        at,
        step: one,
        outcome: {
          result: 'refused',
          at,
          recorded: 0,
          why:
            code === 0
              ? { code: 'observation', observation: seen }
              : code === 1
                ? { code: 'notBefore', at: later }
                : { code: 'deleteBegun' },
        },
      })),
    fc.string().map((message): AccountEvent => ({ type: 'messageRefused', at, message })),
  ),
);
const kind = fc.constantFrom('primary', 'secondary', 'service', 'experiment');
const stage: fc.Arbitrary<Stage> = fc.constantFrom(
  'pending',
  'active',
  'grace',
  'blocked',
  'deleted',
  'released',
  'neverJoined',
  'deletedOutside',
);
const zone = fc.constantFrom('Europe/Zurich', 'UTC', 'Africa/Cairo', 'Pacific/Kiritimati');

describe('whatever happens, in whatever order', { timeout: 3_600_000 }, () => {
  it('nothing throws, no act is early, no wait is over, and the state stays plain JSON', () => {
    fc.assert(
      fc.property(kind, stage, zone, fc.array(event, { maxLength: 6 }), (of, begins, timeZone, events) => {
        const policy = policyFor(of, { timeZone, spreadMinutes: 60 });
        let state: AccountState = account({ kind: of, stage: begins });
        for (const one of events) {
          state = decide(state, one, policy);
          state = decide(state, { type: 'woke', at: one.at }, policy);
          expect(decide(state, { type: 'woke', at: one.at }, policy), 'a look at nothing new').toBe(state);
          expect(JSON.parse(JSON.stringify(state))).toEqual(state);
          const next = nextStep(state, policy, one.at);
          if (next.type === 'act') expect(next.step.dueAt).toBeLessThanOrEqual(one.at);
          if (next.type === 'wait' && next.until !== null) expect(next.until).toBeGreaterThan(one.at);
          expect(accountStatus(state, policy, one.at, null).stage).toBe(state.stage);
          expect(describeAccount(state, policy, one.at, null).headline).toContain(of);
        }
      }),
      runs,
    );
  });

  it('what has ended stays ended, but for a step that was under way', () => {
    const ended: fc.Arbitrary<Stage> = fc.constantFrom('deleted', 'released', 'deletedOutside');
    fc.assert(
      fc.property(kind, ended, event, (of, begins, one) => {
        const state = account({ kind: of, stage: begins });
        const after = decide(state, one, policyFor(of));
        const mayEnd = one.type === 'stepEnded' || one.type === 'stepBegun';
        const mayFail = one.type === 'stepFailed' && one.step.action === 'record';
        if (!mayEnd && !mayFail) expect(after).toBe(state);
      }),
      runs,
    );
  });
});
