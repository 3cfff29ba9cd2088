import type { AccountState, AdminDate } from '../contracts/account.ts';
import type { Command } from '../contracts/command.ts';
import type { Policy } from '../contracts/policy.ts';
import type { CalendarDate, Instant } from '../contracts/time.ts';
import { assertNever } from './assert-never.ts';
import { addDays, dateOf, isCalendarDate } from './calendar.ts';
import { accountDate, factsOn, isFinal } from './facts.ts';
import { withHandled } from './handled.ts';
import { lastDayOfEndTime } from './instance-facts.ts';
import { withNote } from './notes.ts';

/** Whether the account has carried out this command before. */
export function isHandled(state: AccountState, command: Command): boolean {
  return command.commandId !== undefined && state.handledCommands.includes(command.commandId);
}

function checkUntil(command: Command, today: CalendarDate): string | null {
  const { until } = command;
  if (until === undefined || until === null || until === 'never') return null;
  if (!isCalendarDate(until))
    return `until must be a date that exists, YYYY-MM-DD, not ${JSON.stringify(until)}`;
  return until < today ? `until, ${until}, is over; give today or a later date` : null;
}

function checkAdminDate(state: AccountState, command: Command, today: CalendarDate): string | null {
  if (state.stage === 'pending') return 'the account has not begun; it has no last day to move';
  if (state.deleteBegun) return 'its deletion has begun and cannot be called off';
  if (command.until === 'never') return 'until must be a date; an open end can only come from HR';
  if (command.name === 'restore' && command.until === null) return 'until must be a date, or left out';
  if (command.name === 'extend' && command.until === undefined) {
    return 'extend needs until: the new last day, or null to withdraw the one that an admin gave';
  }
  if (command.until === null) return state.adminDate ? null : 'no admin gave a date that could be withdrawn';
  const isSuspended = state.instance?.active === false;
  if (factsOn(state, today).lastDay.type === 'open' && !isSuspended)
    return 'the affiliation is open-ended; there is nothing to extend';
  if (command.name === 'restore' && state.kind === 'service') {
    return 'a service account is never blocked because of its owner; there is nothing to restore';
  }
  return null;
}

/** Why the command makes no sense for this account now, in words for the admin; `null` = it does. */
export function refusalOf(
  state: AccountState,
  command: Command,
  policy: Policy,
  now: Instant,
): string | null {
  if (isFinal(state.stage)) return `the account is ${state.stage}; nothing can be done to it any more`;
  const today = dateOf(now, policy.timeZone);
  const badUntil = checkUntil(command, today);
  if (badUntil) return badUntil;
  switch (command.name) {
    case 'restore':
    case 'extend':
      return checkAdminDate(state, command, accountDate(state, policy, now));
    case 'ignore':
      if (command.until === null) return 'until must be a date, "never", or left out';
      return null;
    case 'resume':
      return state.holds.ignored ? null : 'the account is not ignored';
    case 'disable':
      if (state.kind === 'service') return 'a service account is not disabled with a person';
      return state.holds.disabledManually ? 'the account is disabled already' : null;
    case 'enable':
      return state.holds.disabledManually ? null : 'the account is not disabled';
    default:
      return assertNever(command.name);
  }
}

/** Whether the instance does not show any more what an admin's date gave there. */
function isUndone({ instance, adminDate, holds }: AccountState): boolean {
  if (instance === undefined || adminDate?.written !== true) return false;
  const { active, endTime } = instance;
  const isOff = !active && holds.disabledManually === null;
  return isOff || (endTime !== null && lastDayOfEndTime(endTime) < adminDate.until);
}

/** The date that stands is kept; what was undone of it in the instance since is done again. */
function withSameDate(state: AccountState, before: AdminDate): AccountState {
  if (!isUndone(state)) return state;
  const { written: _, ...unwritten } = before;
  return { ...state, adminDate: unwritten };
}

function withAdminDate(
  state: AccountState,
  command: Command,
  until: CalendarDate,
  at: Instant,
): AccountState {
  const before = state.adminDate;
  if (before?.until === until) return withSameDate(state, before);
  // Restoring never shortens what another admin gave.
  if (command.name === 'restore' && before && before.until > until) return withSameDate(state, before);
  return { ...state, adminDate: { until, actor: command.actor, at, reminded: false } };
}

function effectOf(state: AccountState, command: Command, policy: Policy, at: Instant): AccountState {
  const today = dateOf(at, policy.timeZone);
  const { actor } = command;
  switch (command.name) {
    case 'restore':
    case 'extend': {
      if (command.until === null) return { ...state, adminDate: null };
      const until = command.until ?? addDays(today, policy.restoreDays);
      return withAdminDate(state, command, until, at);
    }
    case 'ignore': {
      const until = command.until === 'never' ? null : (command.until ?? addDays(today, policy.ignoreDays));
      if (state.holds.ignored?.until === until) return state;
      return { ...state, holds: { ...state.holds, ignored: { until, actor, at, reminded: false } } };
    }
    case 'resume':
      return { ...state, holds: { ...state.holds, ignored: null } };
    case 'disable':
      return { ...state, holds: { ...state.holds, disabledManually: { actor, at } } };
    case 'enable':
      return { ...state, holds: { ...state.holds, disabledManually: null } };
    default:
      return assertNever(command.name);
  }
}

/**
 * Folds a command that {@link refusalOf} lets pass: its effect on dates and holds, a note for the audit log, and
 * its id. A command that changes nothing leaves the state as it was, but its id is remembered.
 */
export function foldCommand(
  state: AccountState,
  command: Command,
  policy: Policy,
  at: Instant,
): AccountState {
  if (isHandled(state, command)) return state;
  const changed = effectOf(state, command, policy, at);
  if (command.commandId === undefined && changed === state) return state;
  const { commandId, actor, reason, name } = command;
  const until = command.until === undefined ? '' : ` until ${String(command.until)}`;
  const noted = withNote(changed, {
    at,
    what: changed === state ? `${name}${until}: nothing to change` : `${name}${until}`,
    actor,
    reason,
    commandId: commandId ?? null,
  });
  return commandId === undefined ? noted : withHandled(noted, commandId);
}
