import type { AccountState } from '../contracts/account.ts';
import type { Observation } from '../contracts/affiliation.ts';
import type { Reassigned } from '../contracts/reassignment.ts';
import type { Step } from '../contracts/step.ts';
import type { Instant } from '../contracts/time.ts';
import { withHandled } from './handled.ts';
import { withNote } from './notes.ts';
import { step } from './steps.ts';

/** The new owner agreed: the account is handed on. No hold, no milestone and no freeze stops what people decided. */
export function reassignSteps(state: AccountState): readonly Step[] {
  const { reassign } = state;
  if (!reassign) return [];
  const { requestId, newOwner, at } = reassign;
  const key = `${String(state.epoch)}/reassign/${requestId}`;
  return [step({ key, action: 'reassign', dueAt: at, why: `person ${newOwner} agreed to own it` })];
}

/** Folds that a request to re-assign the account was approved; one that was handled before changes nothing. */
export function foldReassigned(state: AccountState, fact: Reassigned, at: Instant): AccountState {
  const { requestId, newOwner } = fact;
  if (state.kind !== 'service' || state.handledCommands.includes(requestId)) return state;
  const what = `re-assignment to person ${newOwner} approved`;
  const noted = withNote(
    { ...state, reassign: { requestId, newOwner, at } },
    { at, what, commandId: requestId },
  );
  return withHandled(noted, requestId);
}

/** The account follows its new owner's facts; what an admin gave the one before counts no more. */
export function withOwner(state: AccountState, newOwner: Observation): AccountState {
  return {
    ...state,
    personId: newOwner.personId,
    observation: newOwner,
    vanishedLastDay: null,
    notBefore: null,
    adminDate: null,
    epoch: state.epoch + 1,
  };
}

/** The hand-over is done, or nothing came of it. */
export function withoutReassign({ reassign: _done, ...state }: AccountState): AccountState {
  return state;
}
