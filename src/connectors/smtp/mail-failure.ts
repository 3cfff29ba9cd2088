import { MailError } from '../../errors.ts';
import type { ErrorFacts } from '../../errors.ts';

/** Commands whose refusal is about the mail; before them the server refuses us, not the mail. */
const ABOUT_THE_MAIL = new Set(['MAIL FROM', 'RCPT TO', 'DATA']);
/** Sign in first, sign in better, wrong order of commands: somebody must mend a configuration, no mail is at fault. */
const ABOUT_THE_SESSION = new Set([503, 530, 534, 535, 538]);

function field(error: unknown, name: string): unknown {
  return typeof error === 'object' && error !== null
    ? Object.entries(error).find(([key]) => key === name)?.[1]
    : null;
}

/** Our own refusal of a mail that cannot be sent as it is. */
export function unsendable(code: string, message: string): MailError {
  return new MailError({ code, message, retryable: false });
}

/**
 * What a failed sending comes to. Permanent (`MAIL_REFUSED`) only if the server refused this mail for good (5xx to
 * sender, recipient or content); passing in every other case, unknown outcomes among them. The library's own error
 * is not kept as the cause: it quotes the server, and servers quote addresses.
 */
export function mailFailure(error: unknown): MailError {
  const code = field(error, 'code');
  const responseCode = field(error, 'responseCode');
  const command = field(error, 'command');
  const facts: ErrorFacts = {
    smtpError: typeof code === 'string' ? code : null,
    responseCode: typeof responseCode === 'number' ? responseCode : null,
    command: typeof command === 'string' && ABOUT_THE_MAIL.has(command) ? command : null,
  };
  const failed = (failure: string, message: string, retryable = true): MailError =>
    new MailError({ code: failure, message, retryable, facts });

  if (typeof responseCode === 'number') {
    const isFinal = responseCode >= 500 && !ABOUT_THE_SESSION.has(responseCode);
    if (isFinal && facts['command'] !== null) {
      return failed('MAIL_REFUSED', `The mail server refused the mail for good (${responseCode}).`, false);
    }
    if (facts['command'] === null || ABOUT_THE_SESSION.has(responseCode)) {
      return failed('MAIL_SESSION_REFUSED', `The mail server refused to work with us (${responseCode}).`);
    }
    return failed('MAIL_DEFERRED', `The mail server put the mail off (${responseCode}).`);
  }
  switch (code) {
    case 'EAUTH':
    case 'ENOAUTH':
      return failed('MAIL_SESSION_REFUSED', 'Signing in to the mail server failed.');
    case 'ETLS':
      return failed('MAIL_TLS', 'There is no secure connection to the mail server.');
    case 'ETIMEDOUT':
      return failed('MAIL_TIMEOUT', 'The mail server did not answer in time; the mail may have been taken.');
    case 'ECONNECTION':
    case 'ESOCKET':
    case 'EDNS':
      return failed(
        'MAIL_UNREACHABLE',
        'The connection to the mail server failed; the mail may have been taken.',
      );
    default:
      return failed('MAIL_UNKNOWN', 'Sending failed, and it is unknown whether the mail was taken.');
  }
}
