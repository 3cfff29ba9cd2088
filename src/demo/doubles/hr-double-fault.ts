import type { ServerResponse } from 'node:http';

/**
 * What can go wrong with HR. `slow` gives no answer until the fault is over; `truncated` ends and `reset` breaks
 * the connection halfway through the body.
 */
export type HrFaultMode =
  | 'none'
  | '500'
  | '429'
  | '503'
  | 'slow'
  | 'broken-json'
  | 'empty-body'
  | 'empty-list'
  | 'truncated'
  | 'reset'
  | 'wrong-id'
  | '404-for-all';

export interface HrFaultOptions {
  /** Persons it happens to; default: everybody, and the list. */
  readonly for?: readonly (number | string)[];
  /** It is over after so many requests; default: it stays. */
  readonly times?: number;
  /** The header `Retry-After` of 429 and 503, in seconds or as a date; default 1. */
  readonly retryAfter?: number | string;
}

export interface HrFault extends HrFaultOptions {
  readonly mode: HrFaultMode;
}

export function sendJson(response: ServerResponse, status: number, body: unknown): void {
  sendText(response, status, JSON.stringify(body));
}

function sendText(response: ServerResponse, status: number, body: string): void {
  response.writeHead(status, {
    'content-type': 'application/json;charset=UTF-8',
    'content-length': Buffer.byteLength(body),
  });
  response.end(body);
}

/** Sends the head, half of the body, and then does something to the connection instead of finishing. */
function sendHalf(response: ServerResponse, body: string, then: (response: ServerResponse) => void): void {
  response.writeHead(200, { 'content-type': 'application/json', 'content-length': Buffer.byteLength(body) });
  response.write(body.slice(0, Math.ceil(body.length / 2)), () => then(response));
}

/** Answers by the fault in place of `good`, the answer that would have been right. */
export function answerWithFault(fault: HrFault, response: ServerResponse, good: unknown): void {
  const text = JSON.stringify(good);
  switch (fault.mode) {
    case '500':
      return sendJson(response, 500, { message: 'Internal Server Error' });
    case '429':
    case '503':
      response.setHeader('retry-after', String(fault.retryAfter ?? 1));
      return sendJson(response, Number(fault.mode), { message: 'Try again later' });
    case 'broken-json':
      return sendText(response, 200, text.slice(0, -2));
    case 'empty-body':
      return sendText(response, 200, '');
    case 'truncated':
      return sendHalf(response, text, ({ socket }) => socket?.end());
    case 'reset':
      return sendHalf(response, text, ({ socket }) => socket?.resetAndDestroy());
    case 'wrong-id':
      return sendJson(response, 200, isPerson(good) ? { ...good, id: good.id + 1 } : good);
    case 'empty-list':
      return sendJson(response, 200, Array.isArray(good) ? [] : good);
    case '404-for-all':
      return sendJson(response, 404, { message: 'Not Found' });
    case 'slow':
    case 'none':
      return sendJson(response, 200, good);
  }
}

function isPerson(value: unknown): value is { id: number } {
  return typeof value === 'object' && value !== null && 'id' in value && typeof value.id === 'number';
}
