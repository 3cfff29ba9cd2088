import { Client, Connection, isGrpcServiceError } from '@temporalio/client';
import type { ConnectionOptions } from '@temporalio/client';
import { loadClientConnectConfig } from '@temporalio/envconfig';
import { setTimeout as delay } from 'node:timers/promises';
import type { Config, Environment } from './config.ts';
import { ConfigurationError } from './errors.ts';
import type { Logger } from './logger.ts';

const DEFAULT_ADDRESS = '127.0.0.1:7233';
const RETRY_MS = 1000;
const ATTEMPT_MS = 5000;
/** While it waits it says so again at this interval. */
const REMINDER_MS = 60_000;

// gRPC's status codes.
const [INVALID_ARGUMENT, NOT_FOUND, PERMISSION_DENIED, UNAUTHENTICATED] = [3, 5, 7, 16];

/** Where Temporal is and how to get in; `connectionOptions` fits `Connection` and `NativeConnection` alike. */
export interface TemporalAccess {
  readonly address: string;
  readonly namespace: string;
  readonly connectionOptions: Pick<ConnectionOptions, 'metadata' | 'tls'> & {
    address: string;
    apiKey?: string;
  };
}

/**
 * Finds Temporal as its own command line does: `TEMPORAL_…` variables first, then our file, then `temporal.toml`,
 * then the default. Reads `temporal.toml` and the TLS files that it names.
 *
 * Throws a `ConfigurationError` when one of them cannot be read. Source: `docs/configuration.md`, "Temporal".
 */
export function temporalAccess(temporal: Config['temporal'], env: Environment): TemporalAccess {
  const variables = Object.fromEntries(
    Object.entries(env).flatMap(([k, v]) => (v === undefined ? [] : [[k, v]])),
  );
  const profile = temporal.profile ?? variables['TEMPORAL_PROFILE'];
  try {
    const { connectionOptions, namespace } = loadClientConnectConfig({
      overrideEnvVars: variables,
      ...(profile === undefined ? {} : { profile }),
    });
    const { apiKey, metadata, tls } = connectionOptions;
    const address =
      variables['TEMPORAL_ADDRESS'] ?? temporal.address ?? connectionOptions.address ?? DEFAULT_ADDRESS;
    return {
      address,
      namespace: variables['TEMPORAL_NAMESPACE'] ?? temporal.namespace ?? namespace ?? 'default',
      connectionOptions: {
        address,
        ...(typeof apiKey === 'string' ? { apiKey } : {}),
        ...(metadata === undefined ? {} : { metadata }),
        ...(tls === undefined ? {} : { tls }),
      },
    };
  } catch (error) {
    const reason = error instanceof Error ? error.message : 'unknown reason';
    throw new ConfigurationError(
      `Temporal's own configuration cannot be used: ${reason}. Remedy: correct temporal.toml or the variables ` +
        'TEMPORAL_…; "temporal config get" shows what they come to.',
    );
  }
}

/**
 * Calls `connect` until it succeeds. While Temporal does not answer it waits, says so, and says when it goes on.
 * `connect` makes a `Connection`, or a worker's `NativeConnection`.
 *
 * Throws a `ConfigurationError` when Temporal answers but lets nobody in, and the signal's reason when called off.
 */
export async function connectPatiently<T>(options: {
  connect: () => Promise<T>;
  address: string;
  logger: Pick<Logger, 'info' | 'warn'>;
  signal: AbortSignal;
  retryMs?: number;
}): Promise<T> {
  const { address, logger, signal, retryMs = RETRY_MS } = options;
  let waitedMs = 0;
  let nextWordMs = 0;
  for (;;) {
    signal.throwIfAborted();
    try {
      const connection = await options.connect();
      if (nextWordMs > 0) logger.info({ address }, `Temporal at ${address} answers; going on`);
      return connection;
    } catch (error) {
      const refusal = refusalOf(error, address);
      if (refusal !== null) throw refusal;
      if (waitedMs >= nextWordMs) {
        logger.warn(
          { address, error },
          `Temporal at ${address} does not answer; retrying. Start one with "temporal server start-dev", or ` +
            'correct temporal.address or TEMPORAL_ADDRESS',
        );
        nextWordMs += REMINDER_MS;
      }
      await delay(retryMs, undefined, { signal }).catch(() => signal.throwIfAborted());
      waitedMs += retryMs;
    }
  }
}

/** A client that has been let in to its namespace; `close` ends its connection. Waits for Temporal to answer. */
export async function connectTemporalClient(options: {
  access: TemporalAccess;
  logger: Pick<Logger, 'info' | 'warn'>;
  signal: AbortSignal;
  retryMs?: number;
}): Promise<{ client: Client; close: () => Promise<void> }> {
  const { access } = options;
  const connect = async (): Promise<Connection> => {
    const connection = await Connection.connect({ ...access.connectionOptions, connectTimeout: ATTEMPT_MS });
    try {
      await connection.withDeadline(Date.now() + ATTEMPT_MS, () =>
        connection.workflowService.describeNamespace({ namespace: access.namespace }),
      );
      return connection;
    } catch (error) {
      await connection.close();
      throw namespaceRefusal(error, access);
    }
  };
  const connection = await connectPatiently({ ...options, connect, address: access.address });
  return {
    client: new Client({ connection, namespace: access.namespace }),
    close: () => connection.close(),
  };
}

function namespaceRefusal(error: unknown, access: TemporalAccess): unknown {
  if (codeOf(error) !== NOT_FOUND) return error;
  const { address, namespace } = access;
  return new ConfigurationError(
    `Temporal at ${address} has no namespace "${namespace}". Remedy: correct temporal.namespace or ` +
      `TEMPORAL_NAMESPACE, or create it with "temporal operator namespace create -n ${namespace}".`,
    { address, namespace },
  );
}

/** What no waiting mends, or `null`. */
function refusalOf(error: unknown, address: string): ConfigurationError | null {
  if (error instanceof ConfigurationError) return error;
  const code = codeOf(error);
  if (code !== PERMISSION_DENIED && code !== UNAUTHENTICATED && code !== INVALID_ARGUMENT) return null;
  return new ConfigurationError(
    `Temporal at ${address} refuses us (gRPC status ${code}). Remedy: correct TEMPORAL_API_KEY, TEMPORAL_TLS… or ` +
      'the profile in temporal.toml.',
    { address, status: code },
  );
}

/** gRPC's status, wherever the SDK wrapped it. */
function codeOf(error: unknown): number | null {
  if (isGrpcServiceError(error)) return error.code;
  return error instanceof Error && error.cause !== undefined ? codeOf(error.cause) : null;
}
