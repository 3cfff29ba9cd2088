import type { Instant } from '../../contracts/time.ts';
import { addDays, dateOf, startOfDate } from '../../policy/calendar.ts';
import type { IdentityCondition, IdentityKind } from '../../registry/identity-registry.ts';
import { invalidQuery, type ApiProblem } from '../http/problem.ts';
import { SOURCE, TYPES } from './fields.ts';

/** The one that holds this field is the one for texts. */
type TextCondition = Exclude<
  Extract<IdentityCondition, { readonly equals: string }>,
  { readonly field: 'kind' }
>;

/** Fields that are compared with a text, and what the registry calls them. */
const TEXT_FIELDS: Readonly<Record<string, TextCondition['field']>> = {
  upn: 'login',
  id: 'accountId',
  personId: 'personId',
  primaryAccountEmail: 'email',
  cernDepartment: 'department',
  cernGroup: 'group',
  cernSection: 'section',
  instituteName: 'institute',
};

const KINDS = new Map<string, IdentityKind>([
  [TYPES.primary, 'primary'],
  [TYPES.secondary, 'secondary'],
  [TYPES.service, 'service'],
]);

export const FILTER_FIELDS = [
  'type',
  'source',
  'activeUser',
  'modificationTime',
  ...Object.keys(TEXT_FIELDS),
];

const OPERATORS = ['gt', 'ge', 'lt', 'le'] as const;
const INSTANT = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(\.\d{1,9})?(Z|[+-]\d{2}:\d{2})$/;

/**
 * Reads one filter, `field:value` or `field:operator:value`. A value with a colon in it is written `field:eq:value`.
 * `null` = everything there is fulfils it.
 *
 * @throws ApiProblem 400 that names what is known, and repeats nothing that was sent.
 */
export function parseFilter(text: string, timeZone: string): IdentityCondition | null {
  const colon = text.indexOf(':');
  const field = colon === -1 ? text : text.slice(0, colon);
  if (!FILTER_FIELDS.includes(field)) {
    throw problem(`begins with none of the known fields: ${FILTER_FIELDS.join(', ')}`);
  }
  const rest = colon === -1 ? '' : text.slice(colon + 1);
  if (field === 'modificationTime') return modificationCondition(rest, timeZone);
  const value = equalTo(field, rest);
  if (field === 'type') {
    const kind = KINDS.get(value);
    return kind === undefined ? { field: 'nothing' } : { field: 'kind', equals: kind };
  }
  if (field === 'activeUser') {
    if (value !== 'true' && value !== 'false') throw problem('activeUser is true or false');
    return { field: 'activeUser', equals: value === 'true' };
  }
  const column = TEXT_FIELDS[field];
  // All there is comes from one source.
  if (column === undefined) return value === SOURCE ? null : { field: 'nothing' };
  return { field: column, equals: value };
}

function equalTo(field: string, rest: string): string {
  const colon = rest.indexOf(':');
  const operator = colon === -1 ? 'eq' : rest.slice(0, colon);
  const value = colon === -1 ? rest : rest.slice(colon + 1);
  if (operator !== 'eq') {
    throw problem(`${field} knows no operator but eq (a value with a colon is written ${field}:eq:value)`);
  }
  if (value === '') throw problem(`${field} lacks a value`);
  return value;
}

function modificationCondition(rest: string, timeZone: string): IdentityCondition {
  const colon = rest.indexOf(':');
  const operator = OPERATORS.find((one) => one === rest.slice(0, Math.max(colon, 0)));
  if (operator === undefined) {
    throw problem(`modificationTime is followed by one of the operators ${OPERATORS.join(', ')}`);
  }
  const value = rest.slice(colon + 1);
  const at = INSTANT.test(value) ? Date.parse(value) : NaN;
  if (Number.isNaN(at)) {
    throw problem(
      'modificationTime is compared with an instant such as 2026-01-01T00:00:00Z (a plus in a query is written %2B)',
    );
  }
  // Instants are whole milliseconds: later than one is from the next one on.
  const edge = operator === 'gt' || operator === 'le' ? at + 1 : at;
  const is = operator === 'gt' || operator === 'ge' ? 'since' : 'before';
  return { field: 'modified', is, at: edge, day: firstDayFrom(edge, timeZone) };
}

/** The first date that begins at the instant or later. */
function firstDayFrom(at: Instant, timeZone: string): string {
  const day = dateOf(at, timeZone);
  return startOfDate(day, timeZone) >= at ? day : addDays(day, 1);
}

function problem(detail: string): ApiProblem {
  return invalidQuery({ parameter: 'filter', detail });
}
