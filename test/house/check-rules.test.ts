import { describe, expect, it, test } from 'vitest';
import { checkRules, readRules, references, testNames } from '../../scripts/check-rules.ts';

const FILES: Readonly<Record<string, string>> = {
  'src/policy/calendar.ts': '/** Never early. Rule: "The calendar". */',
  'test/policy/calendar.test.ts': `
    describe('calendar dates', () => {
      it("begins at midnight", () => {});
      it.each([['a', 1]])(
        'adds %s days',
        () => {},
      );
      it.skip('is not run', () => {});
    });`,
};
const HELD = 'Held by: `src/policy/calendar.ts` · Tests: `test/policy/calendar.test.ts` "begins at midnight"';

function check(page: string, more: Readonly<Record<string, string>> = {}): readonly string[] {
  const files = { ...FILES, ...more };
  const code = Object.keys(files).filter((path) => !path.startsWith('test/'));
  return checkRules({ page, read: (path) => files[path] ?? null, code });
}

describe('the rules page', () => {
  it('passes when every heading has its code and its tests', () => {
    expect(check(`# Rules\n\n## The calendar\n\n${HELD}\n\nWords.\n`)).toEqual([]);
  });

  it.each([
    ['without a heading', '# Rules\n', 'has no heading'],
    ['a heading without code or tests', '## A\n\nWords.\n\n## The calendar\n\n' + HELD, '"A" names no file'],
    ['a heading without tests', '## The calendar\n\nHeld by: `src/policy/calendar.ts`\n', 'names no test'],
    ['a file that is gone', `## The calendar\n\n${HELD.replace('src/policy/', 'src/')}`, 'src/calendar.ts'],
    ['tests that are gone', `## The calendar\n\n${HELD.replace('.test', '')}`, 'which do not exist'],
    ['a test that is gone', `## The calendar\n\n${HELD.replace('midnight', 'noon')}`, '"begins at noon"'],
    [
      'a test that is skipped',
      `## The calendar\n\n${HELD.replace('begins at midnight', 'is not run')}`,
      'is not run',
    ],
    ['no test named in the file', `## The calendar\n\n${HELD.replace(/"[^"]*"/, '')}`, 'names no test in'],
    ['a heading twice', `## The calendar\n\n${HELD}\n\n### The calendar\n\n${HELD}`, 'is there twice'],
  ])('is refused with the reason: %s', (_what, page, problem) => {
    expect(check(page)).toContainEqual(expect.stringContaining(problem));
  });

  it('is refused when the code refers to a rule that it does not have', () => {
    const page = `## The calendar\n\n${HELD}`;
    const more = { 'src/policy/spread.ts': '/**\n * Even. Rule: "The\n * spread".\n */' };
    expect(check(page, more)).toEqual([
      expect.stringContaining('src/policy/spread.ts: refers to the rule "The spread"'),
    ]);
  });
});

test('a line that wraps is one line', () => {
  const [rule] = readRules(
    '### Holds\n\nHeld by: `a.ts`,\n`b.ts` · Tests: `test/c.ts` "one\ntwo", "three"\n\n`not.ts`\n',
  );
  expect(rule).toEqual({
    heading: 'Holds',
    line: 1,
    files: ['a.ts', 'b.ts'],
    tests: [{ file: 'test/c.ts', names: ['one two', 'three'] }],
  });
});

test('names of tests are found in all their forms', () => {
  const source = `test('it\\'s', f); describeOnTemporal('a server', f); it.skipIf(x)("later", f); fold('no test', f);`;
  expect([...testNames(source)]).toEqual(["it's", 'a server', 'later']);
});

test('every way to refer to a rule is understood', () => {
  const source =
    '/** Source: `docs/rules.md`, "A" and "B". */ // Rule: docs/rules.md, "C".\n# docs/rules.md, "D"';
  expect(references(source)).toEqual(['A', 'B', 'C', 'D']);
});
