import { createTransport } from 'nodemailer';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { startSmtpSink } from '../../../src/demo/doubles/smtp-sink.ts';
import type { SmtpSink } from '../../../src/demo/doubles/smtp-sink.ts';

let sink: SmtpSink;
beforeEach(async () => {
  sink = await startSmtpSink({ now: () => 7 });
});
afterEach(() => sink.stop());

const send = (subject: string) =>
  createTransport({ host: sink.host, port: sink.port }).sendMail({
    from: 'a@example.org',
    to: ['b@example.org', 'c@example.org'],
    subject,
    text: 'hello',
    html: '<p>hello</p>',
    messageId: '<1@example.org>',
  });

describe('the SMTP sink', () => {
  test('keeps what it takes, parsed, and tells about it', async () => {
    const told: string[] = [];
    const stop = sink.onMail((mail) => told.push(mail.subject));
    await send('one');
    stop();
    await send('two');
    expect(told).toEqual(['one']);
    expect(sink.mails).toHaveLength(2);
    expect(sink.mails[0]).toMatchObject({
      messageId: '<1@example.org>',
      from: 'a@example.org',
      to: ['b@example.org', 'c@example.org'],
      subject: 'one',
      text: 'hello',
      html: '<p>hello</p>',
      receivedAt: 7,
      acknowledged: true,
    });
  });

  test('a mail can be waited for before and after it came', async () => {
    const waiting = sink.waitForMail((mail) => mail.subject === 'two');
    await send('one');
    await send('two');
    expect((await waiting).subject).toBe('two');
    expect((await sink.waitForMail((mail) => mail.subject === 'one')).subject).toBe('one');
  });

  test.each(['451', '550'] as const)('answers %s and takes nothing', async (mode) => {
    await sink.fault(mode);
    await expect(send('one')).rejects.toMatchObject({ responseCode: Number(mode) });
    expect(sink.mails).toEqual([]);
  });

  test('drop-before-250 takes the mail and does not say so', async () => {
    await sink.fault('drop-before-250');
    await expect(send('one')).rejects.toThrow();
    expect(sink.mails).toMatchObject([{ subject: 'one', acknowledged: false }]);
  });

  test('refuses connections, and listens on the same port again', async () => {
    await sink.fault('refuse');
    await expect(send('one')).rejects.toMatchObject({ originalCode: 'ECONNREFUSED' });
    await sink.fault('none');
    await send('two');
    expect(sink.mails.map((mail) => mail.subject)).toEqual(['two']);
  });
});
