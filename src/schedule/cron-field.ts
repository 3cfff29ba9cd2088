/** A field that cannot be read, or that Temporal cannot say; the message is a sentence without a full stop. */
export class CronFieldError extends Error {}

export interface CronField {
  readonly name: string;
  readonly min: number;
  readonly max: number;
  /** English three-letter names, the first standing for 1. */
  readonly names: readonly string[];
  /** `?` = any, in the two day fields. */
  readonly isDay: boolean;
}

const MONTH_NAMES = ['JAN', 'FEB', 'MAR', 'APR', 'MAY', 'JUN', 'JUL', 'AUG', 'SEP', 'OCT', 'NOV', 'DEC'];
const DAY_NAMES = ['MON', 'TUE', 'WED', 'THU', 'FRI', 'SAT', 'SUN'];

/** Spring's six fields, in their order. Its week runs from Monday = 1 to Sunday = 7, and 0 is Sunday too. */
export const SPRING_FIELDS = {
  second: { name: 'second', min: 0, max: 59, names: [], isDay: false },
  minute: { name: 'minute', min: 0, max: 59, names: [], isDay: false },
  hour: { name: 'hour', min: 0, max: 23, names: [], isDay: false },
  dayOfMonth: { name: 'day of the month', min: 1, max: 31, names: [], isDay: true },
  month: { name: 'month', min: 1, max: 12, names: MONTH_NAMES, isDay: false },
  dayOfWeek: { name: 'day of the week', min: 1, max: 7, names: DAY_NAMES, isDay: true },
} as const satisfies Record<string, CronField>;

/**
 * The values that a field names, rising. Days of the week come as Temporal counts them, Sunday = 0 to 6.
 * Read as Spring reads it: `5/15` runs to the end of the field, `*` in a step begins at the field's first value
 * (Monday, in a week), a range never wraps around. Throws a {@link CronFieldError}.
 */
export function cronFieldValues(text: string, field: CronField): readonly number[] {
  const value = field.isDay && text === '?' ? '*' : text.toUpperCase();
  const found = new Set<number>();
  for (const item of value.split(',')) {
    for (const number of itemValues(item, field))
      found.add(field === SPRING_FIELDS.dayOfWeek ? number % 7 : number);
  }
  return [...found].sort((a, b) => a - b);
}

function itemValues(item: string, field: CronField): readonly number[] {
  refuseWhatTemporalCannotSay(item, field);
  const [rangeText = '', stepText, ...more] = item.split('/');
  if (more.length > 0) throw new CronFieldError(`the ${field.name} "${item}" has two steps`);
  const range = parseRange(rangeText, field);
  const step = stepText === undefined ? 1 : parseNumber(stepText);
  if (step === null || step < 1)
    throw new CronFieldError(`the step of the ${field.name} "${item}" is not 1 or more`);
  const end = stepText !== undefined && !rangeText.includes('-') ? field.max : range.end;
  const values: number[] = [];
  for (let value = range.start; value <= end; value += step) values.push(value);
  return values;
}

function parseRange(text: string, field: CronField): { start: number; end: number } {
  if (text === '*') return { start: field.min, end: field.max };
  const [startText = '', endText, ...more] = text.split('-');
  if (more.length > 0) throw new CronFieldError(`the ${field.name} "${text}" is no range`);
  const first = parseValue(startText, field);
  if (endText === undefined) return { start: first, end: first };
  // Where a range of days begins, Sunday is the day before Monday.
  const start = field === SPRING_FIELDS.dayOfWeek && first === 7 ? 0 : first;
  const end = parseValue(endText, field);
  if (start > end) {
    const high = field.isDay && field.names.length > 0 ? 'SUN' : String(field.max);
    const low = field.names[0] ?? String(field.min);
    throw new CronFieldError(
      `the ${field.name} "${text}" runs backwards, which Spring refuses; write "${startText}-${high},${low}-${endText}"`,
    );
  }
  return { start, end };
}

function parseValue(text: string, field: CronField): number {
  const named = field.names.indexOf(text);
  const value = named >= 0 ? named + 1 : parseNumber(text);
  const least = field === SPRING_FIELDS.dayOfWeek ? 0 : field.min;
  if (value === null || value < least || value > field.max) {
    const names = field.names.length > 0 ? ` or a name such as ${String(field.names[0])}` : '';
    throw new CronFieldError(
      `the ${field.name} "${text}" is no number from ${least} to ${field.max}${names}`,
    );
  }
  return value;
}

function parseNumber(text: string): number | null {
  return /^\d{1,4}$/.test(text) ? Number(text) : null;
}

function refuseWhatTemporalCannotSay(item: string, field: CronField): void {
  if (!field.isDay) return;
  const why = 'a Temporal schedule knows fixed days only';
  if (item.includes('#')) throw new CronFieldError(`"${item}" means the nth weekday of a month: ${why}`);
  if (/^(\d+|LW?)W$|^LW$/.test(item))
    throw new CronFieldError(`"${item}" means the nearest working day: ${why}`);
  if (/^L(-\d+)?$/.test(item) || /^(\d|[A-Z]{3})L$/.test(item)) {
    throw new CronFieldError(`"${item}" means the last day, which differs from month to month: ${why}`);
  }
}
