import { ApplicationFailure } from '@temporalio/common';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { AccountRow } from '../../src/registry/registry.ts';
import { decide } from '../../src/policy/decide.ts';
import {
  attemptStep,
  FALLBACK_OWNER,
  personOfHr,
  startSurroundings,
  type Surroundings,
} from '../support/deployment.ts';
import { beginStep } from '../support/lives.ts';
import { wholeSync } from '../support/run-sync.ts';
import { at, LAST_DAY, policyFor } from '../support/policy-builders.ts';

const LONG_AGO = at('2026-01-01');
const LEFT = at('2027-04-01 00:10');
const SERVICE = policyFor('service');
const HOUR_MS = 3_600_000;

let around: Surroundings;
let nextId = 900_500;

beforeAll(async () => {
  around = await startSurroundings();
  await around.seedPerson(personOfHr(Number(FALLBACK_OWNER), { firstName: 'Fall', name: 'Back' }), LONG_AGO);
});
beforeEach(() => around.hr.fault('none'));
afterAll(() => around.stop());

/** A person whom HR knows, with a primary account; gone when `to` is over. */
async function member(over: Parameters<typeof personOfHr>[1] = {}) {
  nextId += 1;
  await around.seedPerson(personOfHr(nextId, over), LONG_AGO);
  const personId = String(nextId);
  const account = await around.seedAccount({ personId, at: LONG_AGO, login: `p${nextId}` });
  return { id: nextId, personId, account };
}

/** A service account whose owner leaves on {@link LAST_DAY} under this supervisor. */
async function robotUnder(supervisorId: number | null): Promise<{ robot: AccountRow; ownerId: string }> {
  const owner = await member({ to: LAST_DAY, supervisorId });
  const robot = await around.seedAccount({
    personId: owner.personId,
    at: LONG_AGO,
    kind: 'service',
    login: `bot${nextId}`,
  });
  return { robot, ownerId: owner.personId };
}

const begin = (robot: AccountRow) => beginStep(robot.state, SERVICE, LEFT, 'transfer');

async function ownerOf(robot: AccountRow): Promise<string | undefined> {
  const row = await around.registry.account(robot.accountId);
  const ownership = await around.registry.ownership(robot.accountId);
  expect(ownership.filter(({ until }) => until === null).map(({ personId }) => personId)).toEqual([
    row?.personId,
  ]);
  return row?.personId;
}

function mailsAbout(robot: AccountRow) {
  return around.sink.mails.filter(({ text }) => text.includes(robot.login)).map(({ to }) => to.join());
}

async function failure(attempt: Promise<unknown>): Promise<ApplicationFailure> {
  const error = await attempt.then(
    () => null,
    (reason: unknown) => reason,
  );
  if (error instanceof ApplicationFailure) return error;
  throw new Error('it did not fail as it should', { cause: error });
}

describe('a service account whose owner has left goes', () => {
  it('to the supervisor, who is told and gets its mail; its plan follows the new owner', async () => {
    const boss = await member({ to: '2028-01-31' });
    const { robot } = await robotUnder(boss.id);
    const input = begin(robot);
    const outcome = await attemptStep(around.deps, input);
    expect(outcome).toMatchObject({ result: 'done', newOwner: { personId: boss.personId } });
    expect(await ownerOf(robot)).toBe(boss.personId);
    expect(mailsAbout(robot)).toEqual([`person-${boss.id}@example.org`]);
    expect(await around.entry(robot.login)).toMatchObject({
      access: 'on',
      mailRouting: `${boss.account.login}@example.org`,
      person: { personId: boss.personId },
    });
    const state = decide(input.state, { type: 'stepEnded', at: LEFT, step: input.step, outcome }, SERVICE);
    expect(state).toMatchObject({ personId: boss.personId, stage: 'active' });
    expect(beginStep(state, SERVICE, at('2028-02-01 00:10'), 'transfer').step.lastDay).toBe('2028-01-31');
  });

  it('up the line, past those who have left, or leave the same day', async () => {
    const top = await member();
    const leavingToo = await member({ to: LAST_DAY, supervisorId: top.id });
    const gone = await member({ to: '2026-12-31', supervisorId: leavingToo.id });
    const { robot } = await robotUnder(gone.id);
    await attemptStep(around.deps, begin(robot));
    expect(await ownerOf(robot)).toBe(top.personId);
  });

  it('to the last supervisor that HR named, if it names none now', async () => {
    const boss = await member();
    const { robot, ownerId } = await robotUnder(boss.id);
    around.hr.setPerson(personOfHr(Number(ownerId), { to: LAST_DAY }));
    await attemptStep(around.deps, begin(robot));
    expect(await ownerOf(robot)).toBe(boss.personId);
  });

  it.each([
    ['has nobody above', () => null],
    ['is their own supervisor', (own: number) => own],
  ] as const)(
    'to the fallback owner when the leaver %s; the Service Desk is told once',
    async (_, supervisorOf) => {
      const owner = await member({ to: LAST_DAY, supervisorId: supervisorOf(nextId + 1) });
      const robot = await around.seedAccount({
        personId: owner.personId,
        at: LONG_AGO,
        kind: 'service',
        login: `bot${nextId}`,
      });
      const input = begin(robot);
      const outcome = await attemptStep(around.deps, input);
      expect(outcome).toMatchObject({ note: expect.stringContaining('fallback owner') });
      expect(await ownerOf(robot)).toBe(FALLBACK_OWNER);
      await attemptStep(around.deps, input, { attempt: 2 });
      expect(mailsAbout(robot).sort()).toEqual([
        `person-${FALLBACK_OWNER}@example.org`,
        'service-desk@example.org',
      ]);
    },
  );

  it('to the fallback owner when the line is a circle of people who left', async () => {
    const [a, b] = [nextId + 1, nextId + 2];
    await member({ to: '2026-12-31', supervisorId: b });
    await member({ to: '2026-12-31', supervisorId: a });
    const { robot } = await robotUnder(a);
    await attemptStep(around.deps, begin(robot));
    expect(await ownerOf(robot)).toBe(FALLBACK_OWNER);
  });
});

describe('a transfer', () => {
  it('gives the plan what the new owner’s accounts were told: what HR says since waits for the synchronisation', async () => {
    const boss = await member({ to: '2028-01-31' });
    const { robot } = await robotUnder(boss.id);
    around.hr.setPerson(personOfHr(boss.id, { to: null }));
    const outcome = await attemptStep(around.deps, begin(robot));
    if (outcome.result !== 'done') throw new Error('it was not handed on');
    expect(outcome.newOwner?.ties[0]?.end).toBe('2028-01-31');
  });

  it('passes nobody over whom only one answer of HR calls unknown: that is confirmed by synchronisations first', async () => {
    const stranger = 899_001;
    const { robot, ownerId } = await robotUnder(stranger);
    const input = begin(robot);
    expect(await failure(attemptStep(around.deps, input))).toMatchObject({
      type: 'HR_NO_PERSON_UNCONFIRMED',
      nonRetryable: false,
    });
    expect(await ownerOf(robot)).toBe(ownerId);
    // Each synchronisation asks for them, and counts.
    for (const hours of [1, 40, 80]) {
      await wholeSync(around.deps, LEFT + hours * HOUR_MS);
    }
    await attemptStep(around.deps, input, { attempt: 2 });
    expect(await ownerOf(robot)).toBe(FALLBACK_OWNER);
  });

  it('waits when HR says that the supervisor is gone, until a synchronisation has let that through', async () => {
    const top = await member();
    const boss = await member({ supervisorId: top.id });
    const { robot, ownerId } = await robotUnder(boss.id);
    // The boss's own synchronisation may be one that holds every loss.
    around.hr.setPerson(personOfHr(boss.id, { to: '2026-12-31', supervisorId: top.id }));
    const input = begin(robot);
    expect(await failure(attemptStep(around.deps, input))).toMatchObject({
      type: 'HR_LOSS_WAITS',
      nonRetryable: false,
    });
    expect(await ownerOf(robot)).toBe(ownerId);
    await wholeSync(around.deps, LEFT + HOUR_MS);
    await attemptStep(around.deps, input, { attempt: 2 });
    expect(await ownerOf(robot)).toBe(top.personId);
  });

  it('waits while HR is unavailable for anyone in the line', async () => {
    const top = await member();
    const gone = await member({ to: '2026-12-31', supervisorId: top.id });
    const { robot, ownerId } = await robotUnder(gone.id);
    around.hr.fault('500', { for: [top.id] });
    const input = begin(robot);
    expect(await failure(attemptStep(around.deps, input))).toMatchObject({
      type: 'HR_UNAVAILABLE',
      nonRetryable: false,
    });
    expect(await ownerOf(robot)).toBe(ownerId);
    around.hr.fault('404-for-all', { for: [gone.id] });
    expect(await failure(attemptStep(around.deps, input, { attempt: 2 }))).toMatchObject({
      type: 'HR_NO_PERSON_UNCONFIRMED',
    });
    around.hr.fault('none');
    await attemptStep(around.deps, input, { attempt: 3 });
    expect(await ownerOf(robot)).toBe(top.personId);
  });

  it.each([
    ['is valid after all', { to: '2028-12-31' }],
    [
      'comes back within sixty days',
      { contracts: [contractTo(LAST_DAY), { id: 'N', startDate: '2027-05-15' }] },
    ],
  ] as const)('is refused when HR, read afresh, says that the owner %s', async (_, over) => {
    const boss = await member();
    const { robot, ownerId } = await robotUnder(boss.id);
    around.hr.setPerson(personOfHr(Number(ownerId), { ...over, supervisorId: boss.id }));
    const outcome = await attemptStep(around.deps, begin(robot));
    expect(outcome).toMatchObject({ result: 'refused', why: { code: 'observation' } });
    expect(await ownerOf(robot)).toBe(ownerId);
  });

  it('repeats without harm after a crash between the ownership and the mail', async () => {
    const boss = await member();
    const { robot, ownerId } = await robotUnder(boss.id);
    const input = begin(robot);
    await around.sink.fault('refuse');
    expect((await failure(attemptStep(around.deps, input))).nonRetryable).toBe(false);
    expect(await ownerOf(robot)).toBe(boss.personId);
    await around.sink.fault('none');
    // Meanwhile HR names another supervisor: who has the account keeps it.
    const other = await member();
    around.hr.setPerson(personOfHr(Number(ownerId), { to: LAST_DAY, supervisorId: other.id }));
    const outcome = await attemptStep(around.deps, input, { attempt: 2 });
    expect(outcome).toMatchObject({ result: 'done', newOwner: { personId: boss.personId } });
    expect(await ownerOf(robot)).toBe(boss.personId);
    expect(mailsAbout(robot)).toEqual([`person-${boss.id}@example.org`]);
    expect(await around.registry.ownership(robot.accountId)).toHaveLength(2);
  });

  /** Handed over in the registry, in an attempt that ended before its mail went out. */
  async function halfHandedOver() {
    const boss = await member();
    const { robot, ownerId } = await robotUnder(boss.id);
    const input = begin(robot);
    await around.sink.fault('refuse');
    await failure(attemptStep(around.deps, input));
    await around.sink.fault('none');
    return { boss, robot, ownerId, input };
  }
  const merge = async (fromPerson: string, toPerson: string) => {
    const ask = { requestId: `m-${fromPerson}`, fromPerson, toPerson, actor: 'admin-7', reason: 'tests' };
    const merged = await around.registry.mergePersons<string>({
      ...{ ask, at: LEFT },
      judge: () => ({ moves: { accounts: [], guests: [], reassignments: [] } }),
    });
    expect(merged).toMatchObject({ isNew: true });
  };

  it('that was cut off is finished, though its former owner was merged into somebody since', async () => {
    const { boss, robot, ownerId, input } = await halfHandedOver();
    const other = await member();
    await merge(ownerId, other.personId);
    expect(await attemptStep(around.deps, input, { attempt: 2 })).toMatchObject({
      ...{ result: 'done', newOwner: { personId: boss.personId } },
    });
    expect(await ownerOf(robot)).toBe(boss.personId);
    expect(mailsAbout(robot)).toEqual([`person-${boss.id}@example.org`]);
  });

  it('to the other id of its owner, whom HR merged, is none: nobody is told', async () => {
    const { boss, robot, ownerId, input } = await halfHandedOver();
    await merge(ownerId, boss.personId);
    const outcome = await attemptStep(around.deps, input, { attempt: 2 });
    expect(outcome).toMatchObject({
      ...{ result: 'done', newOwner: { personId: boss.personId } },
      note: expect.stringContaining('other id'),
    });
    expect(mailsAbout(robot)).toEqual([]);
    expect(await around.entry(robot.login)).toMatchObject({ person: { personId: boss.personId } });
    const state = decide(input.state, { type: 'stepEnded', at: LEFT, step: input.step, outcome }, SERVICE);
    expect(state).toMatchObject({ personId: boss.personId, stage: 'active' });
  });

  it('that only the fallback owner could take, who is the one leaving, fails visibly and keeps the owner', async () => {
    const deps = { ...around.deps, settings: { ...around.deps.settings, fallbackOwner: String(nextId + 1) } };
    const { robot, ownerId } = await robotUnder(null);
    expect(await failure(attemptStep(deps, begin(robot)))).toMatchObject({
      type: 'FALLBACK_OWNER_LEFT',
      nonRetryable: true,
    });
    expect(await ownerOf(robot)).toBe(ownerId);
  });

  it('whose new owner cannot be reached by mail is done all the same, and alarmed', async () => {
    const boss = await member({ email: null });
    const { robot } = await robotUnder(boss.id);
    expect((await attemptStep(around.deps, begin(robot))).result).toBe('done');
    const alarms = (await around.registry.alarms({ open: true })).map(({ message }) => message);
    expect(alarms).toContainEqual(
      `the new owner of account ${robot.accountId} could not be told: MAIL_NO_ADDRESS`,
    );
  });
});

function contractTo(endDate: string) {
  return { id: 'C', startDate: '2024-01-01', endDate };
}
