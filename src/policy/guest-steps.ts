import type { AccountState } from '../contracts/account.ts';
import type { GuestChanged } from '../contracts/guest.ts';
import type { Policy } from '../contracts/policy.ts';
import type { Step } from '../contracts/step.ts';
import type { Instant } from '../contracts/time.ts';
import { accountDate, factsOn } from './facts.ts';
import { withHandled } from './handled.ts';
import { milestoneMoment, milestoneOf } from './moments.ts';
import { withNote } from './notes.ts';
import { isBackSoon } from './return-soon.ts';
import { step, withoutEpoch } from './steps.ts';

/** The guest account that a primary account opens for a leaving, foreseen or due. */
function opening(state: AccountState, policy: Policy, now: Instant): readonly Step[] {
  const guest = milestoneOf(policy, 'guest');
  const { lastDay } = factsOn(state, accountDate(state, policy, now));
  if (!guest || state.stage === 'pending' || lastDay.type !== 'on') return [];
  const isDone = state.guest?.state === 'open' && state.guest.departure === state.departure;
  // Whom an admin has disabled gets no other way in.
  if (isDone || state.holds.disabledManually !== null || isBackSoon(state, policy, lastDay.date, now))
    return [];
  const key = `${String(state.epoch)}/guest/${lastDay.date}`;
  const dueAt = milestoneMoment(guest, lastDay.date, state.accountId, policy);
  return [
    step({
      key,
      action: 'guest',
      dueAt,
      lastDay: lastDay.date,
      why: `the last day, ${lastDay.date}, is over`,
    }),
  ];
}

/** The person is back, or was disabled by hand. */
function shutting(state: AccountState, now: Instant): readonly Step[] {
  if (state.guest === undefined || state.guest.state === 'shut') return [];
  const isDisabled = state.holds.disabledManually !== null;
  const isBack = state.stage === 'active' || state.guest.departure !== state.departure;
  if (!isDisabled && !isBack) return [];
  const key = `${String(state.epoch)}/shutGuest/${String(state.guest.departure)}`;
  const why = isDisabled ? 'disabled manually: no guest account either' : 'the person is back';
  return [step({ key, action: 'shutGuest', dueAt: now, why })];
}

/** An admin associated an identity, or released one: the targets are told. No hold and no milestone stops what people decided. */
function telling({ epoch, guestChange }: AccountState): readonly Step[] {
  if (!guestChange) return [];
  const key = `${String(epoch)}/writeGuests/${guestChange.requestId}`;
  const why = 'an admin associated or released an external identity';
  return [step({ key, action: 'writeGuests', dueAt: guestChange.at, why })];
}

/** What a primary account does about its person's guest account. Rule: "Guests". */
export function guestSteps(state: AccountState, policy: Policy, now: Instant): readonly Step[] {
  return [...opening(state, policy, now), ...shutting(state, now), ...telling(state)];
}

/** Folds that an admin associated an identity or released one; a request that was handled before changes nothing. */
export function foldGuestChanged(
  state: AccountState,
  { requestId }: GuestChanged,
  at: Instant,
): AccountState {
  if (state.kind !== 'primary' || state.handledCommands.includes(requestId)) return state;
  const isOpen = state.guest?.state === 'open' && state.guest.departure === state.departure;
  // Something may be open that no step of this account opened: the return must shut it.
  const guest = isOpen ? {} : ({ guest: { departure: state.departure, state: 'partial' } } as const);
  const what = 'an external identity was associated or released';
  const changed = withNote(
    { ...state, ...guest, guestChange: { requestId, at } },
    { at, what, commandId: requestId },
  );
  return withHandled(changed, requestId);
}

/** The targets were told of the change that this step is about; another one may have come since. */
export function withoutGuestChange(state: AccountState, { key }: Pick<Step, 'key'>): AccountState {
  const { guestChange, ...rest } = state;
  const said = withoutEpoch(key);
  return guestChange && said === `writeGuests/${guestChange.requestId}` ? rest : state;
}
