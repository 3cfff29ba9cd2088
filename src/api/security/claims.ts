/** The claim at a path with dots between the levels; a name with dots in it is found as it stands, too. */
export function claimAt(payload: Readonly<Record<string, unknown>>, path: string): unknown {
  if (Object.hasOwn(payload, path)) return payload[path];
  let claim: unknown = payload;
  for (const name of path.split('.')) {
    if (typeof claim !== 'object' || claim === null || !Object.hasOwn(claim, name)) return undefined;
    claim = Reflect.get(claim, name);
  }
  return claim;
}

/** The words of a claim that is a list, or a text with spaces between them. */
export function wordsAt(claim: unknown): readonly string[] {
  if (typeof claim === 'string') return claim.split(' ').filter((word) => word !== '');
  return Array.isArray(claim) ? claim.filter((word) => typeof word === 'string') : [];
}
