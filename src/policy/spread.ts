import type { Policy } from '../contracts/policy.ts';

/**
 * How long after a milestone's moment this account's turn comes, in ms: the same for its whole life, and over all
 * accounts evenly spread over the policy's window. Rule: "The spread".
 */
export function spreadOf(accountId: string, policy: Pick<Policy, 'spreadMinutes'>): number {
  // FNV-1a, then a final mix, since ids that differ in their last character only must land far apart.
  let hash = 0x811c9dc5;
  for (let index = 0; index < accountId.length; index += 1) {
    hash = Math.imul(hash ^ accountId.charCodeAt(index), 0x01000193);
  }
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  hash = (hash ^ (hash >>> 16)) >>> 0;
  return Math.floor((hash / 0x1_0000_0000) * policy.spreadMinutes * 60_000);
}
