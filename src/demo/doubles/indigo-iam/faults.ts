import { oauthError, page, restError, scimError, uncaught, type Answer, type AnswerForm } from './answer.ts';
import type { IndigoIamCall } from './calls.ts';

/**
 * What can go wrong with a call. `slow` gives no answer until all faults are over; `reset` breaks the connection;
 * `broken-json` is a success whose body cannot be parsed, `cut-body` one that ends halfway.
 */
export type IndigoIamFaultMode =
  | '400'
  | '401'
  | '403'
  | '404'
  | '409'
  | '429'
  | '500'
  | '503'
  | 'slow'
  | 'reset'
  | 'broken-json'
  | 'cut-body';

export interface IndigoIamFaultOptions {
  /** The call, or calls, it happens to; default: every one. */
  readonly for?: IndigoIamCall | readonly IndigoIamCall[];
  /** Only with this account in the path. */
  readonly account?: string;
  /**
   * `before` = nothing is done; `after` = it is done, and answered wrongly. A fault in the body of a success is always
   * `after`. Default `before`.
   */
  readonly when?: 'before' | 'after';
  /** So many of these calls go well first; default 0. */
  readonly skip?: number;
  /** It is over after so many calls; default: it stays. */
  readonly times?: number;
  /** The header `Retry-After` of 429 and 503, in seconds or as a date; default 1. */
  readonly retryAfter?: number | string;
}

export interface IndigoIamFault {
  readonly mode: IndigoIamFaultMode;
  readonly when: 'before' | 'after';
  readonly retryAfter: number | string;
}

export interface Faults {
  /** Throws where a success with a broken body is asked for before anything is done. */
  add(mode: IndigoIamFaultMode, options?: IndigoIamFaultOptions): void;
  clear(): void;
  /** The newest fault that is meant for this call; counts. */
  take(call: IndigoIamCall, account: string | null): IndigoIamFault | null;
}

export function createFaults(): Faults {
  let standing: {
    readonly fault: IndigoIamFault;
    take(call: IndigoIamCall, account: string | null): boolean;
  }[] = [];
  return {
    add(mode, options = {}) {
      const spoilsSuccess = mode === 'broken-json' || mode === 'cut-body';
      if (spoilsSuccess && options.when === 'before') {
        throw new Error('a success that was not done is a lie which no client could see through');
      }
      const calls = options.for === undefined ? null : [options.for].flat();
      let { skip = 0, times = Infinity } = options;
      const take = (call: IndigoIamCall, account: string | null): boolean => {
        const isMeant = calls?.includes(call) ?? true;
        if (!isMeant || (options.account !== undefined && options.account !== account)) return false;
        if (skip > 0) {
          skip -= 1;
          return false;
        }
        times -= 1;
        return times >= 0;
      };
      const when = spoilsSuccess ? 'after' : (options.when ?? 'before');
      standing = [{ fault: { mode, when, retryAfter: options.retryAfter ?? 1 }, take }, ...standing];
    },
    clear: () => {
      standing = [];
    },
    take: (call, account) => standing.find((one) => one.take(call, account))?.fault ?? null,
  };
}

function refuse(form: AnswerForm, status: number, words: string): Answer {
  switch (form) {
    case 'scim':
      return scimError(status, words);
    case 'rest':
      return restError(status, words);
    case 'oauth':
      return oauthError(status, 'invalid_request', words);
  }
}

/** The answer that the fault puts in place of the right one; `null` = it is no answer, but something on the wire. */
export function wrongAnswer(
  { mode, retryAfter }: IndigoIamFault,
  asked: { readonly form: AnswerForm; readonly path: string; readonly at: number },
): Answer | null {
  switch (mode) {
    case '400':
    case '404':
    case '409':
      return refuse(asked.form, Number(mode), 'Refused by a fault');
    case '401':
      return asked.form === 'oauth'
        ? oauthError(401, 'invalid_client', 'Bad client credentials', 'Basic')
        : oauthError(401, 'invalid_token', 'The access token is unknown or has expired', 'Bearer');
    case '403':
      return oauthError(403, 'access_denied', 'Access is denied');
    case '500':
      return uncaught(asked.path, asked.at);
    case '429':
    case '503':
      return page(Number(mode), 'Try again later', { 'retry-after': String(retryAfter) });
    case 'slow':
    case 'reset':
    case 'broken-json':
    case 'cut-body':
      return null;
  }
}
