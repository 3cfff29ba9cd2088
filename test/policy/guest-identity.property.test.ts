import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { BY_EMAIL } from '../../src/contracts/guest.ts';
import {
  addressProblem,
  guestLogin,
  identityOfAddress,
  parseGuestKey,
  parseIdentity,
} from '../../src/policy/guest-identity.ts';

const read = (value: unknown) => parseIdentity(value);
const edugain = { provider: 'edugain', subject: 'a1b2' };

describe('an identity that an admin types', () => {
  it('is provider and subject as they stand, and an address in lower case', () => {
    expect(read({ provider: 'edugain', subject: 'AbC', email: 'Ada@Example.NET' })).toEqual({
      ok: true,
      value: { provider: 'edugain', subject: 'AbC', email: 'ada@example.net' },
    });
    expect(read({ provider: 'EMail', subject: 'Ada@Example.NET' })).toEqual({
      ok: true,
      value: { provider: BY_EMAIL, subject: 'ada@example.net', email: 'ada@example.net' },
    });
    expect(read(edugain)).toMatchObject({ ok: true, value: { email: null } });
  });

  it.each([
    ['no object', 'edugain', 'object'],
    ['no provider', { subject: 'a' }, 'provider is missing'],
    ['an empty subject', { ...edugain, subject: '' }, 'subject is missing'],
    ['a number', { ...edugain, subject: 7 }, 'subject is missing'],
    ['white space around', { ...edugain, subject: ' a' }, 'white space'],
    ['a line break', { ...edugain, subject: 'a\nb' }, 'cannot be seen'],
    ['a character that turns the line around', { ...edugain, subject: 'a\u202eb' }, 'cannot be seen'],
    ['half a character', { ...edugain, subject: 'a\ud800' }, 'cannot be seen'],
    ['zero', { ...edugain, subject: 'a\u0000' }, 'cannot be seen'],
    ['too long a subject', { ...edugain, subject: 'x'.repeat(301) }, 'longer than 300'],
    ['too long a provider', { ...edugain, provider: 'x'.repeat(201) }, 'longer than 200'],
    ['no address', { provider: 'email', subject: 'ada' }, 'no mail address'],
    ['two addresses', { provider: 'email', subject: 'a@b.c', email: 'd@b.c' }, 'another address'],
    ['an e-mail that is none', { ...edugain, email: 'ada' }, 'email is no mail address'],
  ])('is refused with the reason: %s', (_name, value, words) => {
    expect(read(value)).toMatchObject({ ok: false, problem: expect.stringContaining(words) as string });
  });

  it('that is refused is not repeated', () => {
    fc.assert(
      fc.property(fc.string({ minLength: 8, unit: 'binary' }), (secret) => {
        const parsed = read({ provider: 'email', subject: `zq${secret}zq` });
        if (!parsed.ok) expect(parsed.problem).not.toContain(secret);
      }),
    );
  });

  it('has no address of the organisation, nor one that looks like it', () => {
    const of = (email: string) => addressProblem({ ...edugain, email }, 'Cern.example');
    expect(of('a@example.net')).toBeNull();
    expect(of('a@notcern.example')).toBeNull();
    expect(of('a@cern.example')).toContain("organisation's own");
    expect(of('a@mail.cern.example')).toContain("organisation's own");
    expect(of('a@ċern.example')).toContain('ASCII');
    expect(of('a@cern\u3002example')).toContain('ASCII');
    expect(
      addressProblem({ provider: 'email', subject: 'a@cern.example', email: null }, 'cern.example'),
    ).not.toBeNull();
    expect(addressProblem({ ...edugain, email: null }, 'cern.example')).toBeNull();
  });
});

describe('who signs in', () => {
  it('is found by the address in any case of its ASCII letters, and by no letter that only becomes one of them', () => {
    expect(parseGuestKey({ provider: 'email', subject: 'KELVIN@x.y' })).toMatchObject({
      value: { subject: 'kelvin@x.y' },
    });
    // U+212A, the sign of the unit, becomes a k in lower case.
    expect(parseGuestKey({ provider: 'email', subject: '\u212aelvin@x.y' })).toMatchObject({
      value: { subject: '\u212aelvin@x.y' },
    });
    expect(identityOfAddress('\u212aelvin@x.y', 'cern.example')?.subject).toBe('\u212aelvin@x.y');
  });

  it('is never two: what is told apart stays apart', () => {
    const word = fc.string({ minLength: 1, maxLength: 12, unit: 'grapheme' });
    fc.assert(
      fc.property(word, word, word, word, (provider, subject, provider2, subject2) => {
        const [one, two] = [
          parseGuestKey({ provider, subject }),
          parseGuestKey({ provider: provider2, subject: subject2 }),
        ];
        if (!one.ok || !two.ok || one.value.provider === BY_EMAIL || two.value.provider === BY_EMAIL) return;
        const isSame = provider === provider2 && subject === subject2;
        expect(one.value.provider === two.value.provider && one.value.subject === two.value.subject).toBe(
          isSame,
        );
      }),
    );
  });

  it('of HR’s address is nobody, if it is ours or none', () => {
    expect(identityOfAddress(' Ada@Example.net ', 'cern.example')).toEqual({
      ...{ provider: BY_EMAIL, subject: 'ada@example.net', email: 'ada@example.net' },
    });
    for (const address of [null, '', 'ada', 'a@cern.example', 'a@b@c', 'a b@c.d', 'a\u0000@b.c', 'a:b@c.d']) {
      expect(identityOfAddress(address, 'cern.example'), String(address)).toBeNull();
    }
  });

  it('has an entry of a name that no other one has, and that tells nothing unless it is the address', () => {
    expect(guestLogin({ provider: BY_EMAIL, subject: 'a@b.c', guestId: 'g1' })).toBe('a@b.c');
    expect(guestLogin({ ...edugain, guestId: 'g1' })).toBe('guest-g1');
  });
});

describe('the external address that HR names', () => {
  it('is an identity up to the length that a service can ask for, and none beyond', () => {
    const ofLength = (length: number) => `${'a'.repeat(length - '@example.net'.length)}@example.net`;
    for (const [length, isUsed] of [
      [254, true],
      [255, false],
      [300, false],
    ] as const) {
      const identity = identityOfAddress(ofLength(length), 'cern.example');
      expect(identity !== null, String(length)).toBe(isUsed);
      if (identity) expect(parseGuestKey(identity).ok).toBe(true);
    }
  });
});
