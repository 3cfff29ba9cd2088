import type { OperatorAnswer, OperatorRequest } from '../../src/contracts/operator.ts';
import type { Reassignment, ReassignmentWordAnswer } from '../../src/contracts/reassignment.ts';
import { isText, parseActor } from '../../src/policy/parse-message.ts';
import { accountCalled } from '../account-called.ts';
import type { SyncContext } from '../sync-activities.ts';

type Request<T extends OperatorRequest['type']> = Extract<OperatorRequest, { type: T }>;

const UNKNOWN: OperatorAnswer = { type: 'refused', code: 'ACCOUNT_UNKNOWN', why: 'there is no such account' };

function again({ requestId, accountId, newOwner, actor, reason }: Reassignment) {
  return { requestId, accountId, newOwner, actor, reason };
}

/** An open request whose workflow was lost gets another one. */
async function heal(context: SyncContext, accountId: string): Promise<void> {
  const { registry, reassignments } = context.deps;
  const open = (await registry.reassignments(accountId)).find(({ status }) => status === 'open');
  if (open) await reassignments.ask({ ask: again(open), clock: context.clock });
}

/** Asks to re-assign a service account: its own workflow opens the request, or says which rule is against it. */
export async function askReassignment(
  context: SyncContext,
  request: Request<'askReassignment'>,
): Promise<OperatorAnswer> {
  const said = parseActor(request);
  if (!said.ok) return { type: 'refused', why: said.problem };
  const { requestId, newOwner } = request;
  if (!isText(requestId))
    return { type: 'refused', why: 'requestId is missing: an id of its own for each request' };
  if (!isText(newOwner)) return { type: 'refused', why: 'newOwner is missing: a person id' };
  const account = await accountCalled(context.deps.registry, request.account);
  if (account === null) return UNKNOWN;
  const { accountId } = account;
  const ask = { requestId, accountId, newOwner, ...said.value };
  const answer = await context.deps.reassignments.ask({ ask, clock: context.clock });
  switch (answer.outcome) {
    case 'open':
      return { type: 'reassignment', requestId, accountId, lapsesAt: answer.lapsesAt };
    case 'refused':
      if (answer.code === 'ALREADY_OPEN') await heal(context, accountId);
      return { type: 'refused', code: answer.code, why: answer.why };
    case 'ending':
      return { type: 'refused', code: 'REASSIGNMENT_ENDING', why: 'the request before it is being finished' };
  }
}

/** What a request that is over says to somebody who comes late. */
function lateAnswer(row: Reassignment, said: { verdict: string; by: string }): OperatorAnswer {
  const { requestId, status } = row;
  if (status === said.verdict && row.decidedBy === said.by) {
    return { type: 'reassignmentAnswer', requestId, status, message: `The request is ${status}` };
  }
  return { type: 'refused', code: 'REQUEST_OVER', why: `the request is ${status} already` };
}

/** Passes on the proposed owner's answer, or that an admin withdraws the request. */
export async function answerReassignment(
  context: SyncContext,
  request: Request<'answerReassignment'>,
): Promise<OperatorAnswer> {
  const { verdict, by } = request;
  const said = parseActor({ actor: by, reason: request.reason });
  if (!said.ok) return { type: 'refused', why: said.problem };
  if (!['approved', 'rejected', 'withdrawn'].includes(verdict)) {
    return { type: 'refused', why: 'an answer is approved, rejected or withdrawn' };
  }
  const account = await accountCalled(context.deps.registry, request.account);
  if (account === null) return UNKNOWN;
  const { accountId } = account;
  const { registry, reassignments } = context.deps;
  const rows = await registry.reassignments(accountId);
  const row = rows.find(
    ({ requestId }) => request.requestId === undefined || requestId === request.requestId,
  );
  if (!row) return { type: 'refused', code: 'NO_REQUEST', why: 'no request was made for this account' };
  const { requestId } = row;
  const say = () =>
    reassignments.say({ accountId, verdict, word: { requestId, by, reason: said.value.reason } });
  if (row.status !== 'open') return lateAnswer(row, request);
  let answer: ReassignmentWordAnswer | { readonly refused: string } | null = await say();
  if (answer === null) {
    await heal(context, accountId);
    answer = await say();
  }
  if (answer === null) {
    // It came to its end a moment ago.
    const now = await registry.reassignment(requestId);
    return lateAnswer(now ?? row, request);
  }
  if ('refused' in answer) return { type: 'refused', why: answer.refused };
  return { type: 'reassignmentAnswer', requestId, ...answer };
}

/** Every request for an account, newest first. */
export async function showReassignments(
  context: SyncContext,
  request: Request<'reassignments'>,
): Promise<OperatorAnswer> {
  const account = await accountCalled(context.deps.registry, request.account);
  if (account === null) return UNKNOWN;
  const reassignments = await context.deps.registry.reassignments(account.accountId);
  return { type: 'reassignments', reassignments };
}
