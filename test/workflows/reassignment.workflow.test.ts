import { randomUUID } from 'node:crypto';
import { afterAll, afterEach, beforeAll, expect, it } from 'vitest';
import type { OperatorAnswer, OperatorRequest, OperatorRequestInput } from '../../src/contracts/operator.ts';
import { DAY_MS } from '../../src/contracts/time.ts';
import { TargetError } from '../../src/errors.ts';
import { createLinks } from '../../src/links/answer-link.ts';
import { createLinkTokens } from '../../src/links/link-token.ts';
import { createProposalTokens } from '../../src/links/proposal-token.ts';
import type { AccountRow } from '../../src/registry/registry.ts';
import { historyText } from '../support/history-text.ts';
import { personOfHr, startTestDeployment, type TestDeployment } from '../support/deployment.ts';
import { clockFrom, eventually, TUNING, within } from '../support/lives.ts';
import { at } from '../support/policy-builders.ts';
import { describeOnTemporal } from '../support/temporal.ts';

const START = at('2027-02-01 12:00');
const LONG_AGO = START - 400 * DAY_MS;
const WAY = { publicUrl: 'https://accounts.example.org/', key: 'k'.repeat(32) };
const TOKENS = createLinkTokens(WAY);
const PROPOSALS = createProposalTokens(WAY);
const LINK = /https:\/\/accounts\.example\.org\/links\/reassignments\/([^/\s]+)\/([\w-]+)/;

function operatorOf(deployment: TestDeployment) {
  type Workflow = (input: OperatorRequestInput) => Promise<OperatorAnswer>;
  return (request: OperatorRequest): Promise<OperatorAnswer> =>
    within(
      `an answer to ${request.type}`,
      deployment.client.workflow.execute<Workflow>('operatorRequest', {
        taskQueue: deployment.queues.operator,
        workflowId: `operator-${randomUUID()}`,
        args: [{ request, clock: deployment.clock, tuning: TUNING }],
      }),
    );
}

/** Whoever a test is about: persons with primary accounts, and a service account of the first. */
function castOf(deployment: TestDeployment) {
  let nextId = 0;
  const member = async (over: Parameters<typeof personOfHr>[1] = {}) => {
    nextId += 1;
    await deployment.seedPerson(personOfHr(nextId, over), LONG_AGO);
    const personId = String(nextId);
    const account = await deployment.seedAccount({ personId, at: LONG_AGO, login: `p${personId}` });
    return { id: nextId, personId, account, mail: `person-${personId}@example.org` };
  };
  const robotOf = async (personId: string): Promise<AccountRow> => {
    nextId += 1;
    const login = `bot${String(nextId)}`;
    const robot = await deployment.seedAccount({ personId, at: LONG_AGO, kind: 'service', login });
    await deployment.startAccount(robot.accountId);
    return robot;
  };
  return { member, robotOf };
}

describeOnTemporal('re-assigning a service account', (server) => {
  let deployment: TestDeployment;
  let operator: ReturnType<typeof operatorOf>;
  let cast: ReturnType<typeof castOf>;
  /** The directory fails so often when it is told who owns an account. */
  let failures = 0;

  beforeAll(async () => {
    deployment = await startTestDeployment(server, {
      clock: clockFrom(START, 0.01),
      settings: { links: { reassignment: TOKENS.address, proposal: PROPOSALS.address } },
      over: (deps) => ({
        directories: deps.directories.map((directory) => ({
          ...directory,
          setPerson: async (input) => {
            if (failures > 0) {
              failures -= 1;
              throw new TargetError({ code: 'TARGET_DOWN', message: 'down', retryable: true });
            }
            await directory.setPerson(input);
          },
        })),
      }),
    });
    operator = operatorOf(deployment);
    cast = castOf(deployment);
  });
  afterAll(() => deployment.stop());
  afterEach(async () => {
    failures = 0;
    await deployment.sink.fault('none');
    await deployment.registry.setFrozen({ frozen: false, actor: 'a', reason: 'r', at: START });
  });

  const ask = (robot: AccountRow, newOwner: string, requestId: string = randomUUID()) =>
    operator({
      ...{
        type: 'askReassignment',
        requestId,
        account: robot.login,
        newOwner,
        actor: 'ada',
        reason: 'tests',
      },
    });
  const answer = (
    robot: AccountRow,
    verdict: 'approved' | 'rejected' | 'withdrawn',
    by: string,
    requestId?: string,
  ) =>
    operator({
      ...{ type: 'answerReassignment', account: robot.accountId, verdict, by, reason: 'as asked' },
      ...(requestId !== undefined && { requestId }),
    });
  const mailsTo = (address: string, login: string) =>
    deployment.sink.mails.filter(({ to, text }) => to.includes(address) && text.includes(login));
  const untilMail = (address: string, login: string, words: string) =>
    eventually(`a mail that says ${words}`, () =>
      mailsTo(address, login).find(({ text }) => text.includes(words)),
    );
  const untilEnded = (robot: AccountRow) =>
    within(
      'the end of the request',
      deployment.client.workflow.getHandle(`reassignment/${robot.accountId}`).result(),
    );
  const ownerOf = async (robot: AccountRow) => (await deployment.registry.account(robot.accountId))?.personId;
  const untilHandedOn = (robot: AccountRow, to: string) =>
    eventually('the account follows its new owner', async () => {
      const row = await deployment.registry.account(robot.accountId);
      return row?.state.personId === to && row;
    });

  it('the new owner is asked, agrees, and has the account and its mail; the owner is told', async () => {
    const [owner, other] = [await cast.member(), await cast.member({ to: '2028-01-31' })];
    const robot = await cast.robotOf(owner.personId);
    expect(await ask(robot, other.personId)).toMatchObject({ type: 'reassignment' });
    await untilMail(other.mail, robot.login, 'Nothing happens unless you agree');
    expect(await ownerOf(robot)).toBe(owner.personId);
    expect(await answer(robot, 'approved', other.personId)).toMatchObject({ status: 'approved' });
    const row = await untilHandedOn(robot, other.personId);
    expect(await ownerOf(robot)).toBe(other.personId);
    expect(row.state.reassign).toBeUndefined();
    expect(await deployment.entry(robot.login)).toMatchObject({
      ...{
        person: { personId: other.personId },
        mailRouting: `p${other.personId}@example.org`,
        access: 'on',
      },
    });
    const status = await deployment.status(robot.accountId);
    expect(status).toMatchObject({ lastDay: '2028-01-31', stage: 'active' });
    expect(status.past.at(-1)).toMatchObject({ action: 'reassign', result: 'done' });
    await untilMail(owner.mail, robot.login, 'The proposed owner agreed');
    expect(await untilEnded(robot)).toMatchObject({ status: 'approved' });
    const [request] = await deployment.registry.reassignments(robot.accountId);
    expect(request?.doneAt).not.toBeNull();
    // Said again, it is the same answer, and nothing more happens.
    expect(await answer(robot, 'approved', other.personId)).toMatchObject({ status: 'approved' });
    expect(await deployment.registry.ownership(robot.accountId)).toHaveLength(2);
  });

  it('two approvals at once are one', async () => {
    const [owner, other] = [await cast.member(), await cast.member()];
    const robot = await cast.robotOf(owner.personId);
    await ask(robot, other.personId);
    const answers = await Promise.all([1, 2].map(() => answer(robot, 'approved', other.personId)));
    for (const one of answers) expect(one).toMatchObject({ status: 'approved' });
    await untilHandedOn(robot, other.personId);
    expect(await deployment.registry.ownership(robot.accountId)).toHaveLength(2);
  });

  it('nobody but the proposed owner can approve or reject', async () => {
    const [owner, other, third] = [await cast.member(), await cast.member(), await cast.member()];
    const robot = await cast.robotOf(owner.personId);
    await ask(robot, other.personId);
    for (const by of [owner.personId, third.personId, 'admin-7']) {
      for (const verdict of ['approved', 'rejected'] as const) {
        expect(await answer(robot, verdict, by)).toMatchObject({
          ...{ type: 'refused', why: expect.stringContaining('only the proposed owner') },
        });
      }
    }
    expect(await deployment.registry.reassignments(robot.accountId)).toMatchObject([{ status: 'open' }]);
    await answer(robot, 'withdrawn', 'admin-7');
  });

  it('rejected, nothing changes, the owner is told, and it can be asked anew', async () => {
    const [owner, other, third] = [await cast.member(), await cast.member(), await cast.member()];
    const robot = await cast.robotOf(owner.personId);
    const first = randomUUID();
    await ask(robot, other.personId, first);
    expect(await ask(robot, third.personId)).toMatchObject({ type: 'refused', code: 'ALREADY_OPEN' });
    // The same request is the same request.
    expect(await ask(robot, other.personId, first)).toMatchObject({ type: 'reassignment', requestId: first });
    expect(await answer(robot, 'rejected', other.personId)).toMatchObject({ status: 'rejected' });
    await untilMail(owner.mail, robot.login, 'The proposed owner said no');
    expect(await answer(robot, 'approved', other.personId)).toMatchObject({
      ...{ type: 'refused', why: 'the request is rejected already' },
    });
    expect(await ask(robot, third.personId)).toMatchObject({ type: 'reassignment' });
    // An answer to the request before is none to this one.
    expect(await answer(robot, 'approved', other.personId, first)).toMatchObject({ type: 'refused' });
    expect(await ownerOf(robot)).toBe(owner.personId);
    await answer(robot, 'withdrawn', 'admin-7');
  });

  it('an admin withdraws it, and both are told', async () => {
    const [owner, other] = [await cast.member(), await cast.member()];
    const robot = await cast.robotOf(owner.personId);
    await ask(robot, other.personId);
    await untilMail(other.mail, robot.login, 'unless you agree');
    expect(await answer(robot, 'withdrawn', 'admin-7')).toMatchObject({ status: 'withdrawn' });
    await untilMail(owner.mail, robot.login, 'was withdrawn');
    await untilMail(other.mail, robot.login, 'was withdrawn');
    expect(await untilEnded(robot)).toMatchObject({ status: 'withdrawn' });
  });

  it('is refused at once, with the rule, and leaves nothing behind', async () => {
    const owner = await cast.member();
    const robot = await cast.robotOf(owner.personId);
    const leaving = await cast.member({ to: '2027-03-31' });
    const gone = await cast.member({ to: '2027-01-31' });
    for (const [newOwner, code] of [
      [owner.personId, 'OWNER_ALREADY'],
      [leaving.personId, 'NEW_OWNER_LEAVING'],
      [gone.personId, 'NEW_OWNER_LEFT'],
      ['nobody', 'PERSON_UNKNOWN'],
    ] as const) {
      expect(await ask(robot, newOwner)).toMatchObject({ type: 'refused', code });
    }
    expect(await ask(owner.account, leaving.personId)).toMatchObject({ code: 'NOT_A_SERVICE_ACCOUNT' });
    expect(await deployment.registry.reassignments(robot.accountId)).toEqual([]);
    expect(mailsTo(leaving.mail, robot.login)).toEqual([]);
  });

  it('who agrees and has twenty by then gets no more, and the owner is told why', async () => {
    const [owner, other] = [await cast.member(), await cast.member()];
    const robot = await cast.robotOf(owner.personId);
    await ask(robot, other.personId);
    for (let count = 0; count < 20; count += 1) {
      await deployment.seedAccount({ personId: other.personId, at: START, kind: 'service' });
    }
    expect(await answer(robot, 'approved', other.personId)).toMatchObject({
      ...{ status: 'rejected', message: expect.stringContaining('at most 20 service accounts') },
    });
    await untilMail(owner.mail, robot.login, 'cannot own the account any more');
    expect(await ownerOf(robot)).toBe(owner.personId);
  });

  it('when the owner leaves, the supervisor has the account, and who is asked is told and can still agree', async () => {
    const [boss, other] = [await cast.member(), await cast.member()];
    const owner = await cast.member({ to: '2027-06-30', supervisorId: boss.id });
    const robot = await cast.robotOf(owner.personId);
    await ask(robot, other.personId);
    await untilMail(other.mail, robot.login, 'unless you agree');
    deployment.hr.setPerson(personOfHr(owner.id, { to: '2027-01-31', supervisorId: boss.id }));
    await deployment.sync();
    await untilHandedOn(robot, boss.personId);
    await untilMail(other.mail, robot.login, 'Its owner has left meanwhile.');
    expect(await answer(robot, 'approved', other.personId)).toMatchObject({ status: 'approved' });
    await untilHandedOn(robot, other.personId);
    await untilMail(boss.mail, robot.login, 'The proposed owner agreed');
    expect((await deployment.registry.ownership(robot.accountId)).map(({ personId }) => personId)).toEqual([
      ...[owner.personId, boss.personId, other.personId],
    ]);
  });

  it('when the owner leaves and the proposed owner is the supervisor, the request is over', async () => {
    const boss = await cast.member();
    const owner = await cast.member({ to: '2027-06-30', supervisorId: boss.id });
    const robot = await cast.robotOf(owner.personId);
    await ask(robot, boss.personId);
    deployment.hr.setPerson(personOfHr(owner.id, { to: '2027-01-31', supervisorId: boss.id }));
    await deployment.sync();
    expect(await untilEnded(robot)).toMatchObject({ status: 'superseded' });
    expect(await ownerOf(robot)).toBe(boss.personId);
  });

  it('ends where it should when the directory fails after the registry has the new owner', async () => {
    const [owner, other] = [await cast.member(), await cast.member()];
    const robot = await cast.robotOf(owner.personId);
    await ask(robot, other.personId);
    failures = 3;
    await answer(robot, 'approved', other.personId);
    await untilHandedOn(robot, other.personId);
    expect(failures).toBe(0);
    expect(await deployment.entry(robot.login)).toMatchObject({
      ...{ person: { personId: other.personId }, mailRouting: `p${other.personId}@example.org` },
    });
    expect(await deployment.registry.ownership(robot.accountId)).toHaveLength(2);
  });

  it('goes on while the deployment is frozen: people decided it, and no calendar', async () => {
    const [owner, other] = [await cast.member(), await cast.member()];
    const robot = await cast.robotOf(owner.personId);
    await ask(robot, other.personId);
    await deployment.registry.setFrozen({ frozen: true, actor: 'admin-7', reason: 'tests', at: START });
    await answer(robot, 'approved', other.personId);
    await untilHandedOn(robot, other.personId);
  });

  it('an answer waits for no mail: neither for the question nor for what came of the request before', async () => {
    const [owner, other] = [await cast.member(), await cast.member()];
    const robot = await cast.robotOf(owner.personId);
    await deployment.sink.fault('refuse');
    await ask(robot, other.personId);
    expect(await answer(robot, 'rejected', other.personId)).toMatchObject({ status: 'rejected' });
    expect(await ask(robot, other.personId)).toMatchObject({ type: 'reassignment' });
    expect(await answer(robot, 'approved', other.personId)).toMatchObject({ status: 'approved' });
    await deployment.sink.fault('none');
    await untilHandedOn(robot, other.personId);
  });

  it('a request whose workflow was lost goes on with the next word', async () => {
    const [owner, other] = [await cast.member(), await cast.member()];
    const robot = await cast.robotOf(owner.personId);
    await ask(robot, other.personId);
    await deployment.client.workflow.getHandle(`reassignment/${robot.accountId}`).terminate('lost');
    expect(await ask(robot, owner.personId)).toMatchObject({ type: 'refused' });
    expect(await answer(robot, 'approved', other.personId)).toMatchObject({ status: 'approved' });
    await untilHandedOn(robot, other.personId);
  });

  it('an account whose workflow is lost in the middle of it follows its new owner all the same', async () => {
    const [owner, other] = [await cast.member(), await cast.member()];
    const robot = await cast.robotOf(owner.personId);
    await ask(robot, other.personId);
    await deployment.sink.fault('refuse');
    await answer(robot, 'approved', other.personId);
    await eventually('it is theirs', async () => (await ownerOf(robot)) === other.personId);
    await deployment.client.workflow.getHandle(`account/${robot.accountId}`).terminate('lost');
    await deployment.sink.fault('none');
    const state = async () => (await deployment.registry.account(robot.accountId))?.state;
    expect((await state())?.personId).toBe(owner.personId);
    await deployment.startAccount(robot.accountId);
    await eventually('it follows them', async () => (await state())?.personId === other.personId);
    expect(await state()).not.toHaveProperty('reassign');
  });

  it('what is told to the account by hand hands nothing on', async () => {
    const [owner, other] = [await cast.member(), await cast.member()];
    const robot = await cast.robotOf(owner.personId);
    await ask(robot, other.personId, 'not-approved');
    const workflow = deployment.client.workflow.getHandle(`account/${robot.accountId}`);
    for (const requestId of ['not-approved', 'never-made']) {
      await workflow.signal('reassigned', { requestId, newOwner: other.personId });
    }
    await deployment.untilStatus(robot.accountId, 'both are dealt with', ({ past }) =>
      past.some(({ note }) => note.includes('no such request was approved')),
    );
    expect(await ownerOf(robot)).toBe(owner.personId);
    await answer(robot, 'withdrawn', 'admin-7');
  });

  it('the link in the mail works for one answer, and its token stands in no history and no row', async () => {
    const [owner, other] = [await cast.member(), await cast.member()];
    const robot = await cast.robotOf(owner.personId);
    await ask(robot, other.personId);
    const { text } = await untilMail(other.mail, robot.login, 'https://');
    const [, requestId = '', token = ''] = LINK.exec(text) ?? [];
    const links = createLinks({
      ...{ registry: deployment.registry, tokens: TOKENS },
      passOn: async ({ accountId, verdict, ...word }) => {
        const said = { accountId, verdict, word: { ...word, reason: 'by link' } };
        return (await deployment.deps.reassignments.say(said)) ?? { refused: 'no request waits' };
      },
    });
    for (const wrong of [
      token.replace(/^./, (first) => (first === 'A' ? 'B' : 'A')),
      '',
      'x',
      `${token}AAAA`,
    ]) {
      expect(await links.answer({ requestId, token: wrong, verdict: 'approved' })).toEqual({
        outcome: 'unknown',
      });
    }
    // Scanners of mail open links.
    for (let count = 0; count < 2; count += 1) {
      expect(await links.show({ requestId, token })).toMatchObject({
        ...{ outcome: 'shown', view: { status: 'open', login: robot.login } },
      });
    }
    expect(await links.answer({ requestId, token, verdict: 'approved' })).toMatchObject({
      ...{ outcome: 'answered', view: { status: 'approved' } },
    });
    expect(await links.answer({ requestId, token, verdict: 'rejected' })).toMatchObject({
      ...{ outcome: 'refused', why: 'the request is approved already' },
    });
    await untilHandedOn(robot, other.personId);
    await untilEnded(robot);
    const histories = await Promise.all(
      [`reassignment/${robot.accountId}`, `account/${robot.accountId}`].map((id) =>
        deployment.client.workflow.getHandle(id).fetchHistory(),
      ),
    );
    const rows = [
      await deployment.registry.reassignments(robot.accountId),
      await deployment.registry.notices(other.personId),
      await deployment.registry.auditTrail({ accountId: robot.accountId }),
    ];
    for (const kept of [...histories, ...rows]) {
      expect(historyText(kept)).not.toContain(token);
    }
  });
});

describeOnTemporal('a request that nobody answers', (server) => {
  let deployment: TestDeployment;
  beforeAll(async () => {
    deployment = await startTestDeployment(server, { clock: clockFrom(START, 4) });
  });
  afterAll(() => deployment.stop());

  it('is reminded of on days 7 and 13, and lapses after 14 days, which the owner is told', async () => {
    const cast = castOf(deployment);
    const [owner, other] = [await cast.member(), await cast.member()];
    const robot = await cast.robotOf(owner.personId);
    const operator = operatorOf(deployment);
    const requestId = randomUUID();
    const asked = await operator({
      ...{ type: 'askReassignment', requestId, account: robot.accountId, newOwner: other.personId },
      ...{ actor: 'ada', reason: 'tests' },
    });
    if (asked.type !== 'reassignment') throw new Error(JSON.stringify(asked));
    const workflow = deployment.client.workflow.getHandle(`reassignment/${robot.accountId}`);
    expect(await within('its end', workflow.result())).toMatchObject({ status: 'lapsed' });
    const [row] = await deployment.registry.reassignments(robot.accountId);
    expect(row?.lapsesAt).toBe(Math.floor((row?.askedAt ?? 0) + 14 * DAY_MS));
    expect(row?.decidedAt).toBeGreaterThanOrEqual(row?.lapsesAt ?? Infinity);
    const sent = await deployment.registry.notices(other.personId);
    expect(sent.map(({ key, state }) => [key.split('/').at(-1), state]).sort()).toEqual([
      ...[
        ['asked', 'sent'],
        ['reminder-13', 'sent'],
        ['reminder-7', 'sent'],
      ],
    ]);
    const told = deployment.sink.mails.filter(({ to }) => to.includes(owner.mail));
    expect(told.map(({ text }) => text).join()).toContain('did not answer in time');
    // Without links the mail says how else.
    const [question] = deployment.sink.mails.filter(({ to }) => to.includes(other.mail));
    expect(question?.text).toContain(`name the request ${requestId}`);
    const late = await operator({
      ...{ type: 'answerReassignment', account: robot.accountId, verdict: 'approved', by: other.personId },
      reason: 'too late',
    });
    expect(late).toMatchObject({ type: 'refused', why: 'the request is lapsed already' });
    expect((await deployment.registry.account(robot.accountId))?.personId).toBe(owner.personId);
  });
});
