import { BusyError, InsufficientAccessError, InvalidSyntaxError, UnknownStatusCodeError } from 'ldapts';
import { describe, expect, it } from 'vitest';
import { errorOf, LDAP_ERROR_CODES, ldapError } from '../../../src/connectors/ldap/ldap-error.ts';

describe('an error of a directory', () => {
  it.each([
    [1, 'TARGET_BUSY', true],
    [3, 'TARGET_TIMEOUT', true],
    [4, 'TARGET_LIMIT', false],
    [8, 'TARGET_TLS', false],
    [10, 'TARGET_LAYOUT', false],
    [11, 'TARGET_LIMIT', false],
    [13, 'TARGET_TLS', false],
    [17, 'TARGET_SCHEMA', false],
    [19, 'TARGET_SCHEMA', false],
    [21, 'TARGET_SCHEMA', false],
    [32, 'TARGET_LAYOUT', false],
    [49, 'TARGET_BIND_REFUSED', false],
    [50, 'TARGET_DENIED', false],
    [51, 'TARGET_BUSY', true],
    [52, 'TARGET_BUSY', true],
    [53, 'TARGET_BUSY', true],
    [65, 'TARGET_SCHEMA', false],
    [80, 'TARGET_BUSY', true],
    [118, 'TARGET_FAILED', false],
  ])('by result %i is %s', (result, code, retryable) => {
    const error = errorOf('directory', new UnknownStatusCodeError(result, 'said'));
    expect(error).toMatchObject({
      name: 'TargetError',
      code,
      retryable,
      facts: { target: 'directory', result },
    });
  });

  it('repeats nothing of what the server said but the name of an attribute of ours', () => {
    const syntax = errorOf(
      'directory',
      new InvalidSyntaxError('mail: value #0 <ada@cern.ch> invalid per syntax'),
    );
    expect(syntax).toMatchObject({ code: 'TARGET_SCHEMA', facts: { attribute: 'mail' } });
    const others = [
      syntax,
      errorOf('directory', new InsufficientAccessError('no write access to cn=ada')),
      errorOf('directory', new BusyError('ada: is busy')),
      errorOf('directory', new Error('getaddrinfo ENOTFOUND ada')),
    ];
    for (const error of others) {
      expect(JSON.stringify([error.message, error.facts, error.stack])).not.toMatch(/\bada\b/);
    }
    expect(others[2]?.facts).not.toHaveProperty('attribute');
  });

  it.each([
    ['ECONNREFUSED', 'TARGET_UNREACHABLE', true],
    ['CERT_HAS_EXPIRED', 'TARGET_TLS', false],
    ['DEPTH_ZERO_SELF_SIGNED_CERT', 'TARGET_TLS', false],
    ['ERR_TLS_CERT_ALTNAME_INVALID', 'TARGET_TLS', false],
  ])('of a connection with %s is %s', (code, expected, retryable) => {
    const error = errorOf('directory', Object.assign(new Error('x'), { code }));
    expect(error).toMatchObject({ code: expected, retryable, facts: { code } });
  });

  it.each(['Connection timeout', 'SearchRequest: Operation timed out'])(
    'in time is told from others: %s',
    (said) => {
      expect(errorOf('directory', new Error(said))).toMatchObject({
        code: 'TARGET_TIMEOUT',
        retryable: true,
      });
    },
  );

  it('passes through unchanged when it is one already, and every code says whether to retry', () => {
    const error = ldapError('directory', 'TARGET_CONFLICT', 'x');
    expect(errorOf('directory', error)).toBe(error);
    expect(Object.values(LDAP_ERROR_CODES).every((retryable) => typeof retryable === 'boolean')).toBe(true);
  });
});
