/** Parameters that may be repeated: they always come as a list. */
const REPEATED = new Set(['field', 'filter']);

/** Reads a query string. A parameter given twice that may be given once comes as a list, which its schema refuses. */
export function parseQueryString(text: string): Record<string, unknown> {
  const parameters = new URLSearchParams(text);
  return Object.fromEntries(
    [...new Set(parameters.keys())].map((name) => {
      const values = parameters.getAll(name);
      return [name, REPEATED.has(name) || values.length > 1 ? values : values[0]];
    }),
  );
}
