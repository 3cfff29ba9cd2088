import { describe, expect, it } from 'vitest';
import { loginFromName, parseLoginPattern } from '../../src/config/login-pattern.ts';

function login(pattern: string, givenName: string, familyName: string, maxLength = 8): string {
  return loginFromName({ parts: parseLoginPattern(pattern) ?? [], maxLength }, { givenName, familyName });
}

describe('loginFromName', () => {
  it.each([
    ['{givenName:1}{familyName}', 'Ada', 'Rossi', 'arossi'],
    ['{givenName:1}{familyName}', 'Zoë', 'Müller-Lüdenscheidt', 'zmullerl'],
    ['{givenName:1}{familyName}', 'Łukasz', 'Groß', 'lgross'],
    ['{familyName:3}{givenName:3}', 'Ada', 'Li', 'liada'],
    ['x.{familyName}', 'Ada', 'O’Brien', 'x.obrien'],
    ['{givenName:1}{familyName}', '明', '王', ''],
  ])('%s of %s %s', (pattern, givenName, familyName, expected) => {
    expect(login(pattern, givenName, familyName)).toBe(expected);
  });

  it.each(['', 'user', '{givenname}', '{familyName', '{familyName:0}', 'Ü{familyName}', '{familyName} '])(
    'the pattern %j is refused',
    (pattern) => {
      expect(parseLoginPattern(pattern)).toBeNull();
    },
  );
});
