import { Connection } from '@temporalio/client';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { setTimeout as delay } from 'node:timers/promises';
import { LifecycleError } from '../errors.ts';
import type { SearchAttributeKind } from '../contracts/search-attributes.ts';
import { ensureSearchAttributes } from '../worker/ensure-search-attributes.ts';
import { endWithParent } from './end-with-parent.ts';
import { freePort } from './free-port.ts';
import type { Log } from './temporal-binaries.ts';
import { findTemporalCli } from './temporal-binaries.ts';

export interface TemporalServerOptions {
  /** Whether to serve Temporal UI as well. */
  readonly ui: boolean;
  readonly searchAttributes: Readonly<Record<string, SearchAttributeKind>>;
  /** Default: `default`. */
  readonly namespace?: string | undefined;
  /** File in which the server keeps everything; without it, all is lost when it ends. */
  readonly dbFile?: string | undefined;
  /** Default: a free one. */
  readonly port?: number | undefined;
  /** Address of a server that runs already (`host:port`): it is used as it is, and not ended. */
  readonly existingAddress?: string | undefined;
  readonly log: Log;
}

export interface TemporalServer {
  readonly address: string;
  readonly namespace: string;
  /** Address of Temporal UI; `null` = not served, or by somebody else. */
  readonly uiAddress: string | null;
  /** `null` = it was running already. */
  readonly pid: number | null;
  /** Ends the server and waits until it has ended. */
  stop(): Promise<void>;
}

const START_TIMEOUT_MS = 60_000;
const STOP_TIMEOUT_MS = 10_000;
/** Of what a server wrote that did not start: a panic says why in its first lines, everything else in its last. */
const KEPT_FIRST_LINES = 5;
const KEPT_LAST_LINES = 15;
/** The server takes ports for its own parts, free a moment before; another process may be faster, and it panics. */
const ATTEMPTS = 3;

/**
 * A Temporal server for demo, development and tests, as a process of its own that ends with this one. When it
 * answers, it serves, and the search attributes are registered. One that ends while it starts is started again, with
 * other ports where none is asked for.
 *
 * @throws ConfigurationError when there is no Temporal CLI, with what to do.
 * @throws LifecycleError `TEMPORAL_NOT_STARTED` when it ended at once, each time, or did not serve within a minute.
 */
export async function startTemporalServer(options: TemporalServerOptions): Promise<TemporalServer> {
  const namespace = options.namespace ?? 'default';
  if (options.existingAddress !== undefined)
    return await useServer(options, options.existingAddress, namespace);

  const program = await findTemporalCli({ log: options.log });
  for (let attempt = 1; ; attempt += 1) {
    const launched = await launch(program, options, namespace);
    if (launched.outcome === 'serves') return launched.server;
    if (launched.outcome === 'ended' && attempt < ATTEMPTS) {
      options.log(`The Temporal server ended while it started; once more (${launched.why.slice(0, 200)}).`);
      continue;
    }
    throw new LifecycleError({ code: 'TEMPORAL_NOT_STARTED', message: launched.why, retryable: true });
  }
}

type Launched =
  | { readonly outcome: 'serves'; readonly server: TemporalServer }
  | { readonly outcome: 'ended' | 'silent'; readonly why: string };

/** Starts the process and waits until it serves; one that does not is ended. */
async function launch(program: string, options: TemporalServerOptions, namespace: string): Promise<Launched> {
  const port = options.port ?? (await freePort());
  const uiPort = options.ui ? await freePort() : null;
  const child = spawn(program, serverArguments({ options, namespace, port, uiPort }), {
    stdio: ['ignore', 'pipe', 'pipe'],
    // Ctrl-C in a terminal is for us: workers end first, then we end the server.
    detached: true,
  });
  const lines: string[] = [];
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8').on('data', (text: string) => {
      lines.push(...text.split('\n').filter((line) => line.trim() !== ''));
      const tooMany = lines.length - KEPT_FIRST_LINES - KEPT_LAST_LINES;
      if (tooMany > 0) lines.splice(KEPT_FIRST_LINES, tooMany);
    });
  }
  const ended = new Promise<string>((resolve) => {
    child.once('error', (error) => resolve(error.message));
    child.once('close', (code, signal) => resolve(`it ended with ${signal ?? `code ${String(code)}`}`));
  });
  const { pid } = child;
  const watcher = pid === undefined ? undefined : endWithParent(pid);
  void ended.then(() => watcher?.release());

  const stop = async (): Promise<void> => {
    if (child.exitCode !== null || child.signalCode !== null || pid === undefined) return;
    const exit = once(child, 'exit');
    const impatient = setTimeout(() => child.kill('SIGKILL'), STOP_TIMEOUT_MS);
    child.kill('SIGTERM');
    await exit;
    clearTimeout(impatient);
  };
  const failed = async (outcome: 'ended' | 'silent', why: string): Promise<Launched> => {
    await stop();
    const said = lines.length === 0 ? '' : ` ${lines.join(' | ')}`;
    return {
      outcome,
      why: `The Temporal server on port ${String(port)} could not be started: ${why}.${said}`,
    };
  };

  const address = `127.0.0.1:${String(port)}`;
  const givingUp = new AbortController();
  const { signal } = givingUp;
  const first = await Promise.race([
    ended.then((why) => ({ outcome: 'ended', why }) as const),
    untilServing(address, namespace, signal).then(() => ({ outcome: 'serves' }) as const),
    delay(START_TIMEOUT_MS, { outcome: 'silent' } as const, { ref: false, signal }),
  ]);
  givingUp.abort();
  if (first.outcome === 'ended') return await failed('ended', first.why);
  if (first.outcome === 'silent' || pid === undefined)
    return await failed('silent', 'it did not serve within a minute');
  return {
    outcome: 'serves',
    server: {
      address,
      namespace,
      uiAddress: uiPort === null ? null : `http://127.0.0.1:${String(uiPort)}`,
      pid,
      stop,
    },
  };
}

function serverArguments(input: {
  options: TemporalServerOptions;
  namespace: string;
  port: number;
  uiPort: number | null;
}): string[] {
  const { options, namespace, port, uiPort } = input;
  return [
    ...['server', 'start-dev', '--ip', '127.0.0.1', '--port', String(port), '--namespace', namespace],
    ...(uiPort === null ? ['--headless'] : ['--ui-port', String(uiPort)]),
    ...(options.dbFile === undefined ? [] : ['--db-filename', options.dbFile]),
    ...Object.entries(options.searchAttributes).flatMap(([name, kind]) => [
      '--search-attribute',
      `${name}=${kind}`,
    ]),
    ...['--log-level', 'error'],
  ];
}

/** Resolves when the server answers for the namespace; never rejects, but ends quietly when called off. */
async function untilServing(address: string, namespace: string, calledOff: AbortSignal): Promise<void> {
  while (!calledOff.aborted) {
    try {
      const connection = await Connection.connect({ address, connectTimeout: 2_000 });
      try {
        await connection.workflowService.describeNamespace({ namespace });
        return;
      } finally {
        await connection.close();
      }
    } catch {
      await delay(50);
    }
  }
}

async function useServer(
  options: TemporalServerOptions,
  address: string,
  namespace: string,
): Promise<TemporalServer> {
  options.log(`Using the Temporal server at ${address}.`);
  const connection = await Connection.connect({ address });
  try {
    await ensureSearchAttributes(connection, namespace, options.searchAttributes);
  } finally {
    await connection.close();
  }
  return { address, namespace, uiAddress: null, pid: null, stop: () => Promise.resolve() };
}
