import { once } from 'node:events';
import { createServer } from 'node:net';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { createSmtpMailer } from '../../../src/connectors/smtp/create-smtp-mailer.ts';
import type { SmtpMailerOptions } from '../../../src/connectors/smtp/create-smtp-mailer.ts';
import { messageIdOf } from '../../../src/connectors/smtp/message-id.ts';
import type { Mail, Mailer } from '../../../src/connectors/mailer.ts';
import { startSmtpSink } from '../../../src/demo/doubles/smtp-sink.ts';
import type { SmtpFaultMode, SmtpSink } from '../../../src/demo/doubles/smtp-sink.ts';

const MAIL: Mail = {
  to: 'ada.rossi@cern.ch',
  subject: 'Votre compte : dernier jour, le 31 mars – prénom « Zoë »',
  text: 'Bonjour Zoë,\n\n.\nFin',
  html: '<p>Bonjour Zoë,</p>',
  language: 'fr',
  key: 'person 900123|leaving 0|-60|2027-03-31|1',
};
const never = new AbortController().signal;

let sink: SmtpSink;
let mailer: Mailer;

function mailerAt(options: Partial<SmtpMailerOptions> = {}): Mailer {
  return createSmtpMailer({
    host: sink.host,
    port: sink.port,
    secure: false,
    requireTls: false,
    from: 'Accounts <accounts@cern.ch>',
    domain: 'lifecycle.cern.ch',
    timeoutMs: 10_000,
    ...options,
  });
}

beforeEach(async () => {
  sink = await startSmtpSink({ now: () => 42 });
  mailer = mailerAt();
});
afterEach(async () => {
  await mailer.close();
  await sink.stop();
});

const send = (change: Partial<Mail> = {}) => mailer.send({ mail: { ...MAIL, ...change }, signal: never });

describe('a mail', () => {
  test('arrives as it was written', async () => {
    const arrived = sink.waitForMail((mail) => mail.to.includes(MAIL.to));
    const { messageId } = await send();
    const mail = await arrived;
    expect(mail).toMatchObject({
      messageId,
      from: 'accounts@cern.ch',
      to: ['ada.rossi@cern.ch'],
      subject: MAIL.subject,
      text: MAIL.text,
      html: MAIL.html,
      receivedAt: 42,
      acknowledged: true,
    });
    expect(mail.headers.get('content-language')).toBe('fr');
    expect(mail.headers.get('auto-submitted')).toBe('auto-generated');
    expect(mail.headers.get('from')).toBe('Accounts <accounts@cern.ch>');
    expect(mail.headers.get('subject')).toMatch(/^[\x20-\x7e\s]+$/);
  });

  test('has the Message-ID of its key: the same for the same, another for another, nothing personal in it', async () => {
    const first = await send();
    expect(first.messageId).toMatch(/^<[0-9a-f]{40}@lifecycle\.cern\.ch>$/);
    expect(await send({ text: 'another text' })).toEqual(first);
    expect(await send({ key: `${MAIL.key}2` })).not.toEqual(first);
    expect(sink.mails.map((mail) => mail.messageId)).toEqual([
      first.messageId,
      first.messageId,
      messageIdOf(`${MAIL.key}2`, 'lifecycle.cern.ch'),
    ]);
  });
});

describe('headers cannot be injected', () => {
  test.each<[string, Partial<Mail>, string]>([
    ['a line break in the address', { to: 'ada@cern.ch\r\nBcc: eve@example.org' }, 'MAIL_BAD_ADDRESS'],
    ['two addresses', { to: 'ada@cern.ch, eve@example.org' }, 'MAIL_BAD_ADDRESS'],
    ['an SMTP parameter', { to: 'ada@cern.ch> NOTIFY=NEVER' }, 'MAIL_BAD_ADDRESS'],
    ['CRLF in the subject', { subject: 'Hello\r\nBcc: eve@example.org' }, 'MAIL_BAD_SUBJECT'],
    ['LF in the subject', { subject: 'Hello\nBcc: eve@example.org' }, 'MAIL_BAD_SUBJECT'],
    ['CR in the subject', { subject: 'Hello\rBcc: eve@example.org' }, 'MAIL_BAD_SUBJECT'],
    ['NUL in the subject', { subject: 'Hello\0' }, 'MAIL_BAD_SUBJECT'],
    ['a line break in the language', { language: 'fr\r\nBcc: eve@example.org' }, 'MAIL_BAD_LANGUAGE'],
  ])('%s is refused, for good, and not repeated in the error', async (_name, change, code) => {
    const failure = await send(change).catch((error: unknown) => error);
    expect(failure).toMatchObject({ name: 'MailError', code, retryable: false });
    expect(String(failure)).not.toMatch(/ada|eve|Hello/);
    expect(sink.mails).toEqual([]);
  });

  test('a line break in the key ends in the hash', async () => {
    await send({ key: 'x>\r\nBcc: eve@example.org' });
    expect(sink.mails[0]?.headers.has('bcc')).toBe(false);
    expect(sink.mails[0]?.to).toEqual([MAIL.to]);
  });
});

describe('when the server fails', () => {
  test.each<[SmtpFaultMode, string, boolean]>([
    ['451', 'MAIL_DEFERRED', true],
    ['550', 'MAIL_REFUSED', false],
    ['refuse', 'MAIL_UNREACHABLE', true],
    ['drop-before-250', 'MAIL_UNREACHABLE', true],
  ])('%s is %s, passing: %s', async (mode, code, retryable) => {
    await sink.fault(mode);
    const failure = await send().catch((error: unknown) => error);
    expect(failure).toMatchObject({ name: 'MailError', code, retryable });
    expect(JSON.stringify(failure) + String(failure)).not.toContain('ada.rossi');
  });

  test('a mail that is sent again after an unknown outcome has the same Message-ID', async () => {
    await sink.fault('drop-before-250');
    await expect(send()).rejects.toMatchObject({ retryable: true });
    await sink.fault('none');
    const { messageId } = await send();
    expect(sink.mails.map((mail) => [mail.messageId, mail.acknowledged])).toEqual([
      [messageId, false],
      [messageId, true],
    ]);
  });

  test('it works again when the server is back', async () => {
    await sink.fault('refuse');
    await expect(send()).rejects.toMatchObject({ code: 'MAIL_UNREACHABLE' });
    await sink.fault('none');
    await send();
    expect(sink.mails).toHaveLength(1);
  });

  test('a server that says nothing is given up, passing; a call that is called off throws its reason', async () => {
    const mute = createServer(() => undefined).listen(0, '127.0.0.1');
    await once(mute, 'listening');
    const address = mute.address();
    const port = typeof address === 'object' && address ? address.port : 0;
    const failure = mailerAt({ port, timeoutMs: 50 }).send({ mail: MAIL, signal: never });
    await expect(failure).rejects.toMatchObject({ code: 'MAIL_TIMEOUT', retryable: true });

    const caller = new AbortController();
    const reason = new Error('enough');
    const connected = once(mute, 'connection');
    const sending = mailerAt({ port }).send({ mail: MAIL, signal: caller.signal });
    await connected;
    caller.abort(reason);
    await expect(sending).rejects.toBe(reason);
    mute.close();
  });
});

describe('a server that offers TLS with a certificate nobody trusts', () => {
  beforeEach(async () => {
    await sink.stop();
    sink = await startSmtpSink({ offersTls: true });
  });

  test('gets the mail in the clear when TLS is not to be used', async () => {
    mailer = mailerAt({ ignoreTls: true });
    await send();
    expect(sink.mails.map(({ encrypted }) => encrypted)).toEqual([false]);
  });

  test.each([{ requireTls: true }, { requireTls: false }])('gets nothing otherwise: %o', async (options) => {
    mailer = mailerAt(options);
    await expect(send()).rejects.toMatchObject({ name: 'MailError', retryable: true });
    expect(sink.mails).toEqual([]);
  });
});

describe('signing in', () => {
  const credentials = { user: 'lifecycle', password: 'correct horse' };
  beforeEach(async () => {
    await sink.stop();
    sink = await startSmtpSink({ credentials });
  });

  test('works with the right password', async () => {
    mailer = mailerAt(credentials);
    await send();
    expect(sink.mails).toHaveLength(1);
  });

  test('with a wrong one no mail is at fault: passing, and the password is in no error', async () => {
    mailer = mailerAt({ ...credentials, password: 'wrong horse' });
    const failure = await send().catch((error: unknown) => error);
    expect(failure).toMatchObject({ code: 'MAIL_SESSION_REFUSED', retryable: true });
    expect(JSON.stringify(failure) + String(failure)).not.toMatch(/horse|lifecycle/);
  });

  test('TLS that is asked for and not there sends nothing', async () => {
    mailer = mailerAt({ ...credentials, requireTls: true });
    await expect(send()).rejects.toMatchObject({ retryable: true });
    expect(sink.mails).toEqual([]);
  });

  test.each<[string, Partial<SmtpMailerOptions>]>([
    ['a password in the clear over the network', { host: 'mail.example.org', ...credentials }],
    ['an unusable sender', { from: 'CERN' }],
    ['an unusable domain', { domain: 'cern.ch>' }],
  ])('%s is a configuration error', (_name, options) => {
    expect(() => mailerAt(options)).toThrow(expect.objectContaining({ code: 'CONFIGURATION' }));
  });
});
