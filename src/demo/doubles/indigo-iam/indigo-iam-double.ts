import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { text } from 'node:stream/consumers';
import { setTimeout as sleep } from 'node:timers/promises';
import {
  createAccountStore,
  type IndigoIamAccount,
  type IndigoIamLabel,
  type IndigoIamWrite,
  type NewIndigoIamAccount,
} from './account-store.ts';
import { empty } from './answer.ts';
import { findCall, type IndigoIamCall } from './calls.ts';
import { everySoOften } from './every-so-often.ts';
import { handleExpiredAccounts } from './expired-accounts-handler.ts';
import { createFaults, type IndigoIamFaultMode, type IndigoIamFaultOptions } from './faults.ts';
import { runHrTask } from './hr-task.ts';
import { replyWith, send, type Reply } from './reply.ts';
import { createRequestLog, type IndigoIamRequest } from './request-log.ts';
import { respond, type AskedCall } from './respond.ts';
import type { IndigoIamPage } from './scim-users.ts';
import { DEFAULT_SETTINGS, type IndigoIamSettings } from './settings.ts';
import { createTokens, type TokenOptions } from './tokens.ts';

export type {
  IndigoIamAccount,
  IndigoIamLabel,
  IndigoIamWrite,
  NewIndigoIamAccount,
} from './account-store.ts';
export type { IndigoIamCall, IndigoIamScope } from './calls.ts';
export type { IndigoIamFaultMode, IndigoIamFaultOptions } from './faults.ts';
export type { IndigoIamRequest } from './request-log.ts';
export type { IndigoIamPage } from './scim-users.ts';
export type { IndigoIamSettings } from './settings.ts';

export interface IndigoIamDoubleOptions extends TokenOptions {
  /** Default: any free one. */
  readonly port?: number;
  /** The moment it is now, in ms; default the machine's. */
  readonly now?: () => number;
  /** Milliseconds that every answer takes; default 0. */
  readonly latencyMs?: number;
  readonly accounts?: readonly NewIndigoIamAccount[];
  readonly settings?: Partial<IndigoIamSettings>;
  /** Its own expired-accounts handler runs by itself, so often by its clock, in ms; default: only when told. */
  readonly handleExpiredEveryMs?: number;
}

export interface IndigoIamDouble {
  readonly url: string;
  /** Returns its id. Throws if the id, the user name or the e-mail is another account's. */
  addAccount(account: NewIndigoIamAccount): string;
  account(id: string): IndigoIamAccount | undefined;
  /** In the order of creation. */
  accounts(): readonly IndigoIamAccount[];
  /** Every write to the account in order, whoever did it. */
  writes(id: string): readonly IndigoIamWrite[];
  /** By hand, as admins do in the dashboard. */
  setLabel(id: string, label: IndigoIamLabel): void;
  removeLabel(id: string, label: IndigoIamLabel): void;
  setActive(id: string, active: boolean): void;
  /** In ms; `null` = none. */
  setEndTime(id: string, endTime: number | null): void;
  deleteAccount(id: string): void;
  /** Called with each page of the list after it was read and before it is answered; `null` = no more. */
  onPage(hook: ((page: IndigoIamPage) => void) | null): void;
  set(settings: Partial<IndigoIamSettings>): void;
  /** Every token given so far is refused from now on. */
  expireTokens(): void;
  runExpiredAccountsHandler(): void;
  /** The next run of the expired-accounts handler, also by itself. */
  nextHandlerRun(): Promise<void>;
  /** Leaves the traces of IAM's own HR task on every account with a person id. */
  runHrTask(): void;
  /**
   * From now on this goes wrong; of several that fit a call, the newest does. `none` = nothing goes wrong any more, and
   * what hangs goes on: a write that hung before it was done is done then, also if nobody waits for its answer.
   */
  fault(mode: IndigoIamFaultMode | 'none', options?: IndigoIamFaultOptions): void;
  readonly requests: readonly IndigoIamRequest[];
  /** The most requests that were ever open at the same time. */
  peak(): number;
  /** The next request to come in, or the next one of a call; by then it is done, unless a fault comes before that. */
  nextRequest(call?: IndigoIamCall): Promise<IndigoIamRequest>;
  stop(): Promise<void>;
}

/**
 * The double of an INDIGO IAM instance: a server of its own that keeps the wire format and its refusals, and shares no
 * code with the connector that is tested against it.
 */
export async function startIndigoIamDouble(options: IndigoIamDoubleOptions): Promise<IndigoIamDouble> {
  const { now = Date.now, latencyMs = 0 } = options;
  const store = createAccountStore(now);
  const tokens = createTokens(options, now);
  const faults = createFaults();
  const log = createRequestLog(now);
  let settings: IndigoIamSettings = { ...DEFAULT_SETTINGS, ...options.settings };
  let pageHook: ((page: IndigoIamPage) => void) | null = null;
  let handlerRuns: (() => void)[] = [];
  let hanging: (() => void)[] = [];
  let url = '';
  for (const account of options.accounts ?? []) store.add(account);

  const runExpiredAccountsHandler = (): void => {
    handleExpiredAccounts(store, settings, now());
    const told = handlerRuns;
    handlerRuns = [];
    for (const tell of told) tell();
  };

  const untilFaultsAreOver = (): Promise<void> => new Promise((goOn) => void hanging.push(goOn));

  /** Does the call unless a fault comes before it, and answers it unless one comes after. */
  const handleCall = async (asked: AskedCall, reply: Reply): Promise<void> => {
    const fault = faults.take(asked.call, asked.account);
    const hangs = fault?.mode === 'slow' ? fault.when : null;
    if (hangs === 'before') await untilFaultsAreOver();
    const instance = { url, store, tokens, settings, onPage: (page: IndigoIamPage) => pageHook?.(page) };
    const isDone = fault === null || fault.when === 'after' || hangs !== null;
    const good = isDone ? respond(asked, instance) : null;
    if (hangs === 'after') await untilFaultsAreOver();
    if (latencyMs > 0) await sleep(latencyMs, undefined, { ref: false });
    replyWith(reply, fault, good, asked);
  };

  const handle = async (message: IncomingMessage, response: ServerResponse): Promise<void> => {
    const body = await text(message).catch(() => null);
    // Whoever asked went away while asking.
    if (body === null) return;
    const { pathname: path, searchParams: query } = new URL(message.url ?? '/', 'http://iam');
    const found = findCall(message.method ?? '', path);
    const isCall = typeof found === 'object';
    // From here to what the call does nothing is awaited: whoever waited for the request finds it done, or hanging.
    const request = log.arrived(message, response, isCall ? found : null);
    const reply = { request, response };
    if (isCall) await handleCall({ ...found, path, query, headers: message.headers, body, at: now() }, reply);
    else send(reply, empty(found));
  };

  const server = createServer((message, response) => void handle(message, response));
  server.on('connection', (socket) => {
    log.connected(socket);
    // A fault breaks connections on purpose.
    socket.on('error', () => undefined);
  });
  server.listen(options.port ?? 0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('the INDIGO IAM double has no port');
  url = `http://127.0.0.1:${address.port}`;
  const { handleExpiredEveryMs } = options;
  const endHandler =
    handleExpiredEveryMs === undefined
      ? () => undefined
      : everySoOften(handleExpiredEveryMs, now, runExpiredAccountsHandler);

  return {
    url,
    addAccount: (account) => store.add(account),
    account: (id) => store.find(id),
    accounts: () => store.all(),
    writes: (id) => store.writes(id),
    setLabel: (id, label) => store.putLabel(id, 'admin', label),
    removeLabel: (id, label) => store.removeLabel(id, 'admin', label),
    setActive: (id, active) => store.change(id, 'admin', { active }),
    setEndTime: (id, endTime) => store.change(id, 'admin', { endTime }),
    deleteAccount: (id) => store.remove(id, 'admin'),
    onPage: (hook) => {
      pageHook = hook;
    },
    set: (changed) => {
      settings = { ...settings, ...changed };
    },
    expireTokens: () => tokens.expireAll(),
    runExpiredAccountsHandler,
    nextHandlerRun: () => new Promise((tell) => void handlerRuns.push(tell)),
    runHrTask: () => runHrTask(store, settings.personIdLabel),
    fault: (mode, faultOptions) => {
      if (mode !== 'none') return faults.add(mode, faultOptions);
      faults.clear();
      const freed = hanging;
      hanging = [];
      for (const goOn of freed) goOn();
    },
    requests: log.requests,
    peak: () => log.peak(),
    nextRequest: (call) => log.next(call),
    stop: async () => {
      endHandler();
      const closed = once(server, 'close');
      server.close();
      server.closeAllConnections();
      await closed;
    },
  };
}
