import { existsSync } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { PGlite } from '@electric-sql/pglite';
import { Kysely } from 'kysely';
import { RegistryError } from '../errors.ts';
import { columnParsers } from './column-parsers.ts';
import { lockFolder, type FolderLock } from './folder-lock.ts';
import { createPGliteDialect } from './pglite-dialect.ts';
import { createRegistryDatabase, type RegistryDatabase } from './registry-database.ts';
import type { Tables } from './tables.ts';

/**
 * Opens the embedded database in a folder, which then belongs to this process until it closes or dies; `null` = in
 * memory, gone when closed. A new database begins from `template`, a dump of an empty one, if there is one: making
 * one from nothing takes some seconds.
 *
 * @throws RegistryError `REGISTRY_IN_USE` when another process has the folder, `REGISTRY_FOLDER` when it cannot be
 *   used.
 */
export async function openEmbeddedDatabase(
  folder: string | null,
  template?: Blob,
): Promise<RegistryDatabase> {
  if (folder === null) return databaseOver(await startPGlite({ template }));
  const lock = await takeFolder(folder);
  try {
    return databaseOver(await startPGlite({ dataDir: join(folder, 'data'), template }), lock);
  } catch (error) {
    await lock.release();
    throw folderError(folder, error);
  }
}

async function startPGlite(input: { dataDir?: string; template: Blob | undefined }): Promise<PGlite> {
  const { dataDir, template } = input;
  const isNew = dataDir === undefined || !existsSync(dataDir);
  return PGlite.create({
    parsers: { ...columnParsers },
    ...(dataDir === undefined ? {} : { dataDir }),
    ...(isNew && template !== undefined ? { loadDataDir: template } : {}),
  });
}

function databaseOver(pglite: PGlite, lock?: FolderLock): RegistryDatabase {
  return createRegistryDatabase({
    kysely: new Kysely<Tables>({ dialect: createPGliteDialect(pglite) }),
    ...(lock === undefined ? {} : { onClosed: () => lock.release() }),
  });
}

async function takeFolder(folder: string): Promise<FolderLock> {
  try {
    await mkdir(folder, { recursive: true });
    return await lockFolder(folder);
  } catch (error) {
    throw folderError(folder, error);
  }
}

function folderError(folder: string, error: unknown): RegistryError {
  if (error instanceof RegistryError) return error;
  return new RegistryError({
    code: 'REGISTRY_FOLDER',
    message:
      `The folder ${folder} cannot be opened as a registry. Check that this user may write there and that ` +
      'nothing but a registry is in it.',
    retryable: false,
    cause: error,
  });
}
