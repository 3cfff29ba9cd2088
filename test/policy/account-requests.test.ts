import { describe, expect, it } from 'vitest';
import { refusalOfRequest, type Applicant } from '../../src/policy/account-requests.ts';

const ADA: Applicant = {
  ...{ isKnown: true, isValid: true, isDisabled: false, hasPrimary: true },
  has: { secondary: 0, service: 0 },
};
const LOGINS = { longest: 20, reserved: ['root', 'postmaster'] };

function refusal(over: {
  readonly kind?: string;
  readonly login?: string;
  readonly person?: Partial<Applicant>;
  readonly isUsed?: boolean;
}) {
  const { kind = 'secondary', login = 'ada-test', person = {}, isUsed = false } = over;
  return refusalOfRequest({ asked: { kind, login }, person: { ...ADA, ...person }, isUsed, logins: LOGINS });
}

describe('a request for an account', () => {
  it.each([
    ['a secondary account', { kind: 'secondary' }],
    ['a service account', { kind: 'service' }],
    ['a fifth secondary account', { person: { has: { secondary: 4, service: 20 } } }],
    ['a twentieth service account', { kind: 'service', person: { has: { secondary: 5, service: 19 } } }],
    ['a login of two letters', { login: 'ab' }],
    ['a login with dots, dashes, underscores and digits', { login: 'a.b-c_d2' }],
    ['a login of the full length', { login: 'a'.repeat(20) }],
  ])('is granted for %s', (_, over) => {
    expect(refusal(over)).toBeNull();
  });

  it.each([
    ['a primary account', 'KIND_NOT_REQUESTABLE', 'exactly one', { kind: 'primary' }],
    ['a guest account', 'KIND_NOT_REQUESTABLE', 'only a secondary', { kind: 'guest' }],
    ['a kind that is a word of the language', 'KIND_NOT_REQUESTABLE', 'only', { kind: 'toString' }],
    ['a sixth secondary account', 'TOO_MANY', 'at most 5', { person: { has: { secondary: 5, service: 0 } } }],
    [
      ...(['a 21st service account', 'TOO_MANY', 'at most 20'] as const),
      { kind: 'service', person: { has: { secondary: 0, service: 20 } } },
    ],
    [
      ...(['one more, above the limit by a transfer', 'TOO_MANY', 'has 23'] as const),
      { kind: 'service', person: { has: { secondary: 0, service: 23 } } },
    ],
    ['somebody HR does not know', 'PERSON_UNKNOWN', 'HR knows', { person: { isKnown: false } }],
    ['somebody without a primary account', 'NO_PRIMARY', 'primary', { person: { hasPrimary: false } }],
    ['somebody without an affiliation', 'PERSON_NOT_VALID', 'today', { person: { isValid: false } }],
    ['somebody disabled by an admin', 'PERSON_DISABLED', 'disabled', { person: { isDisabled: true } }],
    ['a login that was ever used', 'LOGIN_USED', 'also after deletion', { isUsed: true }],
    ['a login that is reserved', 'LOGIN_RESERVED', 'reserved', { login: 'root' }],
    ['a login that is too long', 'LOGIN_TOO_LONG', 'at most 20', { login: 'a'.repeat(21) }],
  ] as const)('is refused for %s, as %s', (_, code, words, over) => {
    const refused = refusal(over);
    expect(refused?.code).toBe(code);
    expect(refused?.why).toContain(words);
  });

  it.each([
    ...[
      '',
      'a',
      '2ada',
      '-ada',
      'ada-',
      'ada.',
      'a..b',
      'Ada',
      'ada b',
      'ada\n',
      'àda',
      'ada*',
      'a)(b',
      'ad,a=b',
    ],
    ...['ａda', 'ada\u202e', '🙂ada', 'ada@x', '../ada', 'ada%00'],
  ])('is refused for the malformed login %j', (login) => {
    expect(refusal({ login })?.code).toBe('LOGIN_MALFORMED');
  });

  it('says nothing of a login in the reason: it may be a name', () => {
    for (const login of ['root', 'Ada-Rossi', 'a'.repeat(30)]) {
      expect(refusal({ login })?.why).not.toContain(login);
    }
  });
});
