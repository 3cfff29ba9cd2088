import { createHmac, timingSafeEqual } from 'node:crypto';

/** Keeps tokens of one kind of link from being of use for another. */
const PURPOSE = 'lifecycle link reassignment ';

/** Addresses that only who got the mail can know. */
export interface LinkTokens {
  /** The address at which the request is answered. The token in it stands nowhere else. */
  address(requestId: string): string;
  /** Whether the token is the one of the request. Takes as long whether it is nearly right or wrong. */
  isRight(requestId: string, token: string): boolean;
}

/**
 * Makes and checks the tokens of links: each follows from the key and the request alone, so that none is kept anywhere.
 *
 * @param input.publicUrl Where the pages are, as people reach them.
 * @param input.key At least 32 bytes that nobody else knows.
 */
export function createLinkTokens(input: { readonly publicUrl: string; readonly key: string }): LinkTokens {
  const base = input.publicUrl.replace(/\/+$/, '');
  const digestOf = (requestId: string) =>
    createHmac('sha256', input.key).update(`${PURPOSE}${requestId}`).digest();
  return {
    address: (requestId) =>
      `${base}${LINKS_PATH}/${encodeURIComponent(requestId)}/${digestOf(requestId).toString('base64url')}`,
    isRight(requestId, token) {
      const wanted = digestOf(requestId);
      const given = Buffer.from(token, 'base64url');
      // Of what is not as long nothing is compared: the length is no secret.
      return given.length === wanted.length && timingSafeEqual(given, wanted);
    },
  };
}

/** Below the public address. */
export const LINKS_PATH = '/links/reassignments';
