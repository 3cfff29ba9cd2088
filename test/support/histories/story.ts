import type { AccountState } from '../../../src/contracts/account.ts';
import type { Observation, Tie } from '../../../src/contracts/affiliation.ts';
import type { CommandName, CommandPayload } from '../../../src/contracts/command.ts';
import type { InstanceFacts } from '../../../src/contracts/instance.ts';
import type { Followed } from '../../../src/contracts/merge.ts';
import type { Policy } from '../../../src/contracts/policy.ts';
import type { Refusal, Step } from '../../../src/contracts/step.ts';
import type { CalendarDate, Instant } from '../../../src/contracts/time.ts';
import type { StepInput } from '../../../src/contracts/workflow-input.ts';
import { cern } from '../../../src/policies/cern.ts';
import { indigoIam } from '../../../src/policies/indigo-iam.ts';
import { instantOf } from '../../../src/policy/calendar.ts';
import { initialState } from '../../../src/policy/initial-state.ts';

/** What a step's activity answers in a story. */
export type Answer =
  | { readonly type: 'done'; readonly newOwner?: Observation; readonly followed?: Followed }
  | { readonly type: 'refused'; readonly why: Refusal }
  | { readonly type: 'fails'; readonly code: string; readonly retryable: boolean };

/** Something that reaches the account from outside. */
export interface StoryMessage {
  readonly at: Instant;
  readonly by: 'signal' | 'update' | 'cancel';
  readonly name: string;
  readonly payload: unknown;
}

/** One life to record: where it starts, what reaches it, what its steps meet, and what must come of it. */
export interface Story {
  readonly name: string;
  readonly startsAt: Instant;
  /** When recording stops; `null` = when the account's life is over. */
  readonly endsAt: Instant | null;
  readonly state: AccountState;
  readonly policy: Policy;
  readonly messages: readonly StoryMessage[];
  readonly answer?: (input: StepInput, attempt: number) => Answer;
  /** What is begun, in order: `action detail`, without the recording of changes; ` …` = as often as it takes. */
  readonly expected: readonly string[];
}

const LAST_DAY = '2027-03-31';
const ZONE = 'Europe/Zurich';
const PERSON = '900123';

/** `2027-03-31`, at noon unless told, on CERN's clock. */
export function on(date: CalendarDate, time = '12:00'): Instant {
  return instantOf(date, time, ZONE);
}

/** A contract; open-ended without an end. */
export function contract(end: CalendarDate | null, over: Partial<Tie> = {}): Tie {
  return { kind: 'contract', start: '2024-01-01', end, excluded: false, experiment: null, ...over };
}

/** What HR said of the person on a date. */
export function found(number: number, date: CalendarDate, ...ties: readonly Tie[]): Observation {
  return { number, personId: PERSON, outcome: 'found', ties, at: on(date) };
}

/** What the instance shows of an account whose end time is on {@link LAST_DAY}. */
export function shows(number: number, date: CalendarDate, over: Partial<InstanceFacts> = {}): InstanceFacts {
  return {
    ...{ number, at: on(date), personId: PERSON, presence: 'there', active: true, suspendedBy: null },
    ...{ endTime: instantOf(LAST_DAY, '09:00', 'UTC'), lifecycleStatus: null, ignored: false },
    ...over,
  };
}

export function seen(date: CalendarDate, facts: InstanceFacts): StoryMessage {
  return { at: on(date), by: 'signal', name: 'instanceChanged', payload: facts };
}

export function signalled(date: CalendarDate, observation: Observation): StoryMessage {
  return { at: on(date), by: 'signal', name: 'participationChanged', payload: observation };
}

export function commanded(
  date: CalendarDate,
  by: 'signal' | 'update',
  name: CommandName,
  payload: Partial<CommandPayload> = {},
): StoryMessage {
  return { at: on(date), by, name, payload: { actor: 'admin-7', reason: 'ticket 12', ...payload } };
}

/** An account whose person has a contract to 2027-03-31, taken over on the day its story starts. */
export function account(
  accountId: string,
  startsAt: Instant,
  over: Partial<AccountState> & {
    readonly kind?: Extract<AccountState['kind'], keyof typeof cern.policies>;
  } = {},
): AccountState {
  const { kind = 'primary', stage = 'active' } = over;
  const begun = stage === 'pending' || stage === 'grace' || stage === 'blocked' ? stage : 'active';
  const observation = { ...found(1, '2027-01-01', contract(LAST_DAY)) };
  const state = initialState({
    ...{ accountId, kind, personId: PERSON, experiment: null, stage: begun, observation },
    at: startsAt,
  });
  const activeStatus = {
    active: 'Active',
    grace: 'Grace Period',
    blocked: 'Inactive',
    pending: null,
  } as const;
  return { ...state, ...(kind === 'primary' && { activeStatus: activeStatus[begun] }), ...over };
}

/** The shipped policy of a kind, spread and all. */
export function shipped(kind: AccountState['kind']): Policy {
  const policy = kind === 'experiment' ? indigoIam.policies.experiment : cern.policies[kind];
  if (!policy) throw new RangeError(`no policy ships for ${kind} accounts`);
  return policy;
}

/** A step in a few words. */
export function wordsOf(step: Step): string {
  const detail = step.notice?.offset ?? step.giveAccess ?? step.activeStatus;
  return detail === null ? step.action : `${step.action} ${String(detail)}`;
}

/** Whether what happened is what a story expects. */
export function isAsExpected(happened: readonly string[], expected: readonly string[]): boolean {
  const [first, ...rest] = expected;
  if (first === undefined) return happened.length === 0;
  if (!first.endsWith(' …')) return happened[0] === first && isAsExpected(happened.slice(1), rest);
  const words = first.slice(0, -2);
  const others = happened.findIndex((one) => one !== words);
  return others !== 0 && isAsExpected(happened.slice(others === -1 ? happened.length : others), rest);
}
