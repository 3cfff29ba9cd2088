import { createHash } from 'node:crypto';

/**
 * The id that a request gives to what it makes: the same for the same request, so that one that comes twice makes
 * nothing twice. In the form of a UUID (version 8, RFC 9562).
 */
export function idOfRequest(requestId: string): string {
  const hex = createHash('sha256').update(`lifecycle request ${requestId}`).digest('hex');
  const variant = ((Number.parseInt(hex.slice(16, 17), 16) & 0x3) | 0x8).toString(16);
  const parts = [hex.slice(0, 8), hex.slice(8, 12), `8${hex.slice(13, 16)}`];
  return [...parts, `${variant}${hex.slice(17, 20)}`, hex.slice(20, 32)].join('-');
}
