/**
 * The demo's own arithmetic with dates in Zurich, on purpose not the policy's: what checks must not share a mistake
 * with what is checked.
 */
const ZONE = 'Europe/Zurich';

const parts = new Intl.DateTimeFormat('sv-SE', {
  timeZone: ZONE,
  dateStyle: 'short',
  timeStyle: 'medium',
});

/** `2027-05-31 00:14` in Zurich. */
export function zurichWords(ms: number): string {
  return parts.format(ms).slice(0, 16);
}

/** The moment at which clocks in Zurich show the date and time, `YYYY-MM-DD` and `HH:MM`. */
export function zurichInstant(date: string, time = '00:00'): number {
  for (const offset of ['+01:00', '+02:00']) {
    const ms = Date.parse(`${date}T${time}:00${offset}`);
    if (zurichWords(ms) === `${date} ${time}`) return ms;
  }
  throw new RangeError(`there is no ${date} ${time} in Zurich`);
}
