import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { LDAP_ERROR_CODES } from '../../src/connectors/ldap/ldap-error.ts';

const DOCS = ['operations', 'directory', 'indigo-iam', 'accounts', 'rules', 'api', 'configuration'];

/** Every code of an error that the sources name, one by one. */
function codesIn(folder: string): readonly string[] {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((path) => path.endsWith('.ts'))
    .flatMap((path) => {
      const text = readFileSync(join(folder, path), 'utf8');
      return [...text.matchAll(/code: '([A-Z]+(?:_[A-Z]+)+)'/g)].map(([, code]) => code ?? '');
    });
}

it('every code that an operator may meet stands in the documents, with what to do', () => {
  const documents = DOCS.map((name) => readFileSync(`docs/${name}.md`, 'utf8')).join('\n');
  const codes = ['src', 'activities', 'workflows'].flatMap(codesIn);
  expect(codes.length).toBeGreaterThan(50);
  const all = new Set([...codes, ...Object.keys(LDAP_ERROR_CODES)]);
  expect([...all].filter((code) => !documents.includes(`\`${code}\``)).sort()).toEqual([]);
});
