import { once } from 'node:events';
import { createServer } from 'node:http';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import { answerWithFault, sendJson } from './hr-double-fault.ts';
import type { HrFault, HrFaultMode, HrFaultOptions } from './hr-double-fault.ts';
import { isValidOn, writePerson } from './hr-double-person.ts';
import type { HrDoublePerson } from './hr-double-person.ts';

export interface HrDoubleOptions {
  /** Default: any free one. */
  readonly port?: number;
  readonly username: string;
  readonly password: string;
  /** The moment it is now, in ms, for what is valid today. */
  readonly now?: () => number;
  /** HR's own zone; default Europe/Zurich. */
  readonly timeZone?: string;
  /** Whether it has the list; default yes. */
  readonly list?: boolean;
  /** Milliseconds that every answer takes; default 0. */
  readonly latencyMs?: number;
  readonly people: readonly HrDoublePerson[];
}

/** A request as it came in. `status` is `null` until it is answered. */
export interface HrDoubleRequest {
  readonly at: number;
  readonly path: string;
  /** The person asked for; `null` for the list. */
  readonly personId: string | null;
  /** Number of the connection it came over, from 1. */
  readonly connection: number;
  status: number | null;
}

export interface HrDouble {
  readonly url: string;
  setPerson(person: HrDoublePerson): void;
  removePerson(id: number): void;
  /** Switches the list on or off; off = 404, as with a system that has none. */
  setList(on: boolean): void;
  /** From now on this goes wrong; requests that hang are answered. `none` = nothing does. */
  fault(mode: HrFaultMode, options?: HrFaultOptions): void;
  readonly requests: readonly HrDoubleRequest[];
  /** The most requests that were ever open at the same time. */
  readonly peak: () => number;
  /** The next request to come in. */
  nextRequest(): Promise<HrDoubleRequest>;
  stop(): Promise<void>;
}

interface Asked {
  readonly personId: string | null;
  /** `undefined` = there is no such thing. */
  readonly good: unknown;
}

/**
 * The double of an HR system: a server of its own that speaks the wire format and shares no code with the connector
 * that is tested against it.
 */
export async function startHrDouble(options: HrDoubleOptions): Promise<HrDouble> {
  const { timeZone = 'Europe/Zurich', now = Date.now, latencyMs = 0 } = options;
  const credentials = Buffer.from(`${options.username}:${options.password}`).toString('base64');
  const people = new Map(options.people.map((person) => [person.id, person]));
  const requests: HrDoubleRequest[] = [];
  const connections = new WeakMap<Socket, number>();
  const waiting: ((request: HrDoubleRequest) => void)[] = [];
  const hanging = new Set<() => void>();
  let connectionCount = 0;
  let open = 0;
  let peak = 0;
  let hasList = options.list ?? true;
  let fault: HrFault = { mode: 'none' };
  let faultsLeft = Infinity;

  const list = (query: URLSearchParams): unknown => {
    const after = Number(query.get('after') ?? '-1');
    const limit = Number(query.get('limit') ?? '100');
    const found = [...people.values()].filter((person) => person.id > after).sort((a, b) => a.id - b.id);
    return found.slice(0, limit).map((person) => writePerson(person, timeZone));
  };

  const resolve = (url: URL): Asked => {
    if (url.pathname === '/api/VOPersons') {
      return { personId: null, good: hasList ? list(url.searchParams) : undefined };
    }
    const valid = /^\/api\/VOPersons\/participation\/([^/]+)\/valid\/(\d+)$/.exec(url.pathname);
    if (valid) {
      const [, experiment = '', personId = ''] = valid;
      const person = people.get(Number(personId));
      const today = new Intl.DateTimeFormat('sv-SE', { timeZone, dateStyle: 'short' }).format(now());
      const isValid = person && isValidOn(person, decodeURIComponent(experiment), today);
      return { personId, good: isValid ?? false };
    }
    const single = /^\/api\/VOPersons\/([^/]+)$/.exec(url.pathname);
    const personId = single?.[1] ?? null;
    const person = people.get(Number(personId));
    return { personId, good: person && writePerson(person, timeZone) };
  };

  const faultFor = (personId: string | null): HrFault => {
    const isMeant = fault.for === undefined || fault.for.some((id) => String(id) === personId);
    if (fault.mode === 'none' || !isMeant || faultsLeft <= 0) return { mode: 'none' };
    faultsLeft -= 1;
    return fault;
  };

  const answer = (current: HrFault, { good }: Asked, response: ServerResponse): void => {
    // Of somebody unknown nothing can be garbled, but the server can still fail.
    const canFail = ['500', '429', '503', '404-for-all'].includes(current.mode);
    if (good === undefined && !canFail) return sendJson(response, 404, { message: 'Not Found' });
    answerWithFault(current, response, good);
  };

  const handle = (message: IncomingMessage, response: ServerResponse): void => {
    const url = new URL(message.url ?? '/', 'http://hr');
    const asked = resolve(url);
    const connection = connections.get(message.socket) ?? 0;
    const { personId } = asked;
    const request: HrDoubleRequest = {
      at: now(),
      path: url.pathname + url.search,
      personId,
      connection,
      status: null,
    };
    requests.push(request);
    open += 1;
    peak = Math.max(peak, open);
    response.on('close', () => {
      open -= 1;
      if (response.headersSent) request.status = response.statusCode;
    });
    for (const tell of waiting.splice(0)) tell(request);

    if (message.headers.authorization !== `Basic ${credentials}`) {
      response.setHeader('www-authenticate', 'Basic realm="HR"');
      return sendJson(response, 401, { message: 'Unauthorized' });
    }
    if (message.method !== 'GET') return sendJson(response, 405, { message: 'Method Not Allowed' });
    const current = faultFor(personId);
    if (current.mode !== 'slow') {
      if (latencyMs === 0) return answer(current, asked, response);
      const timer = setTimeout(() => answer(current, asked, response), latencyMs);
      response.on('close', () => clearTimeout(timer));
      return;
    }
    const finish = (): void => answer({ mode: 'none' }, resolve(url), response);
    hanging.add(finish);
    response.on('close', () => hanging.delete(finish));
  };

  const server = createServer(handle);
  server.on('connection', (socket) => {
    connectionCount += 1;
    connections.set(socket, connectionCount);
    // A fault breaks connections on purpose.
    socket.on('error', () => undefined);
  });
  server.listen(options.port ?? 0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('the HR double has no port');

  const setFault = (mode: HrFaultMode, faultOptions: HrFaultOptions = {}): void => {
    fault = { mode, ...faultOptions };
    faultsLeft = faultOptions.times ?? Infinity;
    for (const finish of [...hanging]) finish();
    hanging.clear();
  };

  return {
    url: `http://127.0.0.1:${address.port}`,
    setPerson: (person) => void people.set(person.id, person),
    removePerson: (id) => void people.delete(id),
    setList: (on) => {
      hasList = on;
    },
    fault: setFault,
    requests,
    peak: () => peak,
    nextRequest: () => new Promise((tell) => waiting.push(tell)),
    stop: async () => {
      const closed = once(server, 'close');
      server.close();
      server.closeAllConnections();
      await closed;
    },
  };
}
