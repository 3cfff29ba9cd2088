import { empty, json, restError, type Answer } from './answer.ts';
import type { AccountStore, IndigoIamLabel } from './account-store.ts';
import { isObject, parseJson, passed, refused, type Checked } from './json.ts';

/**
 * `/iam/account/{id}/labels`. What is refused, and before what: facts from INDIGO IAM's label resource; the checks of
 * the label come before the look for the account.
 */

const PREFIX = /^((?!-)[A-Za-z0-9-]{1,63}(?<!-)\.)+[A-Za-z]{2,6}$/;
const NAME = /^[a-zA-Z][a-zA-Z0-9-_.]*$/;
const WHITE_SPACE = /[ \r\n\t]/;
const LONGEST_PREFIX = 256;
const LONGEST_NAME = 64;
const LONGEST_VALUE = 64;

/** A JSON scalar is read as its text; `null` as nothing. */
function textOf(value: unknown): Checked<string | undefined> {
  if (value === undefined || value === null) return passed(undefined);
  if (typeof value === 'string') return passed(value);
  const isScalar = typeof value === 'number' || typeof value === 'boolean';
  return isScalar ? passed(String(value)) : refused('not a text');
}

function checkLabel(prefix?: string, name?: string, value?: string): Checked<IndigoIamLabel> {
  if (prefix !== undefined && (prefix.length > LONGEST_PREFIX || !PREFIX.test(prefix))) {
    return refused('invalid prefix');
  }
  if (name === undefined || name.trim() === '') return refused('name is required');
  if (name.length > LONGEST_NAME) return refused('invalid name length');
  if (!NAME.test(name)) return refused('invalid name');
  if (value !== undefined && value.length > LONGEST_VALUE) return refused('invalid value length');
  if (value !== undefined && WHITE_SPACE.test(value)) return refused('invalid value: white space');
  return passed({
    ...(prefix === undefined ? {} : { prefix }),
    name,
    ...(value === undefined ? {} : { value }),
  });
}

function noSuchAccount(id: string): Answer {
  return restError(404, `Account not found for id '${id}'`);
}

/** A label as JSON: what is empty is left out. */
export function writeLabel({ prefix, name, value }: IndigoIamLabel): Record<string, string> {
  return { ...(prefix ? { prefix } : {}), name, ...(value ? { value } : {}) };
}

export function getLabels(store: AccountStore, id: string): Answer {
  const account = store.find(id);
  return account ? json(200, account.labels.map(writeLabel)) : noSuchAccount(id);
}

export function putLabel(store: AccountStore, id: string, body: string): Answer {
  const sent = parseJson(body);
  if (!isObject(sent)) return empty(400);
  const [prefix, name, value] = [textOf(sent['prefix']), textOf(sent['name']), textOf(sent['value'])];
  if (!prefix.ok || !name.ok || !value.ok) return empty(400);

  const label = checkLabel(prefix.value, name.value, value.value);
  if (!label.ok) return restError(400, `Invalid label: ${label.problem}`);
  if (!store.find(id)) return noSuchAccount(id);
  store.putLabel(id, 'api', label.value);
  return empty(200);
}

export function deleteLabel(store: AccountStore, id: string, query: URLSearchParams): Answer {
  const label = checkLabel(
    query.get('prefix') ?? undefined,
    query.get('name') ?? undefined,
    query.get('value') ?? undefined,
  );
  if (!label.ok) return restError(400, `Invalid label: ${label.problem}`);
  if (!store.find(id)) return noSuchAccount(id);
  store.removeLabel(id, 'api', label.value);
  return empty(204);
}
