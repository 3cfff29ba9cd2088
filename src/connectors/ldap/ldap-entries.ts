import {
  Attribute,
  Change,
  EqualityFilter,
  PresenceFilter,
  type Client,
  type Control,
  type Entry,
  type Filter,
} from 'ldapts';
import type { Attributes } from './ldap-attributes.ts';
import type { LdapConnection } from './ldap-connection.ts';
import { resultOf } from './ldap-error.ts';

export const NO_SUCH_ATTRIBUTE = 16;
export const NO_SUCH_OBJECT = 32;
export const OBJECT_CLASS_VIOLATION = 65;
export const ALREADY_EXISTS = 68;

/** An entry as it stands in the directory. */
export interface LdapEntry {
  readonly dn: string;
  readonly attributes: Attributes;
}

/** Requests about entries, on the one connection. Each throws a `TargetError`. */
export interface LdapEntries {
  /** One entry by its name; `null` = there is none. */
  read(input: { dn: string; attributes: readonly string[]; signal: AbortSignal }): Promise<LdapEntry | null>;
  /** All that match below a base, however many; the server is asked for one page after the other (RFC 2696). */
  search(input: {
    base: string;
    scope: 'one' | 'sub';
    filter: Filter;
    attributes: readonly string[];
    signal: AbortSignal;
  }): Promise<readonly LdapEntry[]>;
  /** `false` = there is an entry of this name. */
  add(input: { dn: string; attributes: Attributes; signal: AbortSignal }): Promise<boolean>;
  /** Answers the result code; throws for those that `expected` does not name. */
  modify(input: {
    dn: string;
    changes: readonly Change[];
    control?: Control;
    expected?: readonly number[];
    signal: AbortSignal;
  }): Promise<number>;
  /** `false` = there was none. */
  remove(input: { dn: string; signal: AbortSignal }): Promise<boolean>;
  /** Whether the attribute has the value, as the server compares. */
  compare(input: { dn: string; attribute: string; value: string; signal: AbortSignal }): Promise<boolean>;
}

const EVERYTHING = new PresenceFilter({ attribute: 'objectClass' });

/** Spelled as asked for, whatever the server's schema spells. Values that are no text are left out. */
function toEntry(found: Entry, asked: readonly string[]): LdapEntry {
  const attributes: Record<string, readonly string[]> = {};
  for (const [key, value] of Object.entries(found)) {
    const name = asked.find((one) => one.toLowerCase() === key.toLowerCase());
    if (name === undefined) continue;
    const values: readonly unknown[] = Array.isArray(value) ? value : [value];
    attributes[name] = values.filter((one) => typeof one === 'string');
  }
  return { dn: found.dn, attributes };
}

/** A change of one attribute; `replace` by nothing takes it away, whether it is there or not. */
export function change(
  operation: 'add' | 'delete' | 'replace',
  type: string,
  values: readonly string[],
): Change {
  return new Change({ operation, modification: new Attribute({ type, values: [...values] }) });
}

export function has(attribute: string, value: string): Filter {
  return new EqualityFilter({ attribute, value });
}

export function createLdapEntries(input: {
  readonly connection: LdapConnection;
  readonly pageSize: number;
}): LdapEntries {
  const { connection, pageSize } = input;

  /** Answers the result code: 0, or one that is expected. */
  const send = async (
    signal: AbortSignal,
    expected: readonly number[],
    request: (client: Client) => Promise<void>,
  ): Promise<number> => {
    const isExpected = (error: unknown): boolean => expected.includes(resultOf(error) ?? -1);
    try {
      await connection.request({ signal, send: request, expected: isExpected });
      return 0;
    } catch (error) {
      if (isExpected(error)) return resultOf(error) ?? 0;
      throw error;
    }
  };

  return {
    async read({ dn, attributes, signal }) {
      let found: LdapEntry | undefined;
      await send(signal, [NO_SUCH_OBJECT], async (client) => {
        const options = { filter: EVERYTHING, attributes: [...attributes] };
        const { searchEntries } = await client.search(dn, { ...options, scope: 'base' });
        found = searchEntries.map((entry) => toEntry(entry, attributes))[0];
      });
      return found ?? null;
    },

    search({ base, scope, filter, attributes, signal }) {
      const options = { scope, filter, attributes: [...attributes], paged: { pageSize }, timeLimit: 0 };
      const send = async (client: Client): Promise<readonly LdapEntry[]> => {
        const found: LdapEntry[] = [];
        for await (const { searchEntries } of client.searchPaginated(base, options)) {
          found.push(...searchEntries.map((entry) => toEntry(entry, attributes)));
          signal.throwIfAborted();
        }
        return found;
      };
      return connection.request({ signal, send });
    },

    async add({ dn, attributes, signal }) {
      const filled = Object.entries(attributes).filter(([, values]) => values.length > 0);
      const wanted = filled.map(([type, values]) => new Attribute({ type, values: [...values] }));
      const result = await send(signal, [ALREADY_EXISTS], (client) => client.add(dn, wanted));
      return result === 0;
    },

    modify: ({ dn, changes, control, expected = [], signal }) =>
      send(signal, expected, (client) => client.modify(dn, [...changes], control)),

    async remove({ dn, signal }) {
      return (await send(signal, [NO_SUCH_OBJECT], (client) => client.del(dn))) === 0;
    },

    compare: ({ dn, attribute, value, signal }) =>
      connection.request({ signal, send: (client) => client.compare(dn, attribute, value) }),
  };
}
