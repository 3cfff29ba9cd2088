import * as z from 'zod';
import type { FileProblem } from '../config/file-problem.ts';
import { dotted } from '../config/file-problem.ts';
import { nearest } from '../config/nearest.ts';
import type { YamlSource } from '../config/yaml-source.ts';

export type Path = readonly (string | number)[];
export type Mapping = Readonly<Record<string, unknown>>;

const mapping = z.record(z.string(), z.unknown());

/**
 * Reads a file piece by piece and goes on after a mistake, so that one reading finds them all. `failed` are the
 * paths at which one was found: what is derived from them is not worth a second complaint.
 */
export interface PolicyReader {
  readonly problems: FileProblem[];
  report(path: Path, problem: { what: string; why?: string; remedy: string }): void;
  hasFailed(path: Path): boolean;
  /** The mapping at `path`; an empty one, and a problem, for anything else. */
  mapping(value: unknown, path: Path, known: readonly string[]): Mapping;
  /** The value under `key`, or `undefined` (and a problem, unless it is just absent). */
  field<T>(
    from: Mapping,
    key: string,
    path: Path,
    field: { schema: z.ZodType<T>; want: string },
  ): T | undefined;
  /** One of a few words under `key`; a near miss is read as the word it was meant to be. */
  word<T extends string>(
    from: Mapping,
    key: string,
    path: Path,
    words: readonly T[],
    noun: string,
  ): T | undefined;
}

/** A reader over a file that is YAML. */
export function createPolicyReader(source: YamlSource): PolicyReader {
  const problems: FileProblem[] = [];
  const failed = new Set<string>();

  const reader: PolicyReader = {
    problems,
    report(path, problem) {
      failed.add(dotted(path));
      problems.push({ line: source.lineOf(path), path: dotted(path), ...problem });
    },
    hasFailed: (path) => failed.has(dotted(path)),
    mapping(value, path, known) {
      const result = mapping.safeParse(value);
      if (!result.success) {
        reader.report(path, {
          what: value === undefined || value === null ? 'is missing' : 'is not a mapping of settings',
          remedy: `write its settings below it, indented: ${known.join(', ')}`,
        });
        return {};
      }
      for (const key of Object.keys(result.data)) {
        if (known.includes(key)) continue;
        const meant = nearest(key, known);
        reader.report([...path, key], {
          what: 'unknown setting',
          remedy: meant === null ? `take it out; known are ${known.join(', ')}` : `did you mean ${meant}?`,
        });
      }
      return result.data;
    },
    field(from, key, path, { schema, want }) {
      const value = from[key];
      if (value === undefined) return undefined;
      const result = schema.safeParse(value);
      if (result.success) return result.data;
      reader.report([...path, key], { what: `is ${typeName(value)}`, remedy: `write ${want}` });
      return undefined;
    },
    word(from, key, path, words, noun) {
      const value = from[key];
      const exact = words.find((word) => word === value);
      if (exact !== undefined) return exact;
      if (value === undefined || value === null) {
        reader.report([...path, key], {
          what: `${key} is missing`,
          remedy: `write one of ${words.join(', ')}`,
        });
        return undefined;
      }
      const meant = typeof value === 'string' ? nearest(value, words) : null;
      reader.report([...path, key], {
        what: typeof value === 'string' ? `unknown ${noun} "${value}"` : `is ${typeName(value)}`,
        why: `known are ${words.join(', ')}`,
        remedy: meant === null ? 'write one of them' : `did you mean ${meant}?`,
      });
      return words.find((word) => word === meant);
    },
  };
  return reader;
}

function typeName(value: unknown): string {
  if (value === null) return 'empty';
  if (Array.isArray(value)) return 'a list';
  if (typeof value === 'object') return 'a mapping';
  return `a ${typeof value}`;
}
