import type {
  ReassignmentAsk,
  ReassignmentDecision,
  ReassignmentMail,
  ReassignmentRefusal,
  ReassignmentState,
  ReassignmentVerdict,
} from '../contracts/reassignment.ts';
import { DAY_MS, type Instant } from '../contracts/time.ts';
import { assertNever } from './assert-never.ts';

/** A request lapses after so many days. Rule: "Re-assigning a service account". */
export const OPEN_DAYS = 14;

/** Days after asking on which the proposed owner is reminded. */
const REMINDERS = [
  { days: 7, mail: 'reminder-7' },
  { days: 13, mail: 'reminder-13' },
] as const;

/** Everything that can happen to a request. */
export type ReassignmentEvent =
  | { readonly type: 'opened'; readonly owner: string; readonly askedAt: Instant; readonly lapsesAt: Instant }
  | { readonly type: 'refused'; readonly refusal: ReassignmentRefusal }
  | { readonly type: 'said'; readonly decision: ReassignmentDecision }
  /** The owner left, and the next in the line has the account. */
  | { readonly type: 'ownerChanged'; readonly owner: string }
  /** HR merged a person whom it may name. */
  | { readonly type: 'merged'; readonly fromPerson: string; readonly toPerson: string }
  | { readonly type: 'settled'; readonly status: ReassignmentVerdict; readonly why: string | null }
  | { readonly type: 'told'; readonly mail: ReassignmentMail }
  | { readonly type: 'hurried' };

/** What the workflow of a request does now. */
export type ReassignmentStep =
  | { readonly type: 'open' }
  | { readonly type: 'mail'; readonly mail: ReassignmentMail }
  | { readonly type: 'settle'; readonly decision: ReassignmentDecision }
  | { readonly type: 'wait'; readonly until: Instant }
  | { readonly type: 'finished' };

export function newReassignment(ask: ReassignmentAsk, at: Instant): ReassignmentState {
  return {
    ...{ schema: 1, ask, askedAt: at, lapsesAt: at + OPEN_DAYS * DAY_MS, status: 'new' },
    ...{ owner: null, changedTo: null, said: null, why: null, code: null, told: [], isHurried: false },
  };
}

/** Whether the proposed owner can still be asked. */
export function isPending({ status }: Pick<ReassignmentState, 'status'>): boolean {
  return status === 'new' || status === 'open';
}

/** Folds an event into the state of a request. Answers the same object when nothing changed. */
export function decideReassignment(state: ReassignmentState, event: ReassignmentEvent): ReassignmentState {
  switch (event.type) {
    case 'opened': {
      const { owner, askedAt, lapsesAt } = event;
      return state.status === 'new' ? { ...state, status: 'open', owner, askedAt, lapsesAt } : state;
    }
    case 'refused':
      return state.status === 'new' ? { ...state, status: 'refused', ...event.refusal } : state;
    case 'said':
      return state.said === null && isPending(state) ? { ...state, said: event.decision } : state;
    case 'ownerChanged':
      if (state.owner === event.owner) return state;
      return { ...state, owner: event.owner, changedTo: state.owner === null ? null : event.owner };
    case 'merged':
      return withMerged(state, event);
    case 'settled':
      return isPending(state) ? { ...state, status: event.status, why: event.why } : state;
    case 'told':
      return state.told.includes(event.mail) ? state : { ...state, told: [...state.told, event.mail] };
    case 'hurried':
      return state.isHurried ? state : { ...state, isHurried: true };
    default:
      return assertNever(event);
  }
}

/** The id that HR goes on with stands for the one that it gave up. */
function withMerged(
  state: ReassignmentState,
  { fromPerson, toPerson }: { readonly fromPerson: string; readonly toPerson: string },
): ReassignmentState {
  const { ask, owner } = state;
  if (ask.newOwner !== fromPerson && owner !== fromPerson) return state;
  return {
    ...state,
    ask: ask.newOwner === fromPerson ? { ...ask, newOwner: toPerson } : ask,
    owner: owner === fromPerson ? toPerson : owner,
  };
}

function bySystem(verdict: ReassignmentVerdict, why: string): ReassignmentDecision {
  return { verdict, by: 'system', why };
}

/** What ends the request now; `null` = nothing does. */
function endOf(state: ReassignmentState, now: Instant): ReassignmentDecision | null {
  if (state.owner === state.ask.newOwner) {
    return bySystem('superseded', 'the owner left, and the account went to the proposed owner');
  }
  if (state.said !== null) return state.said;
  return now >= state.lapsesAt ? bySystem('lapsed', `no answer within ${String(OPEN_DAYS)} days`) : null;
}

/** Mails that are due or to come, with their moments; of reminders that were missed only the latest. */
function mailsOf(state: ReassignmentState, now: Instant): readonly { mail: ReassignmentMail; at: Instant }[] {
  const reminders = REMINDERS.map(({ days, mail }) => ({ mail, at: state.askedAt + days * DAY_MS }));
  const missed = reminders.filter(({ at }) => at <= now).slice(0, -1);
  const changed = state.changedTo === null ? [] : [{ mail: `owner/${state.changedTo}` as const, at: now }];
  return [{ mail: 'asked' as const, at: state.askedAt }, ...changed, ...reminders].filter(
    ({ mail }) => !state.told.includes(mail) && !missed.some((one) => one.mail === mail),
  );
}

/** What is to be done now: mail never comes before an end. Pure. */
export function nextReassignmentStep(state: ReassignmentState, now: Instant): ReassignmentStep {
  switch (state.status) {
    case 'new':
      return { type: 'open' };
    case 'open': {
      const end = endOf(state, now);
      if (end !== null) return { type: 'settle', decision: end };
      const mails = mailsOf(state, now);
      const due = mails.find(({ at }) => at <= now);
      if (due) return { type: 'mail', mail: due.mail };
      return { type: 'wait', until: Math.min(state.lapsesAt, ...mails.map(({ at }) => at)) };
    }
    case 'approved':
    case 'rejected':
    case 'withdrawn':
    case 'lapsed':
      if (state.isHurried || state.told.includes('outcome')) return { type: 'finished' };
      return { type: 'mail', mail: 'outcome' };
    // Whoever owned it before has left, and the new owner was told at the transfer.
    case 'superseded':
    case 'refused':
      return { type: 'finished' };
    default:
      return assertNever(state.status);
  }
}

/** Why somebody's word is not heard, in words for them; `null` = it is. Said twice by the same, it gets its answer again. */
export function refusalOfWord(
  state: ReassignmentState,
  verdict: ReassignmentVerdict,
  { by, requestId }: { readonly by: string; readonly requestId: string },
): string | null {
  const { ask, said, status } = state;
  if (requestId !== ask.requestId) return 'this request is over, and another one is open for the account';
  if (verdict !== 'withdrawn' && by !== ask.newOwner) {
    return 'only the proposed owner can approve or reject: the account becomes theirs';
  }
  if (said?.verdict === verdict && said.by === by) return null;
  if (status === 'open' && said === null) return null;
  return status === 'new'
    ? 'the request is not open yet'
    : `the request is ${said?.verdict ?? status} already`;
}

/** Where a request stands, in words; with a `verdict`, for whoever gave it. */
export function wordsOfReassignment(state: ReassignmentState, verdict: ReassignmentVerdict | null): string {
  const { status, why, ask } = state;
  if (isPending(state)) return `Waits for person ${ask.newOwner} to approve or reject`;
  const because = why === null || status === verdict ? '' : `: ${why}`;
  return verdict === null || status === verdict
    ? `The request is ${status}${because}`
    : `The request is ${status}, not ${verdict}${because}`;
}
