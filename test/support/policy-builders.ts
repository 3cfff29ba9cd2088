import { Temporal } from 'temporal-polyfill';
import type { AccountKind, AccountState } from '../../src/contracts/account.ts';
import type { Observation, Tie } from '../../src/contracts/affiliation.ts';
import type { Command, CommandName } from '../../src/contracts/command.ts';
import type { AccountEvent } from '../../src/contracts/event.ts';
import type { Policy } from '../../src/contracts/policy.ts';
import type { NextStep, Step, StepAction, StepOutcome } from '../../src/contracts/step.ts';
import type { CalendarDate, Instant } from '../../src/contracts/time.ts';
import { cern } from '../../src/policies/cern.ts';
import { indigoIam } from '../../src/policies/indigo-iam.ts';
import { decide } from '../../src/policy/decide.ts';
import { initialState } from '../../src/policy/initial-state.ts';
import { nextStep } from '../../src/policy/next-step.ts';

/** The last day of the table in the rules, "The calendar". */
export const LAST_DAY = '2027-03-31';
export const ZURICH = 'Europe/Zurich';
export const PERSON = '900123';
export const ACCOUNT = 'acc-1';
export const EXPERIMENT = 'CMS';

/**
 * The shipped policy for a kind, without its spread unless asked for, so that moments are round, and without guest accounts,
 * whose rule stands apart from all others: see {@link policyWithGuest}.
 */
export function policyFor(kind: AccountKind, over: Partial<Policy> = {}): Policy {
  const shipped = kind === 'experiment' ? indigoIam.policies.experiment : cern.policies[kind];
  if (!shipped) throw new Error(`no policy ships for ${kind} accounts`);
  const milestones = shipped.milestones.filter(({ action }) => action !== 'guest');
  return { ...shipped, milestones, spreadMinutes: 0, ...over };
}

/** The shipped policy for primary accounts as it is, but for its spread. */
export function policyWithGuest(over: Partial<Policy> = {}): Policy {
  return policyFor('primary', { milestones: cern.policies.primary?.milestones ?? [], ...over });
}

/** `2027-03-31` or `2027-03-31 08:00` on the wall clock of a zone. The oracle is not the code under test. */
export function at(text: string, timeZone = ZURICH): Instant {
  const [date = '', time] = text.split(' ');
  const day = Temporal.PlainDate.from(date);
  return time === undefined
    ? day.toZonedDateTime(timeZone).epochMilliseconds
    : day.toZonedDateTime({ timeZone, plainTime: Temporal.PlainTime.from(time) }).epochMilliseconds;
}

/** Calendar arithmetic that is not the code under test. */
export function plusDays(date: CalendarDate, days: number): CalendarDate {
  return Temporal.PlainDate.from(date).add({ days }).toString();
}

/** The moment on the wall clock of a zone, `2027-03-31 08:00`. */
export function wall(instant: Instant, timeZone = ZURICH): string {
  const zoned = Temporal.Instant.fromEpochMilliseconds(instant).toZonedDateTimeISO(timeZone);
  return `${zoned.toPlainDate().toString()} ${zoned.toPlainTime().toString({ smallestUnit: 'minute' })}`;
}

/** A contract; open at both ends unless dates are given. */
export function contract(
  start: CalendarDate | null = null,
  end: CalendarDate | null = null,
  over: Partial<Tie> = {},
): Tie {
  return { kind: 'contract', start, end, excluded: false, experiment: null, ...over };
}

export function participation(
  experiment: string,
  start: CalendarDate | null = null,
  end: CalendarDate | null = null,
): Tie {
  return { kind: 'participation', start, end, excluded: false, experiment };
}

/** What HR said of the person: these ties. */
export function found(number: number, ties: readonly Tie[], over: Partial<Observation> = {}): Observation {
  return { number, personId: PERSON, outcome: 'found', ties, at: at('2026-01-01'), ...over };
}

/** HR's confirmed word that it knows no such person. */
export function noPerson(number: number, over: Partial<Observation> = {}): Observation {
  return { ...found(number, []), outcome: 'no-person', ...over };
}

/** An account that has been managed since 2026-01-01 and has a contract to {@link LAST_DAY}. */
export function account(over: Partial<AccountState> = {}): AccountState {
  const kind = over.kind ?? 'primary';
  const experiment = kind === 'experiment' ? EXPERIMENT : null;
  const tie =
    kind === 'experiment' ? participation(EXPERIMENT, null, LAST_DAY) : contract('2024-01-01', LAST_DAY);
  const state = initialState({
    accountId: ACCOUNT,
    kind,
    personId: PERSON,
    experiment,
    stage: 'active',
    observation: found(1, [tie]),
    at: at('2026-01-01'),
  });
  return { ...state, ...(kind === 'primary' && { activeStatus: 'Active' }), ...over };
}

/** The command with its actor and reason. */
export function command(name: CommandName, over: Partial<Command> = {}): Command {
  return { name, actor: 'admin-7', reason: 'ticket 12', ...over };
}

/** A step with nothing in it but its action; what a fold needs is given. */
export function bareStep(action: StepAction, over: Partial<Step> = {}): Step {
  return {
    key: `0/${action}`,
    action,
    dueAt: 0,
    deadline: null,
    lastDay: null,
    why: 'test',
    notice: null,
    giveAccess: null,
    activeStatus: null,
    ...over,
  };
}

export function done(instant: Instant, over: Partial<Extract<StepOutcome, { result: 'done' }>> = {}) {
  return { result: 'done', at: instant, note: '', recorded: Number.MAX_SAFE_INTEGER, ...over } as const;
}

/** Folds events one after the other. */
export function fold(state: AccountState, policy: Policy, ...events: readonly AccountEvent[]): AccountState {
  return events.reduce((before, event) => decide(before, event, policy), state);
}

export function observed(instant: Instant, observation: Observation): AccountEvent {
  return { type: 'observed', at: instant, observation };
}

export function commanded(instant: Instant, one: Command): AccountEvent {
  return { type: 'commanded', at: instant, command: one };
}

/** What the account does at a moment, after it has woken. */
export function look(state: AccountState, policy: Policy, now: Instant): NextStep {
  return nextStep(decide(state, { type: 'woke', at: now }, policy), policy, now);
}
