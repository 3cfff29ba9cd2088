import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { AccountState } from '../../src/contracts/account.ts';
import type { StepAction } from '../../src/contracts/step.ts';
import { personOfHr, attemptStep, startSurroundings, type Surroundings } from '../support/deployment.ts';
import { beginStep } from '../support/lives.ts';
import { at, LAST_DAY, policyFor } from '../support/policy-builders.ts';
import { wholeSync } from '../support/run-sync.ts';

const DAY_60 = at('2027-05-31 00:10');
const LONG_AGO = at('2026-01-01');
const DAY_MS = 24 * 3_600_000;
const TOLD = Object.fromEntries([-60, -27, -7].map((offset) => [offset, { lastDay: LAST_DAY, times: 1 }]));
const LEAVER: Partial<AccountState> = {
  activeStatus: 'Inactive',
  told: TOLD,
  named: { lastDay: LAST_DAY, dueAt: at('2027-01-30 08:00') },
};

let around: Surroundings;
beforeAll(async () => {
  around = await startSurroundings();
});
beforeEach(() => around.forget());
afterAll(() => around.stop());

const truth = (over: Parameters<typeof personOfHr>[1] = {}) => personOfHr(1, { to: LAST_DAY, ...over });

/** A leaver in grace whose block is refused, since HR says for a moment that they have no last day. */
async function refusedLeaver(now = DAY_60): Promise<string> {
  await around.seedPerson(truth(), LONG_AGO);
  const { accountId, state } = await around.seedAccount({
    ...{ personId: '1', at: LONG_AGO, stage: 'grace', state: LEAVER },
  });
  await refused(state, now, 'block', truth({ to: null }));
  return accountId;
}

/** The step is refused on what HR says for a moment; then HR says what it said before. */
async function refused(
  state: AccountState,
  now: number,
  action: StepAction,
  moment: ReturnType<typeof personOfHr>,
): Promise<void> {
  around.hr.setPerson(moment);
  const outcome = await attemptStep(around.deps, beginStep(state, policyFor('primary'), now, action));
  expect(outcome).toMatchObject({ result: 'refused', why: { code: 'observation' } });
  around.hr.setPerson(truth());
}

const sync = (now: number) => wholeSync(around.deps, now);

async function rowsOf(planId: string) {
  const rows = await around.registry.planRows({ planId, after: null, limit: 10 });
  return rows.map(({ kind, state, reason }) => `${kind} ${state}: ${reason}`);
}

const endsTold = () => around.tellings.map(({ observation }) => observation?.ties[0]?.end);

describe('what HR said for a moment, to a step that was refused on it', () => {
  it('is taken back by the next synchronisation, as a loss, when HR says again what it said before', async () => {
    const accountId = await refusedLeaver();
    expect((await around.registry.account(accountId))?.state.observation?.ties[0]?.end).toBe(null);
    const { planId } = await sync(DAY_60 + 3_600_000);
    expect(await rowsOf(planId)).toEqual([`loss applied: last day open → ${LAST_DAY}`]);
    expect(endsTold()).toEqual([LAST_DAY]);
    // That is settled then.
    expect(await rowsOf((await sync(DAY_60 + DAY_MS)).planId)).toEqual([]);
    expect(endsTold()).toEqual([LAST_DAY]);
  });

  it('is taken back as a loss also when something else has changed by then', async () => {
    await refusedLeaver();
    around.hr.setPerson(truth({ email: 'another@example.org' }));
    const { planId } = await sync(DAY_60 + 3_600_000);
    expect(await rowsOf(planId)).toEqual([`loss applied: last day open → ${LAST_DAY}`]);
  });

  it('is told to the others when HR goes on saying it', async () => {
    await refusedLeaver();
    around.hr.setPerson(truth({ to: null }));
    await around.seedAccount({ personId: '1', at: LONG_AGO, kind: 'secondary' });
    const { planId, told } = await sync(DAY_60 + 3_600_000);
    expect(await rowsOf(planId)).toMatchObject([expect.stringMatching(/^(return|extension) applied/)]);
    expect(told).toBe(1);
    expect(endsTold()).toEqual([null, null]);
  });

  it('is taken back from somebody who was to be excluded', async () => {
    const contract = { id: 'C-1', startDate: '2024-01-01', endDate: LAST_DAY };
    const excluded = truth({ contracts: [{ ...contract, excluded: true }] });
    await around.seedPerson(excluded, LONG_AGO);
    const now = at('2027-03-01 12:00');
    const { state } = await around.seedAccount({ personId: '1', at: now });
    await refused(state, now, 'exclude', truth());
    around.hr.setPerson(excluded);
    const { planId } = await sync(now + 3_600_000);
    expect(await rowsOf(planId)).toEqual(['loss applied: excluded from 2027-03-01']);
  });

  it('is taken back from a joiner whose first day HR put off for a moment', async () => {
    const joining = truth({ from: '2027-03-01' });
    await around.seedPerson(joining, LONG_AGO);
    const now = at('2027-03-01 12:00');
    const { state } = await around.seedAccount({ personId: '1', at: LONG_AGO, stage: 'pending' });
    await refused(state, now, 'activate', truth({ from: '2027-03-20' }));
    around.hr.setPerson(joining);
    await sync(now + 3_600_000);
    expect(around.tellings.map(({ observation }) => observation?.ties[0]?.start)).toEqual(['2027-03-01']);
  });

  it('makes no account that is asked for meanwhile begin with it', async () => {
    await refusedLeaver();
    const person = await around.registry.person('1');
    expect(person?.applied?.ties[0]?.end).toBe(LAST_DAY);
    expect(person?.appliedOutcome).toBe('found');
  });
});
