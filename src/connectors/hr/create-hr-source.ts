import type { HrPage, HrRecord, HrSource, HrUnavailable } from '../hr-source.ts';
import type { HttpAnswer } from '../http/http-client.ts';
import { readJson as readBody } from '../http/read-json.ts';
import { createHrClient } from './hr-client.ts';
import type { HrClientOptions } from './hr-client.ts';
import { hrPersonId } from './hr-schema.ts';
import { mapHrRecord } from './map-hr-record.ts';
import { comparePersonIds, isPersonId } from '../person-id.ts';
import { unavailable } from './unavailable.ts';

export interface HrSourceOptions extends HrClientOptions {
  /** IANA name of HR's own zone, for moments that are neither midnight nor the last second of a UTC day. */
  readonly timeZone: string;
  /** `false` = this HR system cannot list its persons, and is never asked to; `true` by default. */
  readonly list?: boolean;
}

const NO_LIST = new Set([404, 405, 501]);

type Json = { readonly outcome: 'json'; readonly value: unknown } | HrUnavailable;

/** Only a complete 200 with JSON in it says anything about a person. */
function readJson(answer: HttpAnswer): Json {
  if (answer.status !== 200) {
    return unavailable(`HR_STATUS_${answer.status}`, `HR answered with status ${answer.status}.`);
  }
  const json = readBody(answer.body);
  return json.ok
    ? { outcome: 'json', value: json.value }
    : unavailable('HR_BROKEN_BODY', "HR's answer is empty, cut off or not JSON.");
}

/**
 * The HR API of INDIGO IAM at CERN, `GET {baseUrl}/api/VOPersons/…`, as an {@link HrSource}. Only a complete 404 of
 * the single GET is `no-person`; everything else that is not a readable record of that very person is `unavailable`.
 *
 * The list: a page that is not in order, goes back behind `after`, is too long, or holds an entry without a readable
 * id is `unavailable` as a whole, as is an empty list from the start. An entry with an id but otherwise unreadable is
 * left out, so that one broken record does not hide all others: its absence makes the caller read that person alone,
 * which then says what is wrong. A page shorter than `limit` is not the end; an empty one is.
 *
 * Throws a `ConfigurationError` for an unusable URL or user name. Rule: docs/rules.md, "What HR's answers mean".
 */
export function createHrSource(options: HrSourceOptions): HrSource {
  // Fails now, and not at the first odd date, if there is no such zone.
  new Intl.DateTimeFormat('en', { timeZone: options.timeZone });
  const client = createHrClient(options);
  const { timeZone, log } = options;

  const readPage = (entries: unknown[], after: string | null, limit: number): HrPage => {
    if (entries.length > limit) {
      return unavailable('HR_LIST_TOO_LONG', `HR's list has more entries than the ${limit} asked for.`);
    }
    if (entries.length === 0 && after === null) {
      return unavailable('HR_LIST_EMPTY', "HR's list has nobody in it.");
    }
    const records: HrRecord[] = [];
    let lastId = after;
    for (const [index, entry] of entries.entries()) {
      const identified = hrPersonId.safeParse(entry);
      if (!identified.success) {
        return unavailable('HR_LIST_WITHOUT_ID', `Entry ${index} of HR's list has no readable id.`);
      }
      const { id } = identified.data;
      if (lastId !== null && comparePersonIds(id, lastId) <= 0) {
        const reason = `Entry ${index} of HR's list is out of order or there twice.`;
        return unavailable('HR_LIST_OUT_OF_ORDER', reason);
      }
      lastId = id;
      const mapped = mapHrRecord(entry, timeZone);
      if (mapped.ok) records.push(mapped.record);
      else log?.warn({ code: 'HR_WRONG_SHAPE', entry: index, where: mapped.where }, 'entry of HR left out');
    }
    if (records.length === 0 && entries.length > 0) {
      return unavailable('HR_WRONG_SHAPE', "No entry of HR's list can be read.");
    }
    return { outcome: 'page', records, lastId: entries.length === 0 ? null : lastId };
  };

  return {
    readPerson: async ({ personId, signal }) => {
      if (!isPersonId(personId)) {
        return unavailable('HR_BAD_ID', 'This person id cannot be asked for: it does not fit into a path.');
      }
      const answer = await client.get(`/api/VOPersons/${personId}`, signal);
      if (answer.outcome === 'unavailable') return answer;
      if (answer.status === 404) return { outcome: 'no-person' };
      const json = readJson(answer);
      if (json.outcome === 'unavailable') return json;
      const mapped = mapHrRecord(json.value, timeZone);
      if (!mapped.ok) {
        return unavailable('HR_WRONG_SHAPE', `HR's answer cannot be read at ${mapped.where}.`);
      }
      if (mapped.record.personId !== personId) {
        return unavailable('HR_WRONG_PERSON', 'HR answered for another id than the one asked for.');
      }
      return { outcome: 'found', record: mapped.record };
    },

    listPersons: async ({ after, limit, signal }) => {
      if (!Number.isInteger(limit) || limit < 1) throw new RangeError(`not a page size: ${limit}`);
      if (options.list === false) return { outcome: 'unsupported' };
      const query = new URLSearchParams({ ...(after === null ? {} : { after }), limit: String(limit) });
      const answer = await client.get(`/api/VOPersons?${query.toString()}`, signal);
      if (answer.outcome === 'unavailable') return answer;
      if (NO_LIST.has(answer.status)) return { outcome: 'unsupported' };
      const json = readJson(answer);
      if (json.outcome === 'unavailable') return json;
      if (!Array.isArray(json.value)) {
        return unavailable('HR_WRONG_SHAPE', "HR's answer to the list is not an array.");
      }
      return readPage(json.value, after, limit);
    },

    close: () => client.close(),
  };
}
