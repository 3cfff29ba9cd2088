import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { MUTANTS } from '../../scripts/mutants/all.ts';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));

/** Reads each file once: most have several mutants. */
const texts = new Map<string, string>();
function textOf(file: string): string {
  const known = texts.get(file);
  if (known !== undefined) return known;
  const path = join(ROOT, file);
  const text = existsSync(path) ? readFileSync(path, 'utf8') : '';
  texts.set(file, text);
  return text;
}

/** A run of all mutants takes long, and CI runs a part of them: one that no longer applies is told here, at once. */
describe('the kept mutants', () => {
  it('each have a name of their own', () => {
    const names = MUTANTS.map(({ name }) => name);
    expect(names.filter((name, index) => names.indexOf(name) !== index)).toEqual([]);
  });

  it('each still apply: their text stands in their file exactly once', () => {
    const stale = MUTANTS.filter(({ file, find }) => textOf(file).split(find).length !== 2);
    expect(stale.map(({ name, file }) => `${name}: ${file}`)).toEqual([]);
  });

  it('each change something, and name tests that are there', () => {
    expect(MUTANTS.filter(({ find, replace }) => find === replace).map(({ name }) => name)).toEqual([]);
    const missing = MUTANTS.flatMap(({ name, tests }) =>
      tests.filter((test) => textOf(test) === '').map((test) => `${name}: ${test}`),
    );
    expect(missing).toEqual([]);
  });
});
