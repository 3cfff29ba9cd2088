import type { CalendarDate, Instant } from '../contracts/time.ts';

const formats = new Map<string, Intl.DateTimeFormat>();

function formatOf(locale: string, options: Intl.DateTimeFormatOptions): Intl.DateTimeFormat {
  const key = JSON.stringify([locale, options]);
  let format = formats.get(key);
  if (!format) {
    format = new Intl.DateTimeFormat(locale, options);
    formats.set(key, format);
  }
  return format;
}

function write(format: Intl.DateTimeFormat, locale: string, ms: number): string {
  return (
    format
      .formatToParts(ms)
      // French writes the first of a month as an ordinal, which Intl does not know.
      .map(({ type, value }) => (type === 'day' && value === '1' && locale.startsWith('fr') ? '1er' : value))
      .join('')
      // In English a comma after the weekday would break up the sentence around it.
      .replace(/^(\p{L}+), /u, '$1 ')
  );
}

/** The date in the reader's language, `full` with its weekday: `Wednesday 31 March 2027`. */
export function writtenDate(date: CalendarDate, locale: string, style: 'full' | 'long'): string {
  return write(
    formatOf(locale, { dateStyle: style, timeZone: 'UTC' }),
    locale,
    Date.parse(`${date}T00:00:00Z`),
  );
}

/** The moment in the reader's language and the zone given. */
export function writtenInstant(instant: Instant, locale: string, timeZone: string): string {
  return write(formatOf(locale, { dateStyle: 'full', timeStyle: 'long', timeZone }), locale, instant);
}
