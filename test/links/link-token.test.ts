import { describe, expect, it } from 'vitest';
import { createLinkTokens } from '../../src/links/link-token.ts';

const tokens = createLinkTokens({ publicUrl: 'https://accounts.example.org/', key: 'k'.repeat(32) });

function tokenOf(address: string): string {
  return address.split('/').at(-1) ?? '';
}

describe('the token of a link', () => {
  it('follows from the key and the request, and from nothing else', () => {
    const same = createLinkTokens({ publicUrl: 'https://accounts.example.org', key: 'k'.repeat(32) });
    expect(same.address('r-1')).toBe(tokens.address('r-1'));
    expect(tokens.address('r-1')).toMatch(
      /^https:\/\/accounts\.example\.org\/links\/reassignments\/r-1\/[\w-]{43}$/,
    );
    expect(tokens.isRight('r-1', tokenOf(tokens.address('r-1')))).toBe(true);
  });

  it('is of no use for another request, or under another key', () => {
    const other = createLinkTokens({ publicUrl: 'https://accounts.example.org', key: 'l'.repeat(32) });
    expect(tokens.isRight('r-2', tokenOf(tokens.address('r-1')))).toBe(false);
    expect(other.isRight('r-1', tokenOf(tokens.address('r-1')))).toBe(false);
  });

  it.each(['', 'x', '…', 'A'.repeat(43), 'A'.repeat(10_000)])('is not %j', (token) => {
    expect(tokens.isRight('r-1', token)).toBe(false);
  });

  it('stands in an address whatever the id of the request is made of', () => {
    const address = tokens.address('a/b?c#d é');
    expect(new URL(address).pathname.split('/')).toHaveLength(5);
    expect(tokens.isRight('a/b?c#d é', tokenOf(address))).toBe(true);
  });
});
