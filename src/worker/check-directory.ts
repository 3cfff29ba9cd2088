import { setTimeout as delay } from 'node:timers/promises';
import type { LdapDirectory } from '../connectors/ldap/create-ldap-directory.ts';
import { ConfigurationError, TargetError } from '../errors.ts';
import type { Logger } from '../logger.ts';

const RETRY_MS = 5_000;

/**
 * Checks, when a worker starts, that the directory can be worked with, and that an account which is blocked there can sign
 * in no more. Waits while it cannot be reached. Throws a `ConfigurationError` that says what to do. Rule: "Block and delete".
 */
export async function checkDirectory(input: {
  readonly directory: Pick<LdapDirectory, 'check'>;
  readonly logger: Pick<Logger, 'warn'>;
  readonly signal: AbortSignal;
  readonly retryMs?: number;
}): Promise<void> {
  const { directory, logger, signal, retryMs = RETRY_MS } = input;
  for (;;) {
    signal.throwIfAborted();
    try {
      await directory.check(signal);
      return;
    } catch (error) {
      if (!(error instanceof TargetError)) throw error;
      if (!error.retryable) throw new ConfigurationError(error.message, error.facts);
      logger.warn({ code: error.code }, `waiting for the directory: ${error.message}`);
      await delay(retryMs, undefined, { signal });
    }
  }
}
