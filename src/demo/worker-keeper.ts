import { fork, type ChildProcess } from 'node:child_process';
import { closeSync, openSync } from 'node:fs';
import { once } from 'node:events';
import { setTimeout as delay } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import type { AccountRow } from '../registry/registry.ts';
import type { Answers, BeginMessage, Everything, FromWorker, Request, ToWorker } from './worker-messages.ts';

/** A stretch of real time, in ms, in which no worker ran. `until` is `null` while it lasts. */
export interface Downtime {
  readonly from: number;
  until: number | null;
}

/** The worker as the demo knows it: some process, which may die and is then replaced. */
export interface WorkerKeeper {
  /** Starts the first one; resolves when it runs. Throws what it says if it cannot start. */
  begin(message: BeginMessage): Promise<void>;
  /** Loads the first one, and makes ready what takes long; the story's clock need not run yet. */
  load(): Promise<void>;
  /** What the registry holds. Waits for the next worker while none runs. */
  accounts(): Promise<readonly AccountRow[]>;
  everything(): Promise<Everything>;
  /** Adds what the story needs; may be repeated. */
  add(request: Extract<Request, { ask: 'addAccounts' | 'addGroups' }>): Promise<void>;
  /** Ends it as a power failure would; the next one starts after so many real ms, at once by default. */
  kill(downMs?: number): void;
  readonly downtimes: readonly Downtime[];
  /** Rejects when workers die again and again, or one says why it cannot go on. */
  readonly broken: Promise<never>;
  stop(): Promise<void>;
}

const PROCESS_FILE = fileURLToPath(
  new URL(import.meta.url.endsWith('.ts') ? './worker-process.ts' : './worker-process.js', import.meta.url),
);
/** Under a test runner nothing in this process's own arguments says how TypeScript is loaded. */
const LOADS_TYPESCRIPT = PROCESS_FILE.endsWith('.ts') && !process.execArgv.some((one) => one.includes('tsx'));
const STOP_TIMEOUT_MS = 15_000;
/** Loading a spare one takes a processor for seconds, which the one that just began needs itself. */
const SPARE_DELAY_MS = 4_000;
/** A worker that dies so soon will not be mended by another. */
const SHORTEST_LIFE_MS = 500;

interface Worker {
  readonly process: ChildProcess;
  readonly loaded: Promise<unknown>;
}

/** What comes over the channel is what our own worker sent: only its rough form is checked. */
function isAnswer<A extends keyof Answers>(ask: A, value: unknown): value is Answers[A] {
  switch (ask) {
    case 'accounts':
      return Array.isArray(value);
    case 'everything':
      return typeof value === 'object' && value !== null && 'accounts' in value;
    case 'addAccounts':
    case 'addGroups':
      return value === null;
    default:
      return false;
  }
}

/** Keeps a worker running in a process of its own, and a spare one loaded, so that a restart costs little time. */
export function createWorkerKeeper(options: {
  /** Of the demo's own files. */
  readonly folder: string;
  readonly logFile: string;
  /** Told of every death and every start but the first. */
  readonly tell: (words: string) => void;
}): WorkerKeeper {
  const downtimes: Downtime[] = [];
  const pending = new Map<
    number,
    { resolve: (value: unknown) => void; reject: (error: Error) => void; request: Request }
  >();
  let nextId = 1;
  let current: Worker | null = null;
  let spare: Worker | null = null;
  let isRunning = false;
  let isStopping = false;
  let restartDelayMs = 0;
  let beginMessage: BeginMessage | null = null;
  let breakWith: (error: Error) => void = () => undefined;
  const broken = new Promise<never>((_resolve, reject) => {
    breakWith = reject;
  });
  broken.catch(() => undefined);

  const post = (worker: Worker, message: ToWorker): void => {
    if (worker.process.connected) worker.process.send(message, () => undefined);
  };

  const load = (): Worker => {
    const log = openSync(options.logFile, 'a');
    const child = fork(PROCESS_FILE, [options.folder], {
      stdio: ['ignore', log, log, 'ipc'],
      ...(LOADS_TYPESCRIPT && { execArgv: ['--import', 'tsx'] }),
    });
    closeSync(log);
    const died = once(child, 'exit').then(() => {
      throw new Error(`The worker cannot be loaded. Its log: ${options.logFile}`);
    });
    died.catch(() => undefined);
    const loaded = Promise.race([once(child, 'message'), died]);
    loaded.catch(() => undefined);
    child.once('exit', () => {
      if (spare?.process === child) spare = null;
    });
    return { process: child, loaded };
  };

  const loadSpare = (): void => {
    if (!isStopping && isRunning) spare ??= load();
  };

  const resend = (worker: Worker): void => {
    for (const [id, { request }] of pending) post(worker, { type: 'request', id, request });
  };

  /** Resolves when it runs. */
  const start = (): Promise<void> => {
    const message = beginMessage;
    if (message === null) throw new Error('there is nothing to begin with');
    const worker = spare ?? load();
    spare = null;
    current = worker;
    const startedAt = Date.now();
    return new Promise((resolve, reject) => {
      let reason: string | null = null;
      worker.process.on('message', (answer: FromWorker) => {
        if (answer.type === 'running') {
          isRunning = true;
          const last = downtimes.at(-1);
          if (last?.until === null) last.until = Date.now();
          resend(worker);
          setTimeout(loadSpare, SPARE_DELAY_MS).unref();
          resolve();
        } else if (answer.type === 'answer') {
          pending.get(answer.id)?.resolve(answer.value);
          pending.delete(answer.id);
        } else if (answer.type === 'failed' && answer.id !== null) {
          pending.get(answer.id)?.reject(new Error(answer.message));
          pending.delete(answer.id);
        } else if (answer.type === 'failed') reason = answer.message;
      });
      worker.process.once('exit', (code, signal) => {
        isRunning = false;
        current = null;
        if (isStopping) return;
        const words = reason ?? `it ended with ${signal ?? `code ${String(code)}`}`;
        if (reason !== null || (signal === null && Date.now() - startedAt < SHORTEST_LIFE_MS)) {
          const error = new Error(`The worker cannot run: ${words}. Its log: ${options.logFile}`);
          reject(error);
          breakWith(error);
          return;
        }
        // One that died before it ran prolongs the downtime.
        if (downtimes.at(-1)?.until !== null) downtimes.push({ from: Date.now(), until: null });
        options.tell(`the worker is dead (${words}); the next one starts`);
        const delayMs = restartDelayMs;
        restartDelayMs = 0;
        delay(delayMs, undefined, { ref: false })
          .then(() => (isStopping ? undefined : start()))
          .then(
            () => {
              if (isStopping) return;
              const last = downtimes.at(-1);
              const seconds = last ? ((last.until ?? Date.now()) - last.from) / 1000 : 0;
              options.tell(`a worker runs again, after ${seconds.toFixed(1)} s`);
              resolve();
            },
            (error: unknown) => {
              const cause = error instanceof Error ? error : new Error(String(error));
              reject(cause);
              breakWith(cause);
            },
          );
      });
      worker.loaded.then(
        () => {
          post(worker, message);
        },
        // Its exit says the rest.
        () => undefined,
      );
    });
  };

  /** The worker answers each request with the type that {@link Answers} names. */
  const ask = <R extends Request>(request: R): Promise<Answers[R['ask']]> =>
    new Promise((resolve, reject) => {
      const id = nextId++;
      pending.set(id, {
        request,
        reject,
        resolve: (value) => {
          if (isAnswer<R['ask']>(request.ask, value)) resolve(value);
          else reject(new TypeError(`the worker answered something else to ${request.ask}`));
        },
      });
      if (current && isRunning) post(current, { type: 'request', id, request });
    });

  const end = async (worker: Worker | null, signal: NodeJS.Signals | null): Promise<void> => {
    if (worker?.process.exitCode !== null || worker.process.signalCode !== null) return;
    const exit = once(worker.process, 'exit');
    const impatient = setTimeout(() => worker.process.kill('SIGKILL'), STOP_TIMEOUT_MS);
    if (signal === null) post(worker, { type: 'stop' });
    else worker.process.kill(signal);
    await exit;
    clearTimeout(impatient);
  };

  return {
    load: async () => {
      spare ??= load();
      await spare.loaded;
    },
    begin(message) {
      beginMessage = message;
      return start();
    },
    accounts: () => ask({ ask: 'accounts' }),
    everything: () => ask({ ask: 'everything' }),
    add: async (request) => {
      await ask(request);
    },
    kill: (downMs = 0) => {
      if (current) restartDelayMs = downMs;
      current?.process.kill('SIGKILL');
    },
    downtimes,
    broken,
    async stop() {
      isStopping = true;
      // A spare one has nothing to finish.
      await Promise.all([end(spare, 'SIGKILL'), end(current, null)]);
      for (const { reject } of pending.values()) reject(new Error('the demo has stopped'));
      pending.clear();
    },
  };
}
