import type { Environment } from './secrets.ts';

/** A text of a Spring configuration with its placeholders filled in. */
export type SpringText =
  | {
      readonly ok: true;
      readonly text: string;
      /** All of it came from the environment: nothing of it stands in the file. */
      readonly isFromEnvironment: boolean;
    }
  | { readonly ok: false; readonly missing: string };

const PLACEHOLDER = /\$\{([A-Za-z_][\w.-]*)(?::([^${}]*))?\}/g;

/**
 * Fills in placeholders as Spring does: `${NAME}`, or `${NAME:default}`. A property's name, such as
 * `${hr.password}`, is looked for as a variable of Spring's relaxed form, `HR_PASSWORD`. `missing` = a variable that is
 * not set and has no default.
 */
export function fillSpringText(written: string, environment: Environment): SpringText {
  const missing: string[] = [];
  // What stands in the file: text around placeholders, and defaults that are used.
  const inFile = [written.replace(PLACEHOLDER, '')];
  const text = written.replace(PLACEHOLDER, (_whole, name: string, fallback: string | undefined) => {
    const value = environment[name] ?? environment[variableOf(name)] ?? '';
    if (value !== '') return value;
    if (fallback === undefined) missing.push(variableOf(name));
    inFile.push(fallback ?? '');
    return fallback ?? '';
  });
  const [first] = missing;
  if (first !== undefined) return { ok: false, missing: first };
  return { ok: true, text, isFromEnvironment: inFile.join('') === '' };
}

/** The name that Spring gives a property in the environment. */
function variableOf(property: string): string {
  return property.replace(/-/g, '').replace(/\./g, '_').toUpperCase();
}
