import type { Observation, Tie } from '../contracts/affiliation.ts';
import type { Command, CommandName } from '../contracts/command.ts';
import type { PersonsMerged } from '../contracts/merge.ts';
import type { GuestChanged } from '../contracts/guest.ts';
import type { Reassigned } from '../contracts/reassignment.ts';
import { isCalendarDate } from './calendar.ts';

/** A message that could be read, or why not, in words for whoever sent it. */
export type Parsed<T> =
  { readonly ok: true; readonly value: T } | { readonly ok: false; readonly problem: string };

/** Longest actor, reason and command id: they stand in histories, which are no place for prose. */
const LONGEST_TEXT = 200;

/** The end of the year 9999, in ms since the epoch. */
const LAST_INSTANT = 253_402_300_799_999;

/** What is wrong with a message, as the answer of its reader. */
export function problem(text: string): { readonly ok: false; readonly problem: string } {
  return { ok: false, problem: text };
}

export function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

export function isText(value: unknown): value is string {
  return typeof value === 'string' && value.trim() !== '' && value.length <= LONGEST_TEXT;
}

/** Milliseconds since the epoch, within what a date can be. */
export function isInstant(value: unknown): value is number {
  return typeof value === 'number' && value >= 0 && value <= LAST_INSTANT;
}

/** Who says something, and why. */
export interface Said {
  readonly actor: string;
  readonly reason: string;
}

/** Reads who sends something and why, as an operator may have typed it. Never throws. */
export function parseActor(payload: unknown): Parsed<Said> {
  if (!isRecord(payload)) return problem('send an object: {"actor":"…","reason":"…"}');
  const { actor, reason } = payload;
  if (!isText(actor)) return problem('actor is missing: who sends this, as an opaque id');
  if (actor.includes('@')) return problem('actor must be an opaque id, not an address');
  if (!isText(reason)) return problem(`reason is missing, or longer than ${String(LONGEST_TEXT)} characters`);
  return { ok: true, value: { actor, reason } };
}

/** Reads a command's payload, as an operator may have typed it. Never throws. */
export function parseCommand(name: CommandName, payload: unknown): Parsed<Command> {
  const said = parseActor(payload);
  if (!said.ok) return said;
  if (!isRecord(payload)) return problem('send an object');
  const { until, commandId } = payload;
  const { actor, reason } = said.value;
  if (commandId !== undefined && !isText(commandId)) return problem('commandId must be a short text');
  const named = { name, actor, reason, ...(commandId === undefined ? {} : { commandId }) };
  if (until === undefined) return { ok: true, value: named };
  if (until === null || until === 'never' || isCalendarDate(until))
    return { ok: true, value: { ...named, until } };
  return problem('until must be a date that exists, YYYY-MM-DD');
}

/** Reads that a request to re-assign an account was approved. Never throws. */
export function parseReassigned(value: unknown): Parsed<Reassigned> {
  if (!isRecord(value)) return problem('send an object: {"requestId":"…","newOwner":"…"}');
  const { requestId, newOwner } = value;
  if (!isText(requestId)) return problem('requestId is missing');
  if (!isText(newOwner)) return problem('newOwner is missing: a person id');
  return { ok: true, value: { requestId, newOwner } };
}

/** Reads that HR merged the account's person into another one. Never throws. */
export function parsePersonsMerged(value: unknown): Parsed<PersonsMerged> {
  if (!isRecord(value)) return problem('send an object: {"requestId":"…","toPerson":"…"}');
  const { requestId, toPerson } = value;
  if (!isText(requestId)) return problem('requestId is missing');
  if (!isText(toPerson)) return problem('toPerson is missing: a person id');
  return { ok: true, value: { requestId, toPerson } };
}

/** Reads that an admin associated an external identity, or released one. Never throws. */
export function parseGuestChanged(value: unknown): Parsed<GuestChanged> {
  if (!isRecord(value)) return problem('send an object: {"requestId":"…"}');
  const { requestId } = value;
  return isText(requestId) ? { ok: true, value: { requestId } } : problem('requestId is missing');
}

function parseTie(value: unknown): Tie | null {
  if (!isRecord(value)) return null;
  const { kind, start, end, excluded, experiment } = value;
  if (kind !== 'contract' && kind !== 'participation') return null;
  if (start !== null && !isCalendarDate(start)) return null;
  if (end !== null && !isCalendarDate(end)) return null;
  if (typeof excluded !== 'boolean' || (experiment !== null && typeof experiment !== 'string')) return null;
  return { kind, start, end, excluded, experiment };
}

/** Reads an observation. Never throws. */
export function parseObservation(value: unknown): Parsed<Observation> {
  if (!isRecord(value)) return problem('an observation must be an object');
  const { number, personId, outcome, ties, at } = value;
  if (typeof number !== 'number' || !Number.isSafeInteger(number))
    return problem('number must be a whole number');
  if (!isText(personId)) return problem('personId is missing');
  if (outcome !== 'found' && outcome !== 'no-person')
    return problem('outcome must be "found" or "no-person"');
  if (!isInstant(at)) return problem('at must be an instant in milliseconds');
  if (!Array.isArray(ties)) return problem('ties must be a list');
  const parsed = ties.map(parseTie);
  const good = parsed.filter((tie) => tie !== null);
  if (good.length !== parsed.length) return problem('a tie is not {kind, start, end, excluded, experiment}');
  if (outcome === 'no-person' && good.length > 0) return problem('a person HR does not know has no ties');
  return { ok: true, value: { number, personId, outcome, ties: good, at } };
}
