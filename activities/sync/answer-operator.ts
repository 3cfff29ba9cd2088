import type { OperatorAnswer, OperatorRequest } from '../../src/contracts/operator.ts';
import { parseActor } from '../../src/policy/parse-message.ts';
import { associateGuest, releaseGuest, showGuests, showSealingKey } from '../guests/operator-guest.ts';
import { previewMerge } from '../merge/merge-persons.ts';
import {
  answerReassignment,
  askReassignment,
  showReassignments,
} from '../reassignment/operator-reassignment.ts';
import { requestAccount } from '../requests/request-account.ts';
import type { SyncContext } from '../sync-activities.ts';

/** A page that stays far below what Temporal takes in one payload. */
const MOST_ROWS = 500;

async function setFrozen(
  context: SyncContext,
  request: Extract<OperatorRequest, { type: 'freeze' | 'unfreeze' }>,
): Promise<OperatorAnswer> {
  const { registry } = context.deps;
  const parsed = parseActor(request);
  if (!parsed.ok) return { type: 'refused', why: parsed.problem };
  const frozen = request.type === 'freeze';
  const changed = await registry.setFrozen({ ...parsed.value, frozen, at: context.now() });
  return { type: 'frozen', freeze: await registry.frozen(), changed };
}

/** Reads or does what an operator asks for. A request that makes no sense is refused in words. */
export async function answerOperator(
  context: SyncContext,
  request: OperatorRequest,
): Promise<OperatorAnswer> {
  const { registry } = context.deps;
  switch (request.type) {
    case 'plan': {
      if (request.planId !== null) return { type: 'plan', plan: await registry.plan(request.planId) };
      const [held] = await registry.plansInState({ states: ['held'] });
      const [newest] = await registry.plans({ limit: 1 });
      return { type: 'plan', plan: held ?? newest ?? null };
    }
    case 'plans':
      return { type: 'plans', plans: await registry.plans({ limit: Math.min(request.limit, 100) }) };
    case 'planRows': {
      const { planId, states, after, limit } = request;
      const some = states === null ? {} : { states };
      const rows = await registry.planRows({ planId, after, limit: Math.min(limit, MOST_ROWS), ...some });
      return { type: 'planRows', rows };
    }
    case 'frozen':
      return { type: 'frozen', freeze: await registry.frozen(), changed: false };
    case 'freeze':
    case 'unfreeze':
      return setFrozen(context, request);
    case 'requestAccount':
      return requestAccount(context, request);
    case 'askReassignment':
      return askReassignment(context, request);
    case 'answerReassignment':
      return answerReassignment(context, request);
    case 'previewMerge':
      return previewMerge(context, request);
    case 'reassignments':
      return showReassignments(context, request);
    case 'sealingKey':
      return showSealingKey(context);
    case 'associateGuest':
      return associateGuest(context, request);
    case 'releaseGuest':
      return releaseGuest(context, request);
    case 'guests':
      return showGuests(context, request);
    default:
      // An operator may have typed it.
      return { type: 'refused', why: 'no request has this type' };
  }
}
