import { setMaxListeners } from 'node:events';
import { setTimeout as wait } from 'node:timers/promises';
import { Pool } from 'undici';
import type { Dispatcher } from 'undici';
import { ConfigurationError } from '../../errors.ts';
import type { HrUnavailable } from '../hr-source.ts';
import { createRequestGate } from './request-gate.ts';
import { retryAfterMs } from './retry-after.ts';
import { unavailable, unavailableByError } from './unavailable.ts';

/** The part of a logger that is used: pino fits. */
export interface HrLog {
  warn(facts: object, message: string): void;
}

export interface HrClientOptions {
  /** Where `/api/VOPersons` begins; credentials in it are refused. */
  readonly baseUrl: string;
  /** For HTTP Basic; `null` = none are sent. */
  readonly credentials: { readonly username: string; readonly password: string } | null;
  /** Milliseconds for one request, from its sending to the last byte of the answer. */
  readonly timeoutMs: number;
  /** Requests at a time, on as many connections. */
  readonly concurrency: number;
  /** Requests a second; `null` = no limit. */
  readonly ratePerSecond: number | null;
  readonly log?: HrLog;
}

export interface HttpAnswer {
  readonly outcome: 'answered';
  readonly status: number;
  readonly body: Uint8Array;
}

interface Attempt {
  readonly result: HttpAnswer | HrUnavailable;
  /** What went wrong may be over in a moment. */
  readonly passes: boolean;
}

/** Milliseconds before the first and the second repeat. */
const BACKOFF_MS = [100, 400];
const LARGEST_BODY = 64 * 1024 * 1024;
const PASSING_STATUSES = new Set([429, 500, 502, 503, 504]);

function readBaseUrl(text: string): URL {
  const url = URL.canParse(text) ? new URL(text) : null;
  if (!url || !/^https?:$/.test(url.protocol)) {
    throw new ConfigurationError('The URL of the HR API must be an http or https URL.');
  }
  if (url.username !== '' || url.password !== '') {
    throw new ConfigurationError(
      'The URL of the HR API must not carry credentials: give user name and password apart.',
    );
  }
  return url;
}

/** One header as text; HR has no business sending these twice. */
function headerOf(headers: Dispatcher.ResponseData['headers'], name: string): string | null {
  const value = headers[name];
  return typeof value === 'string' ? value : null;
}

function basicAuthorization({ username, password }: NonNullable<HrClientOptions['credentials']>) {
  const encoded = Buffer.from(`${username}:${password}`, 'utf8').toString('base64');
  return { authorization: `Basic ${encoded}` };
}

/**
 * GETs from the HR API over one keep-alive pool, within the rate and the concurrency given. What passes by itself
 * (429, 5xx, a lost connection) is tried again, twice at most and at once; a server's `Retry-After` closes the gate
 * for all requests. Never throws for what HR does; throws the signal's reason when called off.
 */
export function createHrClient(options: HrClientOptions) {
  const { credentials, timeoutMs, log } = options;
  const base = readBaseUrl(options.baseUrl);
  if (credentials?.username.includes(':'))
    throw new ConfigurationError('The user name for HR must not contain a colon.');
  const pool = new Pool(base.origin, {
    connections: options.concurrency,
    pipelining: 1,
    connect: { timeout: timeoutMs },
    keepAliveTimeout: 30_000,
    // The timer of each request covers its body too.
    headersTimeout: 0,
    bodyTimeout: 0,
    maxResponseSize: LARGEST_BODY,
  });
  const gate = createRequestGate({ ...options, patienceMs: timeoutMs });
  const prefix = base.pathname.replace(/\/+$/, '');
  const headers = { accept: 'application/json', ...(credentials && basicAuthorization(credentials)) };

  const request = async (path: string, signal: AbortSignal): Promise<Attempt> => {
    // Not AbortSignal.any: with a signal that lives for the whole activity it leaks in Node 20.
    const limit = new AbortController();
    const stop = () => limit.abort();
    signal.addEventListener('abort', stop, { once: true });
    const timer = setTimeout(stop, timeoutMs);
    try {
      signal.throwIfAborted();
      const answer = await pool.request({
        method: 'GET',
        path: prefix + path,
        headers,
        signal: limit.signal,
      });
      const body = await answer.body.bytes();
      const status = answer.statusCode;
      const result: HttpAnswer = { outcome: 'answered', status, body };
      if (!PASSING_STATUSES.has(status)) return { result, passes: false };
      const asked = retryAfterMs({
        retryAfter: headerOf(answer.headers, 'retry-after'),
        date: headerOf(answer.headers, 'date'),
      });
      if (asked !== null && (status === 429 || status === 503)) gate.closeFor(asked);
      return { result, passes: true };
    } catch (error) {
      signal.throwIfAborted();
      if (limit.signal.aborted) {
        const reason = `HR did not answer within ${timeoutMs} ms.`;
        return { result: unavailable('HR_TIMEOUT', reason), passes: false };
      }
      return unavailableByError(error);
    } finally {
      clearTimeout(timer);
      signal.removeEventListener('abort', stop);
    }
  };

  /** @param before what the attempt before this one came to: says more than that the gate is closed. */
  const attempt = async (path: string, signal: AbortSignal, before: Attempt | null): Promise<Attempt> => {
    const entry = await gate.enter(signal);
    if (!entry.entered) {
      const reason = `HR asked not to be called for another ${Math.ceil(entry.closedMs / 1000)} s.`;
      return { result: before?.result ?? unavailable('HR_RETRY_LATER', reason), passes: false };
    }
    try {
      return await request(path, signal);
    } finally {
      entry.leave();
    }
  };

  const get = async (path: string, signal: AbortSignal): Promise<HttpAnswer | HrUnavailable> => {
    let last = await attempt(path, signal, null);
    for (const [index, backoffMs] of BACKOFF_MS.entries()) {
      if (!last.passes) break;
      const code = last.result.outcome === 'answered' ? `HR_STATUS_${last.result.status}` : last.result.code;
      log?.warn({ code, repeat: index + 1 }, 'HR gave no answer, asking again');
      await wait(backoffMs, undefined, { signal });
      last = await attempt(path, signal, last);
    }
    return last.result;
  };

  return {
    /** The whole answer, or why there is none. The path is not logged: it holds a person's id. */
    get: async (path: string, signal: AbortSignal): Promise<HttpAnswer | HrUnavailable> => {
      // Many requests at a time hang on one caller's signal, and each lets go of it: no leak to be warned of.
      setMaxListeners(0, signal);
      try {
        return await get(path, signal);
      } catch (error) {
        // Timers reject with an error of their own.
        signal.throwIfAborted();
        throw error;
      }
    },
    close: () => pool.close(),
  };
}
