import { describe, expect, it } from 'vitest';
import type { LdapEntries } from '../../../src/connectors/ldap/ldap-entries.ts';
import { createAccountList } from '../../../src/connectors/ldap/list-accounts.ts';

const { signal } = new AbortController();

/** A server with these logins, a list over it, and a clock. */
function listOver(logins: string[]) {
  let [looks, now] = [0, 0];
  const unused = (): never => {
    throw new Error('nobody asks for this');
  };
  const entries: LdapEntries = {
    search: () => {
      looks += 1;
      const found = logins.map((login) => ({
        dn: `cn=${login}`,
        attributes: { cn: [login], cernAccountType: ['Service'], employeeID: ['1'] },
      }));
      return Promise.resolve(found);
    },
    ...{ read: unused, add: unused, modify: unused, remove: unused, compare: unused },
  };
  const newList = () => createAccountList({ entries, usersBase: 'ou=Users', now: () => now });
  const shown = async (list: ReturnType<typeof newList>, after: string | null, limit = 2) => {
    const page = await list({ after, limit, signal });
    if (page.outcome !== 'page') throw new Error('it can list');
    return [page.entries.map(({ login }) => login), page.next] as const;
  };
  return { newList, shown, looks: () => looks, wait: (ms: number) => (now += ms) };
}

describe('the list of a directory', () => {
  it('asks the server once for all pages', async () => {
    const { newList, shown, looks } = listOver(['c', 'A', 'b', 'd']);
    const list = newList();
    expect(await shown(list, null)).toEqual([['A', 'b'], 'b']);
    expect(await shown(list, 'b')).toEqual([['c', 'd'], null]);
    expect(looks()).toBe(1);
    expect(await shown(list, null, 9)).toEqual([['A', 'b', 'c', 'd'], null]);
    expect(looks()).toBe(2);
  });

  it('shows in each list what is there when it begins', async () => {
    const logins = ['a', 'b', 'c'];
    const { newList, shown } = listOver(logins);
    const list = newList();
    await shown(list, null);
    logins.push('d');
    expect(await shown(list, null)).toEqual([['a', 'b'], 'b']);
    expect(await shown(list, 'b')).toEqual([['c', 'd'], null]);
  });

  it('goes on where it was in another worker, which looks anew', async () => {
    const { newList, shown, looks } = listOver(['a', 'b', 'c']);
    expect(await shown(newList(), null)).toEqual([['a', 'b'], 'b']);
    expect(await shown(newList(), 'b')).toEqual([['c'], null]);
    expect(looks()).toBe(2);
  });

  it('goes on behind an entry that is gone by then', async () => {
    const logins = ['a', 'b', 'c', 'd', 'e'];
    const { newList, shown, wait } = listOver(logins);
    const list = newList();
    expect(await shown(list, null)).toEqual([['a', 'b'], 'b']);
    logins.splice(1, 1);
    wait(300_000);
    expect(await shown(list, 'b')).toEqual([['c', 'd'], 'd']);
  });

  it('keeps no look for longer than five minutes', async () => {
    const { newList, shown, looks, wait } = listOver(['a', 'b', 'c', 'd', 'e']);
    const list = newList();
    await shown(list, null);
    wait(299_999);
    await shown(list, 'b');
    expect(looks()).toBe(1);
    wait(1);
    await shown(list, 'b');
    expect(looks()).toBe(2);
  });
});
