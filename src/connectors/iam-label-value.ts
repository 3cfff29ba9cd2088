/** IAM's limit for the value of a label, counted as Java counts: in UTF-16 units. */
export const LONGEST_LABEL_VALUE = 64;

/** A cut falls between two words if this many characters remain, else within one. */
const SHORTEST_CUT = 32;

/**
 * A reason as the value of a label: its words joined by hyphens, without white space and characters that do not print,
 * at most 64 characters long. Longer ones are cut, between two words where that leaves enough. `null` if nothing is
 * left: a label then has no value. Rule: docs/rules.md, "Experiment accounts".
 */
export function iamLabelValue(reason: string): string | null {
  const words = reason
    .normalize('NFC')
    // Control and format characters, unpaired surrogates, and every kind of space or line break.
    .replace(/[\p{C}\p{Z}\s]+/gu, '-')
    .replace(/-{2,}/g, '-')
    .replace(/^-+|-+$/g, '');
  const value = words.length <= LONGEST_LABEL_VALUE ? words : cut(words);
  return value === '' ? null : value;
}

function cut(words: string): string {
  const start = words.slice(0, LONGEST_LABEL_VALUE + 1);
  const end = start.lastIndexOf('-');
  if (end >= SHORTEST_CUT) return start.slice(0, end);
  // Half of a character that takes two units is no character.
  return start.slice(0, LONGEST_LABEL_VALUE).replace(/[\uD800-\uDBFF]$/, '');
}
