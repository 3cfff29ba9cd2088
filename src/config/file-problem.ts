import { ConfigurationError } from '../errors.ts';

/** One thing that is wrong in a file that people write. It never repeats a value that may be a secret. */
export interface FileProblem {
  /** Line in the file, from 1. */
  readonly line: number;
  /** The setting, dotted, for instance `hr.timeoutSeconds`; empty for the file as a whole. */
  readonly path: string;
  readonly what: string;
  /** The thought behind the rule, where it is not plain. */
  readonly why?: string;
  readonly remedy: string;
}

/** One error for all problems of a file, in the order of their lines. */
export function fileError(fileName: string, problems: readonly FileProblem[]): ConfigurationError {
  const sorted = [...problems].sort((a, b) => a.line - b.line);
  const count = sorted.length === 1 ? '1 problem' : `${sorted.length} problems`;
  const lines = sorted.map(({ line, path, what, why, remedy }) => {
    const reason = why === undefined ? '' : ` (${why})`;
    return `  ${fileName}:${line}: ${path === '' ? '' : `${path}: `}${what}${reason}. Remedy: ${remedy}${remedy.endsWith('?') ? '' : '.'}`;
  });
  return new ConfigurationError([`${fileName}: ${count}`, ...lines].join('\n'), {
    file: fileName,
    problems: sorted.length,
  });
}

/** `['policies', 'primary', 'milestones', 3]` as `policies.primary.milestones[3]`. */
export function dotted(path: readonly (string | number)[]): string {
  return path
    .map((part, index) => (typeof part === 'number' ? `[${part}]` : index === 0 ? part : `.${part}`))
    .join('');
}
