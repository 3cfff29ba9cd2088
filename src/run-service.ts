import { dirname, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import type { Config, Environment } from './config.ts';
import { ConfigurationError, LifecycleError } from './errors.ts';
import { createLogger, type Logger } from './logger.ts';
import { readConfigFile } from './read-config-file.ts';

/** What a service has when it starts. */
export interface ServiceStart {
  readonly config: Config;
  /** The configuration's file, as it was named. */
  readonly file: string;
  /** Folder from which the paths in the configuration count: the file's. */
  readonly folder: string;
  readonly logger: Logger;
  /** Aborted by SIGINT and SIGTERM: end what has begun, and return. */
  readonly stopping: AbortSignal;
}

function readArguments(usage: string) {
  try {
    return parseArgs({
      options: {
        config: { type: 'string', default: 'lifecycle.yaml' },
        help: { type: 'boolean', short: 'h', default: false },
      },
    }).values;
  } catch (error) {
    const problem = error instanceof Error ? error.message : 'the arguments cannot be read';
    throw new ConfigurationError(`${problem}\n\n${usage}`);
  }
}

/** A service, as its entry point has it. */
export interface Service {
  readonly usage: string;
  readonly env: Environment;
  /** Words for the log when it is told to stop. */
  readonly stopWords: string;
  readonly serve: (start: ServiceStart) => Promise<void>;
  readonly print: (text: string) => void;
  readonly printError: (error: unknown) => void;
}

/**
 * Runs an entry point that serves until it is told to stop: reads `--config`, tells the configuration's warnings, and
 * prints what it fails with. Answers the exit code.
 */
export async function runService(service: Service): Promise<0 | 1> {
  try {
    const { config: file, help } = readArguments(service.usage);
    if (help) service.print(service.usage);
    else await start(service, file);
    return 0;
  } catch (error) {
    if (error instanceof Error && error.name === 'AbortError') return 0;
    service.printError(error instanceof LifecycleError ? error.message : error);
    return 1;
  }
}

async function start({ env, stopWords, serve }: Service, file: string): Promise<void> {
  const config = readConfigFile(file, env);
  const logger = createLogger({ level: config.log.level });
  for (const warning of config.warnings) logger.warn({ file }, warning);
  const stopping = new AbortController();
  for (const signal of ['SIGINT', 'SIGTERM'] as const) {
    process.once(signal, () => {
      logger.info({ signal }, stopWords);
      stopping.abort();
    });
  }
  await serve({ config, file, folder: dirname(resolve(file)), logger, stopping: stopping.signal });
}
