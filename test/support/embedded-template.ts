import { readFile, rename, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PGlite } from '@electric-sql/pglite';

let template: Promise<Blob> | undefined;

/** The dump of an empty embedded database, made once on a machine for each version and kept in its temporary folder. */
export function embeddedTemplate(): Promise<Blob> {
  template ??= readOrMake(join(tmpdir(), `lifecycle-pglite-${pgliteVersion()}.tar`));
  return template;
}

async function readOrMake(path: string): Promise<Blob> {
  try {
    return new Blob([await readFile(path)]);
  } catch {
    const pglite = await PGlite.create();
    const dump = await pglite.dumpDataDir('none');
    await pglite.close();
    // Written aside: another test process may look for it at the same time.
    const draft = `${path}.${process.pid}`;
    await writeFile(draft, Buffer.from(await dump.arrayBuffer()));
    await rename(draft, path);
    return dump;
  }
}

function pgliteVersion(): string {
  // The package does not export its package.json; it lies two folders above its main file.
  const main = createRequire(import.meta.url).resolve('@electric-sql/pglite');
  const manifest: unknown = createRequire(main)('../package.json');
  const version: unknown =
    typeof manifest === 'object' && manifest !== null ? Reflect.get(manifest, 'version') : undefined;
  return typeof version === 'string' ? version : 'unknown';
}
