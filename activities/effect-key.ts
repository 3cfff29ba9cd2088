import type { EffectKey } from '../src/registry/registry.ts';
import type { StepContext } from './step-context.ts';

/**
 * What tells an effect from one of the same action: the value and the reason, and for what may be done again under one
 * epoch and last day, a status that comes back or a second disabling, the step's own number.
 */
function detailOf({ step, state }: StepContext['input']): string | null {
  switch (step.action) {
    case 'status':
      return `${String(step.activeStatus)}#${state.sequence}`;
    case 'disable':
    case 'exclude':
    case 'hold':
    case 'adminDate':
    case 'guest':
    case 'shutGuest':
      return `#${state.sequence}`;
    case 'writeGuests':
      return state.guestChange?.requestId ?? null;
    case 'reassign':
      return state.reassign?.requestId ?? null;
    case 'giveAccess':
      return step.giveAccess;
    case 'merge':
      return state.merge?.requestId ?? null;
    case 'activate':
    case 'notice':
    case 'reminder':
    case 'allClear':
    case 'leaving':
    case 'transfer':
    case 'block':
    case 'delete':
    case 'record':
      return null;
  }
}

/** The effect of a step at a target. Its epoch makes the second block of a returner a new effect. */
export function effectKey(context: StepContext, target: string): EffectKey {
  const { state, step } = context.input;
  // Access is given under the epoch that begins with it.
  const epoch = step.action === 'giveAccess' ? state.epoch + 1 : state.epoch;
  const detail = detailOf(context.input);
  const action = detail === null ? step.action : `${step.action}:${detail}`;
  return { accountId: state.accountId, epoch, action, target, lastDay: step.lastDay };
}
