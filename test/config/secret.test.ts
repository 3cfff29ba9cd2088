import { format, inspect } from 'node:util';
import { describe, expect, it } from 'vitest';
import { Secret } from '../../src/config/secret.ts';

describe('Secret', () => {
  const secret = new Secret('canary');
  const holder = { list: [secret], nested: { secret }, map: new Map([['key', secret]]) };

  it('gives the secret to whoever asks for it', () => {
    expect(secret.reveal()).toBe('canary');
  });

  it.each<[string, () => string]>([
    ['JSON', () => JSON.stringify(holder)],
    ['inspect', () => inspect(holder, { depth: null, showHidden: true, getters: true })],
    [
      'inspect without its custom form',
      () => inspect(holder, { depth: null, showHidden: true, customInspect: false }),
    ],
    ['a template', () => `${String(secret)} ${format('%s %o %O %j', secret, secret, secret, secret)}`],
    [
      'a copy of its fields',
      () => JSON.stringify(Object.assign({}, secret)) + inspect(Object.entries(secret)),
    ],
    ['an error', () => inspect(new Error('no', { cause: holder }), { depth: null })],
    ['a structured clone', () => inspect(structuredClone({ ...holder }))],
  ])('is not printed by %s', (_way, print) => {
    expect(print()).not.toContain('canary');
  });
});
