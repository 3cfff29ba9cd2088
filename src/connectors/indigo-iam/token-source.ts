import { setMaxListeners } from 'node:events';

export interface Token {
  readonly value: string;
  /** What the client may do with it; `null` = IAM did not say. */
  readonly scopes: ReadonlySet<string> | null;
}

/** A token as it was fetched. */
export interface FetchedToken extends Token {
  /** Seconds from its making; `null` = IAM did not say. */
  readonly expiresInSeconds: number | null;
}

export interface TokenSource {
  /** A token that is good for a while. However many ask at a time, one is fetched. */
  get(signal: AbortSignal): Promise<Token>;
  /** Another one than this, which was refused before its time. */
  replace(refused: Token, signal: AbortSignal): Promise<Token>;
  close(): void;
}

/** A token is renewed so long before its end, or a tenth of its life, if that is shorter. */
const MARGIN_MS = 60_000;

/** Waits for what others wait for, too: being called off ends this wait and not the thing itself. */
function orAborted<T>(promise: Promise<T>, signal: AbortSignal): Promise<T> {
  setMaxListeners(0, signal);
  return new Promise((resolve, reject) => {
    const onAbort = (): void => {
      // The caller's own reason, whatever it is.
      // eslint-disable-next-line @typescript-eslint/prefer-promise-reject-errors
      reject(signal.reason);
    };
    if (signal.aborted) onAbort();
    signal.addEventListener('abort', onAbort, { once: true });
    promise.then(resolve, reject).finally(() => signal.removeEventListener('abort', onAbort));
  });
}

/**
 * Keeps one token. `now` is a clock in milliseconds; `fetchToken` throws what the callers are to get, and is called off
 * by `close` only.
 */
export function createTokenSource(options: {
  readonly fetchToken: (signal: AbortSignal) => Promise<FetchedToken>;
  readonly now: () => number;
}): TokenSource {
  const { fetchToken, now } = options;
  const closing = new AbortController();
  let current: { readonly token: Token; readonly renewAt: number } | null = null;
  let flight: Promise<Token> | null = null;

  const fetchOne = async (): Promise<Token> => {
    // Its life began before the answer was here.
    const askedAt = now();
    const token = await fetchToken(closing.signal);
    const lifeMs = token.expiresInSeconds === null ? Infinity : token.expiresInSeconds * 1000;
    current = { token, renewAt: askedAt + lifeMs - Math.min(MARGIN_MS, lifeMs / 10) };
    return token;
  };

  const get = async (signal: AbortSignal): Promise<Token> => {
    if (current !== null && now() < current.renewAt) return current.token;
    flight ??= fetchOne().finally(() => {
      flight = null;
    });
    return orAborted(flight, signal);
  };

  return {
    get,
    replace: (refused, signal) => {
      // Of many that were refused together, the first has it replaced for all.
      if (current?.token === refused) current = null;
      return get(signal);
    },
    close: () => closing.abort(new Error('the connector is closed')),
  };
}
