import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const PAGE = 'docs/rules.md';
const CODE_FOLDERS = ['src', 'workflows', 'activities'];

/** A heading of the rules page, with the files and tests that its line `Held by: … · Tests: …` names. */
export interface Rule {
  readonly heading: string;
  /** Line of the heading, from 1. */
  readonly line: number;
  readonly files: readonly string[];
  readonly tests: readonly { readonly file: string; readonly names: readonly string[] }[];
}

/** The rules of the page, in its order: every heading of the second level and below is one. */
export function readRules(page: string): readonly Rule[] {
  const lines = page.split('\n');
  const starts = lines.flatMap((text, index) => (/^#{2,} /.test(text) ? [index] : []));
  return starts.map((start, index) => {
    const body = lines.slice(start + 1, starts[index + 1]).join('\n');
    const held = /^Held by:[^]*?(?=\n\s*\n|$(?![^]))/m.exec(body)?.[0] ?? '';
    const [files = '', ...tests] = held.split(/·\s*Tests:/);
    return {
      heading: (lines[start] ?? '').replace(/^#+ /, '').trim(),
      line: start + 1,
      files: [...files.matchAll(/`([^`]+)`/g)].map(([, file = '']) => file),
      tests: [...tests.join(' ').matchAll(/`([^`]+)`([^`]*)/g)].map(([, file = '', names = '']) => ({
        file,
        names: [...names.replace(/\s+/g, ' ').matchAll(/"([^"]+)"/g)].map(([, name = '']) => name),
      })),
    };
  });
}

/** Names of `describe`, `it` and `test` in a file of tests; of those with a table, too. A skipped one is none. */
export function testNames(source: string): ReadonlySet<string> {
  const calls =
    /(?:\b(?:describe|it|test)\w*(?:\.(?!skip\b|todo\b)\w+)*|\))\(\s*(['"`])((?:\\.|(?!\1)[^\\])*)\1\s*,/g;
  return new Set([...source.matchAll(calls)].map(([, , name = '']) => name.replace(/\\(.)/g, '$1')));
}

/** Headings that comments refer to: `Rule: "Holds"`, or `docs/rules.md`, "The calendar" and "The spread". */
export function references(source: string): readonly string[] {
  const text = source.replace(/\n\s*(?:\*|\/\/|#)?[ \t]*/g, ' ');
  const cited =
    /(?:\bRules?: *(?:`?docs\/rules\.md`?, *)?|docs\/rules\.md`?,? *)((?:(?:, | and |, and )?"[^"]*")+)/g;
  return [...text.matchAll(cited)].flatMap(([, list = '']) =>
    [...list.matchAll(/"([^"]*)"/g)].map(([, heading = '']) => heading),
  );
}

/** Everything that does not hold between the page, the tests and the code, in words; `read` answers `null` for no such file. */
export function checkRules(input: {
  readonly page: string;
  readonly read: (path: string) => string | null;
  readonly code: readonly string[];
}): readonly string[] {
  const { page, read, code } = input;
  const rules = readRules(page);
  const headings = new Set(rules.map(({ heading }) => heading));
  const problems: string[] = [];
  if (rules.length === 0) problems.push(`${PAGE}: has no heading, so no rule`);
  for (const [index, { heading, line, files, tests }] of rules.entries()) {
    const at = `${PAGE}:${line}: "${heading}"`;
    if (rules.findIndex((rule) => rule.heading === heading) !== index) problems.push(`${at} is there twice`);
    if (files.length === 0) problems.push(`${at} names no file that holds it: add "Held by: \`src/…\`"`);
    if (tests.length === 0)
      problems.push(`${at} names no test: add "· Tests: \`test/…\` "name of the test""`);
    for (const file of files) {
      if (read(file) === null) problems.push(`${at} names the file ${file}, which does not exist`);
    }
    for (const { file, names } of tests) {
      const source = file.startsWith('test/') ? read(file) : null;
      if (source === null) problems.push(`${at} names the tests ${file}, which do not exist under test/`);
      else if (names.length === 0)
        problems.push(`${at} names no test in ${file}: write its name in quotes behind it`);
      const known = testNames(source ?? '');
      for (const name of source === null ? [] : names) {
        if (!known.has(name)) problems.push(`${at} names the test "${name}", which is not in ${file}`);
      }
    }
  }
  for (const file of code) {
    for (const heading of references(read(file) ?? '')) {
      if (!headings.has(heading))
        problems.push(`${file}: refers to the rule "${heading}", which ${PAGE} does not have`);
    }
  }
  return problems;
}

function main(): void {
  const root = fileURLToPath(new URL('..', import.meta.url));
  const read = (path: string) =>
    existsSync(join(root, path)) ? readFileSync(join(root, path), 'utf8') : null;
  const code = CODE_FOLDERS.flatMap((folder) =>
    readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' })
      .filter((path) => /\.(ts|cjs)$/.test(path))
      .map((path) => `${folder}/${path}`),
  ).sort();
  const page = read(PAGE) ?? '';
  const problems = checkRules({ page, read, code });
  for (const problem of problems) console.error(problem);
  if (problems.length > 0) process.exitCode = 1;
  const rules = readRules(page).length;
  console.log(
    `${String(rules)} rules, ${problems.length === 0 ? 'each with its code and its tests' : `${String(problems.length)} problems`}`,
  );
}

if (process.argv[1] === fileURLToPath(import.meta.url)) main();
