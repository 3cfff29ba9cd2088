import type { LogLevel, LogMetadata, Logger as TemporalLogger } from '@temporalio/common';
import type { Bindings, ChildLoggerOptions, DestinationStream, Logger } from 'pino';
import { pino } from 'pino';
import { censor, censorText, serializeError } from './log-censor.ts';

export type { Logger } from 'pino';

const PINO_LEVELS = { TRACE: 'trace', DEBUG: 'debug', INFO: 'info', WARN: 'warn', ERROR: 'error' } as const;

/**
 * A logger of JSON, a line each, to standard output or `destination`. Personal fields are replaced at any depth,
 * mail addresses wherever they stand, and errors are reduced to what helps: see `src/log-censor.ts`.
 */
export function createLogger(options: {
  level: 'trace' | 'debug' | 'info' | 'warn' | 'error';
  destination?: DestinationStream;
}): Logger {
  const destination = options.destination ?? pino.destination({ fd: 1, sync: true });
  const logger = pino(
    {
      level: options.level,
      base: null,
      timestamp: pino.stdTimeFunctions.isoTime,
      formatters: { level: (label) => ({ level: label }), log: censor },
      // pino prints an SDK error as {} without one.
      serializers: { error: serializeError, err: serializeError },
      hooks: { streamWrite: censorText },
    },
    destination,
  );
  censorChildren(logger);
  return logger;
}

/** A child's bindings pass no formatter of its parent's; children inherit this `child` of theirs. */
function censorChildren(logger: Logger): void {
  // eslint-disable-next-line @typescript-eslint/unbound-method -- bound below to the logger it is called on
  const child: (this: Logger, bindings: Bindings, options?: ChildLoggerOptions) => Logger = logger.child;
  Object.defineProperty(logger, 'child', {
    value(this: Logger, bindings: Bindings, options?: ChildLoggerOptions): Logger {
      return child.call(this, censor(bindings), options);
    },
  });
}

/** The same logger for Temporal's SDK: `Runtime.install({ logger: temporalLogger(logger) })`. */
export function temporalLogger(logger: Logger): TemporalLogger {
  const log = (level: LogLevel, message: string, meta?: LogMetadata): void =>
    logger[PINO_LEVELS[level]]({ ...meta }, message);
  return {
    log,
    trace: (message, meta) => log('TRACE', message, meta),
    debug: (message, meta) => log('DEBUG', message, meta),
    info: (message, meta) => log('INFO', message, meta),
    warn: (message, meta) => log('WARN', message, meta),
    error: (message, meta) => log('ERROR', message, meta),
  };
}
