import { describe, expect, it } from 'vitest';
import { createAccountEntries } from '../../../src/connectors/ldap/account-entries.ts';
import type { Attributes } from '../../../src/connectors/ldap/ldap-attributes.ts';
import type { LdapEntries } from '../../../src/connectors/ldap/ldap-entries.ts';

const { signal } = new AbortController();
const ADA: Attributes = { cn: ['ada'], cernAccountType: ['Primary'], employeeID: ['1'], sn: ['Rossi'] };

/** Entries of a server that shows one look after the other, and accepts every write. */
function serverShowing(looks: readonly (Attributes | null)[]) {
  const left = [...looks];
  const writes: string[][] = [];
  const unused = (): never => {
    throw new Error('nobody asks for this');
  };
  const entries: LdapEntries = {
    read: () => {
      const attributes = left.shift() ?? null;
      return Promise.resolve(attributes && { dn: 'cn=ada', attributes });
    },
    modify: ({ changes }) => {
      writes.push(changes.map(({ modification }) => modification.type));
      return Promise.resolve(0);
    },
    ...{ search: unused, add: unused, remove: unused, compare: unused },
  };
  const accounts = createAccountEntries({ target: 'directory', entries, usersBase: 'ou=Users' });
  return { writes, write: (wanted: Attributes) => accounts.write({ login: 'ada', signal, wanted }) };
}

describe('a write to an account', () => {
  it('changes what stands there otherwise, and nothing else', async () => {
    const wanted = { sn: ['Bianchi'], employeeID: ['1'], mail: [] };
    const server = serverShowing([ADA, { ...ADA, sn: ['Bianchi'] }]);
    await server.write(wanted);
    expect(server.writes).toEqual([['sn']]);
  });

  it('is none where everything stands there already', async () => {
    const server = serverShowing([ADA]);
    await server.write({ sn: ['Rossi'], mail: [] });
    expect(server.writes).toEqual([]);
  });

  it.each([
    ['not', ADA],
    ['beside another value', { ...ADA, sn: ['Bianchi', 'Rossi'] }],
    ['in other letters', { ...ADA, sn: ['bianchi'] }],
  ])('that the server accepted and that stands there %s is an error', async (_how, after) => {
    const server = serverShowing([ADA, after]);
    await expect(server.write({ sn: ['Bianchi'] })).rejects.toMatchObject({
      code: 'TARGET_NOT_WRITTEN',
      retryable: true,
      facts: { attribute: 'sn' },
    });
    expect(server.writes).toEqual([['sn']]);
  });

  it('to an entry that is gone by then says that there is none', async () => {
    const server = serverShowing([ADA, null]);
    await expect(server.write({ sn: ['Bianchi'] })).rejects.toMatchObject({ code: 'TARGET_NO_ENTRY' });
  });
});
