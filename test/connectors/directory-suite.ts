import { describe, expect, it } from 'vitest';
import type { Directory, DirectoryPerson, ListedEntry } from '../../src/connectors/directory.ts';

/** A directory, and what is done to it from outside. Each test has logins of its own in it. */
export interface DirectoryUnderTest {
  readonly directory: Directory;
  addMembership(login: string, group: string): Promise<void>;
  /** Whether the login can sign in with the password, as a service would find out. */
  canSignIn(login: string, password: string): Promise<boolean>;
}

const { signal } = new AbortController();

export const personOf = (personId: string): DirectoryPerson => ({
  personId,
  displayName: 'Ada Rossi',
  givenName: 'Ada',
  familyName: 'Rossi',
  mail: 'ada@cern.example',
  department: 'IT',
  group: 'PW',
  section: null,
  institute: 'CERN',
  language: 'en',
});

let number = 1000;

/** What every directory does, whatever it is made of. */
export function directorySuite(use: () => DirectoryUnderTest): void {
  const create = async (login: string, person = personOf('1')): Promise<void> => {
    number += 1;
    const entry = { login, kind: 'primary', person, activeStatus: 'Active', uidNumber: number } as const;
    await use().directory.create({ ...entry, signal });
  };
  const read = (login: string) => use().directory.read({ login, signal });

  describe('a directory', () => {
    it('makes an entry with access off, and leaves the one that is there', async () => {
      const { directory } = use();
      await create('d-made');
      expect(await read('D-MADE')).toEqual({
        login: 'd-made',
        kind: 'primary',
        person: personOf('1'),
        activeStatus: 'Active',
        access: 'off',
        memberships: [],
        mailRouting: null,
      });
      await directory.setAccess({ login: 'd-made', access: 'on', signal });
      await create('d-made');
      expect((await read('d-made'))?.access).toBe('on');
    });

    it('makes one entry when it is asked twice at once', async () => {
      await Promise.all([create('d-rush'), create('d-rush'), create('d-rush')]);
      expect(await read('d-rush')).toMatchObject({ login: 'd-rush', access: 'off' });
    });

    it('refuses an entry that another person has', async () => {
      await create('d-taken');
      await expect(create('D-taken', personOf('2'))).rejects.toMatchObject({
        name: 'TargetError',
        code: 'TARGET_CONFLICT',
        retryable: false,
      });
      expect((await read('d-taken'))?.person.personId).toBe('1');
    });

    it('writes attributes, status, access and mail routing, as often as asked', async () => {
      const { directory } = use();
      await create('d-written');
      const login = 'd-written';
      for (const _again of [1, 2]) {
        await directory.setPerson({ login, person: { ...personOf('7'), mail: null }, signal });
        await directory.setActiveStatus({ login, activeStatus: 'Grace Period', signal });
        await directory.setAccess({ login, access: 'on', signal });
        await directory.setMailRouting({ login, to: 'ada@cern.example', signal });
      }
      expect(await read(login)).toMatchObject({
        person: { personId: '7', mail: null },
        activeStatus: 'Grace Period',
        access: 'on',
        mailRouting: 'ada@cern.example',
      });
      await directory.setMailRouting({ login, to: null, signal });
      expect((await read(login))?.mailRouting).toBeNull();
    });

    it('makes an account one of another kind, and takes the status from one that is no primary account', async () => {
      const { directory } = use();
      await create('d-kind');
      const login = 'd-kind';
      for (let times = 0; times < 2; times += 1)
        await directory.setKind({ login, kind: 'secondary', signal });
      expect(await read(login)).toMatchObject({
        kind: 'secondary',
        activeStatus: null,
        person: { personId: '1' },
      });
      await directory.setKind({ login, kind: 'primary', signal });
      await directory.setActiveStatus({ login, activeStatus: 'Active', signal });
      await directory.setKind({ login, kind: 'primary', signal });
      expect(await read(login)).toMatchObject({ kind: 'primary', activeStatus: 'Active' });
    });

    it('takes an entry out of every static group and says which', async () => {
      const { directory, addMembership } = use();
      await create('d-groups');
      await create('d-stays');
      for (const group of ['vpn', 'admins', 'vpn']) await addMembership('d-groups', group);
      await addMembership('d-stays', 'vpn');
      const login = 'd-groups';
      expect((await read(login))?.memberships).toEqual(['admins', 'vpn']);
      expect(await directory.removeStaticMemberships({ login, signal })).toEqual(['admins', 'vpn']);
      expect(await directory.removeStaticMemberships({ login, signal })).toEqual([]);
      expect((await read(login))?.memberships).toEqual([]);
      expect((await read('d-stays'))?.memberships).toEqual(['vpn']);
    });

    it('lets an account sign in with its password while its access is on, and no other way', async () => {
      const { directory, canSignIn } = use();
      const login = 'd-password';
      await create(login);
      await directory.setPassword({ login, password: 'correct horse', signal });
      expect(await canSignIn(login, 'correct horse')).toBe(false);
      expect((await read(login))?.access).toBe('off');
      await directory.setAccess({ login, access: 'on', signal });
      expect(await canSignIn(login, 'correct horse')).toBe(true);
      expect(await canSignIn(login, 'wrong horse')).toBe(false);
      await directory.setPassword({ login, password: 'new horse', signal });
      expect(await canSignIn(login, 'correct horse')).toBe(false);
      expect(await canSignIn(login, 'new horse')).toBe(true);
      await directory.setAccess({ login, access: 'off', signal });
      await directory.setAccess({ login, access: 'off', signal });
      expect(await canSignIn(login, 'new horse')).toBe(false);
      await directory.setPassword({ login, password: 'last horse', signal });
      expect(await canSignIn(login, 'last horse')).toBe(false);
      await directory.setAccess({ login, access: 'on', signal });
      expect(await canSignIn(login, 'last horse')).toBe(true);
    });

    it('deletes an entry with its groups, and has nothing to do the second time', async () => {
      const { directory, addMembership } = use();
      await create('d-deleted');
      await addMembership('d-deleted', 'vpn');
      await directory.delete({ login: 'd-deleted', signal });
      await directory.delete({ login: 'd-deleted', signal });
      expect(await read('d-deleted')).toBeNull();
      await create('d-deleted');
      expect((await read('d-deleted'))?.memberships).toEqual([]);
    });

    it('says that it has no such entry to everything but reading and deleting', async () => {
      const { directory } = use();
      const login = 'd-none';
      const noEntry = { name: 'TargetError', code: 'TARGET_NO_ENTRY', retryable: false };
      for (const call of [
        () => directory.setPerson({ login, person: personOf('1'), signal }),
        () => directory.setActiveStatus({ login, activeStatus: 'Active', signal }),
        () => directory.setAccess({ login, access: 'off', signal }),
        () => directory.setKind({ login, kind: 'secondary', signal }),
        () => directory.removeStaticMemberships({ login, signal }),
        () => directory.setMailRouting({ login, to: null, signal }),
        () => directory.setPassword({ login, password: 'x', signal }),
      ]) {
        await expect(call()).rejects.toMatchObject(noEntry);
      }
      expect(await read(login)).toBeNull();
      await directory.delete({ login, signal });
    });

    it('lists everyone in it, page by page, each once', async () => {
      const { directory } = use();
      const logins = ['l-c', 'L-a', 'l-b', 'l-d', 'l-e'];
      for (const login of logins) await create(login, personOf('9'));
      const all: ListedEntry[] = [];
      let after: string | null = null;
      do {
        const page = await directory.list({ after, limit: 2, signal });
        if (page.outcome !== 'page') throw new Error('it can list');
        expect(page.entries.length).toBeLessThanOrEqual(2);
        all.push(...page.entries);
        after = page.next;
      } while (after !== null);
      const ours = all.filter(({ personId }) => personId === '9');
      expect(ours).toEqual(
        ['L-a', 'l-b', 'l-c', 'l-d', 'l-e'].map((login) => ({
          ...{ login, personId: '9', kind: 'primary', access: 'off' },
        })),
      );
      expect(new Set(all.map(({ login }) => login)).size).toBe(all.length);
    });

    it('does nothing once it is called off', async () => {
      const { directory } = use();
      await create('d-off');
      const aborted = { login: 'd-off', signal: AbortSignal.abort() };
      for (const call of [
        () => directory.delete(aborted),
        () => directory.setAccess({ ...aborted, access: 'on' }),
        () => directory.read(aborted),
      ]) {
        await expect(call()).rejects.toThrow('abort');
      }
      expect(await read('d-off')).toMatchObject({ access: 'off' });
    });
  });
}
