import { empty, restError, uncaught, type Answer } from './answer.ts';
import { isSameLabel, LIFECYCLE_STATUS, type AccountStore } from './account-store.ts';
import { isObject, parseJson, passed, refused, type Checked } from './json.ts';

/**
 * `PUT /iam/account/{id}/endTime`, and how the instance reads and writes moments: it reads what Java's Jackson reads
 * as a date, and writes ISO with its own offset.
 */

const MOMENT = /^(\d{4}-\d{2}-\d{2})(?:T(\d{2}:\d{2}(?::\d{2}(?:\.\d{1,9})?)?)(Z|[+-]\d{2}(?::?\d{2})?)?)?$/;

/** Moment in ms, or `null` = none. */
function readMoment(value: unknown): Checked<number | null> {
  if (value === undefined || value === null || value === '') return passed(null);
  if (typeof value === 'number' && Number.isInteger(value)) return passed(value);
  const match = typeof value === 'string' ? MOMENT.exec(value) : null;
  if (!match) return refused('not a date');
  const [, date = '', time = '00:00', offset = 'Z'] = match;
  const withColon =
    offset === 'Z' ? offset : `${offset.slice(0, 3)}:${offset.slice(3).replace(':', '') || '00'}`;
  const ms = Date.parse(`${date}T${time}${withColon}`);
  return Number.isNaN(ms) ? refused('not a date') : passed(ms);
}

/** ISO with milliseconds and the offset, which is `Z` only when it is zero. */
export function writeMoment(ms: number, offsetMinutes: number): string {
  const local = new Date(ms + offsetMinutes * 60_000).toISOString();
  if (offsetMinutes === 0) return local;
  const minutes = Math.abs(offsetMinutes);
  const two = (part: number): string => String(Math.trunc(part)).padStart(2, '0');
  return `${local.slice(0, -1)}${offsetMinutes < 0 ? '-' : '+'}${two(minutes / 60)}:${two(minutes % 60)}`;
}

export function putEndTime(
  store: AccountStore,
  id: string,
  body: string,
  instance: {
    readonly readOnly: boolean;
    readonly everyWriteEndsExpiry: boolean;
    readonly path: string;
    readonly at: number;
  },
): Answer {
  const sent = parseJson(body);
  if (!isObject(sent)) return restError(400, 'The body cannot be read');
  const endTime = readMoment(sent['endTime']);
  if (!endTime.ok) return restError(400, `The body cannot be read: ${endTime.problem}`);
  if (instance.readOnly) return restError(400, 'Account end time is read-only for this organization');
  // This resource has no handler of its own for an account that is not there.
  if (!store.find(id)) return uncaught(instance.path, instance.at);
  store.change(id, 'api', { endTime: endTime.value });
  const isMarked = store.find(id)?.labels.some((label) => isSameLabel(label, LIFECYCLE_STATUS));
  if (instance.everyWriteEndsExpiry && isMarked) store.removeLabel(id, 'iam', LIFECYCLE_STATUS);
  return empty(200);
}
