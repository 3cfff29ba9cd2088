/**
 * How the HR double writes dates. `local…` = midnight of the date in HR's own zone, as a moment of the evening
 * before in UTC.
 */
export const HR_DATE_FORMS = [
  'date',
  'midnight+0000',
  'midnight+00:00',
  'midnightZ',
  'lastSecondZ',
  'localMidnightZ',
  'epochMs',
  'localMidnightEpochMs',
] as const;
export type HrDateForm = (typeof HR_DATE_FORMS)[number];

export interface HrDoubleParticipation {
  readonly experiment: string;
  /** `YYYY-MM-DD`; absent or null = has begun, or is open-ended. */
  readonly startDate?: string | null;
  readonly endDate?: string | null;
  readonly institute?: {
    readonly id: string;
    readonly name: string;
    readonly town: string;
    readonly country: string;
  };
}

export interface HrDoubleContract {
  readonly id: string;
  readonly startDate?: string | null;
  readonly endDate?: string | null;
  readonly excluded?: boolean;
}

/** A person as the HR double knows them: the fields of the wire, dates as `YYYY-MM-DD`, and how to write them. */
export interface HrDoublePerson {
  readonly id: number;
  readonly name: string;
  readonly firstName: string;
  readonly email?: string | null;
  readonly department?: string | null;
  readonly group?: string | null;
  readonly sector?: string | null;
  readonly participations?: readonly HrDoubleParticipation[] | null;
  readonly contracts?: readonly HrDoubleContract[] | null;
  readonly supervisorId?: number | null;
  readonly externalEmail?: string | null;
  readonly preferredLanguage?: string | null;
  /** Default `date`. */
  readonly dateForm?: HrDateForm;
  /** How fields with nothing in them are written; default `absent`. */
  readonly emptyAs?: 'absent' | 'null';
}

const FIELDS = [
  'email',
  'department',
  'group',
  'sector',
  'participations',
  'contracts',
  'supervisorId',
  'externalEmail',
  'preferredLanguage',
] as const;

/** Milliseconds by which the zone is ahead of UTC at the moment. */
function offsetAt(ms: number, timeZone: string): number {
  const parts = new Intl.DateTimeFormat('en', { timeZone, timeZoneName: 'longOffset' }).formatToParts(ms);
  const name = parts.find((part) => part.type === 'timeZoneName')?.value ?? 'GMT';
  const [hours = '0', minutes = '0'] = name.replace('GMT', '').split(':');
  const sign = hours.startsWith('-') ? -1 : 1;
  return sign * (Math.abs(Number(hours)) * 60 + Number(minutes)) * 60_000;
}

function localMidnight(date: string, timeZone: string): number {
  const utc = Date.parse(`${date}T00:00:00Z`);
  return utc - offsetAt(utc - offsetAt(utc, timeZone), timeZone);
}

function writeDate(date: string, form: HrDateForm, timeZone: string): string | number {
  switch (form) {
    case 'date':
      return date;
    case 'midnight+0000':
      return `${date}T00:00:00.000+0000`;
    case 'midnight+00:00':
      return `${date}T00:00:00+00:00`;
    case 'midnightZ':
      return `${date}T00:00:00Z`;
    case 'lastSecondZ':
      return `${date}T23:59:59.999Z`;
    case 'localMidnightZ':
      return new Date(localMidnight(date, timeZone)).toISOString();
    case 'epochMs':
      return Date.parse(`${date}T00:00:00Z`);
    case 'localMidnightEpochMs':
      return localMidnight(date, timeZone);
  }
}

/** The person's JSON object as it goes over the wire. `timeZone` = HR's own. */
export function writePerson(person: HrDoublePerson, timeZone: string): Record<string, unknown> {
  const { dateForm = 'date', emptyAs = 'absent' } = person;
  const put = (target: Record<string, unknown>, field: string, value: unknown): void => {
    if (value !== undefined && value !== null) target[field] = value;
    else if (emptyAs === 'null') target[field] = null;
  };
  const dated = (entry: HrDoubleContract | HrDoubleParticipation): Record<string, unknown> => {
    const { startDate, endDate, ...others } = entry;
    const written: Record<string, unknown> = { ...others };
    put(written, 'startDate', startDate && writeDate(startDate, dateForm, timeZone));
    put(written, 'endDate', endDate && writeDate(endDate, dateForm, timeZone));
    return written;
  };

  const written: Record<string, unknown> = { id: person.id, name: person.name, firstName: person.firstName };
  for (const field of FIELDS) put(written, field, person[field]);
  if (person.participations) written['participations'] = person.participations.map(dated);
  if (person.contracts) written['contracts'] = person.contracts.map(dated);
  return written;
}

/** Whether a participation in the experiment is valid on the date, both days included. */
export function isValidOn(person: HrDoublePerson, experiment: string, date: string): boolean {
  return (person.participations ?? []).some(
    (entry) =>
      entry.experiment.toLowerCase() === experiment.toLowerCase() &&
      (entry.startDate ?? '0000-01-01') <= date &&
      (entry.endDate ?? '9999-12-31') >= date,
  );
}
