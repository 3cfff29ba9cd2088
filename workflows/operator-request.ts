import type { OperatorAnswer, OperatorRequestInput } from '../src/contracts/operator.ts';
import { syncActivities } from './sync-proxies.ts';

/** Asks the workers, who own the registry, for what an operator wants to know or do. */
export async function operatorRequest(input: OperatorRequestInput): Promise<OperatorAnswer> {
  const { clock, tuning, request } = input;
  return syncActivities(tuning, request.type).answerOperator({ clock, request });
}
