import { createHash } from 'node:crypto';
import type { HrRecord } from './hr-source.ts';

/**
 * A fingerprint of everything that HR says of a person and that matters: two records have the same digest if and
 * only if they say the same. The order of ties and of fields does not count, nor do remarks. A field added to
 * `HrRecord` counts by itself. SHA-256, in hex.
 */
export function digestOf(record: HrRecord): string {
  const { ties, remarks: _remarks, ...attributes } = record;
  const canonical = [sortedEntries(attributes), ties.map((tie) => JSON.stringify(sortedEntries(tie))).sort()];
  return createHash('sha256').update(JSON.stringify(canonical)).digest('hex');
}

function sortedEntries(fields: object): [string, unknown][] {
  return Object.entries(fields).sort(([a], [b]) => (a < b ? -1 : 1));
}
