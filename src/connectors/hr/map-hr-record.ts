import type { Tie } from '../../contracts/affiliation.ts';
import type { CalendarDate } from '../../contracts/time.ts';
import type { HrRecord } from '../hr-source.ts';
import { hrPerson } from './hr-schema.ts';
import type { HrContract, HrParticipation } from './hr-schema.ts';
import { readHrDate } from './read-hr-date.ts';

/** A record, or the path of the first field that cannot be read. A path names fields of ours, never a value. */
export type MappedRecord =
  { readonly ok: true; readonly record: HrRecord } | { readonly ok: false; readonly where: string };

interface Period {
  readonly start: CalendarDate | null;
  readonly end: CalendarDate | null;
}

class UnreadableDate extends Error {
  readonly where: string;

  constructor(where: string) {
    super(where);
    this.where = where;
  }
}

function readPeriod(entry: HrContract | HrParticipation, where: string, timeZone: string): Period {
  const read = (field: 'startDate' | 'endDate'): CalendarDate | null => {
    const value = entry[field];
    if (value === null) return null;
    const date = readHrDate(value, timeZone);
    if (date === null) throw new UnreadableDate(`${where}.${field}`);
    return date;
  };
  return { start: read('startDate'), end: read('endDate') };
}

/** The institute of the participation that lasts longest: HR names one for each, a directory entry has one. */
function instituteOf(participations: readonly { institute: string | null; period: Period }[]): string | null {
  const rank = ({ start, end }: Period) => `${end ?? '9999-12-31'} ${start ?? ''}`;
  const named = participations.filter((entry) => entry.institute !== null);
  named.sort((a, b) => {
    const [left, right] = [
      `${rank(a.period)} ${a.institute ?? ''}`,
      `${rank(b.period)} ${b.institute ?? ''}`,
    ];
    return left < right ? 1 : left > right ? -1 : 0;
  });
  return named[0]?.institute ?? null;
}

/** `fr-CH` and `FR` are `fr`. */
function languageOf(preferred: string | null): string | null {
  return preferred?.toLowerCase().split(/[-_]/, 1)[0] ?? null;
}

const tieOrder = (tie: Tie): string =>
  [tie.kind, tie.experiment ?? '', tie.start ?? '', tie.end ?? '9999-99-99', String(tie.excluded)].join(' ');

/**
 * Makes a record of one JSON object of HR's. Entries whose start lies after their end are left out, with a remark.
 * Ties are in a fixed order, so that HR answering in another one is no change. `timeZone` = HR's own.
 */
export function mapHrRecord(json: unknown, timeZone: string): MappedRecord {
  const parsed = hrPerson.safeParse(json);
  if (!parsed.success) {
    const path = parsed.error.issues[0]?.path ?? [];
    return { ok: false, where: path.length === 0 ? 'the record' : path.map(String).join('.') };
  }
  const person = parsed.data;
  if (person.name === null && person.firstName === null) return { ok: false, where: 'name' };

  const remarks: string[] = [];
  const ties: Tie[] = [];
  const institutes: { institute: string | null; period: Period }[] = [];
  const add = (tie: Tie, where: string): boolean => {
    const { start, end } = tie;
    if (start !== null && end !== null && start > end) {
      remarks.push(`${where} starts after its end and is ignored`);
      return false;
    }
    ties.push(tie);
    return true;
  };
  try {
    for (const [index, entry] of (person.contracts ?? []).entries()) {
      const where = `contracts.${index}`;
      const period = readPeriod(entry, where, timeZone);
      add({ kind: 'contract', ...period, excluded: entry.excluded, experiment: null }, where);
    }
    for (const [index, entry] of (person.participations ?? []).entries()) {
      const where = `participations.${index}`;
      const period = readPeriod(entry, where, timeZone);
      const { experiment } = entry;
      if (!add({ kind: 'participation', ...period, excluded: false, experiment }, where)) continue;
      institutes.push({ institute: entry.institute?.name ?? null, period });
    }
  } catch (error) {
    if (error instanceof UnreadableDate) return { ok: false, where: error.where };
    throw error;
  }
  ties.sort((a, b) => (tieOrder(a) < tieOrder(b) ? -1 : 1));

  return {
    ok: true,
    record: {
      personId: person.id,
      givenName: person.firstName ?? '',
      familyName: person.name ?? '',
      email: person.email,
      externalEmail: person.externalEmail,
      language: languageOf(person.preferredLanguage),
      supervisorId: person.supervisorId,
      department: person.department,
      group: person.group,
      section: person.sector,
      institute: instituteOf(institutes),
      ties,
      hasContractsField: person.contracts !== undefined && person.contracts !== null,
      remarks,
    },
  };
}
