import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { readInstance } from '../../../activities/instance/read-instance.ts';
import { foldInstance } from '../../../src/policy/fold-instance.ts';
import { personOfHr, runSync, startSurroundings, type Surroundings } from '../../support/deployment.ts';
import { EXPERIMENT, startTestInstance, type TestInstance } from '../../support/instance.ts';
import { clockFrom } from '../../support/lives.ts';
import { at } from '../../support/policy-builders.ts';
import { wholeSync } from '../../support/run-sync.ts';

const DAY_1 = at('2027-02-01 12:00');
const hoursLater = (hours: number) => DAY_1 + hours * 3_600_000;
const LABEL = { prefix: 'hr.cern', name: 'cern_person_id' };
const SAID = { actor: 'admin-7', reason: 'the experiment asked for it' };
/** So many that a few who go are held by their number, and are no mass. */
const PERSONS = Array.from({ length: 12 }, (_, index) => index + 1);

let instance: TestInstance;
let around: Surroundings;
beforeAll(async () => {
  instance = await startTestInstance(clockFrom(DAY_1));
  around = await startSurroundings({ instance: instance.kept });
});
afterAll(async () => {
  await around.stop();
  await instance.stop();
});

/** Reads the instance, then HR, as a synchronisation does, and brings every workflow what it was told. */
async function sync(hours: number) {
  await read(hours);
  const outcome = await wholeSync(around.deps, hoursLater(hours));
  await deliver(hours);
  return outcome;
}

function read(hours: number) {
  const now = hoursLater(hours);
  const context = {
    ...{ deps: around.deps, clock: clockFrom(now), now: () => now },
    ...{ signal: new AbortController().signal, beat: () => undefined, resumeFrom: null },
  };
  return readInstance(context, { planId: `read-${String(hours)}`, dryRun: false });
}

async function deliver(hours: number): Promise<void> {
  for (const { accountId, observation, facts } of around.tellings.splice(0)) {
    const account = await around.registry.account(accountId);
    if (!account) throw new Error(`somebody unknown was told something: ${accountId}`);
    const folded = facts ? foldInstance(account.state, facts, hoursLater(hours)) : account.state;
    const state = observation ? { ...folded, observation } : folded;
    const next = { ...state, sequence: account.state.sequence + 1 };
    const nothing = { nextStep: null, nextStepAt: null, problem: null, notes: [] };
    await around.registry.project({ state: next, ...nothing });
  }
}

async function approve(planId: string, hours: number): Promise<void> {
  const input = { clock: clockFrom(hoursLater(hours)), planId };
  const decision = { verdict: 'approved' as const, ...SAID };
  await runSync(around.deps, (activities) => activities.decidePlan({ ...input, decision }));
  await runSync(around.deps, (activities) => activities.applyApproved(input));
  await deliver(hours);
}

const stageOf = async (externalId: string) => {
  const row = await around.registry.instanceRow(externalId);
  return (await around.registry.account(row?.accountId ?? ''))?.state.stage;
};
const stateOf = async (planId: string, personId: number) =>
  (await around.registry.planRows({ planId, personIds: [String(personId)], after: null, limit: 1 }))[0]
    ?.state;
const letGo = (...ids: readonly string[]) => ids.forEach((id) => instance.double.removeLabel(id, LABEL));

describe('a person with two accounts in the instance', () => {
  let first: string;
  let second: string;
  let others: readonly string[];
  beforeEach(async () => {
    await around.forget();
    for (const { id } of instance.double.accounts()) instance.double.deleteAccount(id);
    for (const id of PERSONS) {
      around.hr.setPerson(personOfHr(id, { participations: [{ experiment: EXPERIMENT, endDate: null }] }));
    }
    const [one = '', ...rest] = PERSONS.map((id) => instance.addAccount(id));
    first = one;
    others = rest.slice(0, 3);
    second = instance.addAccount(1, { userName: 'second', email: 'second@example.org' });
    await sync(0);
    expect(await Promise.all([first, second].map(stageOf))).toEqual(['active', 'active']);
  });

  it('loses by an approval the one that left when it was given, not the one that left since', async () => {
    letGo(first, ...others);
    const { planId, settled } = await sync(1);
    expect(settled.plan.state).toBe('held');
    letGo(second);
    await read(2);
    await approve(planId, 2);
    expect(await stateOf(planId, 1)).toBe('stale');
    expect(await Promise.all([first, second].map(stageOf))).toEqual(['active', 'active']);
    expect(await Promise.all(others.map(stageOf))).toEqual(['released', 'released', 'released']);
  });

  it('loses what is still leaving when some of what was approved has come back', async () => {
    letGo(first, second, ...others);
    const { planId } = await sync(1);
    instance.double.setLabel(second, { ...LABEL, value: '1' });
    await read(2);
    await approve(planId, 2);
    expect(await stateOf(planId, 1)).toBe('applied');
    expect(await Promise.all([first, second].map(stageOf))).toEqual(['released', 'active']);
  });

  it('is planned anew, with both, when the second one leaves after the first was rejected', async () => {
    letGo(first, ...others);
    const { planId } = await sync(1);
    const decision = { verdict: 'rejected' as const, ...SAID };
    const input = { clock: clockFrom(hoursLater(1)), planId, decision };
    await runSync(around.deps, (activities) => activities.decidePlan(input));
    const again = await sync(2);
    expect(await stateOf(again.planId, 1)).toBe('rejected');
    letGo(second);
    const { planId: third } = await sync(3);
    expect(await stateOf(third, 1)).toBe('applied');
    expect(await stateOf(third, 2)).toBe('rejected');
    expect(await Promise.all([first, second].map(stageOf))).toEqual(['released', 'released']);
  });
});
