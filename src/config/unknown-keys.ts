import * as z from 'zod';
import { isMapping } from './is-mapping.ts';
import { nearest } from './nearest.ts';
import { unwrap } from './settings.ts';

export interface KeyProblem {
  readonly path: readonly string[];
  readonly what: string;
  readonly remedy: string;
}

const SECRET_KEY = /pass(word|wd|phrase|code)?$|^pwd$|secret|token|credential|^api-?key$|private-?key/i;

/** Keys of a parsed file that the schema does not know: misspelled ones, and secrets, which it never takes. */
export function unknownKeys(schema: z.ZodType, value: unknown, path: readonly string[] = []): KeyProblem[] {
  const object = unwrap(schema);
  if (!(object instanceof z.ZodObject) || !isMapping(value)) return [];
  const known = Object.keys(object.shape);
  return Object.entries(value).flatMap(([key, inner]): KeyProblem[] => {
    const below: unknown = object.shape[key];
    if (below instanceof z.ZodType) return unknownKeys(below, inner, [...path, key]);
    return [{ path: [...path, key], ...judge(key, path, known) }];
  });
}

function judge(
  key: string,
  path: readonly string[],
  known: readonly string[],
): { what: string; remedy: string } {
  const asVariable = known.find((name) => name.toLowerCase() === `${key}Env`.toLowerCase());
  if (asVariable !== undefined || SECRET_KEY.test(key)) {
    const setting = asVariable ?? known.find((name) => name.endsWith('Env'));
    const variable = [...path, key]
      .join('_')
      .replace(/[^A-Za-z0-9]+/g, '_')
      .toUpperCase();
    return {
      what: 'a secret must not stand in the file',
      remedy:
        setting === undefined
          ? 'take it out, and change it: it has been written down'
          : `put it into an environment variable and name that, for instance ${setting}: ${variable}`,
    };
  }
  const meant = nearest(key, known);
  return {
    what: 'unknown setting',
    remedy: meant === null ? `take it out; known here are ${known.join(', ')}` : `did you mean ${meant}?`,
  };
}
