/**
 * Logins in the order of preference, without end: `base` cut to `maxLength`, then with 2, 3, … at its end. The caller
 * takes the first that was never used. Rule: "Logins".
 */
export function* loginCandidates(base: string, maxLength: number): Generator<string, never> {
  yield base.slice(0, maxLength);
  for (let number = 2; ; number += 1) {
    const suffix = String(number);
    yield `${base.slice(0, maxLength - suffix.length)}${suffix}`;
  }
}
