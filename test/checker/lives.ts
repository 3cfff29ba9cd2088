import { createZone, dayOf } from '../../checker/calendar.ts';
import type { Deed, Fact, Mail, ObservedLife, Tie } from '../../checker/life.ts';

const zone = createZone('Europe/Zurich');

/** `2027-03-31` or `2027-03-31 08:00` on Zurich's wall clock. */
export function at(text: string): number {
  const [date = '', time = '00:00'] = text.split(' ');
  const [hours = 0, minutes = 0] = time.split(':').map(Number);
  return zone.wallTime(dayOf(date), hours * 60 + minutes);
}

export const LAST_DAY = '2027-03-31';
export const ACCOUNT = 'a-1';
export const PERSON = 'p-1';

export function contract(start: string | null, end: string | null, excluded = false): Tie {
  return { kind: 'contract', start, end, excluded };
}

export const CONTRACT = contract('2024-01-01', LAST_DAY);

let number = 0;

/** The account is told that these are the person's ties; HR says so too, from the same moment on. */
export function says(when: string, ...ties: readonly Tie[]): readonly Fact[] {
  return [hrSays(when, ...ties), tells(when, ...ties)];
}

/** HR says so, and nobody has told the account yet. */
export function hrSays(when: string, ...ties: readonly Tie[]): Fact {
  return { type: 'hrAnswers', at: at(when), person: PERSON, answer: { outcome: 'found', ties } };
}

export function tells(when: string, ...ties: readonly Tie[]): Fact {
  number += 1;
  return { type: 'told', at: at(when), person: PERSON, number, answer: { outcome: 'found', ties } };
}

export function orders(
  when: string,
  name: Extract<Fact, { type: 'command' }>['name'],
  until?: string | null,
): Fact {
  return { type: 'command', at: at(when), name, ...(until !== undefined && { until }) };
}

/** A notice that went out at once; `more` changes it. */
export function notice(offset: number, when: string, lastDay = LAST_DAY, more: Partial<Mail> = {}): Mail {
  return mail('notice', when, { offset, lastDay, key: `${String(offset)}/${lastDay}/${when}`, ...more });
}

export function mail(type: Mail['type'], when: string, more: Partial<Mail> = {}): Mail {
  const moment = at(when);
  const times = { dueAt: moment, begunAt: moment, sentAt: moment, failedAt: null };
  const base = {
    type,
    account: ACCOUNT,
    key: `${type}/${when}`,
    offset: null,
    lastDay: null,
    extraCopies: 0,
  };
  return { ...base, ...times, ...more };
}

export const NOTICES: readonly Mail[] = [
  notice(-60, '2027-01-30 08:20'),
  notice(-27, '2027-03-04 08:20'),
  notice(-7, '2027-03-24 08:20'),
];

const off = (when: string): Deed => ({ type: 'access', at: at(when), access: 'off' });
const status = (when: string, value: string): Deed => ({ type: 'status', at: at(when), value });

export const BEGIN: readonly Deed[] = [
  { type: 'access', at: at('2027-01-01'), access: 'on' },
  status('2027-01-01', 'Active'),
];
export const LEAVING: readonly Deed[] = [
  { type: 'leaving', at: at('2027-04-01 00:20'), lastDay: LAST_DAY },
  status('2027-04-01 00:20', 'Grace Period'),
];

export function block(when: string, lastDay = LAST_DAY): readonly Deed[] {
  return [{ type: 'block', at: at(when), lastDay }, off(when)];
}

export function remove(when: string, lastDay = LAST_DAY): readonly Deed[] {
  return [{ type: 'delete', at: at(when), lastDay }, off(when)];
}

export function inactive(when = '2027-05-31 00:20'): Deed {
  return status(when, 'Inactive');
}

export const BLOCK = [inactive(), ...block('2027-05-31 00:20')];
export const DELETE = remove('2027-09-28 00:20');

/** A primary account whose person leaves on {@link LAST_DAY}, undisturbed, unless told otherwise. */
export function life(over: Partial<ObservedLife> = {}): ObservedLife {
  return {
    account: ACCOUNT,
    kind: 'primary',
    person: PERSON,
    from: at('2027-01-01'),
    until: at('2028-01-01'),
    stageAtStart: 'active',
    stageAtEnd: 'deleted',
    facts: says('2027-01-01', CONTRACT),
    troubles: [],
    deeds: [...BEGIN, ...LEAVING, ...BLOCK, ...DELETE],
    mails: NOTICES,
    slackMs: 0,
    ...over,
  };
}
