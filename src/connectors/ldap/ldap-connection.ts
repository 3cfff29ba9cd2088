import { setMaxListeners } from 'node:events';
import { connect as connectPlain, Socket } from 'node:net';
import { connect as connectTls } from 'node:tls';
import { Client } from 'ldapts';
import { createRequestGate } from '../http/request-gate.ts';
import { errorOf, ldapError } from './ldap-error.ts';
import type { LdapDirectoryOptions } from './ldap-options.ts';

/** One lasting connection, made at the first request, and anew at the first one after it broke. */
export interface LdapConnection {
  /**
   * Makes a request when it is its turn. Throws a `TargetError`, but the library's own error for a result that `expected`
   * names; the signal's reason when it is called off: what the server does by then is then unknown.
   */
  request<T>(input: {
    readonly signal: AbortSignal;
    readonly send: (client: Client) => Promise<T>;
    readonly expected?: (error: unknown) => boolean;
  }): Promise<T>;
  close(): Promise<void>;
}

interface OpenConnection {
  readonly client: Client;
  /** Of the connection; closed by either side. */
  readonly sockets: readonly Socket[];
}

const KEEP_ALIVE_MS = 60_000;

/** The work, or the signal's reason as soon as it is called off. */
function unlessAborted<T>(work: Promise<T>, signal: AbortSignal): Promise<T> {
  return new Promise((resolve, reject) => {
    const onAbort = (): void => {
      // The caller's own reason, whatever it is.
      // eslint-disable-next-line @typescript-eslint/prefer-promise-reject-errors
      reject(signal.reason);
    };
    signal.addEventListener('abort', onAbort, { once: true });
    work.then(resolve, reject).finally(() => {
      signal.removeEventListener('abort', onAbort);
    });
    if (signal.aborted) onAbort();
  });
}

/**
 * Connects once, and never again: the library would connect anew by itself, and then send what it was given without
 * encryption and without having bound.
 */
function once<C extends (...args: never[]) => Socket>(connect: C, watch: (socket: Socket) => void): C {
  let isUsed = false;
  return new Proxy(connect, {
    apply(target, self, args) {
      if (isUsed) throw new Error('the connection was closed');
      isUsed = true;
      const socket: unknown = Reflect.apply(target, self, args);
      if (socket instanceof Socket) watch(socket);
      return socket;
    },
  });
}

/** Nothing is sent before the first request. */
export function createLdapConnection(options: LdapDirectoryOptions): LdapConnection {
  const { name, url, tls, bindDn, password } = options;
  const gate = createRequestGate({
    ...{ concurrency: options.concurrency, ratePerSecond: null, patienceMs: Infinity },
  });
  const { hostname } = new URL(url);
  const host = hostname.replace(/^\[|\]$/g, '');
  const trust = { host, ...(options.ca !== null && { ca: options.ca }) };
  const closing = new AbortController();
  let opening: Promise<OpenConnection> | null = null;

  const forget = (connection: Promise<OpenConnection>): void => {
    if (opening === connection) opening = null;
  };

  const open = async (onClosed: () => void): Promise<OpenConnection> => {
    const sockets: Socket[] = [];
    const watch = (socket: Socket): void => {
      sockets.push(socket);
      socket.setKeepAlive(true, KEEP_ALIVE_MS);
      // The library does not notice the end of a connection that StartTLS has upgraded.
      socket.once('close', onClosed);
    };
    const client = new Client({
      url,
      timeout: options.timeoutMs,
      connectTimeout: options.connectTimeoutMs,
      createConnection: once(connectPlain, watch),
      createSecureConnection: once(connectTls, watch),
      ...(tls === 'implicit' && { tlsOptions: { ...trust } }),
    });
    const connection = { client, sockets };
    const timeout = AbortSignal.timeout(options.connectTimeoutMs);
    const givenUp = AbortSignal.any([timeout, closing.signal]);
    const handshake = async (): Promise<void> => {
      if (tls === 'starttls') await client.startTLS({ ...trust });
      await client.bind(bindDn, password);
    };
    try {
      await unlessAborted(handshake(), givenUp);
      return connection;
    } catch (error) {
      end(connection);
      if (timeout.aborted) throw ldapError(name, 'TARGET_TIMEOUT', 'did not answer in time.');
      throw errorOf(name, error);
    }
  };

  const current = (): Promise<OpenConnection> => {
    if (opening) return opening;
    const mine: Promise<OpenConnection> = open(() => {
      forget(mine);
    });
    opening = mine;
    mine.catch(() => {
      forget(mine);
    });
    return mine;
  };

  return {
    async request({ signal, send, expected }) {
      // One activity may have many requests under way.
      setMaxListeners(0, signal);
      const turn = await gate.enter(signal);
      if (!turn.entered) throw ldapError(name, 'TARGET_BUSY', 'is asked too much.');
      try {
        const { client } = await unlessAborted(current(), signal);
        signal.throwIfAborted();
        const sent = send(client);
        sent.catch(() => undefined);
        return await unlessAborted(sent, signal);
      } catch (error) {
        signal.throwIfAborted();
        if (expected?.(error) === true) throw error;
        throw errorOf(name, error);
      } finally {
        turn.leave();
      }
    },

    async close() {
      closing.abort();
      const last = opening;
      opening = null;
      const connection = await last?.catch(() => null);
      if (connection) {
        await connection.client.unbind().catch(() => undefined);
        end(connection);
      }
    },
  };
}

function end({ sockets }: OpenConnection): void {
  for (const socket of sockets) socket.destroy();
}
