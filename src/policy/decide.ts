import type { AccountState } from '../contracts/account.ts';
import type { Observation } from '../contracts/affiliation.ts';
import type { AccountEvent } from '../contracts/event.ts';
import type { Policy } from '../contracts/policy.ts';
import type { Step } from '../contracts/step.ts';
import type { Instant } from '../contracts/time.ts';
import { assertNever } from './assert-never.ts';
import { foldCommand, isHandled, refusalOf } from './commands.ts';
import { accountDate, factsOn, isFinal } from './facts.ts';
import { foldInstance } from './fold-instance.ts';
import { isSameInstance } from './instance-facts.ts';
import { foldCalledOff, foldDone, foldFailed, foldRefused, leftHalfway, withNamed } from './fold-step.ts';
import { foldMerged, policyAfter } from './merge-steps.ts';
import { foldGuestChanged } from './guest-steps.ts';
import { withNote } from './notes.ts';
import { foldReassigned } from './reassign-steps.ts';
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

const SHOWN_BEFORE = {
  code: 'REFUSED_AGAIN',
  message: 'the instance, read afresh, shows what is known already',
};
const SEEN_BEFORE = { code: 'REFUSED_AGAIN', message: 'HR, read afresh, said what is known already' };

function fold(state: AccountState, event: AccountEvent, policy: Policy): AccountState {
  switch (event.type) {
    case 'observed':
      return withObservation(state, event.observation, policy, event.at);
    case 'instanceSeen':
      return foldInstance(state, event.facts, event.at);
    case 'reassigned':
      return foldReassigned(state, event.fact, event.at);
    case 'merged':
      return foldMerged(state, event.fact, event.at);
    case 'guestChanged':
      return foldGuestChanged(state, event.change, event.at);
    case 'commanded': {
      if (isHandled(state, event.command)) return state;
      const refusal = refusalOf(state, event.command, policy, event.at);
      if (refusal !== null) return withRefusal(state, `${event.command.name}: ${refusal}`, event.at);
      return foldCommand(state, event.command, policy, event.at);
    }
    case 'woke':
      return state;
    case 'stepBegun':
      return withNamed({ ...state, sequence: state.sequence + 1 }, event.step);
    case 'stepEnded': {
      const { outcome, step } = event;
      if (outcome.result === 'done') {
        const done = foldDone(state, step, policy, outcome);
        return outcome.facts ? foldInstance(done, outcome.facts, outcome.at) : done;
      }
      const refused = foldRefused(state, step, outcome);
      if (outcome.why.code === 'instance') {
        const { facts } = outcome.why;
        const isNews = refused.instance === undefined || !isSameInstance(refused.instance, facts);
        const shown = foldInstance(refused, facts, event.at);
        // What it saw is known already: at once it would only be refused again.
        return isNews ? shown : foldFailed(shown, step, { at: event.at, ...SHOWN_BEFORE });
      }
      if (outcome.why.code !== 'observation') return refused;
      const seen = withObservation(refused, outcome.why.observation, policy, event.at);
      // What it saw is known already and the step is still due: at once it would only refuse again.
      return seen === refused ? foldFailed(refused, step, { at: event.at, ...SEEN_BEFORE }) : seen;
    }
    case 'stepFailed':
      return foldFailed(state, event.step, event);
    case 'stepCalledOff':
      return foldCalledOff(state, event.step, event.at);
    case 'recordAsked':
      // A note is what makes the account tell the registry: newer than whatever stands there.
      return withNote(state, { at: event.at, what: 'asked to tell the registry anew' });
    case 'messageRefused':
      return withRefusal(state, event.message, event.at);
    default:
      return assertNever(event);
  }
}

/** An account that has ended has no plan; only what is left to record can still fail. */
function withoutPlan(state: AccountState): AccountState {
  const failures = state.failures.filter(({ key }) => key === 'record' && state.unrecorded.length > 0);
  return failures.length === state.failures.length ? state : { ...state, failures };
}

/** Whether an account that has ended still takes an event: what was under way may end, and be recorded. */
function isTaken(event: AccountEvent): boolean {
  if (event.type === 'stepFailed') return event.step.action === 'record';
  return event.type === 'stepEnded' || event.type === 'stepBegun';
}

/** The step that was making the account of a joiner who never came: what it made must be turned off first. */
function halfMadeBy(state: AccountState, event: AccountEvent): Step | null {
  if (state.stage !== 'neverJoined') return null;
  if (event.type === 'stepEnded') {
    const { step, outcome } = event;
    return step.action === 'activate' && outcome.result === 'refused' && outcome.begun === true ? step : null;
  }
  if (event.type !== 'stepCalledOff' && event.type !== 'stepFailed') return null;
  return event.step.action === 'activate' ? event.step : null;
}

/**
 * Folds one event into an account's state. Pure, never throws for what an event says, and answers the very same
 * object when nothing changed: that is how the workflow knows that it can go on sleeping. From an event that changes an
 * account's kind on, another policy rules it: {@link policyAfter}.
 */
export function decide(state: AccountState, event: AccountEvent, policy: Policy): AccountState {
  const making = halfMadeBy(state, event);
  if (making !== null) return leftHalfway({ ...state, stage: 'pending' }, making);
  if (isFinal(state.stage) && !isTaken(event)) return state;
  const ruling = policyAfter(event, policy);
  const folded = fold(state, event, ruling);
  if (isFinal(folded.stage)) return withoutPlan(folded);
  return replan({
    before: state,
    state: folded,
    policy: ruling,
    at: event.at,
    isLook: event.type === 'woke',
  });
}
