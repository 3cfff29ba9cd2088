import { AndFilter, PresenceFilter } from 'ldapts';
import { loginKey } from '../../registry/column-values.ts';
import type { DirectoryPage, ListedEntry } from '../directory.ts';
import { ACCOUNT_CLASS, accessOf, kindOf, LOCK, personIdOf } from './ldap-attributes.ts';
import { has, type LdapEntries } from './ldap-entries.ts';

/** For so many real ms the pages of a list come from one look; somebody who asks later looks anew. */
const LOOK_LASTS_MS = 300_000;
const ATTRIBUTES = ['cn', 'cernAccountType', 'employeeID', LOCK];

interface Look {
  readonly at: number;
  readonly entries: readonly (ListedEntry & { readonly key: string })[];
}

/**
 * Lists accounts by login, page by page. A server's own pages end with the connection, and belong to one worker: so all
 * are read at the first page and kept for the others, and read again where they are not there any more. Entries that no
 * account type or person stands in are none of ours, and left out.
 */
export function createAccountList(input: {
  readonly entries: LdapEntries;
  readonly usersBase: string;
  /** Real ms that only run forward. */
  readonly now?: () => number;
}): (page: { after: string | null; limit: number; signal: AbortSignal }) => Promise<DirectoryPage> {
  const { entries, usersBase, now = () => performance.now() } = input;
  let kept: Look | null = null;

  const look = async (signal: AbortSignal): Promise<Look> => {
    const at = now();
    const filters = [has('objectClass', ACCOUNT_CLASS), new PresenceFilter({ attribute: 'employeeID' })];
    const filter = new AndFilter({ filters });
    const found = await entries.search({
      ...{ base: usersBase, scope: 'one', filter, attributes: ATTRIBUTES, signal },
    });
    const listed = found.flatMap(({ attributes }) => {
      const [login, kind, personId] = [attributes['cn']?.[0], kindOf(attributes), personIdOf(attributes)];
      if (login === undefined || kind === null || personId === null) return [];
      return [{ key: loginKey(login), login, personId, kind, access: accessOf(attributes) }];
    });
    // As the registry sorts: by characters, not by a language.
    listed.sort((one, other) => (one.key < other.key ? -1 : one.key > other.key ? 1 : 0));
    return { at, entries: listed };
  };

  return async ({ after, limit, signal }) => {
    const isKept = after !== null && kept !== null && now() - kept.at < LOOK_LASTS_MS;
    const whole = isKept && kept ? kept : await look(signal);
    const rest = after === null ? whole.entries : whole.entries.filter(({ key }) => key > after);
    const page = rest.slice(0, limit);
    const next = rest.length > limit ? (page.at(-1)?.key ?? null) : null;
    kept = next === null ? null : whole;
    return {
      outcome: 'page',
      entries: page.map(({ login, personId, kind, access }) => ({ login, personId, kind, access })),
      next,
    };
  };
}
