import type { DayOfWeek, Month } from '@temporalio/client';
import { ConfigurationError } from '../errors.ts';
import { timeZoneProblem } from '../policy/check-policy.ts';
import type { CronField } from './cron-field.ts';
import { CronFieldError, cronFieldValues, SPRING_FIELDS } from './cron-field.ts';
import type { CalendarRange, TemporalCalendar } from './temporal-calendar.ts';
import { toRanges } from './temporal-calendar.ts';

/** What a Spring cron expression comes to: calendars of a Temporal schedule, or no firing at all. */
export type SpringCronTranslation =
  | { readonly type: 'disabled' }
  | {
      readonly type: 'calendars';
      readonly calendars: readonly TemporalCalendar[];
      readonly timeZone: string;
    };

const MACROS: Readonly<Record<string, string>> = {
  '@yearly': '0 0 0 1 1 *',
  '@annually': '0 0 0 1 1 *',
  '@monthly': '0 0 0 1 * *',
  '@weekly': '0 0 0 * * 0',
  '@daily': '0 0 0 * * *',
  '@midnight': '0 0 0 * * *',
  '@hourly': '0 0 * * * *',
};

export const MONTHS: readonly Month[] = [
  'JANUARY',
  'FEBRUARY',
  'MARCH',
  'APRIL',
  'MAY',
  'JUNE',
  'JULY',
  'AUGUST',
  'SEPTEMBER',
  'OCTOBER',
  'NOVEMBER',
  'DECEMBER',
];
export const DAYS: readonly DayOfWeek[] = [
  'SUNDAY',
  'MONDAY',
  'TUESDAY',
  'WEDNESDAY',
  'THURSDAY',
  'FRIDAY',
  'SATURDAY',
];
/** The most days that a month can have. */
const MONTH_LENGTHS = [31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];

/**
 * Translates a cron expression as Spring reads it (six fields, seconds first; macros; `-` = disabled) into what
 * a Temporal schedule takes. Day of the month and day of the week must both fit, in Spring as in Temporal.
 *
 * Where clocks change, Temporal skips a local time that does not exist, and fires once or twice at one that comes
 * twice. Throws a `ConfigurationError` that says why an expression cannot be translated and what to write.
 * Source: `docs/configuration.md`, "When it synchronises".
 */
export function translateSpringCron(expression: string, timeZone: string): SpringCronTranslation {
  const zone = timeZoneProblem(timeZone);
  if (zone !== null) throw refusal(expression, `the time zone ${timeZone} ${zone}`);
  const trimmed = expression.trim();
  if (trimmed === '-') return { type: 'disabled' };
  const [second, minute, hour, dayOfMonth, month, dayOfWeek] = sixFields(trimmed);
  const mistakes: string[] = [];
  const values = (text: string, field: CronField): readonly number[] => {
    try {
      return cronFieldValues(text, field);
    } catch (error) {
      if (!(error instanceof CronFieldError)) throw error;
      mistakes.push(error.message);
      return [];
    }
  };
  const seconds = values(second, SPRING_FIELDS.second);
  const minutes = values(minute, SPRING_FIELDS.minute);
  const hours = values(hour, SPRING_FIELDS.hour);
  const days = values(dayOfMonth, SPRING_FIELDS.dayOfMonth);
  const months = values(month, SPRING_FIELDS.month);
  const weekdays = values(dayOfWeek, SPRING_FIELDS.dayOfWeek);
  if (mistakes.length > 0) throw refusal(expression, mistakes.join('; '));
  const firstDay = days[0] ?? 1;
  if (!months.some((number) => firstDay <= (MONTH_LENGTHS[number - 1] ?? 0))) {
    throw refusal(expression, 'it never fires: no such day is in these months');
  }
  const calendar: TemporalCalendar = {
    second: toRanges(seconds),
    minute: toRanges(minutes),
    hour: toRanges(hours),
    dayOfMonth: toRanges(days),
    month: named(toRanges(months), (number) => MONTHS[number - 1] ?? 'JANUARY'),
    dayOfWeek: named(toRanges(weekdays), (number) => DAYS[number] ?? 'SUNDAY'),
  };
  return { type: 'calendars', calendars: [calendar], timeZone };
}

function sixFields(expression: string): [string, string, string, string, string, string] {
  if (expression.startsWith('@')) {
    const macro = MACROS[expression.toLowerCase()];
    if (macro === undefined) {
      throw refusal(expression, `known are ${Object.keys(MACROS).join(', ')}`);
    }
    return sixFields(macro);
  }
  const fields = expression.split(/\s+/).filter((field) => field !== '');
  const [second, minute, hour, dayOfMonth, month, dayOfWeek] = fields;
  if (
    second === undefined ||
    minute === undefined ||
    hour === undefined ||
    dayOfMonth === undefined ||
    month === undefined ||
    dayOfWeek === undefined ||
    fields.length > 6
  ) {
    throw refusal(expression, `it has ${fields.length} fields, not six. ${adviceFor(fields)}`);
  }
  return [second, minute, hour, dayOfMonth, month, dayOfWeek];
}

function adviceFor(fields: readonly string[]): string {
  if (fields.length === 5) {
    return `Five fields begin with minutes, as in crontab; with the seconds in front it is "0 ${fields.join(' ')}"`;
  }
  if (fields.length === 7) {
    return `The seventh is a year, which Spring does not know: write "${fields.slice(0, 6).join(' ')}"`;
  }
  return 'Write second, minute, hour, day of the month, month, day of the week, for instance "0 15 * * * *"';
}

function named<Unit>(
  ranges: readonly CalendarRange<number>[],
  name: (number: number) => Unit,
): CalendarRange<Unit>[] {
  return ranges.map(({ start, end, step }) => ({ start: name(start), end: name(end), step }));
}

function refusal(expression: string, reason: string): ConfigurationError {
  return new ConfigurationError(`The cron expression "${expression}" cannot be used: ${reason}.`, {
    expression,
  });
}
