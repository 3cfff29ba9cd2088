import type { AccountState } from '../contracts/account.ts';
import type { Observation } from '../contracts/affiliation.ts';
import type { AccountEvent } from '../contracts/event.ts';
import type { Policy } from '../contracts/policy.ts';
import type { Instant } from '../contracts/time.ts';
import { assertNever } from './assert-never.ts';
import { foldCommand, isHandled, refusalOf } from './commands.ts';
import { accountDate, factsOn, isFinal } from './facts.ts';
import { foldCalledOff, foldDone, foldFailed, foldRefused } from './fold-step.ts';
import { withNote } from './notes.ts';
import { replan } from './replan.ts';

function lastDayWords(state: AccountState, policy: Policy, at: Instant): string {
  const { lastDay } = factsOn(state, accountDate(state, policy, at));
  return lastDay.type === 'on' ? lastDay.date : lastDay.type === 'open' ? 'open-ended' : 'unknown';
}

/** Folds a fact of HR's; one about somebody else, known already, or older than what is known changes nothing. */
function foldObservation(state: AccountState, observation: Observation): AccountState {
  const known = Math.max(state.observation?.number ?? -1, state.withheld?.number ?? -1);
  if (observation.personId !== state.personId || observation.number <= known) return state;
  if (state.kind === 'experiment' && state.holds.ignored) return { ...state, withheld: observation };
  return { ...state, observation, withheld: null };
}

function withObservation(
  state: AccountState,
  observation: Observation,
  policy: Policy,
  at: Instant,
): AccountState {
  const folded = foldObservation(state, observation);
  if (folded === state) return state;
  const planned = replan({ before: state, state: folded, policy, at });
  const [was, is] = [lastDayWords(state, policy, at), lastDayWords(planned, policy, at)];
  const words = was === is ? `last day ${is} as before` : `last day ${was} → ${is}`;
  return withNote(planned, { at, what: `HR: ${observation.outcome}, ${words}` });
}

function withRefusal(state: AccountState, message: string, at: Instant): AccountState {
  if (state.lastRefusal?.message === message) return state;
  return withNote({ ...state, lastRefusal: { at, message } }, { at, what: `message refused: ${message}` });
}

function fold(state: AccountState, event: AccountEvent, policy: Policy): AccountState {
  switch (event.type) {
    case 'observed':
      return withObservation(state, event.observation, policy, event.at);
    case 'commanded': {
      if (isHandled(state, event.command)) return state;
      const refusal = refusalOf(state, event.command, policy, event.at);
      if (refusal !== null) return withRefusal(state, `${event.command.name}: ${refusal}`, event.at);
      return foldCommand(state, event.command, policy, event.at);
    }
    case 'woke':
      return state;
    case 'stepBegun':
      return { ...state, sequence: state.sequence + 1 };
    case 'stepEnded': {
      const { outcome, step } = event;
      if (outcome.result === 'done') return foldDone(state, step, policy, outcome);
      const refused = foldRefused(state, step, outcome);
      if (outcome.why.code !== 'observation') return refused;
      return withObservation(refused, outcome.why.observation, policy, event.at);
    }
    case 'stepFailed':
      return foldFailed(state, event.step, event);
    case 'stepCalledOff':
      return foldCalledOff(state, event.step, event.at);
    case 'messageRefused':
      return withRefusal(state, event.message, event.at);
    default:
      return assertNever(event);
  }
}

/**
 * Folds one event into an account's state. Pure, never throws for what an event says, and answers the very same
 * object when nothing changed: that is how the workflow knows that it can go on sleeping.
 */
export function decide(state: AccountState, event: AccountEvent, policy: Policy): AccountState {
  if (isFinal(state.stage) && event.type !== 'stepEnded' && event.type !== 'stepBegun') {
    return state;
  }
  const folded = fold(state, event, policy);
  // An account that has ended has no plan; only what is left to record.
  if (isFinal(folded.stage)) return folded;
  const planned = replan({ before: state, state: folded, policy, at: event.at });
  if (planned.stage === folded.stage || planned.stage !== 'neverJoined') return planned;
  return withNote(planned, {
    at: event.at,
    what: 'the person never came: the account ends, its login stays reserved',
  });
}
