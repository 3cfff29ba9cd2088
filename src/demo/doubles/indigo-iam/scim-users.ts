import { empty, scim, scimError, type Answer } from './answer.ts';
import {
  isSameLabel,
  type AccountStore,
  type IndigoIamAccount,
  type IndigoIamLabel,
} from './account-store.ts';
import { writeMoment } from './end-time.ts';
import { writeLabel } from './labels.ts';

/**
 * SCIM users as INDIGO IAM writes them, one by one and page by page; `find/bylabel` answers in the same form. Source:
 * its SCIM resource and the wire formats.
 */

const MOST_PER_PAGE = 100;
const USER_SCHEMA = 'urn:ietf:params:scim:schemas:core:2.0:User';
const INDIGO_USER = 'urn:indigo-dc:scim:schemas:IndigoUser';

export interface UserForm {
  /** Address of the instance. */
  readonly url: string;
  /** Of the server's zone, minutes ahead of UTC. */
  readonly offsetMinutes: number;
  /** The labels that SCIM users show. */
  readonly shownLabels: readonly IndigoIamLabel[];
}

/** A page that was read: for a test that changes the list before the next one. */
export interface IndigoIamPage {
  /** From 1. */
  readonly startIndex: number;
  readonly count: number;
  readonly totalResults: number;
}

export function noUserMapped(id: string): Answer {
  return scimError(404, `No user mapped to id '${id}'`);
}

/** Whether a header `Accept` takes SCIM's media type. */
export function acceptsScim(accept: string | undefined): boolean {
  const taken = ['*/*', 'application/*', 'application/*+json', 'application/scim+json'];
  return (accept ?? '*/*').split(',').some((range) => taken.includes(range.split(';')[0]?.trim() ?? ''));
}

function writeUser(account: IndigoIamAccount, form: UserForm): Record<string, unknown> {
  const { id, userName, givenName, familyName, endTime } = account;
  const moment = (ms: number): string => writeMoment(ms, form.offsetMinutes);
  const labels = form.shownLabels.flatMap((shown) =>
    account.labels.filter((label) => isSameLabel(label, shown)).map(writeLabel),
  );
  return {
    id,
    meta: {
      created: moment(account.created),
      lastModified: moment(account.lastModified),
      location: `${form.url}/scim/Users/${id}`,
      resourceType: 'User',
    },
    schemas: [USER_SCHEMA, INDIGO_USER],
    userName,
    name: { familyName, formatted: `${givenName} ${familyName}`, givenName },
    displayName: userName,
    active: account.active,
    emails: [{ type: 'work', value: account.email, primary: true }],
    [INDIGO_USER]: {
      ...(endTime === null ? {} : { endTime: moment(endTime) }),
      ...(labels.length === 0 ? {} : { labels }),
      serviceAccount: false,
    },
  };
}

/** Only the attributes asked for, and always `schemas` and `id`. */
function pickAttributes(user: Record<string, unknown>, attributes: string | null): Record<string, unknown> {
  if (attributes === null) return user;
  const asked = new Set(attributes.split(/[.,]/).map((name) => name.trim()));
  const isAsked = ([name]: [string, unknown]): boolean =>
    asked.has(name) || name === 'schemas' || name === 'id';
  return Object.fromEntries(Object.entries(user).filter(isAsked));
}

/** A whole number from the query; `null` when it is something else. */
function readWhole(text: string | null, fallback: number): number | null {
  if (text === null || text === '') return fallback;
  return /^[+-]?\d{1,9}$/.test(text) ? Number(text) : null;
}

function listPage(
  accounts: readonly IndigoIamAccount[],
  query: URLSearchParams,
  form: UserForm,
): { readonly answer: Answer; readonly page: IndigoIamPage | null } {
  const askedCount = readWhole(query.get('count'), MOST_PER_PAGE);
  const askedStart = readWhole(query.get('startIndex'), 1);
  if (askedCount === null || askedStart === null) return { answer: empty(400), page: null };
  const count = Math.min(Math.max(askedCount, 0), MOST_PER_PAGE);
  const startIndex = Math.max(askedStart, 1);

  const schemas = ['urn:ietf:params:scim:api:messages:2.0:ListResponse'];
  const totalResults = accounts.length;
  const page = { startIndex, count, totalResults };
  // To a count of zero the instance says how many there are, and nothing else.
  if (count === 0) return { answer: scim(200, { totalResults, schemas, Resources: [] }), page };
  const Resources = accounts
    .slice(startIndex - 1, startIndex - 1 + count)
    .map((account) => pickAttributes(writeUser(account, form), query.get('attributes')));
  const body = { totalResults, itemsPerPage: Resources.length, startIndex, schemas, Resources };
  return { answer: scim(200, body), page };
}

/** `onPage` is told before the answer goes out, so that what it changes is there when the next page is asked for. */
export function listUsers(
  store: AccountStore,
  query: URLSearchParams,
  form: UserForm,
  onPage: (page: IndigoIamPage) => void,
): Answer {
  const { answer, page } = listPage(store.all(), query, form);
  if (page) onPage(page);
  return answer;
}

/** Only labels without a prefix and with exactly this value: never one under `hr.cern`. */
export function findByLabel(store: AccountStore, query: URLSearchParams, form: UserForm): Answer {
  const name = query.get('name');
  const value = query.get('value');
  if (name === null) return empty(400);
  const isMeant = (label: IndigoIamLabel): boolean =>
    value !== null && isSameLabel(label, { name }) && label.value === value;
  return listPage(
    store.all().filter(({ labels }) => labels.some(isMeant)),
    new URLSearchParams({
      count: query.get('count') ?? '',
      startIndex: query.get('startIndex') ?? '',
    }),
    form,
  ).answer;
}

export function getUser(store: AccountStore, id: string, form: UserForm): Answer {
  const account = store.find(id);
  return account ? scim(200, writeUser(account, form)) : noUserMapped(id);
}

export function deleteUser(store: AccountStore, id: string): Answer {
  if (!store.find(id)) return noUserMapped(id);
  store.remove(id, 'api');
  return empty(204);
}
