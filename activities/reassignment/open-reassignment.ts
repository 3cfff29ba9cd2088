import type { ReassignmentAsk } from '../../src/contracts/reassignment.ts';
import { DAY_MS } from '../../src/contracts/time.ts';
import { OPEN_DAYS, type ReassignmentEvent } from '../../src/policy/reassignment.ts';
import { today } from '../sync/plan-change.ts';
import type { SyncContext } from '../sync-activities.ts';
import { refusalOfHandover } from './handover-facts.ts';
import { refusalOfAsker } from './refusal-of-asker.ts';

/** Opens the request in the registry, if no rule is against it; nothing is written of one that is refused. */
export async function openReassignment(
  context: SyncContext,
  ask: ReassignmentAsk,
): Promise<ReassignmentEvent> {
  const at = context.now();
  const { newOwner } = ask;
  const opened = await context.deps.registry.openReassignment({
    ...{ ask, at, lapsesAt: at + OPEN_DAYS * DAY_MS },
    judge: (facts) =>
      refusalOfAsker(facts, ask) ?? refusalOfHandover(facts, { newOwner, today: today(context) }),
  });
  if ('refused' in opened) return { type: 'refused', refusal: opened.refused };
  const { status, owner, askedAt, lapsesAt } = opened.reassignment;
  if (status === 'open') return { type: 'opened', owner, askedAt, lapsesAt };
  const why = `this request was made before, and is ${status}`;
  return { type: 'refused', refusal: { code: 'REQUEST_OVER', why } };
}
