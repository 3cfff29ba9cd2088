import { describe, expect, it } from 'vitest';
import type { AccountState } from '../../../src/contracts/account.ts';
import type { InstanceFacts } from '../../../src/contracts/instance.ts';
import { DAY_MS } from '../../../src/contracts/time.ts';
import { decide } from '../../../src/policy/decide.ts';
import { factsOn } from '../../../src/policy/facts.ts';
import { adoptedState } from '../../../src/policy/fold-instance.ts';
import { stageShown } from '../../../src/policy/instance-facts.ts';
import { differenceOf } from '../../../src/policy/sync-diff.ts';
import { nextStep, planAhead } from '../../../src/policy/next-step.ts';
import { parseInstanceFacts } from '../../../src/policy/parse-instance.ts';
import {
  at,
  command,
  EXPERIMENT,
  found,
  participation,
  PERSON,
  policyFor,
} from '../../support/policy-builders.ts';

const NOW = at('2027-02-01 12:00', 'UTC');
const END = at('2027-03-31 15:00', 'UTC');
const policy = policyFor('experiment');
const delegated = { ...policy, milestones: [] };

function facts(over: Partial<InstanceFacts> = {}): InstanceFacts {
  return {
    ...{ number: 10, at: NOW, personId: PERSON, presence: 'there', active: true, endTime: END },
    ...{ lifecycleStatus: null, ignored: false, suspendedBy: null },
    ...over,
  };
}

/** Adopted, and told what HR says. */
function adopted(over: Partial<InstanceFacts> = {}): AccountState {
  return { ...unheard(over), observation: found(1, [participation(EXPERIMENT)]) };
}

function unheard(over: Partial<InstanceFacts> = {}): AccountState {
  return adoptedState({ accountId: 'acc-1', experiment: EXPERIMENT, facts: facts(over), at: NOW });
}

function sees(state: AccountState, over: Partial<InstanceFacts>, when = NOW): AccountState {
  return decide(state, { type: 'instanceSeen', at: when, facts: facts({ number: 11, ...over }) }, policy);
}

const suspended = { active: false, suspendedBy: 'lifecycle', lifecycleStatus: 'PENDING_REMOVAL' } as const;
const over = { endTime: at('2027-01-10 09:00', 'UTC') };

describe('the last day of an experiment account', () => {
  it.each([
    ['is the UTC date of its end time', END, '2027-03-31'],
    ['also of one at midnight', at('2027-03-31', 'UTC'), '2027-03-31'],
    ['is open without one', null, null],
  ])('%s', (_, endTime, lastDay) => {
    const { lastDay: shown } = factsOn(adopted({ endTime }), '2027-02-01');
    expect(shown).toEqual(lastDay === null ? { type: 'open' } : { type: 'on', date: lastDay });
  });
  it('is not moved by what HR says', () => {
    const observation = found(20, [participation(EXPERIMENT, null, '2027-02-10')]);
    const after = decide(unheard(), { type: 'observed', at: NOW, observation }, policy);
    expect(factsOn(after, '2027-02-01')).toMatchObject({
      lastDay: { date: '2027-03-31' },
      standing: 'member',
    });
  });
  it('is an admin’s where that is later', () => {
    const extend = command('extend', { until: '2027-05-01' });
    const after = decide(adopted(), { type: 'commanded', at: NOW, command: extend }, policy);
    expect(factsOn(after, '2027-02-01').lastDay).toEqual({ type: 'on', date: '2027-05-01' });
    expect(nextStep(after, policy, NOW)).toMatchObject({ type: 'act', step: { action: 'adminDate' } });
  });
});

describe('the stage that the instance shows', () => {
  it.each([
    ['active before the end', {}, 'active'],
    ['active when expired and nobody has acted', over, 'active'],
    ['grace once it is pending suspension', { ...over, lifecycleStatus: 'PENDING_SUSPENSION' }, 'grace'],
    ['blocked once the lifecycle suspended it', { ...over, ...suspended }, 'blocked'],
    ['blocked when removal is off', { ...over, ...suspended, lifecycleStatus: 'SUSPENDED' }, 'blocked'],
    [
      'blocked when an admin’s suspension is pending removal',
      { ...over, ...suspended, suspendedBy: 'admin' },
      'blocked',
    ],
    ['active when an admin suspended it', { active: false, suspendedBy: 'admin' }, 'active'],
    [
      'grace when somebody made it active again: it is suspended anew before it is deleted',
      { ...over, lifecycleStatus: 'PENDING_REMOVAL' },
      'grace',
    ],
    ['active when a mark was left on one that is valid', { lifecycleStatus: 'PENDING_REMOVAL' }, 'active'],
    ['blocked when legacy disabled it', { active: false, suspendedBy: 'lifecycle' }, 'blocked'],
  ] as const)('%s', (_, shown, stage) => {
    expect(stageShown(facts(shown), NOW)).toBe(stage);
    expect(adopted(shown).stage).toBe(stage);
    expect(sees(adopted(), shown).stage).toBe(stage);
  });
  it('on the end’s own date it is not over, from the next midnight in UTC on it is', () => {
    const pending = facts({ lifecycleStatus: 'PENDING_SUSPENSION' });
    expect(stageShown(pending, at('2027-03-31 23:59', 'UTC'))).toBe('active');
    expect(stageShown(pending, at('2027-04-01', 'UTC'))).toBe('grace');
  });
});

describe('what the instance shows', () => {
  it('older than what is known changes nothing', () => {
    const state = adopted({ number: 12 });
    expect(sees(state, { number: 12, active: false })).toBe(state);
    expect(sees(state, { number: 11, active: false })).toBe(state);
  });
  it('the same again is no news', () => {
    const state = adopted();
    const after = sees(state, {});
    expect(after.unrecorded).toEqual(state.unrecorded);
    expect(after).toMatchObject({ stage: 'active', instance: { number: 11 } });
  });
  it('says nothing to an account that lives elsewhere', () => {
    const primary: AccountState = { ...adopted(), kind: 'primary' };
    expect(sees(primary, { active: false })).toBe(primary);
  });
  it.each(['released', 'deleted', 'deletedOutside'] as const)('%s ends the account', (presence) => {
    const after = sees(adopted(), { presence });
    expect(after.stage).toBe(presence);
    expect(nextStep(after, policy, NOW)).toMatchObject({ type: 'act', step: { action: 'record' } });
  });
  it('another person: what HR said of the first counts no more', () => {
    const observation = found(5, [participation(EXPERIMENT)]);
    const told = decide(adopted(), { type: 'observed', at: NOW, observation }, policy);
    const after = sees(told, { personId: '900777' });
    expect(after).toMatchObject({ personId: '900777', observation: null });
    expect(after.unrecorded.at(-1)?.what).toBeDefined();
  });
  it('active, although an admin had disabled it: it is turned off again, whoever turned it on', () => {
    const asked = decide(adopted(), { type: 'commanded', at: NOW, command: command('disable') }, policy);
    const disabled = { ...asked, access: 'off' } as const;
    expect(nextStep(disabled, policy, NOW)).not.toMatchObject({ step: { action: 'disable' } });
    for (const state of [disabled, sees(disabled, { active: false, suspendedBy: 'admin' })]) {
      const after = sees(state, { number: 12 });
      expect(after.access).toBe('on');
      expect(nextStep(after, policy, NOW)).toMatchObject({ type: 'act', step: { action: 'disable' } });
    }
  });
  it('active at the end of its suspension, although an admin had disabled it: it is turned off again', () => {
    const blocked = adopted({ ...over, ...suspended });
    const asked = decide(blocked, { type: 'commanded', at: NOW, command: command('disable') }, policy);
    expect(nextStep(sees(asked, {}), policy, NOW)).toMatchObject({ step: { action: 'disable' } });
  });
  it('inactive by an admin: nothing gives it back', () => {
    const after = sees(adopted(), { active: false, suspendedBy: 'admin' });
    expect(nextStep(after, policy, NOW)).not.toMatchObject({ step: { action: 'giveAccess' } });
  });
  describe('inactive by disable', () => {
    const inactive = { active: false, suspendedBy: 'admin' } as const;
    const graced = { ...over, lifecycleStatus: 'PENDING_SUSPENSION' } as const;
    const removable = { ...over, ...inactive, lifecycleStatus: 'PENDING_REMOVAL' } as const;
    const told = (state: AccountState, name: 'disable' | 'enable') =>
      decide(state, { type: 'commanded', at: NOW, command: command(name) }, policy);
    /** The step that is due was carried out. */
    const done = (state: AccountState, shown: InstanceFacts) => {
      const next = nextStep({ ...state, unrecorded: [] }, policy, NOW);
      if (next.type !== 'act') throw new Error('no step is due');
      const outcome = {
        result: 'done',
        at: NOW,
        recorded: state.noteSequence,
        note: '',
        facts: shown,
      } as const;
      return decide(state, { type: 'stepEnded', at: NOW, step: next.step, outcome }, policy);
    };
    const disabled = () => {
      const state = done(told(adopted(graced), 'disable'), facts({ ...graced, ...inactive, number: 11 }));
      expect(state).toMatchObject({ stage: 'grace', access: 'off' });
      return state;
    };
    const dueOn = (state: AccountState) => nextStep({ ...state, unrecorded: [] }, policy, NOW);
    const given = { type: 'act', step: { action: 'giveAccess', giveAccess: 'enabled' } };

    it('in its grace, and enabled while it was blocked: a return gives it back', () => {
      const blocked = sees(disabled(), { ...removable, number: 12 });
      expect(blocked.stage).toBe('blocked');
      const enabled = told(blocked, 'enable');
      expect(dueOn(enabled)).not.toMatchObject({ step: { action: 'giveAccess' } });
      const back = sees(enabled, { ...inactive, number: 13 });
      expect(back.stage).toBe('active');
      expect(dueOn(back)).toMatchObject(given);
      const on = done(back, facts({ number: 14 }));
      expect(on.access).toBe('on');
      // It was given back: whoever suspends it from now on is an admin.
      const again = sees(sees(on, { ...removable, number: 15 }), { ...inactive, number: 16 });
      expect(dueOn(again)).not.toMatchObject({ step: { action: 'giveAccess' } });
    });
    it('and disabled all along: nothing gives it back but enable', () => {
      const back = sees(sees(disabled(), { ...removable, number: 12 }), { ...inactive, number: 13 });
      expect(dueOn(back)).not.toMatchObject({ step: { action: 'giveAccess' } });
      expect(dueOn(told(back, 'enable'))).toMatchObject(given);
    });
    it('and enabled, and its end moves before it was given back: it still is', () => {
      const moved = sees(told(disabled(), 'enable'), { ...inactive, number: 12 });
      expect(moved.stage).toBe('active');
      expect(dueOn(moved)).toMatchObject(given);
    });
    it('and made active by somebody: an admin’s suspension after that is an admin’s', () => {
      const seen = sees(sees(disabled(), { ...graced, number: 12 }), { ...removable, number: 13 });
      const back = sees(told(seen, 'enable'), { ...inactive, number: 14 });
      expect(back.stage).toBe('active');
      expect(dueOn(back)).not.toMatchObject({ step: { action: 'giveAccess' } });
    });
    it('a suspension of an admin’s in the grace is none: a return does not give it back', () => {
      const blocked = sees(sees(adopted(graced), { ...graced, ...inactive }), { ...removable, number: 12 });
      expect(blocked.stage).toBe('blocked');
      const back = sees(blocked, { ...inactive, number: 13 });
      expect(back.stage).toBe('active');
      expect(dueOn(back)).not.toMatchObject({ step: { action: 'giveAccess' } });
    });
  });
  it('a return raises the epoch, so that a later block is a new effect', () => {
    const blocked = adopted({ ...over, ...suspended });
    const after = sees(blocked, {});
    expect(after).toMatchObject({ stage: 'active', epoch: 1, departure: 1, blocked: null, access: 'on' });
  });
});

describe('a hold and the label ignore', () => {
  it('the label is the hold, and its removal ends it', () => {
    const held = sees(adopted(), { ignored: true });
    expect(held.holds.ignored).toMatchObject({ until: null, actor: 'indigo-iam' });
    expect(planAhead(held, policy, NOW).some(({ step }) => step.action === 'hold')).toBe(false);
    expect(sees(held, { number: 12 }).holds.ignored).toBeNull();
  });
  it('a command sets the label; a look from before it was set does not undo the command', () => {
    const commanded = decide(adopted(), { type: 'commanded', at: NOW, command: command('ignore') }, policy);
    expect(nextStep(commanded, policy, NOW)).toMatchObject({ type: 'act', step: { action: 'hold' } });
    expect(sees(commanded, { ignored: false }).holds.ignored).not.toBeNull();
  });
  it('resume, or the end of a hold, removes it', () => {
    const held = sees(adopted(), { ignored: true });
    const resumed = decide(held, { type: 'commanded', at: NOW, command: command('resume') }, policy);
    expect(nextStep(resumed, policy, NOW)).toMatchObject({
      ...{ type: 'act', step: { action: 'hold', key: '0/hold/off' } },
    });
    const bounded = decide(
      adopted(),
      { type: 'commanded', at: NOW, command: command('ignore', { until: '2027-02-10' }) },
      policy,
    );
    const labelled = sees(bounded, { ignored: true });
    expect(labelled.holds.ignored?.until).toBe('2027-02-10');
    const woken = decide(labelled, { type: 'woke', at: at('2027-02-11 02:00', 'UTC') }, policy);
    expect(woken.holds.ignored).toBeNull();
  });
  describe.each([
    { word: 'resume', opposite: 'ignore', first: '0/hold/on', then: '0/hold/off', before: false },
    { word: 'ignore', opposite: 'resume', first: '0/hold/off', then: '0/hold/on', before: true },
  ] as const)('$word while the label of an earlier $opposite is being written', (given) => {
    const { word, opposite, first, then, before } = given;
    const told = (state: AccountState, name: 'ignore' | 'resume') =>
      decide(state, { type: 'commanded', at: NOW, command: command(name) }, policy);
    const begin = () => {
      const asked = told(adopted({ ignored: before }), opposite);
      const next = nextStep(asked, policy, NOW);
      if (next.type !== 'act' || next.step.key !== first) throw new Error(`${first} is not due`);
      return {
        step: next.step,
        begun: decide(asked, { type: 'stepBegun', at: NOW, step: next.step }, policy),
      };
    };
    /** The label may have been written: what it says then counts for nothing, and it is set right. */
    const expectUndone = (state: AccountState) => {
      expect(nextStep(state, policy, NOW)).toMatchObject({ type: 'act', step: { key: then } });
      const seen = sees(state, { ignored: !before });
      expect(seen.holds.ignored !== null).toBe(before);
      expect(nextStep(seen, policy, NOW)).toMatchObject({ type: 'act', step: { key: then } });
      // It was never written.
      const never = sees(state, { ignored: before });
      expect(never.holds.ignored !== null).toBe(before);
      expect(nextStep(never, policy, NOW)).not.toMatchObject({ step: { action: 'hold' } });
    };

    it('calls that off, and writes the opposite', () => {
      const { step, begun } = begin();
      expectUndone(decide(told(begun, word), { type: 'stepCalledOff', at: NOW, step }, policy));
    });
    it('does so too after that failed for good', () => {
      const { step, begun } = begin();
      const failure = { code: 'IAM_FORBIDDEN', message: 'it lacks a scope' };
      const failed = decide(begun, { type: 'stepFailed', at: NOW, step, ...failure }, policy);
      const resumed = told(failed, word);
      expect(resumed.failures).toEqual([]);
      expectUndone(resumed);
    });
    it('and back again: what was called off is due as before', () => {
      const { step, begun } = begin();
      const back = told(told(begun, word), opposite);
      const left = decide(back, { type: 'stepCalledOff', at: NOW, step }, policy);
      expect(nextStep(left, policy, NOW)).toMatchObject({ type: 'act', step: { key: first } });
    });
    it('called off for something more urgent it is due again', () => {
      const { step, begun } = begin();
      const left = decide(begun, { type: 'stepCalledOff', at: NOW, step }, policy);
      expect(nextStep(left, policy, NOW)).toMatchObject({ type: 'act', step: { key: first } });
    });
  });
  it('expiry by end time goes on', () => {
    const held = sees(adopted(), { ignored: true });
    const planned = planAhead(held, policy, NOW).map(({ step, held: isHeld }) => [step.action, isHeld]);
    expect(planned).toEqual([
      ['leaving', false],
      ['block', false],
      ['delete', false],
    ]);
  });
});

describe('restore and extend, where an admin’s date stands already', () => {
  const UNTIL = '2027-12-31';
  const told = (state: AccountState, name: 'restore' | 'extend' | 'disable', until?: string) => {
    const said = command(name, until === undefined ? {} : { until });
    return decide(state, { type: 'commanded', at: NOW, command: said }, policy);
  };
  /** An account whose admin's date the instance was told, as it is seen since. */
  const given = (since: Partial<InstanceFacts>, before = adopted()): AccountState => {
    const { adminDate, ...state } = told(before, 'extend', UNTIL);
    if (adminDate === null) throw new Error('no date was given');
    const written = { ...state, adminDate: { ...adminDate, written: true as const }, unrecorded: [] };
    return sees(written, { endTime: at(UNTIL, 'UTC'), ...since });
  };
  const inactive = { active: false, suspendedBy: 'admin' } as const;
  const asked = [
    ['restore', undefined],
    ['restore', UNTIL],
    ['extend', UNTIL],
  ] as const;
  it.each(
    asked.flatMap((one) => [
      [...one, 'who was suspended', inactive] as const,
      [...one, 'whose end was moved to an earlier one', { endTime: END }] as const,
    ]),
  )('%s %s gives back what the date gives, to one %s since', (name, until, _since, shown) => {
    const state = told(given(shown), name, until);
    expect(state.adminDate).toMatchObject({ until: UNTIL });
    expect(nextStep(state, policy, NOW)).toMatchObject({
      ...{ type: 'act', step: { action: 'adminDate', lastDay: UNTIL } },
    });
  });
  it.each(asked)('%s %s changes nothing where all is so', (name, until) => {
    const state = given({});
    expect(told(state, name, until).adminDate).toBe(state.adminDate);
  });
  it('nor where it is inactive by disable, which only enable ends', () => {
    const state = given(inactive, told(adopted(), 'disable'));
    expect(told(state, 'restore').adminDate).toBe(state.adminDate);
  });
});

describe('several accounts of one person in one experiment', () => {
  const today = '2027-02-01';
  const newest = found(6, []);
  const until = (end: string) => found(5, [participation(EXPERIMENT, null, end)]);
  const second = (over: Partial<InstanceFacts>) => ({ ...unheard(over), accountId: 'acc-2' });
  const valid = { endTime: at('2028-12-31', 'UTC') };

  it('at first sight each is compared with its own end: what one of them loses is a loss', () => {
    for (const accounts of [
      [unheard(over), second(valid)],
      [second(valid), unheard(over)],
    ]) {
      expect(differenceOf({ applied: null, newest, today, accounts }).kind).toBe('loss');
    }
    const both = [unheard(over), second(over)];
    expect(differenceOf({ applied: null, newest, today, accounts: both }).kind).toBe('correction');
  });
  it('one that is new hides nothing of what another one, told before, loses', () => {
    const applied = until('2028-12-31');
    const told = { ...adopted(valid), observation: applied };
    expect(differenceOf({ applied, newest, today, accounts: [told, second(over)] }).kind).toBe('loss');
  });
  it('what was told hides nothing of what one loses that is new', () => {
    const applied = until('2027-01-10');
    const told = { ...adopted(over), observation: applied };
    expect(differenceOf({ applied, newest, today, accounts: [told, second(valid)] }).kind).toBe('loss');
  });
  it('what only others were told of is no loss of accounts that are all new', () => {
    const applied = until('2028-12-31');
    const accounts = [unheard(over), second(over)];
    expect(differenceOf({ applied, newest, today, accounts }).kind).toBe('correction');
  });
});

describe('expiry', () => {
  it('managed: each strictly after the end and its grace, at midnight in UTC, never in one go', () => {
    const planned = planAhead(adopted(), policy, NOW).map(({ step }) => [step.action, step.dueAt]);
    expect(planned).toEqual([
      ['leaving', at('2027-04-01', 'UTC')],
      ['block', at('2027-04-08', 'UTC')],
      ['delete', at('2027-05-01', 'UTC')],
    ]);
    const late = adopted(over);
    const afterBlock = decide(
      decide(late, { type: 'woke', at: NOW + 60 * DAY_MS }, policy),
      { type: 'instanceSeen', at: NOW + 60 * DAY_MS, facts: facts({ number: 11, ...over, ...suspended }) },
      policy,
    );
    const remove = planAhead(afterBlock, policy, NOW + 60 * DAY_MS).find(
      ({ step }) => step.action === 'delete',
    );
    expect(remove?.step.dueAt).toBeGreaterThan(NOW + 61 * DAY_MS);
  });
  it('not before the first comparison with HR, unless HR does not count', () => {
    expect(planAhead(unheard(over), policy, NOW)).toEqual([]);
    expect(planAhead(unheard({ ...over, ignored: true }), policy, NOW)).not.toEqual([]);
    const observation = found(20, [participation(EXPERIMENT)]);
    const told = decide(unheard(over), { type: 'observed', at: NOW, observation }, policy);
    expect(nextStep(told, policy, NOW)).toMatchObject({ type: 'act', step: { action: 'leaving' } });
  });
  it('a step that is refused for what is known already is tried again a day later, not at once', () => {
    const state = adopted(over);
    const next = nextStep(state, policy, NOW);
    if (next.type !== 'act') throw new Error('its end is over');
    const refused = (shown: Partial<InstanceFacts>) =>
      decide(
        state,
        {
          ...{ type: 'stepEnded', at: NOW, step: next.step },
          outcome: {
            ...{ result: 'refused', at: NOW, recorded: 0 },
            why: { code: 'instance', facts: facts({ number: 11, ...over, ...shown }) },
          },
        },
        policy,
      );
    expect(refused({}).failures).toMatchObject([{ code: 'REFUSED_AGAIN', retryAt: NOW + DAY_MS }]);
    expect(refused({ endTime: END })).toMatchObject({ failures: [], stage: 'active' });
  });
  it('delegated: nothing is planned', () => {
    expect(planAhead(adopted(over), delegated, NOW)).toEqual([]);
  });
  it('an end that changes to another one that is over begins anew', () => {
    const blocked = adopted({ ...over, ...suspended });
    const after = sees(blocked, { active: false, suspendedBy: 'admin', endTime: at('2027-01-20', 'UTC') });
    expect(after.stage).toBe('active');
    expect(nextStep(after, policy, NOW)).toMatchObject({ type: 'act', step: { action: 'leaving' } });
  });
});

describe('what is said of an instance', () => {
  it('is read as it was sent', () => {
    expect(parseInstanceFacts(facts())).toEqual({ ok: true, value: facts() });
  });
  it.each([
    ['nothing', null],
    ['no number', { ...facts(), number: 1.5 }],
    ['an impossible moment', { ...facts(), at: -1 }],
    ['nobody', { ...facts(), personId: '' }],
    ['a presence nobody knows', { ...facts(), presence: 'gone' }],
    ['no word on active', { ...facts(), active: 'yes' }],
    ['an end that is no moment', { ...facts(), endTime: '2027-03-31' }],
    ['a status nobody knows', { ...facts(), lifecycleStatus: 'EXPIRED' }],
    ['no word on ignore', { ...facts(), ignored: undefined }],
    ['a suspension by nobody known', { ...facts(), suspendedBy: 'somebody' }],
  ])('%s is refused with words', (_, value) => {
    expect(parseInstanceFacts(value)).toEqual({ ok: false, problem: expect.stringMatching(/\w{3}/) });
  });
});
