import { createTransport } from 'nodemailer';
import { ConfigurationError, MailError } from '../../errors.ts';
import type { Mail, Mailer } from '../mailer.ts';
import { isMailAddress, isMailDomain, readSender } from './mail-address.ts';
import { mailFailure, unsendable } from './mail-failure.ts';
import { messageIdOf } from './message-id.ts';

export interface SmtpMailerOptions {
  readonly host: string;
  readonly port: number;
  /** TLS from the first byte on (port 465). */
  readonly secure: boolean;
  /** Sends nothing unless STARTTLS works. */
  readonly requireTls: boolean;
  /** Never uses STARTTLS, even where the server offers it; for a relay whose certificate nobody can check. */
  readonly ignoreTls?: boolean;
  readonly user?: string;
  readonly password?: string;
  /** `address` or `Name <address>`. */
  readonly from: string;
  /** What stands behind the `@` of the Message-IDs. */
  readonly domain: string;
  /** Milliseconds for one mail, from the connection to the server's last word. */
  readonly timeoutMs: number;
}

const LONGEST_SUBJECT = 500;

function checkMail(mail: Mail): void {
  if (!isMailAddress(mail.to))
    throw unsendable('MAIL_BAD_ADDRESS', 'The recipient is no plain mail address.');
  if (/\p{Cc}/u.test(mail.subject) || mail.subject.length > LONGEST_SUBJECT) {
    throw unsendable(
      'MAIL_BAD_SUBJECT',
      'The subject has line breaks or control characters, or is too long.',
    );
  }
  if (!/^[A-Za-z]{2,3}(-[A-Za-z0-9]{1,8})*$/.test(mail.language)) {
    throw unsendable('MAIL_BAD_LANGUAGE', 'The language is no language tag.');
  }
}

/**
 * Sends mail over SMTP, a connection a mail. Throws a {@link MailError} (see `mailFailure`), or the signal's reason
 * when called off; then, too, the mail may have been taken. Throws a `ConfigurationError` for a sender or domain that
 * cannot be used, and for a password that would go over the network in the clear.
 */
export function createSmtpMailer(options: SmtpMailerOptions): Mailer {
  const { host, port, secure, requireTls, user, password, domain, timeoutMs } = options;
  const sender = readSender(options.from);
  if (!sender) throw new ConfigurationError('The sender of mails must be `address` or `Name <address>`.');
  if (!isMailDomain(domain)) throw new ConfigurationError('The domain of Message-IDs is not a domain name.');
  const isLocal = ['localhost', '127.0.0.1', '::1'].includes(host);
  if (user !== undefined && !secure && !requireTls && !isLocal) {
    throw new ConfigurationError(
      'A user name for SMTP needs `secure` or `requireTls`: the password would be readable on the way.',
    );
  }
  const transport = createTransport({
    host,
    port,
    secure,
    requireTLS: requireTls,
    ignoreTLS: options.ignoreTls ?? false,
    ...(user === undefined ? {} : { auth: { user, pass: password ?? '' }, forceAuth: true }),
    connectionTimeout: timeoutMs,
    greetingTimeout: timeoutMs,
    socketTimeout: timeoutMs,
    dnsTimeout: timeoutMs,
    disableFileAccess: true,
    disableUrlAccess: true,
    logger: false,
  });

  return {
    send: async ({ mail, signal }) => {
      signal.throwIfAborted();
      checkMail(mail);
      const messageId = messageIdOf(mail.key, domain);
      // Not AbortSignal.any: with a signal that lives for the whole activity it leaks in Node 20.
      const limit = new AbortController();
      const stop = (): void => limit.abort();
      signal.addEventListener('abort', stop, { once: true });
      const timer = setTimeout(stop, timeoutMs);
      try {
        await transport.sendMail({
          from: sender,
          to: { name: '', address: mail.to },
          envelope: { from: sender.address, to: [mail.to] },
          subject: mail.subject,
          text: mail.text,
          html: mail.html,
          messageId,
          // Keeps out-of-office answers away (RFC 3834).
          headers: { 'Content-Language': mail.language, 'Auto-Submitted': 'auto-generated' },
          signal: limit.signal,
        });
        return { messageId };
      } catch (error) {
        signal.throwIfAborted();
        if (!limit.signal.aborted) throw mailFailure(error);
        throw new MailError({
          code: 'MAIL_TIMEOUT',
          message: `The mail server took more than ${timeoutMs} ms; the mail may have been taken.`,
          retryable: true,
        });
      } finally {
        clearTimeout(timer);
        signal.removeEventListener('abort', stop);
      }
    },
    close: async () => transport.close(),
  };
}
