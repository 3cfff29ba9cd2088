import type { ReassignmentAsk, ReassignmentRefusal } from '../../src/contracts/reassignment.ts';
import { OWNER_CHANGED } from '../../src/policy/reassignment-rules.ts';
import type { HandoverFacts } from '../../src/registry/registry.ts';

/** Why somebody may not ask for it any more: they did as the owner of an account that another one owns by now. */
export function refusalOfAsker(
  { account }: Pick<HandoverFacts, 'account'>,
  { onlyOf }: Pick<ReassignmentAsk, 'onlyOf'>,
): ReassignmentRefusal | null {
  return onlyOf === undefined || account?.personId === onlyOf ? null : OWNER_CHANGED;
}
