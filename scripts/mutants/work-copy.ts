import { execFileSync } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Mutant } from './mutant.ts';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
/** Too large to copy, and nobody changes them. */
const LINKED = ['node_modules', '.cache'];

/** A copy of the work tree as it stands, in which files may be broken. */
export interface WorkCopy {
  readonly folder: string;
  /** Applies a mutant while `work` runs. Throws when the mutant's text does not stand in the file exactly once. */
  mutated<T>(mutant: Mutant, work: () => Promise<T>): Promise<T>;
  remove(): void;
}

function filesOfWorkTree(): readonly string[] {
  const options = { cwd: ROOT, encoding: 'utf8', maxBuffer: 1e8 } as const;
  const list = execFileSync('git', ['ls-files', '-z', '--cached', '--others', '--exclude-standard'], options);
  return list.split('\0').filter((file) => file !== '' && existsSync(join(ROOT, file)));
}

export function createWorkCopy(folder: string): WorkCopy {
  for (const file of filesOfWorkTree()) {
    mkdirSync(dirname(join(folder, file)), { recursive: true });
    cpSync(join(ROOT, file), join(folder, file));
  }
  for (const name of LINKED) {
    if (existsSync(join(ROOT, name))) symlinkSync(join(ROOT, name), join(folder, name));
  }
  return {
    folder,
    async mutated({ name, file, find, replace }, work) {
      const path = join(folder, file);
      const text = readFileSync(path, 'utf8');
      const times = text.split(find).length - 1;
      if (times !== 1) {
        throw new Error(`${name} no longer applies: its text stands ${String(times)} times in ${file}`);
      }
      writeFileSync(
        path,
        text.replace(find, () => replace),
      );
      try {
        return await work();
      } finally {
        writeFileSync(path, text);
      }
    },
    remove: () => rmSync(folder, { recursive: true, force: true }),
  };
}
