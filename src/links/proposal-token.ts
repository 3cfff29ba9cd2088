import { createHmac, timingSafeEqual } from 'node:crypto';
import type { Instant } from '../contracts/time.ts';

/** Keeps tokens of one kind of link from being of use for another. */
const PURPOSE = 'lifecycle link proposal ';

/** Below the public address. */
export const PROPOSALS_PATH = '/links/proposals';

/** A service account in the hands of one owner: another owner, or the same one again later, is another one. */
export interface Ownership {
  readonly accountId: string;
  /** By person id. */
  readonly owner: string;
  readonly since: Instant;
}

/** Addresses by which an owner proposes the next one, which only who got the mail can know. */
export interface ProposalTokens {
  /** No person is named in it: the owner and since when are in the token alone. */
  address(ownership: Ownership): string;
  /** Whether the token is the one of this ownership. Takes as long whether it is nearly right or wrong. */
  isRight(ownership: Ownership, token: string): boolean;
}

/**
 * Makes and checks the tokens of these links: each follows from the key and the ownership alone, so that none is kept
 * anywhere, and none outlives the ownership. Rule: "Links in mails".
 *
 * @param input.publicUrl Where the pages are, as people reach them.
 * @param input.key At least 32 bytes that nobody else knows.
 */
export function createProposalTokens(input: {
  readonly publicUrl: string;
  readonly key: string;
}): ProposalTokens {
  const base = input.publicUrl.replace(/\/+$/, '');
  const digestOf = ({ accountId, owner, since }: Ownership) =>
    createHmac('sha256', input.key)
      .update(PURPOSE)
      .update(JSON.stringify([accountId, owner, since]))
      .digest();
  return {
    address: (ownership) =>
      `${base}${PROPOSALS_PATH}/${encodeURIComponent(ownership.accountId)}/${digestOf(ownership).toString('base64url')}`,
    isRight(ownership, token) {
      const wanted = digestOf(ownership);
      const given = Buffer.from(token, 'base64url');
      // Of what is not as long nothing is compared: the length is no secret.
      return given.length === wanted.length && timingSafeEqual(given, wanted);
    },
  };
}
