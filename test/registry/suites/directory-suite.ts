import { describe, expect, it } from 'vitest';
import type { DirectoryPerson } from '../../../src/connectors/directory.ts';
import {
  createEmbeddedDirectory,
  type EmbeddedDirectory,
} from '../../../src/connectors/embedded-directory/embedded-directory.ts';
import type { Use } from './backend.ts';

const { signal } = new AbortController();

export function directorySuite(use: Use): void {
  const directory = (name = 'directory'): EmbeddedDirectory =>
    createEmbeddedDirectory({ database: use().database, name });
  const personOf = (personId: string): DirectoryPerson => ({
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
  const create = (login: string, person = personOf('1')) =>
    directory().create({ login, kind: 'primary', person, activeStatus: 'Active', uidNumber: 1, signal });

  describe('the embedded directory', () => {
    it('makes an entry with access off, and leaves the one that is there', async () => {
      await create('d-made');
      expect(await directory().read({ login: 'D-MADE', signal })).toEqual({
        login: 'd-made',
        kind: 'primary',
        person: personOf('1'),
        activeStatus: 'Active',
        access: 'off',
        memberships: [],
        mailRouting: null,
      });
      await directory().setAccess({ login: 'd-made', access: 'on', signal });
      await create('d-made');
      expect((await directory().read({ login: 'd-made', signal }))?.access).toBe('on');
    });

    it('refuses an entry that another person has', async () => {
      await create('d-taken');
      await expect(create('D-taken', personOf('2'))).rejects.toMatchObject({
        name: 'TargetError',
        code: 'TARGET_CONFLICT',
        retryable: false,
      });
    });

    it('writes attributes, status, access and mail routing, as often as asked', async () => {
      await create('d-written');
      const login = 'd-written';
      for (const _again of [1, 2]) {
        await directory().setPerson({ login, person: { ...personOf('7'), mail: null }, signal });
        await directory().setActiveStatus({ login, activeStatus: 'Grace Period', signal });
        await directory().setAccess({ login, access: 'on', signal });
        await directory().setMailRouting({ login, to: 'ada@cern.example', signal });
      }
      expect(await directory().read({ login, signal })).toMatchObject({
        person: { personId: '7', mail: null },
        activeStatus: 'Grace Period',
        access: 'on',
        mailRouting: 'ada@cern.example',
      });
    });

    it('takes an entry out of every static group and says which', async () => {
      await create('d-groups');
      await directory().addMembership('d-groups', 'vpn');
      await directory().addMembership('d-groups', 'admins');
      await directory().addMembership('d-groups', 'vpn');
      expect((await directory().read({ login: 'd-groups', signal }))?.memberships).toEqual(['admins', 'vpn']);
      expect(await directory().removeStaticMemberships({ login: 'd-groups', signal })).toEqual([
        'admins',
        'vpn',
      ]);
      expect(await directory().removeStaticMemberships({ login: 'd-groups', signal })).toEqual([]);
    });

    it('lets an account sign in with its password while its access is on, and stores only a hash', async () => {
      await create('d-password');
      const login = 'd-password';
      await directory().setPassword({ login, password: 'correct horse', signal });
      expect(await directory().verify(login, 'correct horse')).toBe(false);
      await directory().setAccess({ login, access: 'on', signal });
      expect(await directory().verify(login, 'correct horse')).toBe(true);
      expect(await directory().verify(login, 'wrong horse')).toBe(false);
      const row = await use().database.query((db) =>
        db
          .selectFrom('directory_entries')
          .selectAll()
          .where('login_key', '=', login)
          .executeTakeFirstOrThrow(),
      );
      expect(JSON.stringify(row)).not.toContain('horse');
      expect(row.password_hash).toMatch(/^scrypt\$/);
    });

    it('deletes an entry with its groups, and has nothing to do the second time', async () => {
      await create('d-deleted');
      await directory().addMembership('d-deleted', 'vpn');
      await directory().delete({ login: 'd-deleted', signal });
      await directory().delete({ login: 'd-deleted', signal });
      expect(await directory().read({ login: 'd-deleted', signal })).toBeNull();
      await create('d-deleted');
      expect((await directory().read({ login: 'd-deleted', signal }))?.memberships).toEqual([]);
    });

    it('says that it has no such entry to everything but reading and deleting', async () => {
      const login = 'd-none';
      const noEntry = { name: 'TargetError', code: 'TARGET_NO_ENTRY', retryable: false };
      for (const call of [
        () => directory().setPerson({ login, person: personOf('1'), signal }),
        () => directory().setActiveStatus({ login, activeStatus: 'Active', signal }),
        () => directory().setAccess({ login, access: 'off', signal }),
        () => directory().removeStaticMemberships({ login, signal }),
        () => directory().setMailRouting({ login, to: null, signal }),
        () => directory().setPassword({ login, password: 'x', signal }),
        () => directory().addMembership(login, 'vpn'),
      ]) {
        await expect(call()).rejects.toMatchObject(noEntry);
      }
      expect(await directory().verify(login, 'x')).toBe(false);
    });

    it('keeps directories of other names apart', async () => {
      await create('d-apart');
      expect(await directory('other').read({ login: 'd-apart', signal })).toBeNull();
      await directory('other').delete({ login: 'd-apart', signal });
      expect(await directory().read({ login: 'd-apart', signal })).not.toBeNull();
    });

    it('lists everyone in it, page by page, each once', async () => {
      const list = (after: string | null) => directory('listed').list({ after, limit: 2, signal });
      for (const login of ['L-c', 'l-a', 'l-b']) {
        const entry = {
          login,
          kind: 'primary',
          person: personOf('1'),
          activeStatus: null,
          uidNumber: 1,
        } as const;
        await directory('listed').create({ ...entry, signal });
      }
      const first = await list(null);
      const logins = ['l-a', 'l-b'].map((login) => ({
        ...{ login, personId: '1', kind: 'primary', access: 'off' },
      }));
      expect(first).toEqual({ outcome: 'page', entries: logins, next: 'l-b' });
      expect(await list('l-b')).toMatchObject({ entries: [{ login: 'L-c' }], next: 'l-c' });
      expect(await list('l-c')).toEqual({ outcome: 'page', entries: [], next: null });
    });

    it('does nothing once it is called off', async () => {
      await create('d-off');
      const aborted = AbortSignal.abort();
      await expect(directory().delete({ login: 'd-off', signal: aborted })).rejects.toThrow('abort');
      expect(await directory().read({ login: 'd-off', signal })).not.toBeNull();
    });
  });
}
