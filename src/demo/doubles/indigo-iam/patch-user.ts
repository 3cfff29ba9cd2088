import { empty, scimError, type Answer } from './answer.ts';
import type { AccountChange, AccountStore } from './account-store.ts';
import { isObject, parseJson, passed, refused, type Checked, type JsonObject } from './json.ts';
import { noUserMapped } from './scim-users.ts';

/**
 * `PATCH /scim/Users/{id}`: the operations that touch names, e-mail and `active` (an instance knows more, which have
 * nothing in them here). Every operation is checked before any is done, and one that fails undoes those before it.
 */

const OPERATIONS = ['add', 'replace', 'remove'];
const SPECIAL_CHARACTERS = /[<>%$]/;
const SHORTEST_NAME = 2;
const LONGEST_NAME = 64;
const LONGEST_EMAIL = 128;

/** `null` = the body is not what can be read as a request at all. */
type ReadPatch = Checked<readonly AccountChange[]> | null;

function isAbsent(value: unknown): value is undefined | null {
  return value === undefined || value === null;
}

function checkName(field: 'givenName' | 'familyName', value: unknown): Checked<AccountChange> {
  if (isAbsent(value)) return passed({});
  if (typeof value !== 'string') return refused(`${field} is not a text`);
  if (value.length < SHORTEST_NAME || value.length > LONGEST_NAME) {
    return refused(`${field} : length must be between ${SHORTEST_NAME} and ${LONGEST_NAME}`);
  }
  if (SPECIAL_CHARACTERS.test(value)) return refused(`${field} : special characters`);
  return passed({ [field]: value });
}

function checkEmail(emails: unknown): Checked<AccountChange> {
  if (isAbsent(emails)) return passed({});
  if (!Array.isArray(emails)) return refused('emails is no list');
  const first: unknown = emails[0];
  if (first === undefined) return passed({});
  if (!isObject(first)) return refused('emails[0] is no e-mail');
  const { type, value, primary } = first;
  if (type !== 'work' && type !== 'home' && type !== 'other') return refused('emails[0].type is missing');
  if (typeof primary !== 'boolean') return refused('emails[0].primary is missing');
  const isEmail =
    typeof value === 'string' && value.length <= LONGEST_EMAIL && /^[^\s@]+@[^\s@]+$/.test(value);
  return isEmail ? passed({ email: value }) : refused('emails[0].value is no e-mail address');
}

function checkActive(active: unknown): Checked<AccountChange> {
  if (isAbsent(active)) return passed({});
  return typeof active === 'boolean' ? passed({ active }) : refused('active is not true or false');
}

function checkValue(value: JsonObject): Checked<AccountChange> {
  const name = isAbsent(value['name']) ? {} : value['name'];
  if (!isObject(name)) return refused('name is no name');
  let change: AccountChange = {};
  for (const part of [
    checkName('givenName', name['givenName']),
    checkName('familyName', name['familyName']),
    checkActive(value['active']),
    checkEmail(value['emails']),
  ]) {
    if (!part.ok) return part;
    change = { ...change, ...part.value };
  }
  return passed(change);
}

function readPatch(body: string): ReadPatch {
  const sent = parseJson(body);
  if (!isObject(sent)) return null;
  // Small o, whatever the standard says.
  const operations = sent['operations'];
  if (!Array.isArray(operations) || operations.length === 0) return refused('operations : must not be empty');

  const changes: AccountChange[] = [];
  for (const operation of operations) {
    if (!isObject(operation)) return null;
    const { op, value } = operation;
    if (typeof op !== 'string' || !OPERATIONS.includes(op)) return null;
    if (!isObject(value)) return refused('operations.value : must not be null');
    const change = checkValue(value);
    if (!change.ok) return change;
    const isNothing = op === 'remove' || Object.keys(change.value).length === 0;
    // An operation of no known part is only found out when its turn comes, after the account was looked for.
    changes.push(isNothing ? {} : change.value);
  }
  return passed(changes);
}

export function patchUser(store: AccountStore, id: string, body: string): Answer {
  const patch = readPatch(body);
  if (patch === null) return empty(400);
  if (!patch.ok) return scimError(400, `Invalid Scim Patch Request: [${patch.problem}]`);
  if (!store.find(id)) return noUserMapped(id);

  let change: AccountChange = {};
  for (const one of patch.value) {
    if (Object.keys(one).length === 0) return scimError(400, 'Patch operation not supported');
    if (one.email !== undefined && store.isBoundElsewhere(one.email, id)) {
      return scimError(409, `Email ${one.email} already bound to another user`);
    }
    change = { ...change, ...one };
  }
  store.change(id, 'api', change);
  return empty(204);
}
