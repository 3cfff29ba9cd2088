import { randomUUID } from 'node:crypto';

/** The rows behind the double: accounts with their labels, and every write in order. */

export interface IndigoIamLabel {
  readonly prefix?: string;
  readonly name: string;
  readonly value?: string;
}

export interface IndigoIamAccount {
  readonly id: string;
  readonly userName: string;
  readonly givenName: string;
  readonly familyName: string;
  readonly email: string;
  readonly active: boolean;
  /** In ms; `null` = none. */
  readonly endTime: number | null;
  /** In the order in which they came. */
  readonly labels: readonly IndigoIamLabel[];
  readonly created: number;
  readonly lastModified: number;
}

export type NewIndigoIamAccount = Pick<IndigoIamAccount, 'givenName' | 'familyName' | 'email'> &
  Partial<Pick<IndigoIamAccount, 'id' | 'userName' | 'active' | 'endTime' | 'labels'>>;

/** `iam` = what the instance itself does because of another write. */
export type IndigoIamWriter = 'api' | 'admin' | 'iam' | 'expired-accounts-handler' | 'hr-task';

export interface IndigoIamWrite {
  readonly at: number;
  readonly by: IndigoIamWriter;
  /**
   * `active=false`, `givenName=…`, `familyName=…`, `email=…`, `endTime=<ISO, UTC>` or `endTime=null`,
   * `label hr.cern/status=MEMBER`, `label lifecycle.status=SUSPENDED`, `no label hr.cern/action`, `deleted`.
   */
  readonly what: string;
  /** Whether it was not so before. */
  readonly changed: boolean;
}

/** What one change gives an account; fields that are absent stay. */
export type AccountChange = Partial<
  Pick<IndigoIamAccount, 'givenName' | 'familyName' | 'email' | 'active' | 'endTime'>
>;

export interface AccountStore {
  /** Returns the id. Throws on an id, a user name or an address that another account has. */
  add(account: NewIndigoIamAccount): string;
  find(id: string): IndigoIamAccount | undefined;
  /** In the order of creation. */
  all(): readonly IndigoIamAccount[];
  /** Whether another account has the address, in any letter case. */
  isBoundElsewhere(email: string, id: string): boolean;
  /** A changed end time takes the label `lifecycle.status` with it. */
  change(id: string, by: IndigoIamWriter, change: AccountChange): void;
  putLabel(id: string, by: IndigoIamWriter, label: IndigoIamLabel): void;
  removeLabel(id: string, by: IndigoIamWriter, label: IndigoIamLabel): void;
  remove(id: string, by: IndigoIamWriter): void;
  /** Also of an account that is deleted. */
  writes(id: string): readonly IndigoIamWrite[];
}

export const LIFECYCLE_STATUS: IndigoIamLabel = { name: 'lifecycle.status' };

export function isSameLabel(a: IndigoIamLabel, b: IndigoIamLabel): boolean {
  return a.prefix === b.prefix && a.name === b.name;
}

function nameOf({ prefix, name }: IndigoIamLabel): string {
  return prefix === undefined ? name : `${prefix}/${name}`;
}

function describe(field: string, value: string | number | boolean | null): string {
  const isTime = field === 'endTime' && typeof value === 'number';
  return `${field}=${isTime ? new Date(value).toISOString() : String(value)}`;
}

export function createAccountStore(now: () => number): AccountStore {
  const accounts = new Map<string, IndigoIamAccount>();
  const userNames = new Set<string>();
  /** Id by address in small letters. */
  const owners = new Map<string, string>();
  const written = new Map<string, IndigoIamWrite[]>();

  const get = (id: string): IndigoIamAccount => {
    const account = accounts.get(id);
    if (!account) throw new Error('the INDIGO IAM double has no such account');
    return account;
  };
  const record = (id: string, by: IndigoIamWriter, what: string, changed: boolean): void => {
    const writes = written.get(id) ?? [];
    writes.push({ at: now(), by, what, changed });
    written.set(id, writes);
  };
  const save = (account: IndigoIamAccount): void => {
    accounts.set(account.id, { ...account, lastModified: now() });
  };
  const isBoundElsewhere = (email: string, id: string): boolean =>
    (owners.get(email.toLowerCase()) ?? id) !== id;

  const removeLabel = (id: string, by: IndigoIamWriter, label: IndigoIamLabel): void => {
    const account = get(id);
    const labels = account.labels.filter((one) => !isSameLabel(one, label));
    const changed = labels.length < account.labels.length;
    if (changed) save({ ...account, labels });
    record(id, by, `no label ${nameOf(label)}`, changed);
  };

  return {
    add(added) {
      const { id = randomUUID(), givenName, familyName, email } = added;
      const { userName = id, active = true, endTime = null, labels = [] } = added;
      if (accounts.has(id) || userNames.has(userName) || isBoundElsewhere(email, id)) {
        throw new Error('another account of the INDIGO IAM double has this id, user name or e-mail');
      }
      const at = now();
      const names = { id, userName, givenName, familyName, email };
      accounts.set(id, { ...names, active, endTime, labels, created: at, lastModified: at });
      userNames.add(userName);
      owners.set(email.toLowerCase(), id);
      return id;
    },
    find: (id) => accounts.get(id),
    all: () => [...accounts.values()],
    isBoundElsewhere,

    change(id, by, change) {
      const before = get(id);
      const after = { ...before, ...change };
      for (const field of ['givenName', 'familyName', 'email', 'active', 'endTime'] as const) {
        const value = change[field];
        if (value !== undefined) record(id, by, describe(field, value), value !== before[field]);
      }
      owners.delete(before.email.toLowerCase());
      owners.set(after.email.toLowerCase(), id);
      save(after);
      const hasStatus = before.labels.some((label) => isSameLabel(label, LIFECYCLE_STATUS));
      if (after.endTime !== before.endTime && hasStatus) removeLabel(id, 'iam', LIFECYCLE_STATUS);
    },

    putLabel(id, by, label) {
      const account = get(id);
      const before = account.labels.find((one) => isSameLabel(one, label));
      const others = account.labels.filter((one) => one !== before);
      save({ ...account, labels: [...others, label] });
      const what = `label ${nameOf(label)}${label.value === undefined ? '' : `=${label.value}`}`;
      record(id, by, what, before?.value !== label.value || !before);
    },

    removeLabel,

    remove(id, by) {
      const { userName, email } = get(id);
      accounts.delete(id);
      userNames.delete(userName);
      owners.delete(email.toLowerCase());
      record(id, by, 'deleted', true);
    },
    writes: (id) => written.get(id) ?? [],
  };
}
