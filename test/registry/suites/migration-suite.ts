import { sql } from 'kysely';
import { afterEach, describe, expect, it } from 'vitest';
import { migrate } from '../../../src/registry/migrate.ts';
import { openDatabase, openRegistry, type RegistryLocation } from '../../../src/registry/open-registry.ts';
import type { RegistryDatabase } from '../../../src/registry/registry-database.ts';

export function migrationSuite(createLocation: () => Promise<RegistryLocation>): void {
  describe('migrations', () => {
    const opened: RegistryDatabase[] = [];
    const open = async (location: RegistryLocation): Promise<RegistryDatabase> => {
      const database = await openDatabase(location);
      opened.push(database);
      return database;
    };
    afterEach(async () => {
      await Promise.all(opened.splice(0).map((database) => database.close()));
    });
    const one = {
      version: 1,
      name: 'one',
      statements: ['create table one (a int)', 'create table uno (a int)'],
    };
    const two = { version: 2, name: 'two', statements: ['alter table one add b int'] };

    it('run once, in order, and only those that are missing', async () => {
      const database = await open(await createLocation());
      expect(await migrate(database)).toEqual([1, 2]);
      expect(await migrate(database)).toEqual([]);
    });

    it('bring an older registry up to date', async () => {
      const database = await open(await createLocation());
      expect(await migrate(database, [one])).toEqual([1]);
      expect(await migrate(database, [one, two])).toEqual([2]);
      await database.query((db) => sql`select a, b from one`.execute(db));
    });

    it('leave nothing behind when one of them fails', async () => {
      const database = await open(await createLocation());
      const wrong = { version: 2, name: 'wrong', statements: ['create table two (a int)', 'creat table'] };
      await expect(migrate(database, [one, wrong])).rejects.toMatchObject({ code: 'REGISTRY_FAILED' });
      expect(await migrate(database, [one, two])).toEqual([1, 2]);
    });

    it('refuse a registry that is newer than the program', async () => {
      const database = await open(await createLocation());
      await migrate(database, [one, two]);
      await expect(migrate(database, [one])).rejects.toMatchObject({
        code: 'REGISTRY_NEWER_THAN_PROGRAM',
        retryable: false,
        facts: { registryVersion: 2, programVersion: 1 },
      });
    });

    it('make a registry that opens', async () => {
      const { registry, close } = await openRegistry({ location: await createLocation() });
      expect(await registry.accounts({})).toEqual([]);
      await close();
      await expect(registry.accounts({})).rejects.toMatchObject({ code: 'REGISTRY_CLOSED', retryable: true });
    });
  });
}
