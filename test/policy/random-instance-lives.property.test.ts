import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { AccountState } from '../../src/contracts/account.ts';
import type { AccountEvent } from '../../src/contracts/event.ts';
import type { InstanceFacts } from '../../src/contracts/instance.ts';
import type { Policy } from '../../src/contracts/policy.ts';
import type { Step } from '../../src/contracts/step.ts';
import type { Instant } from '../../src/contracts/time.ts';
import { decide } from '../../src/policy/decide.ts';
import { adoptedState } from '../../src/policy/fold-instance.ts';
import { nextStep } from '../../src/policy/next-step.ts';
import { type Attempt, type Life, live } from '../support/live.ts';
import { dateOfDay, dayOf } from '../support/oracle.ts';
import { ACCOUNT, EXPERIMENT, found, participation, PERSON, policyFor } from '../support/policy-builders.ts';
import {
  type Deed,
  EVENTS_END,
  LIFE_BEGINS,
  randomInstanceLife,
  type RandomInstanceLife,
} from '../support/random-instance-life.ts';

/*
 * Accounts of an instance as production has them: each follows what its instance shows. The instance is a small one of
 * the test's own, to which others do things that the account is told of late, or never before it acts; what a step does
 * there is judged by what is true there at that moment, in whole days of UTC.
 */

const DAY = 86_400_000;
const HOUR = DAY / 24;
const OTHER_PERSON = '900999';
/** By then every plan that nothing disturbs any more has come to its end. */
const END = EVENTS_END + 400 * DAY;
/** Domain: suspended strictly after so many days, deleted strictly after so many, and so long after the suspension. */
const [SUSPENDED_AFTER, DELETED_AFTER, APART] = [7, 30, 8];

const seed = process.env['PROPERTY_SEED'];
const runs = (few: number) => ({
  numRuns: Number(process.env['PROPERTY_RUNS'] ?? few),
  ...(seed !== undefined && { seed: Number(seed) }),
});

/** What is true of the account in the instance. */
interface Truth {
  active: boolean;
  endTime: Instant | null;
  mark: InstanceFacts['lifecycleStatus'];
  ignored: boolean;
  suspendedBy: InstanceFacts['suspendedBy'];
  presence: InstanceFacts['presence'];
  personId: string;
}

const day = (at: Instant) => Math.floor(at / DAY);

/** A small instance of one account, by the rules of domain §6. */
function createInstance(random: RandomInstanceLife) {
  const { active, mark } = random;
  const isMarked = () => truth.mark === 'SUSPENDED' || truth.mark === 'PENDING_REMOVAL';
  const truth: Truth = {
    ...{ active, endTime: random.endTime, mark, ignored: random.ignored, suspendedBy: null },
    ...{ presence: 'there', personId: PERSON },
  };
  let number = 1;
  const setActive = (now: boolean): void => {
    // Whoever was seen inactive before the mark came was suspended by an admin, and stays so.
    if (truth.active && !now) truth.suspendedBy = isMarked() ? 'lifecycle' : 'admin';
    if (now) truth.suspendedBy = null;
    truth.active = now;
  };
  const setEnd = (endTime: Instant | null): void => {
    if (endTime !== truth.endTime) truth.mark = null;
    truth.endTime = endTime;
    // A mark that goes while it stays inactive makes the suspension an admin's.
    if (!truth.active && truth.mark === null) truth.suspendedBy = 'admin';
  };
  if (!active) truth.suspendedBy = isMarked() ? 'lifecycle' : 'admin';
  return {
    truth,
    setActive,
    setEnd,
    /** What it shows right now. */
    look(at: Instant): InstanceFacts {
      number += 1;
      const { mark: lifecycleStatus, ...rest } = truth;
      return { ...rest, lifecycleStatus, number, at };
    },
    suffer(deed: Deed): void {
      if (truth.presence !== 'there') return;
      switch (deed.type) {
        case 'end':
          return setEnd(deed.endTime);
        case 'active':
          return setActive(deed.active);
        case 'mark':
          truth.mark = deed.mark;
          if (!truth.active && !isMarked()) truth.suspendedBy = 'admin';
          return;
        case 'ignore':
          truth.ignored = deed.ignored;
          return;
        case 'restore':
          if (truth.suspendedBy !== 'lifecycle') return;
          setActive(true);
          return setEnd(deed.endTime);
        case 'repoint':
          truth.personId = truth.personId === PERSON ? OTHER_PERSON : PERSON;
          return;
        case 'depart':
          truth.presence = deed.presence;
          return;
      }
    },
  };
}

/** The commands that may give back what an admin has suspended. */
const GIVES: readonly string[] = ['restore', 'extend', 'enable'];

/** Lives a random life and holds every deed against what is true in the instance. */
function judge(random: RandomInstanceLife, policy: Policy): Life {
  const instance = createInstance(random);
  const { truth } = instance;
  const luck = [...random.luck];
  let suspendedAt: Instant | null = null;
  let gives = 0;
  let observations = 1;

  /** Done by others until now, whoever was told. */
  const deeds = random.messages
    .flatMap(({ at, message }) => (message.type === 'deed' ? [{ at, deed: message.deed }] : []))
    .sort((a, b) => a.at - b.at);
  const goOnTo = (now: Instant): void => {
    for (let next = deeds[0]; next && next.at <= now; next = deeds[0]) {
      instance.suffer(next.deed);
      if (truth.active) suspendedAt = null;
      deeds.shift();
    }
  };
  /** A message whose content is what is so when it is read. */
  const told = (at: Instant): AccountEvent => ({
    type: 'instanceSeen',
    at,
    get facts() {
      goOnTo(at);
      return instance.look(at);
    },
  });
  const heard = (at: Instant): AccountEvent => ({
    type: 'observed',
    at,
    get observation() {
      goOnTo(at);
      observations += 1;
      return { ...found(observations, [participation(EXPERIMENT)], { at }), personId: truth.personId };
    },
  });
  const messages = random.messages.flatMap(({ at, message }): AccountEvent[] => {
    switch (message.type) {
      case 'deed':
        return [told(at + message.toldAfterHours * HOUR)];
      case 'look':
        return [told(at)];
      case 'observed':
        return [heard(at)];
      case 'command': {
        const { name, untilInDays } = message;
        const until = untilInDays === null ? {} : { until: dateOfDay(day(at) + untilInDays) };
        const needsDate = name === 'extend' && untilInDays === null ? { until: null } : until;
        return [
          { type: 'commanded', at, command: { name, actor: 'admin-7', reason: 'ticket', ...needsDate } },
        ];
      }
    }
  });
  // At last the account knows how it stands.
  messages.push(told(EVENTS_END + 4 * DAY), heard(EVENTS_END + 4 * DAY + HOUR));

  /** The effective last day: of the end time, or an admin's, if that is later. */
  const lastDay = ({ adminDate }: AccountState): number => {
    const end = truth.endTime === null ? Infinity : day(truth.endTime);
    return Math.max(end, adminDate === null ? -Infinity : dayOf(adminDate.until));
  };

  const judgeHarm = (step: Step, now: Instant, state: AccountState): void => {
    const last = lastDay(state);
    expect(policy.milestones, `${step.key} although it is the instance's`).not.toEqual([]);
    const isCompared = state.observation !== null || state.withheld !== null || state.holds.ignored !== null;
    expect(isCompared, `${step.key} before it was compared with HR`).toBe(true);
    const after = { leaving: 0, block: SUSPENDED_AFTER, delete: DELETED_AFTER };
    const days =
      step.action === 'leaving' || step.action === 'block' || step.action === 'delete'
        ? after[step.action]
        : 0;
    expect(day(now), `${step.key} before its day`).toBeGreaterThan(last + days);
    if (step.action !== 'delete') return;
    expect(truth.active, 'deleted although it was not suspended').toBe(false);
    if (suspendedAt === null) return;
    expect(day(now), 'suspension and deletion in one go').toBeGreaterThanOrEqual(day(suspendedAt) + APART);
  };

  /** What a step finds, and does: its activity, in the words of the rules. */
  const attempt = (step: Step, now: Instant, state: AccountState): Attempt => {
    goOnTo(now);
    const ended = (outcome: object): Attempt => ({
      type: 'ends',
      outcome: { result: 'done', at: now, note: '', recorded: state.noteSequence, ...outcome },
    });
    if (now <= EVENTS_END && luck.shift() === 0) return { type: 'fails' };
    if (step.action === 'record' || step.action === 'reminder') return ended({});
    const isGone = truth.presence !== 'there' || truth.personId !== state.personId;
    if (isGone) return { type: 'fails' };
    const refused = (): Attempt => ({
      type: 'ends',
      outcome: {
        ...{ result: 'refused', at: now, recorded: state.noteSequence },
        why: { code: 'instance', facts: instance.look(now) },
      },
    });
    const isExpired = truth.endTime !== null && day(truth.endTime) < day(now);
    switch (step.action) {
      case 'leaving':
      case 'block':
      case 'delete': {
        if (!isExpired || dateOfDay(lastDay(state)) !== step.lastDay) return refused();
        if (step.action === 'delete' && truth.active) return refused();
        if (step.action === 'leaving' && truth.mark !== null && truth.mark !== 'PENDING_SUSPENSION') {
          return refused();
        }
        judgeHarm(step, now, state);
        if (step.action === 'delete') return ended({});
        truth.mark = step.action === 'leaving' ? 'PENDING_SUSPENSION' : 'PENDING_REMOVAL';
        if (step.action === 'block' && truth.active) {
          instance.setActive(false);
          suspendedAt = now;
        }
        break;
      }
      case 'giveAccess':
        // What our own disabling turned off looks like an admin's suspension, and is ours to give back.
        if (step.giveAccess === 'repaired' && truth.suspendedBy === 'admin' && state.turnedOff !== true)
          break;
        give(step);
        break;
      case 'adminDate': {
        if (state.holds.disabledManually === null) give(step);
        const until = step.lastDay === null ? null : dayOf(step.lastDay) * DAY;
        if (until !== null && truth.endTime !== null && truth.endTime < until) instance.setEnd(until);
        if (truth.endTime === null || day(truth.endTime) >= day(now)) truth.mark = null;
        break;
      }
      case 'disable':
        instance.setActive(false);
        break;
      case 'hold':
        truth.ignored = step.key.endsWith('/on');
        break;
      case 'activate':
      case 'notice':
      case 'allClear':
      case 'status':
      case 'transfer':
      case 'reassign':
      case 'writeGuests':
      case 'merge':
      case 'guest':
      case 'shutGuest':
      case 'exclude':
        throw new Error(`no account of an instance does this: ${step.key}`);
    }
    return ended({ facts: instance.look(now) });
  };

  const give = (step: Step): void => {
    if (truth.suspendedBy === 'admin') {
      expect(gives, `${step.key} undoes an admin's suspension`).toBeGreaterThan(0);
    }
    instance.setActive(true);
    suspendedAt = null;
  };

  const { endTime, mark: _mark, ...shown } = truth;
  const facts: InstanceFacts = { ...shown, endTime, lifecycleStatus: truth.mark, number: 1, at: LIFE_BEGINS };
  const life = live({
    state: adoptedState({ accountId: ACCOUNT, experiment: EXPERIMENT, facts, at: LIFE_BEGINS }),
    ...{ policy, from: LIFE_BEGINS, until: END, messages, down: random.down, attempt },
    watch: {
      folded: ({ before, after, event }) => {
        if (event.type === 'commanded' && GIVES.includes(event.command.name)) gives += 1;
        if (event.type !== 'instanceSeen') return;
        expect(decide(after, event, policy), 'a look told twice changes something').toBe(after);
        const { facts: seen } = event;
        const older = { ...seen, number: seen.number - 1, active: !seen.active, ignored: !seen.ignored };
        const again = decide(after, { ...event, facts: older }, policy);
        expect(again, 'an older look changes something').toBe(after);
        if (seen.number <= (before.instance?.number ?? 0)) return;
        if (seen.presence !== 'there') expect(after.stage).toBe(seen.presence);
      },
      rest: ({ state, next, now }) => {
        if (next.type === 'wait' && next.until !== null) expect(next.until).toBeGreaterThan(now);
        const copy = JSON.parse(JSON.stringify(state)) as AccountState;
        expect(copy).toEqual(state);
        expect(nextStep(copy, policy, now)).toEqual(next);
        const known = state.instance;
        if (known?.presence !== 'there' || next.type === 'finished') return;
        if (state.stage === 'blocked') expect(known.active, 'blocked, and yet active there').toBe(false);
        const isOff = !known.active && known.suspendedBy === 'lifecycle';
        if (isOff) expect(state.stage, 'suspended there by the lifecycle').toBe('blocked');
        // The label is the hold, and the hold is the label.
        if (state.failures.length === 0) expect(known.ignored).toBe(state.holds.ignored !== null);
      },
    },
  });
  judgeOutcome(life.state);
  return life;

  function judgeOutcome(state: AccountState): void {
    if (truth.presence !== 'there') {
      expect(state.stage, 'what the instance said of its end').toBe(truth.presence);
      return;
    }
    const isOver = lastDay(state) < day(END) - 100;
    if (policy.milestones.length === 0) expect(state.stage).not.toBe('deleted');
    else expect(state.stage === 'deleted', `end ${String(lastDay(state))}, ${state.stage}`).toBe(isOver);
  }
}

describe('random lives in an instance', { timeout: 3_600_000 }, () => {
  const manage = policyFor('experiment');
  const delegate: Policy = { ...manage, milestones: [] };

  it('manage: never before its end and grace, never in one go, nothing before the first comparison with HR, and nothing that is over stays', () => {
    fc.assert(
      fc.property(randomInstanceLife(true), (random) => {
        judge(random, manage);
      }),
      runs(150),
    );
  });

  it('without a command of theirs no suspension by an admin is undone', () => {
    fc.assert(
      fc.property(randomInstanceLife(false), (random) => {
        judge(random, manage);
      }),
      runs(150),
    );
  });

  it('delegate: nothing is marked, suspended or deleted by us', () => {
    fc.assert(
      fc.property(randomInstanceLife(true), (random) => {
        const { deeds } = judge(random, delegate);
        const actions = new Set(deeds.map(({ step }) => step.action));
        for (const action of ['leaving', 'block', 'delete'] as const) expect(actions).not.toContain(action);
      }),
      runs(100),
    );
  });
});
