import { describe, expect, test } from 'vitest';
import { mailFailure } from '../../../src/connectors/smtp/mail-failure.ts';

describe('what a failed sending comes to', () => {
  test.each<[string, object, string, boolean]>([
    [
      '451 to the recipient',
      { responseCode: 451, code: 'EENVELOPE', command: 'RCPT TO' },
      'MAIL_DEFERRED',
      true,
    ],
    [
      '550 to the recipient',
      { responseCode: 550, code: 'EENVELOPE', command: 'RCPT TO' },
      'MAIL_REFUSED',
      false,
    ],
    ['554 to the content', { responseCode: 554, code: 'EMESSAGE', command: 'DATA' }, 'MAIL_REFUSED', false],
    [
      '550 to the sender',
      { responseCode: 550, code: 'EENVELOPE', command: 'MAIL FROM' },
      'MAIL_REFUSED',
      false,
    ],
    [
      'sign in first',
      { responseCode: 530, code: 'EENVELOPE', command: 'MAIL FROM' },
      'MAIL_SESSION_REFUSED',
      true,
    ],
    ['wrong order', { responseCode: 503, code: 'EENVELOPE', command: 'DATA' }, 'MAIL_SESSION_REFUSED', true],
    [
      'wrong password',
      { responseCode: 535, code: 'EAUTH', command: 'AUTH PLAIN' },
      'MAIL_SESSION_REFUSED',
      true,
    ],
    [
      '554 as greeting',
      { responseCode: 554, code: 'EPROTOCOL', command: 'CONN' },
      'MAIL_SESSION_REFUSED',
      true,
    ],
    ['no AUTH offered', { code: 'ENOAUTH' }, 'MAIL_SESSION_REFUSED', true],
    ['no STARTTLS', { code: 'ETLS', command: 'STARTTLS' }, 'MAIL_TLS', true],
    ['time-out', { code: 'ETIMEDOUT' }, 'MAIL_TIMEOUT', true],
    ['connection refused', { code: 'ESOCKET', originalCode: 'ECONNREFUSED' }, 'MAIL_UNREACHABLE', true],
    ['unknown host', { code: 'EDNS' }, 'MAIL_UNREACHABLE', true],
    ['connection lost', { code: 'ECONNECTION' }, 'MAIL_UNREACHABLE', true],
    ['anything else', new Error('what is this'), 'MAIL_UNKNOWN', true],
    ['nothing', [], 'MAIL_UNKNOWN', true],
  ])('%s', (_name, error, code, retryable) => {
    expect(mailFailure(error)).toMatchObject({ code, retryable });
  });

  test('what the server said and to whom is not kept', () => {
    const error = Object.assign(new Error('550 <ada@cern.ch> unknown'), {
      responseCode: 550,
      command: 'RCPT TO',
      response: '550 <ada@cern.ch> unknown',
      rejected: ['ada@cern.ch'],
    });
    const failure = mailFailure(error);
    expect(JSON.stringify([failure, failure.message, failure.stack])).not.toContain('ada@');
    expect(failure.cause).toBeUndefined();
    expect(failure.facts).toEqual({ smtpError: null, responseCode: 550, command: 'RCPT TO' });
  });
});
