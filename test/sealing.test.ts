import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { newSealingKeys, publicKeyOf, seal, unseal } from '../src/sealing.ts';

describe('a sealed text', () => {
  const own = newSealingKeys();

  it('is read by who has the key, whatever it says', () => {
    expect(publicKeyOf(own.privateKey)).toBe(own.publicKey);
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), (text) => {
        const sealed = seal(text, own.publicKey);
        expect(unseal(sealed, own.privateKey)).toBe(text);
      }),
      { numRuns: 30 },
    );
  });

  it('tells nobody else anything, and is another one each time', () => {
    const [one, two] = [seal('ada@example.net', own.publicKey), seal('ada@example.net', own.publicKey)];
    expect(one).not.toBe(two);
    expect(Buffer.from(one.split('.')[1] ?? '', 'base64url').includes('ada')).toBe(false);
    expect(() => unseal(one, newSealingKeys().privateKey)).toThrow('not sealed for the workers');
  });

  it.each(['', 'x', 'a.b', '.', `${newSealingKeys().publicKey}.AAAA`])(
    'that is none is refused: %j',
    (sealed) => {
      expect(() => unseal(sealed, own.privateKey)).toThrow(
        expect.objectContaining({ code: 'SEALED_UNREADABLE' }) as Error,
      );
    },
  );

  it('that was changed on its way is refused', () => {
    const sealed = seal('ada', own.publicKey);
    const [head = '', body = ''] = sealed.split('.');
    const bytes = Buffer.from(body, 'base64url');
    for (let index = 0; index < bytes.length; index += 1) {
      const changed = Buffer.from(bytes);
      changed[index] = (changed[index] ?? 0) ^ 1;
      expect(() => unseal(`${head}.${changed.toString('base64url')}`, own.privateKey)).toThrow();
    }
  });

  it('is sealed for a key only', () => {
    expect(() => seal('ada', 'no key')).toThrow(
      expect.objectContaining({ code: 'SEALED_UNREADABLE' }) as Error,
    );
  });
});
