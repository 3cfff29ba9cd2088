import { once } from 'node:events';
import { simpleParser } from 'mailparser';
import { SMTPServer } from 'smtp-server';
import type { SMTPServerSession } from 'smtp-server';

/**
 * What can go wrong with a mail server: a passing or final refusal of the recipient; the connection lost after the
 * mail was taken and before that was said; nobody listening.
 */
export type SmtpFaultMode = 'none' | '451' | '550' | 'drop-before-250' | 'refuse';

/** A mail as it was taken. */
export interface SinkMail {
  /** With its angle brackets. */
  readonly messageId: string;
  readonly from: string;
  /** Recipients of the envelope. */
  readonly to: readonly string[];
  readonly subject: string;
  readonly text: string;
  readonly html: string;
  /** The header lines by name, in small letters. */
  readonly headers: ReadonlyMap<string, string>;
  readonly receivedAt: number;
  /** Whether the sender was told that it was taken. */
  readonly acknowledged: boolean;
  /** Whether it came over TLS. */
  readonly encrypted: boolean;
}

export interface SmtpSink {
  readonly host: string;
  readonly port: number;
  /** Every mail taken, in the order of arrival. */
  readonly mails: readonly SinkMail[];
  /** Calls for each mail from now on; answers how to stop that. */
  onMail(tell: (mail: SinkMail) => void): () => void;
  /** The first mail, taken already or still to come, that the predicate accepts. */
  waitForMail(predicate: (mail: SinkMail) => boolean): Promise<SinkMail>;
  fault(mode: SmtpFaultMode): Promise<void>;
  stop(): Promise<void>;
}

function refusal(responseCode: number, message: string): Error {
  return Object.assign(new Error(message), { responseCode });
}

function portOf(server: SMTPServer): number {
  const address = server.server.address();
  if (address === null || typeof address === 'string') throw new Error('the SMTP sink has no port');
  return address.port;
}

async function parse(
  raw: Buffer,
  session: SMTPServerSession,
  at: number,
  acknowledged: boolean,
): Promise<SinkMail> {
  const parsed = await simpleParser(raw);
  const { mailFrom, rcptTo } = session.envelope;
  return {
    messageId: parsed.messageId ?? '',
    from: mailFrom === false ? '' : mailFrom.address,
    to: rcptTo.map((recipient) => recipient.address),
    subject: parsed.subject ?? '',
    text: parsed.text ?? '',
    html: parsed.html === undefined || parsed.html === false ? '' : parsed.html,
    headers: new Map(
      parsed.headerLines.map(({ key, line }) => [key, line.slice(line.indexOf(':') + 1).trim()]),
    ),
    receivedAt: at,
    acknowledged,
    encrypted: session.secure,
  };
}

/**
 * The double of a mail server: speaks real SMTP, takes every mail and keeps it.
 *
 * @param options.now the moment a mail is stamped with, in ms
 * @param options.credentials asks for this user and password; default: nobody signs in
 * @param options.offersTls offers STARTTLS, with a certificate that nobody trusts
 */
export async function startSmtpSink(
  options: {
    port?: number;
    host?: string;
    now?: () => number;
    credentials?: { user: string; password: string };
    offersTls?: boolean;
  } = {},
): Promise<SmtpSink> {
  const { host = '127.0.0.1', now = Date.now, credentials, offersTls = false } = options;
  const mails: SinkMail[] = [];
  const listeners = new Set<(mail: SinkMail) => void>();
  let mode: SmtpFaultMode = 'none';

  const take = async (raw: Buffer, session: SMTPServerSession, acknowledged: boolean): Promise<void> => {
    const mail = await parse(raw, session, now(), acknowledged);
    mails.push(mail);
    for (const tell of [...listeners]) tell(mail);
  };

  const open = async (port: number): Promise<SMTPServer> => {
    const server = new SMTPServer({
      disabledCommands: [...(offersTls ? [] : ['STARTTLS']), ...(credentials ? [] : ['AUTH'])],
      allowInsecureAuth: true,
      disableReverseLookup: true,
      logger: false,
      closeTimeout: 1000,
      onAuth: (auth, _session, done) => {
        const isRight = auth.username === credentials?.user && auth.password === credentials?.password;
        if (isRight) done(null, { user: auth.username });
        else done(refusal(535, 'Authentication failed'));
      },
      onRcptTo: (address, _session, done) => {
        if (mode === '451') done(refusal(451, `Try again later, <${address.address}>`));
        else if (mode === '550') done(refusal(550, `No such mailbox, <${address.address}>`));
        else done();
      },
      onData: (stream, session, done) => {
        const chunks: Buffer[] = [];
        stream.on('data', (chunk: Buffer) => chunks.push(chunk));
        stream.on('end', () => {
          const isDropped = mode === 'drop-before-250';
          const answer = (error?: Error): void => {
            if (!isDropped) return done(error);
            for (const connection of server.connections) {
              if (connection.session === session) connection._socket.destroy();
            }
          };
          take(Buffer.concat(chunks), session, !isDropped).then(
            () => answer(),
            () => answer(refusal(554, 'This mail cannot be parsed')),
          );
        });
      },
    });
    // Clients vanish in the middle of things; that is theirs to report.
    server.on('error', () => undefined);
    const listening = once(server.server, 'listening');
    server.listen(port, host);
    await listening;
    return server;
  };

  const close = async (server: SMTPServer): Promise<void> => {
    const closed = new Promise<void>((resolve) => server.close(resolve));
    for (const connection of server.connections) connection._socket.destroy();
    await closed;
  };

  let server: SMTPServer | null = await open(options.port ?? 0);
  const port = portOf(server);
  const onMail = (tell: (mail: SinkMail) => void): (() => void) => {
    listeners.add(tell);
    return () => void listeners.delete(tell);
  };

  return {
    host,
    port,
    mails,
    onMail,
    waitForMail: (predicate) => {
      const taken = mails.find(predicate);
      if (taken) return Promise.resolve(taken);
      return new Promise((resolve) => {
        const stopListening = onMail((mail) => {
          if (!predicate(mail)) return;
          stopListening();
          resolve(mail);
        });
      });
    },
    fault: async (wanted) => {
      mode = wanted;
      if (wanted === 'refuse') {
        if (server) await close(server);
        server = null;
      } else {
        server ??= await open(port);
      }
    },
    stop: async () => {
      if (server) await close(server);
      server = null;
    },
  };
}
