import type { CalendarDate } from '../../contracts/time.ts';
import { dateOf } from '../calendar.ts';
import { governing, type Governing } from '../governing.ts';
import type { AccountInput, ParticipationSightings } from './wanted.ts';

/** What HR's word comes to for one account. Reasons are in words. */
export type Membership =
  /** HR says nothing that one may go by. */
  | { readonly type: 'unknown'; readonly reason: string }
  /** `until` `null` = open-ended. */
  | { readonly type: 'member'; readonly until: CalendarDate | null }
  /** Not a member; `takes` = the account's end follows from it. */
  | { readonly type: 'over'; readonly reason: string; readonly takes: boolean }
  /** Not a member as it seems, and it does not count yet. */
  | { readonly type: 'waiting'; readonly reason: string };

export interface Assessed {
  readonly membership: Membership;
  readonly sightings: ParticipationSightings;
}

type Found = Extract<AccountInput['hr'], { outcome: 'found' }>;

function governs(input: AccountInput, observation: Found['applied']): Governing {
  const { experiment } = input.settings;
  return governing({ kind: 'experiment', experiment, observation, today: dateOf(input.now, 'UTC') });
}

/** One more run that found no participation; a run that asks again counts once, and enough of them are not counted on. */
function countRun({ account, run }: AccountInput, needed: number): NonNullable<ParticipationSightings> {
  const before = account.sightings;
  if (before !== null && (before.lastRun === run || before.count >= needed)) return before;
  return { count: (before?.count ?? 0) + 1, lastRun: run };
}

/** None that is valid: one that only begins later does not count until it does. */
function withoutParticipation(input: AccountInput, future: CalendarDate | null): Assessed {
  const { experiment, onParticipationNotFound, participationSightings: needed } = input.settings;
  const sightings = countRun(input, needed);
  const reason = future === null ? `no participation in ${experiment}` : `participation begins ${future}`;
  if (sightings.count < needed) {
    const { count } = sightings;
    return { sightings, membership: { type: 'waiting', reason: `${reason} ${count} of ${needed} times` } };
  }
  const takes = onParticipationNotFound === 'disable_user';
  return { sightings, membership: { type: 'over', reason, takes } };
}

function assessFound(input: AccountInput, { applied, newest }: Found): Assessed {
  const told = governs(input, applied);
  const { lastDay } = told;
  const none = { sightings: null };
  if (told.standing === 'member') {
    return { ...none, membership: { type: 'member', until: lastDay.type === 'on' ? lastDay.date : null } };
  }
  // What HR gives counts as soon as the accounts are told: until then nothing is taken that it still grants.
  if (newest.number !== applied.number && governs(input, newest).standing === 'member') {
    return { ...none, membership: { type: 'waiting', reason: 'change in HR not applied yet' } };
  }
  if (told.standing === 'expired' && lastDay.type === 'on') {
    return {
      ...none,
      membership: { type: 'over', reason: `participation ended ${lastDay.date}`, takes: true },
    };
  }
  return withoutParticipation(input, told.future);
}

/** What HR's word comes to today, UTC, and how often in a row it showed no participation. */
export function membershipOf(input: AccountInput): Assessed {
  const { hr, settings, account } = input;
  const { sightings } = account;
  const unknown = (reason: string): Assessed => ({ membership: { type: 'unknown', reason }, sightings });
  switch (hr.outcome) {
    case 'unavailable':
      return unknown('HR unavailable');
    case 'not-applied':
      return unknown('nothing known from HR yet');
    case 'no-person': {
      const reason = 'no such person in HR';
      if (!hr.isApplied || settings.onPersonIdNotFound === 'no_action') return unknown(reason);
      return { membership: { type: 'over', reason, takes: true }, sightings: null };
    }
    case 'found':
      return assessFound(input, hr);
  }
}
