/** The JSON of a body, or that it holds none. Strict: a text in another encoding would come out with replacement characters. */
export function readJson(
  body: Uint8Array,
): { readonly ok: true; readonly value: unknown } | { readonly ok: false } {
  try {
    const value: unknown = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(body));
    return { ok: true, value };
  } catch {
    return { ok: false };
  }
}
