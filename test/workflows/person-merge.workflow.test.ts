import { randomUUID } from 'node:crypto';
import { afterAll, afterEach, beforeAll, expect, it } from 'vitest';
import type { MergeAsk, PersonMergeInput, PersonMergeResult } from '../../src/contracts/merge.ts';
import { DAY_MS } from '../../src/contracts/time.ts';
import { TargetError } from '../../src/errors.ts';
import { movesOfMerge } from '../../src/policy/merge-rules.ts';
import type { AccountRow } from '../../src/registry/registry.ts';
import { personOfHr, startTestDeployment, type TestDeployment } from '../support/deployment.ts';
import { clockFrom, eventually, TUNING, within } from '../support/lives.ts';
import { at } from '../support/policy-builders.ts';
import { describeOnTemporal } from '../support/temporal.ts';

const START = at('2027-02-01 12:00');
const LONG_AGO = START - 400 * DAY_MS;

describeOnTemporal('merging two person ids', (server) => {
  let deployment: TestDeployment;
  let nextId = 0;
  /** The directory fails so often when it is told of which kind an account is. */
  let failures = 0;

  beforeAll(async () => {
    deployment = await startTestDeployment(server, {
      clock: clockFrom(START, 0.01),
      over: (deps) => ({
        directories: deps.directories.map((directory) => ({
          ...directory,
          setKind: async (input) => {
            if (failures > 0) {
              failures -= 1;
              throw new TargetError({ code: 'TARGET_DOWN', message: 'down', retryable: true });
            }
            await directory.setKind(input);
          },
        })),
      }),
    });
  });
  afterAll(() => deployment.stop());
  afterEach(() => {
    failures = 0;
  });

  const member = async (over: Parameters<typeof personOfHr>[1] = {}) => {
    nextId += 1;
    await deployment.seedPerson(personOfHr(nextId, over), LONG_AGO);
    return { id: nextId, personId: String(nextId), mail: `person-${String(nextId)}@example.org` };
  };
  const accountOf = async (
    personId: string,
    over: Partial<Parameters<TestDeployment['seedAccount']>[0]> = {},
  ): Promise<AccountRow> => {
    const login = over.login ?? `l${randomUUID().slice(0, 6)}`;
    const account = await deployment.seedAccount({ personId, at: LONG_AGO, ...over, login });
    await deployment.startAccount(account.accountId);
    return account;
  };
  const askOf = (fromPerson: string, toPerson: string): MergeAsk => ({
    ...{ requestId: randomUUID(), fromPerson, toPerson, actor: 'admin-7', reason: 'ticket 12' },
  });
  const merge = (ask: MergeAsk): Promise<PersonMergeResult> =>
    within(
      'the end of the merge',
      deployment.client.workflow.execute<(input: PersonMergeInput) => Promise<PersonMergeResult>>(
        'personMerge',
        {
          taskQueue: deployment.queues.operator,
          workflowId: `merge/${ask.requestId}`,
          args: [{ ask, clock: deployment.clock, tuning: TUNING }],
        },
      ),
    );
  const untilFollowing = ({ accountId }: AccountRow, personId: string): Promise<AccountRow> =>
    eventually('the account follows the other id', async () => {
      const row = await deployment.registry.account(accountId);
      return row?.state.personId === personId && row.state.merge === undefined && row;
    });
  const mailsTo = (address: string) => deployment.sink.mails.filter(({ to }) => to.includes(address));

  it('moves accounts, owner and mail; HR is not asked of the id that went, and nobody has left', async () => {
    const [from, to] = [await member(), await member()];
    const theirs = await accountOf(to.personId, { login: 'main' });
    const primary = await accountOf(from.personId, { login: 'double' });
    const secondary = await accountOf(from.personId, { kind: 'secondary', login: 'double2' });
    const robot = await accountOf(from.personId, { kind: 'service', login: 'robot' });
    failures = 2;
    expect(await merge(askOf(from.personId, to.personId))).toMatchObject({ outcome: 'merged' });
    for (const account of [primary, secondary, robot]) await untilFollowing(account, to.personId);
    expect(failures).toBe(0);
    for (const [login, kind] of [
      ['double', 'secondary'],
      ['double2', 'secondary'],
      ['robot', 'service'],
    ] as const) {
      expect(await deployment.entry(login)).toMatchObject({
        ...{ kind, access: 'on', activeStatus: null, mailRouting: 'main@example.org' },
        person: { personId: to.personId },
      });
    }
    expect(await deployment.entry('main')).toMatchObject({ kind: 'primary', activeStatus: 'Active' });
    const shown = await deployment.status(primary.accountId);
    expect(shown).toMatchObject({ kind: 'secondary', stage: 'active', standing: 'member', problem: null });

    // HR gave up the id: nothing comes of that.
    deployment.hr.removePerson(from.id);
    const asked = deployment.hr.requests.length;
    const result = await deployment.sync();
    expect(result).toMatchObject({ rows: {}, joiners: 0, told: 0, failed: 0, noPerson: 0, hrProblem: null });
    const requests = deployment.hr.requests.slice(asked);
    expect(requests.map(({ personId }) => personId)).not.toContain(from.personId);

    // What HR says of the other id all of them hear.
    deployment.hr.setPerson(personOfHr(to.id, { to: '2028-06-30' }));
    expect(await deployment.sync()).toMatchObject({ told: 1, failed: 0 });
    for (const account of [theirs, primary, secondary, robot]) {
      await deployment.untilStatus(
        account.accountId,
        'the new date',
        ({ lastDay }) => lastDay === '2028-06-30',
      );
    }
    expect([...mailsTo(from.mail), ...mailsTo(to.mail)]).toEqual([]);
    expect(await deployment.registry.notices(to.personId)).toEqual([]);
    expect(await deployment.registry.alarms({ open: true })).toEqual([]);
  });

  it('accounts of who had left under the old id come back', async () => {
    const gone = { to: '2026-11-30' };
    const [from, to] = [await member({ ...gone, externalEmail: 'elsewhere@example.net' }), await member()];
    await accountOf(to.personId);
    const blocked = await accountOf(from.personId, {
      ...{ stage: 'blocked', login: 'returner' },
      state: {
        ...{ access: 'off', activeStatus: 'Inactive', blocked: { lastDay: '2026-11-30', at: LONG_AGO } },
        guest: { departure: 0, state: 'open' },
      },
    });
    await deployment.registry.openGuest({
      ...{ guestId: randomUUID(), personId: from.personId, accountId: blocked.accountId, at: LONG_AGO },
      identity: { provider: 'email', subject: 'elsewhere@example.net', email: 'elsewhere@example.net' },
    });
    await merge(askOf(from.personId, to.personId));
    await deployment.untilStatus(
      blocked.accountId,
      'it is back',
      ({ stage, access, kind }) => stage === 'active' && access === 'on' && kind === 'secondary',
    );
    expect(await deployment.entry('returner')).toMatchObject({ access: 'on', kind: 'secondary' });
    expect(await deployment.registry.guests(to.personId)).toMatchObject([{ isOpen: false }]);
    expect(await deployment.entry('elsewhere@example.net')).toMatchObject({
      ...{ access: 'off', kind: 'guest', person: { personId: to.personId } },
    });
  });

  it('the only primary account stays one, and takes the mail of the other id’s accounts', async () => {
    const [from, to] = [await member(), await member()];
    const robot = await accountOf(to.personId, { kind: 'service', login: 'orphan' });
    const primary = await accountOf(from.personId, { login: 'sole' });
    await merge(askOf(from.personId, to.personId));
    expect(await untilFollowing(primary, to.personId)).toMatchObject({ kind: 'primary' });
    expect(await deployment.entry('sole')).toMatchObject({ kind: 'primary', activeStatus: 'Active' });
    expect(await deployment.entry(robot.login)).toMatchObject({ mailRouting: 'sole@example.org' });
    expect(await deployment.sync()).toMatchObject({ joiners: 0 });
  });

  it('a crash between the registry and the accounts is mended by the same request', async () => {
    const [from, to] = [await member(), await member()];
    await accountOf(to.personId);
    const primary = await accountOf(from.personId);
    const ask = askOf(from.personId, to.personId);
    await deployment.registry.mergePersons<never>({
      ...{ ask, at: START },
      judge: (facts) => ({
        moves: movesOfMerge({
          ...{ fromPerson: from.personId, toPerson: to.personId, done: null, today: '2027-02-01' },
          ...{ guests: [], reassignments: [], fallbackOwner: '', kinds: [] },
          from: { isKnown: true, mergedInto: null, told: null, accounts: facts.fromAccounts },
          to: { isKnown: true, mergedInto: null, told: null, accounts: facts.toAccounts },
        }),
      }),
    });
    expect((await deployment.registry.account(primary.accountId))?.personId).toBe(to.personId);
    expect((await deployment.registry.merge(ask.requestId))?.toldAt).toBeNull();
    expect(await merge(ask)).toMatchObject({ outcome: 'known' });
    expect(await untilFollowing(primary, to.personId)).toMatchObject({ kind: 'secondary' });
    expect((await deployment.registry.merge(ask.requestId))?.toldAt).not.toBeNull();
    expect(await merge({ ...ask, requestId: randomUUID() })).toMatchObject({ outcome: 'known', merge: ask });
  });

  it('an account whose workflow was lost follows as soon as it has one again', async () => {
    const [from, to] = [await member(), await member()];
    await accountOf(to.personId);
    const primary = await accountOf(from.personId);
    await deployment.client.workflow.getHandle(`account/${primary.accountId}`).terminate('lost');
    await merge(askOf(from.personId, to.personId));
    await untilFollowing(primary, to.personId);
  });

  it('who is asked to own an account can agree under the id that HR goes on with, and no more under the other', async () => {
    const [owner, from, to] = [await member(), await member(), await member()];
    await accountOf(owner.personId);
    await accountOf(to.personId);
    await accountOf(from.personId);
    const robot = await accountOf(owner.personId, { kind: 'service' });
    const requestId = randomUUID();
    const ask = { requestId, accountId: robot.accountId, newOwner: from.personId };
    const { reassignments } = deployment.deps;
    await reassignments.ask({ ask: { ...ask, actor: 'ada', reason: 'tests' }, clock: deployment.clock });
    await merge(askOf(from.personId, to.personId));
    const say = (by: string) =>
      reassignments.say({
        accountId: robot.accountId,
        verdict: 'approved',
        word: { requestId, by, reason: 'yes' },
      });
    expect(await say(from.personId)).toMatchObject({
      refused: expect.stringContaining('only the proposed owner'),
    });
    expect(await say(to.personId)).toMatchObject({ status: 'approved' });
    await eventually('the account is handed on', async () => {
      const row = await deployment.registry.account(robot.accountId);
      return row?.state.personId === to.personId && row;
    });
  });

  it('is refused in words, and leaves nothing behind', async () => {
    const [from, to] = [await member(), await member({ to: '2027-01-15' })];
    const primary = await accountOf(from.personId);
    for (const [pair, code] of [
      [[from.personId, to.personId], 'WOULD_LOSE'],
      [[from.personId, from.personId], 'SAME_PERSON'],
      [[from.personId, 'nobody'], 'PERSON_UNKNOWN'],
      [['nobody', to.personId], 'PERSON_UNKNOWN'],
    ] as const) {
      expect(await merge(askOf(pair[0], pair[1]))).toMatchObject({ outcome: 'refused', code });
    }
    expect(await merge({ ...askOf(from.personId, to.personId), actor: 'ada@example.org' })).toMatchObject({
      ...{ outcome: 'refused', why: expect.stringContaining('opaque') },
    });
    expect(await deployment.registry.account(primary.accountId)).toMatchObject({ personId: from.personId });
    expect(await deployment.registry.person(from.personId)).toMatchObject({ mergedInto: null });
  });

  it('what is told to an account by hand moves nothing', async () => {
    const [from, to] = [await member(), await member()];
    const primary = await accountOf(from.personId);
    const workflow = deployment.client.workflow.getHandle(`account/${primary.accountId}`);
    await workflow.signal('personsMerged', { requestId: 'never-made', toPerson: to.personId });
    await workflow.signal('personsMerged', { toPerson: 1 });
    const status = await deployment.untilStatus(primary.accountId, 'it is dealt with', ({ past }) =>
      past.some(({ action }) => action === 'merge'),
    );
    expect(status).toMatchObject({ kind: 'primary', lastRefusal: expect.stringContaining('requestId') });
    expect(await deployment.registry.account(primary.accountId)).toMatchObject({
      ...{ personId: from.personId, kind: 'primary', state: { personId: from.personId } },
    });
  });
});
