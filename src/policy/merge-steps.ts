import type { AccountState, AdminDate } from '../contracts/account.ts';
import type { AccountEvent } from '../contracts/event.ts';
import type { Followed, PersonsMerged } from '../contracts/merge.ts';
import type { Policy } from '../contracts/policy.ts';
import type { Step } from '../contracts/step.ts';
import type { Instant } from '../contracts/time.ts';
import { withHandled } from './handled.ts';
import { withNote } from './notes.ts';
import { step, withoutEpoch } from './steps.ts';

/** HR merged the person's id into another one, whom the account is to follow. No hold and no freeze stops that. */
export function mergeSteps(state: AccountState): readonly Step[] {
  const { merge } = state;
  if (!merge) return [];
  const key = `${String(state.epoch)}/merge/${merge.requestId}`;
  const why = `HR merged its person into person ${merge.toPerson}`;
  return [step({ key, action: 'merge', dueAt: merge.at, why })];
}

/** Until it follows the other id, nothing is done by the facts of the one that went, but what an admin decided. */
export function isHeldByMerge(state: AccountState, { action }: Step): boolean {
  if (!state.merge || state.deleteBegun) return false;
  return action !== 'merge' && action !== 'disable' && action !== 'record';
}

/** Folds that HR merged the account's person; what was handled before changes nothing. */
export function foldMerged(state: AccountState, fact: PersonsMerged, at: Instant): AccountState {
  const { requestId, toPerson } = fact;
  // Whose an account of an instance is, its label there says.
  if (state.kind === 'experiment' || state.handledCommands.includes(requestId)) return state;
  const what = `person merged into person ${toPerson}`;
  const noted = withNote(
    { ...state, merge: { requestId, toPerson, at } },
    { at, what, commandId: requestId },
  );
  return withHandled(noted, requestId);
}

/** The step is done, or nothing was to do; the person may have been merged once more since. */
export function withoutMerge(state: AccountState, { key }: Pick<Step, 'key'>): AccountState {
  const { merge, ...rest } = state;
  const said = withoutEpoch(key);
  return merge && said === `merge/${merge.requestId}` ? rest : state;
}

function laterDate(own: AdminDate | null, theirs: AdminDate | null): AdminDate | null {
  if (own === null || theirs === null) return own ?? theirs;
  return theirs.until > own.until ? theirs : own;
}

/** A primary account that stays one: its leavings are counted on behind those of the other id. */
function withDeparture(state: AccountState, departure: number): AccountState {
  const { guest } = state;
  if (guest?.departure !== state.departure) return { ...state, departure };
  return { ...state, departure, guest: { ...guest, departure } };
}

/** What only a primary account does: it tells the person, shows their status, and has their guest account. */
function withoutPrimarysOwn({ guest: _guest, ...state }: AccountState): AccountState {
  return { ...state, told: {}, named: null, lateNotice: null, allClear: null, activeStatus: null };
}

/**
 * The account follows the other id, under the kind that it has there. Its stage, holds and dates stay: what becomes of
 * them the plan says, from the facts that the other id's accounts were told. Who was disabled by hand under either id stays
 * disabled, and the later of two admin dates counts. Rule: "Merging two person ids".
 */
export function withFollowed(state: AccountState, followed: Followed): AccountState {
  const { personId, kind, observation, departure, adminDate, disabledManually } = followed;
  const over: AccountState = {
    ...withDeparture(state, departure),
    ...{ personId, kind, observation, withheld: null, vanishedLastDay: null, notBefore: null },
    adminDate: laterDate(state.adminDate, adminDate),
    holds: { ...state.holds, disabledManually: state.holds.disabledManually ?? disabledManually },
    epoch: state.epoch + 1,
  };
  return kind === 'primary' ? over : withoutPrimarysOwn(over);
}

/** The policy that rules an account after an event: another one, once it has another kind. */
export function policyAfter(event: AccountEvent, policy: Policy): Policy {
  if (event.type !== 'stepEnded' || event.outcome.result !== 'done') return policy;
  return event.outcome.followed?.policy ?? policy;
}
