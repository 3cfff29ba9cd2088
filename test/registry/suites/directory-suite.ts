import { describe, expect, it } from 'vitest';
import {
  createEmbeddedDirectory,
  type EmbeddedDirectory,
} from '../../../src/connectors/embedded-directory/embedded-directory.ts';
import { directorySuite as contract, personOf } from '../../connectors/directory-suite.ts';
import type { Use } from './backend.ts';

const { signal } = new AbortController();

/** What every directory does, and what is particular to the embedded one. */
export function directorySuite(use: Use): void {
  const directory = (name = 'directory'): EmbeddedDirectory =>
    createEmbeddedDirectory({ database: use().database, name });
  const create = (login: string, name?: string) => {
    const entry = { kind: 'primary', person: personOf('1'), activeStatus: 'Active', uidNumber: 1 } as const;
    return directory(name).create({ login, ...entry, signal });
  };

  describe('the embedded directory', () => {
    contract(() => ({
      directory: directory(),
      addMembership: (login, group) => directory().addMembership(login, group),
      canSignIn: (login, password) => directory().verify(login, password),
    }));

    it('stores only a hash of a password', async () => {
      const login = 'e-password';
      await create(login);
      await directory().setPassword({ login, password: 'correct horse', signal });
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

    it('puts nobody into a group whom it does not have, and lets nobody sign in', async () => {
      const noEntry = { code: 'TARGET_NO_ENTRY', retryable: false };
      await expect(directory().addMembership('e-none', 'vpn')).rejects.toMatchObject(noEntry);
      expect(await directory().verify('e-none', 'x')).toBe(false);
    });

    it('keeps directories of other names apart', async () => {
      await create('e-apart');
      expect(await directory('other').read({ login: 'e-apart', signal })).toBeNull();
      await directory('other').delete({ login: 'e-apart', signal });
      expect(await directory().read({ login: 'e-apart', signal })).not.toBeNull();
    });
  });
}
