/** Ids that can stand in a path: digits in practice; `.` and `..` would change the path's meaning. */
const PERSON_ID = /^(?!\.{1,2}$)[A-Za-z0-9._~-]{1,64}$/;
const NUMBER = /^\d+$/;

/** Whether the text can be HR's id of a person. */
export function isPersonId(text: string): boolean {
  return PERSON_ID.test(text);
}

/** The order of ids in HR's list: numbers as numbers and first, everything else by character code. */
export function comparePersonIds(a: string, b: string): number {
  const [aIsNumber, bIsNumber] = [NUMBER.test(a), NUMBER.test(b)];
  if (aIsNumber !== bIsNumber) return aIsNumber ? -1 : 1;
  if (aIsNumber) {
    const [left, right] = [BigInt(a), BigInt(b)];
    return left < right ? -1 : left > right ? 1 : 0;
  }
  return a < b ? -1 : a > b ? 1 : 0;
}
