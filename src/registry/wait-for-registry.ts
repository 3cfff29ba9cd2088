import { setTimeout as pause } from 'node:timers/promises';
import { RegistryError } from '../errors.ts';

/** One attempt that failed, for the log. */
export interface RegistryWait {
  /** 1 for the first. */
  readonly attempt: number;
  readonly error: RegistryError;
  /** Real milliseconds until the next attempt. */
  readonly nextTryInMs: number;
}

/**
 * Opens the registry, and waits for it while it cannot be reached: for the start of a process. What no waiting
 * mends (a wrong password, a folder in use, a newer registry) is thrown at once.
 *
 * @throws whatever `open` throws that is not a retryable RegistryError; the signal's reason when called off.
 */
export async function waitForRegistry<T>(input: {
  readonly open: () => Promise<T>;
  /** Says so: called after every attempt that failed. */
  readonly onWaiting: (wait: RegistryWait) => void;
  readonly signal?: AbortSignal;
  /** Real milliseconds before the second attempt; each later one waits twice as long, up to `longestPauseMs`. */
  readonly firstPauseMs?: number;
  readonly longestPauseMs?: number;
}): Promise<T> {
  const { open, onWaiting, signal, firstPauseMs = 1_000, longestPauseMs = 15_000 } = input;
  for (let attempt = 1; ; attempt += 1) {
    signal?.throwIfAborted();
    try {
      return await open();
    } catch (error) {
      if (!(error instanceof RegistryError) || !error.retryable) throw error;
      const nextTryInMs = Math.min(longestPauseMs, firstPauseMs * 2 ** (attempt - 1));
      onWaiting({ attempt, error, nextTryInMs });
      await pause(nextTryInMs, undefined, signal === undefined ? {} : { signal });
    }
  }
}
