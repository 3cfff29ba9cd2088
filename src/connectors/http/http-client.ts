import { setMaxListeners } from 'node:events';
import { setImmediate as nextTurn, setTimeout as wait } from 'node:timers/promises';
import { Pool } from 'undici';
import type { Dispatcher } from 'undici';
import { failureByError } from './http-failure.ts';
import type { HttpFailure } from './http-failure.ts';
import { createRequestGate } from './request-gate.ts';
import { retryAfterMs } from './retry-after.ts';

/** The part of a logger that is used: pino fits. */
export interface HttpLog {
  warn(facts: object, message: string): void;
}

export interface HttpLimits {
  /** Milliseconds for one request, from its sending to the last byte of the answer. */
  readonly timeoutMs: number;
  /** Requests at a time, on as many connections. */
  readonly concurrency: number;
  /** Requests a second; `null` = no limit. */
  readonly ratePerSecond: number | null;
}

export interface HttpRequest {
  readonly method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  /** Below the base URL's own path, with the query. It is not logged: it may hold an id. */
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string;
  readonly signal: AbortSignal;
  /** Statuses that may be over in a moment, so that the request is repeated; by default 429 and what a busy server says. */
  readonly passingStatuses?: ReadonlySet<number>;
}

/** A whole answer. */
export interface HttpAnswer {
  readonly outcome: 'answered';
  readonly status: number;
  /** Lower case, without parameters; empty if there is none. */
  readonly contentType: string;
  readonly body: Uint8Array;
}

export interface HttpClient {
  /**
   * The whole answer, or why there is none. Never throws for what the server does; throws the signal's reason when
   * called off. A request may reach the server more than once: only what is idempotent may be sent.
   */
  send(request: HttpRequest): Promise<HttpAnswer | HttpFailure>;
  close(): Promise<void>;
}

interface Attempt {
  readonly result: HttpAnswer | HttpFailure;
  /** What went wrong may be over in a moment. */
  readonly passes: boolean;
}

export const PASSING_STATUSES: ReadonlySet<number> = new Set([429, 500, 502, 503, 504]);
/** Milliseconds before the first and the second repeat. */
const BACKOFF_MS = [100, 400];
const LARGEST_BODY = 64 * 1024 * 1024;

/** One header as text; no server has business sending these twice. */
function headerOf(headers: Dispatcher.ResponseData['headers'], name: string): string | null {
  const value = headers[name];
  return typeof value === 'string' ? value : null;
}

/**
 * Requests to one server over one keep-alive pool, within the rate and the concurrency given. What passes by itself
 * (429, 5xx, a lost connection) is tried again, twice at most and at once; a server's `Retry-After` closes the gate
 * for all requests. `onRepeat` hears of each repeat, with the status or the failure that led to it.
 */
export function createHttpClient(
  options: HttpLimits & {
    readonly base: URL;
    readonly onRepeat: (before: HttpAnswer | HttpFailure, repeat: number) => void;
  },
): HttpClient {
  const { base, timeoutMs } = options;
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

  const request = async (asked: HttpRequest): Promise<Attempt> => {
    const { signal } = asked;
    // Not AbortSignal.any: with a signal that lives for the whole activity it leaks in Node 20.
    const limit = new AbortController();
    const stop = () => limit.abort();
    signal.addEventListener('abort', stop, { once: true });
    const timer = setTimeout(stop, timeoutMs);
    try {
      signal.throwIfAborted();
      const answer = await pool.request({
        method: asked.method,
        path: prefix + asked.path,
        headers: asked.headers,
        body: asked.body ?? null,
        signal: limit.signal,
      });
      const body = await answer.body.bytes();
      const status = answer.statusCode;
      const [contentType = ''] = (headerOf(answer.headers, 'content-type') ?? '').toLowerCase().split(';');
      const result: HttpAnswer = { outcome: 'answered', status, contentType: contentType.trim(), body };
      const retryAfter = retryAfterMs({
        retryAfter: headerOf(answer.headers, 'retry-after'),
        date: headerOf(answer.headers, 'date'),
      });
      if (retryAfter !== null && (status === 429 || status === 503)) gate.closeFor(retryAfter);
      return { result, passes: (asked.passingStatuses ?? PASSING_STATUSES).has(status) };
    } catch (error) {
      signal.throwIfAborted();
      if (limit.signal.aborted) {
        const result = { outcome: 'failed', kind: 'timeout', code: 'TIMEOUT', ms: timeoutMs } as const;
        return { result, passes: false };
      }
      return failureByError(error);
    } finally {
      clearTimeout(timer);
      signal.removeEventListener('abort', stop);
    }
  };

  /** @param before what the attempt before this one came to: says more than that the gate is closed. */
  const attempt = async (asked: HttpRequest, before: Attempt | null): Promise<Attempt> => {
    const entry = await gate.enter(asked.signal);
    if (!entry.entered) {
      const { closedMs } = entry;
      const closed = { outcome: 'failed', kind: 'retry-later', code: 'RETRY_AFTER', ms: closedMs } as const;
      return { result: before?.result ?? closed, passes: false };
    }
    try {
      return await request(asked);
    } finally {
      entry.leave();
    }
  };

  const send = async (asked: HttpRequest): Promise<HttpAnswer | HttpFailure> => {
    let last = await attempt(asked, null);
    for (const [index, backoffMs] of BACKOFF_MS.entries()) {
      if (!last.passes) break;
      options.onRepeat(last.result, index + 1);
      await wait(backoffMs, undefined, { signal: asked.signal });
      last = await attempt(asked, last);
    }
    return last.result;
  };

  return {
    send: async (asked) => {
      // Many requests at a time hang on one caller's signal, and each lets go of it: no leak to be warned of.
      setMaxListeners(0, asked.signal);
      try {
        const answer = await send(asked);
        // Answers come in bursts: first every slot gets its next request, then they are worked on.
        await nextTurn();
        return answer;
      } catch (error) {
        // Timers reject with an error of their own.
        asked.signal.throwIfAborted();
        throw error;
      }
    },
    close: () => pool.close(),
  };
}
