import { isMap, isNode, isScalar, LineCounter, parseDocument } from 'yaml';
import type { FileProblem } from './file-problem.ts';

/** A YAML file as plain values, and where each of them stands. */
export interface YamlSource {
  readonly value: unknown;
  /** What is wrong with the YAML itself; then `value` is not to be trusted. */
  readonly problems: readonly FileProblem[];
  /** Line of the value at `path`, or of what is nearest above it. */
  lineOf(path: readonly (string | number)[]): number;
}

/** Reads YAML text (one document, no key twice). Never throws. */
export function readYaml(text: string): YamlSource {
  const lineCounter = new LineCounter();
  const document = parseDocument(text, { lineCounter, prettyErrors: false });
  const lineAt = (offset: number): number => Math.max(1, lineCounter.linePos(offset).line);
  const problems = document.errors.map((error): FileProblem => {
    const duplicate = error.code === 'DUPLICATE_KEY';
    return {
      line: lineAt(error.pos[0]),
      path: '',
      // The parser's words for a syntax error can quote the text, in which a secret may stand.
      what: duplicate ? 'the same key stands twice' : `this is not YAML (${error.code})`,
      remedy: duplicate ? 'keep one of them' : 'look at indentation, quotes and colons on this line',
    };
  });

  const lineOf = (path: readonly (string | number)[]): number => {
    const last = path.at(-1);
    if (last === undefined) {
      const { contents } = document;
      return contents === null ? 1 : lineAt(contents.range[0]);
    }
    const parent: unknown = path.length === 1 ? document.contents : document.getIn(path.slice(0, -1), true);
    if (isMap(parent)) {
      const pair = parent.items.find(({ key }) => isScalar(key) && String(key.value) === String(last));
      if (isNode(pair?.key) && pair.key.range) return lineAt(pair.key.range[0]);
    }
    const node: unknown = document.getIn(path, true);
    return isNode(node) && node.range ? lineAt(node.range[0]) : lineOf(path.slice(0, -1));
  };

  let value: unknown = null;
  if (problems.length === 0) {
    try {
      value = document.toJS();
    } catch {
      problems.push({
        line: 1,
        path: '',
        what: 'its aliases cannot be resolved',
        remedy: 'write the values out',
      });
    }
  }
  return { value, problems, lineOf };
}
