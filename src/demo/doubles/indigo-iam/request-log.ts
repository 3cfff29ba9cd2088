import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import type { FoundCall, IndigoIamCall } from './calls.ts';

/** A request as it came in. `status` is `null` until it is answered, and stays so if the connection broke first. */
export interface IndigoIamRequest {
  readonly at: number;
  readonly method: string;
  readonly path: string;
  /** `null` = no call that the instance has. */
  readonly call: IndigoIamCall | null;
  readonly account: string | null;
  /** Number of the connection it came over, from 1. */
  readonly connection: number;
  status: number | null;
}

export interface RequestLog {
  readonly requests: readonly IndigoIamRequest[];
  /** The most requests that were ever open at the same time. */
  peak(): number;
  /** The next request to come in, or the next one of a call. */
  next(call?: IndigoIamCall): Promise<IndigoIamRequest>;
  connected(socket: Socket): void;
  arrived(message: IncomingMessage, response: ServerResponse, found: FoundCall | null): IndigoIamRequest;
}

/** What came in and over which connection: neither bodies nor credentials. */
export function createRequestLog(now: () => number): RequestLog {
  const requests: IndigoIamRequest[] = [];
  const connections = new WeakMap<Socket, number>();
  let waiting: { readonly call: IndigoIamCall | undefined; tell(request: IndigoIamRequest): void }[] = [];
  let connectionCount = 0;
  let open = 0;
  let peak = 0;

  return {
    requests,
    peak: () => peak,
    next: (call) => new Promise((tell) => void waiting.push({ call, tell })),
    connected(socket) {
      connectionCount += 1;
      connections.set(socket, connectionCount);
    },
    arrived(message, response, found) {
      const request: IndigoIamRequest = {
        at: now(),
        method: message.method ?? '',
        path: message.url ?? '',
        call: found?.call ?? null,
        account: found?.account ?? null,
        connection: connections.get(message.socket) ?? 0,
        status: null,
      };
      requests.push(request);
      open += 1;
      peak = Math.max(peak, open);
      response.on('close', () => {
        open -= 1;
      });
      const told = waiting.filter(({ call }) => call === undefined || call === request.call);
      waiting = waiting.filter((one) => !told.includes(one));
      for (const one of told) one.tell(request);
      return request;
    },
  };
}
