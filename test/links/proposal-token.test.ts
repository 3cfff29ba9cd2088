import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createLinkTokens } from '../../src/links/link-token.ts';
import { createProposalTokens, type Ownership } from '../../src/links/proposal-token.ts';

const WAY = { publicUrl: 'https://accounts.example.org/', key: 'k'.repeat(32) };
const tokens = createProposalTokens(WAY);
const answers = createLinkTokens(WAY);
const OWNERSHIP: Ownership = { accountId: 'a-1', owner: '900123', since: 1_700_000_000_000 };

function tokenOf(address: string): string {
  return address.split('/').at(-1) ?? '';
}

/** Few values, so that two of them are often alike in all but one part. */
const word = fc.constantFrom('a', 'a-1', '1', '12', '2', '', '","', '1","2', '[', '/');
const ownership = fc.record({ accountId: word, owner: word, since: fc.integer({ min: 0, max: 12 }) });

describe('the token by which an owner proposes the next one', () => {
  it('follows from the key and the ownership, and from nothing else', () => {
    const same = createProposalTokens({ ...WAY, publicUrl: 'https://accounts.example.org' });
    expect(same.address(OWNERSHIP)).toBe(tokens.address(OWNERSHIP));
    expect(tokens.isRight(OWNERSHIP, tokenOf(tokens.address(OWNERSHIP)))).toBe(true);
  });

  it('is all that is secret in an address, which names no person', () => {
    expect(tokens.address(OWNERSHIP)).toMatch(
      /^https:\/\/accounts\.example\.org\/links\/proposals\/a-1\/[\w-]{43}$/,
    );
    expect(tokens.address(OWNERSHIP)).not.toContain(OWNERSHIP.owner);
  });

  it('is of no use for another account, another owner, or the same one at another time', () => {
    fc.assert(
      fc.property(ownership, ownership, (one, other) => {
        const isSame = JSON.stringify(one) === JSON.stringify(other);
        expect(tokens.isRight(other, tokenOf(tokens.address(one)))).toBe(isSame);
      }),
      { numRuns: 1_000 },
    );
  });

  it('is of no use for another purpose, and no other token is of use here', () => {
    fc.assert(
      fc.property(ownership, fc.string(), (one, id) => {
        const parts = JSON.stringify([one.accountId, one.owner, one.since]);
        for (const requestId of [id, one.accountId, parts, `proposal ${parts}`]) {
          expect(answers.isRight(requestId, tokenOf(tokens.address(one)))).toBe(false);
          expect(tokens.isRight(one, tokenOf(answers.address(requestId)))).toBe(false);
        }
      }),
    );
  });

  it('is of no use under another key', () => {
    const other = createProposalTokens({ ...WAY, key: 'l'.repeat(32) });
    expect(other.isRight(OWNERSHIP, tokenOf(tokens.address(OWNERSHIP)))).toBe(false);
  });

  it.each(['', 'x', '…', 'A'.repeat(43), 'A'.repeat(10_000)])('is not %j', (token) => {
    expect(tokens.isRight(OWNERSHIP, token)).toBe(false);
  });
});
