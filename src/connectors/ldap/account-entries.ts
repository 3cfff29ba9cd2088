import type { AccountKind } from '../../contracts/account.ts';
import { kindOf, personIdOf, READ, type Attributes } from './ldap-attributes.ts';
import { change, NO_SUCH_OBJECT, type LdapEntries } from './ldap-entries.ts';
import { ldapError, noEntry } from './ldap-error.ts';
import { entryName, isSameLogin } from './ldap-names.ts';

/** An entry that is an account of ours. */
export interface AccountEntry {
  readonly dn: string;
  /** As the directory spells it. */
  readonly login: string;
  readonly kind: AccountKind;
  readonly personId: string;
  readonly attributes: Attributes;
}

interface Call {
  readonly login: string;
  readonly signal: AbortSignal;
}

/** Entries of accounts, found by login. */
export interface AccountEntries {
  /** `null` = there is none. Throws `TARGET_CONFLICT` for an entry that is no account, or another login's. */
  find(call: Call): Promise<AccountEntry | null>;
  /** The same; throws `TARGET_NO_ENTRY` where there is none. */
  get(call: Call): Promise<AccountEntry>;
  /**
   * Writes the attributes that stand there otherwise, and reads them back. Throws `TARGET_NOT_WRITTEN` for a write that the
   * server accepted and did not carry out.
   */
  write(call: Call & { readonly wanted: Attributes }): Promise<void>;
  /** Throws `TARGET_NOT_WRITTEN` unless the entry has these values. */
  expect(call: Call & { readonly wanted: Attributes }): Promise<void>;
}

function differing(there: Attributes, wanted: Attributes): readonly string[] {
  const isSame = (name: string): boolean => {
    const [one, other] = [there[name] ?? [], wanted[name] ?? []];
    return one.length === other.length && one.every((value) => other.includes(value));
  };
  return Object.keys(wanted).filter((name) => !isSame(name));
}

export function createAccountEntries(input: {
  readonly target: string;
  readonly entries: LdapEntries;
  readonly usersBase: string;
}): AccountEntries {
  const { target, entries, usersBase } = input;

  const find = async ({ login, signal }: Call): Promise<AccountEntry | null> => {
    const dn = entryName({ target, login, usersBase });
    const found = await entries.read({ dn, attributes: READ, signal });
    if (found === null) return null;
    const { attributes } = found;
    const spelled = attributes['cn']?.find((name) => isSameLogin(name, login));
    const [kind, personId] = [kindOf(attributes), personIdOf(attributes)];
    if (spelled === undefined) {
      throw ldapError(
        target,
        'TARGET_CONFLICT',
        'takes this login for the same as another one. Give one of the two another login.',
      );
    }
    if (kind === null || personId === null) {
      throw ldapError(
        target,
        'TARGET_CONFLICT',
        'has an entry of this login that is no account: it says no cernAccountType or employeeID. Give it both, or remove it.',
      );
    }
    return { dn: found.dn, login: spelled, kind, personId, attributes };
  };

  const get = async (call: Call): Promise<AccountEntry> => {
    const entry = await find(call);
    if (entry === null) throw noEntry(target);
    return entry;
  };

  const expect = async ({ wanted, ...call }: Call & { wanted: Attributes }): Promise<void> => {
    const { attributes } = await get(call);
    const [attribute] = differing(attributes, wanted);
    if (attribute === undefined) return;
    throw ldapError(
      target,
      'TARGET_NOT_WRITTEN',
      'accepted a write that does not stand there. Check what else writes to it.',
      { attribute },
    );
  };

  return {
    find,
    get,
    expect,

    async write({ wanted, ...call }) {
      const { dn, attributes } = await get(call);
      const changes = differing(attributes, wanted).map((name) =>
        change('replace', name, wanted[name] ?? []),
      );
      if (changes.length === 0) return;
      const { signal } = call;
      const result = await entries.modify({ dn, changes, expected: [NO_SUCH_OBJECT], signal });
      if (result === NO_SUCH_OBJECT) throw noEntry(target);
      await expect({ wanted, ...call });
    },
  };
}
