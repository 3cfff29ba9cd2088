import { once } from 'node:events';
import { createServer } from 'node:http';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { answerWithFault, sendJson } from './hr-double-fault.ts';
import type { HrFaultMode, HrFaultOptions } from './hr-double-fault.ts';

/** What can go wrong with it: as with HR, as far as it has no list and no ids in its answers. */
export type ResourcesFaultMode = Exclude<HrFaultMode, 'wrong-id' | 'empty-list' | '404-for-all'>;

/** Something that somebody owns, as the wire format has it. */
export interface OwnedThing {
  readonly type: string;
  readonly name: string;
}

export interface ResourcesDoubleOptions {
  /** Whom it answers; `null` = everybody. */
  readonly credentials:
    { readonly username: string; readonly password: string } | { readonly token: string } | null;
  /** By person id. */
  readonly owned?: Readonly<Record<string, readonly OwnedThing[]>>;
}

export interface ResourcesDouble {
  /** What a person owns is behind it, after a slash. */
  readonly url: string;
  /** From now on the person owns this; empty = it knows them no more. */
  setOwned(personId: string, things: readonly OwnedThing[]): void;
  /** From now on it answers this for the person, whatever it is. */
  setAnswer(personId: string, answer: unknown): void;
  /** From now on this goes wrong; requests that hang are answered. `none` = nothing does. */
  fault(mode: ResourcesFaultMode, options?: HrFaultOptions): void;
  /** Paths that were asked for, in order. */
  readonly requests: readonly string[];
  stop(): Promise<void>;
}

function wantedAuthorization(credentials: ResourcesDoubleOptions['credentials']): string | null {
  if (credentials === null) return null;
  if ('token' in credentials) return `Bearer ${credentials.token}`;
  const { username, password } = credentials;
  return `Basic ${Buffer.from(`${username}:${password}`).toString('base64')}`;
}

/**
 * The double of a system that knows which official resources people own: a server of its own that speaks the wire format
 * and shares no code with the connector that is tested against it.
 */
export async function startResourcesDouble(options: ResourcesDoubleOptions): Promise<ResourcesDouble> {
  const wanted = wantedAuthorization(options.credentials);
  const answers = new Map<string, unknown>();
  const requests: string[] = [];
  const hanging = new Set<() => void>();
  let current: { readonly mode: ResourcesFaultMode } & HrFaultOptions = { mode: 'none' };
  let faultsLeft = Infinity;

  const setOwned = (personId: string, things: readonly OwnedThing[]): void => {
    if (things.length === 0) answers.delete(personId);
    else answers.set(personId, { resources: things });
  };
  for (const [personId, things] of Object.entries(options.owned ?? {})) setOwned(personId, things);

  const answer = (personId: string, response: ServerResponse): void => {
    if (!answers.has(personId)) return sendJson(response, 404, { message: 'Not Found' });
    sendJson(response, 200, answers.get(personId));
  };

  const handle = (message: IncomingMessage, response: ServerResponse): void => {
    const path = message.url ?? '/';
    requests.push(path);
    if (wanted !== null && message.headers.authorization !== wanted) {
      response.setHeader(
        'www-authenticate',
        wanted.startsWith('Basic') ? 'Basic realm="resources"' : 'Bearer',
      );
      return sendJson(response, 401, { message: 'Unauthorized' });
    }
    const personId = /^\/owned\/([^/?]+)$/.exec(path)?.[1];
    if (personId === undefined) return sendJson(response, 404, { message: 'No such path' });
    if (message.method !== 'GET') return sendJson(response, 405, { message: 'Method Not Allowed' });
    if (current.mode === 'none' || faultsLeft <= 0) return answer(personId, response);
    faultsLeft -= 1;
    if (current.mode !== 'slow') {
      return answerWithFault(current, response, answers.get(personId) ?? { resources: [] });
    }
    const finish = (): void => answer(personId, response);
    hanging.add(finish);
    response.on('close', () => hanging.delete(finish));
  };

  const server = createServer(handle);
  // A fault breaks connections on purpose.
  server.on('connection', (socket) => socket.on('error', () => undefined));
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('the double has no port');

  return {
    url: `http://127.0.0.1:${address.port}/owned`,
    setOwned,
    setAnswer: (personId, value) => void answers.set(personId, value),
    fault(mode, faultOptions = {}) {
      current = { mode, ...faultOptions };
      faultsLeft = faultOptions.times ?? Infinity;
      for (const finish of [...hanging]) finish();
      hanging.clear();
    },
    requests,
    stop: async () => {
      const closed = once(server, 'close');
      server.close();
      server.closeAllConnections();
      await closed;
    },
  };
}
