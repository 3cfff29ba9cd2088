import * as z from 'zod';
import { unwrap } from './settings.ts';

type Path = readonly (string | number)[];

/** The schema that holds for a path, or `undefined`. */
export function schemaAt(schema: z.ZodType, path: Path): z.ZodType | undefined {
  const [key, ...rest] = path;
  if (key === undefined) return schema;
  const outer = unwrap(schema);
  const inner: unknown =
    outer instanceof z.ZodObject ? outer.shape[key] : outer instanceof z.ZodArray ? outer.element : undefined;
  return inner instanceof z.ZodType ? schemaAt(inner, rest) : undefined;
}

/** The value at a path of a parsed file, or `undefined`. */
export function valueAt(value: unknown, path: Path): unknown {
  const [key, ...rest] = path;
  if (key === undefined) return value;
  if (typeof value !== 'object' || value === null) return undefined;
  const own = Object.entries(value).find(([name]) => name === String(key));
  return own === undefined ? undefined : valueAt(own[1], rest);
}

/** The paths of every setting of a schema that is not itself a group of settings. */
export function settingPaths(schema: z.ZodType, path: readonly string[] = []): string[][] {
  const object = unwrap(schema);
  if (!(object instanceof z.ZodObject)) return [[...path]];
  return Object.entries(object.shape).flatMap(([key, inner]: [string, unknown]) =>
    inner instanceof z.ZodType ? settingPaths(inner, [...path, key]) : [],
  );
}
