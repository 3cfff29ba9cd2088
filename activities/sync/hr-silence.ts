import type { LookCounts } from '../../src/contracts/plan.ts';
import { HR_GAVE_UP } from '../../src/contracts/sync.ts';
import { LifecycleError } from '../../src/errors.ts';

/** So many requests in a row without an answer, and HR is taken for down: whoever asks waits instead of asking on. */
export const DOWN_AFTER = 50;
/** HR named a time before which it wants no request (`Retry-After`). */
export const ASKED_TO_WAIT = 'HR_RETRY_LATER';
/** HR did not answer, or refuses whoever asks: that says nothing about any person. */
const SILENT: ReadonlySet<string> = new Set([
  ...['HR_TIMEOUT', 'HR_UNREACHABLE', 'HR_CONNECTION_LOST', ASKED_TO_WAIT],
  ...['HR_STATUS_401', 'HR_STATUS_429'],
]);

/** Whether the code of an `unavailable` says that HR is down, rather than that one record cannot be read. */
export function isSilence(code: string): boolean {
  return SILENT.has(code) || /^HR_STATUS_5\d\d$/.test(code);
}

/** How long a range has waited for HR since its last page, over all its attempts: part of its heartbeat. */
export interface Waited {
  /** Real ms. */
  readonly ms: number;
  /** HR's silence ended the attempt: the pause before the next one is spent waiting for HR as well. */
  readonly isPausing: boolean;
}

/** Listens to HR during one attempt at a range. */
export interface HrSilence {
  /** One person was asked for: counts answers that did not come. `true` = HR is taken for down. */
  listen(answer: { readonly outcome: string; readonly code?: string }): boolean;
  /** A page is done: whatever was waited for has come. */
  advanced(): void;
  readonly waited: () => Waited;
  /**
   * HR is down, and the attempt over: the error to throw. `HR_UNAVAILABLE` or the one given is to be retried;
   * `HR_GAVE_UP`, once the range has waited for `giveUpMs`, is not.
   */
  over(input: {
    readonly code: string;
    readonly counts: LookCounts;
    /** The last person that is done; `null` = nobody. */
    readonly after: string | null;
    readonly error?: LifecycleError;
  }): {
    readonly waited: Waited;
    readonly error: LifecycleError;
  };
}

/**
 * Counts the time that HR says nothing, and the pauses before it is asked again: never a queue, the turn of another
 * synchronisation, or a worker that is down. Rule: "The safeguard".
 *
 * @param backoffMs the pause that the server made before this attempt
 * @param nowMs a clock that only runs forward, in ms
 */
export function createHrSilence(options: {
  readonly before: Waited | null;
  readonly backoffMs: number;
  readonly giveUpMs: number;
  readonly nowMs: () => number;
}): HrSilence {
  const { before, backoffMs, giveUpMs, nowMs } = options;
  let earlier = before === null ? 0 : before.ms + (before.isPausing ? backoffMs : 0);
  let silentSince = nowMs();
  let silentInARow = 0;
  const ms = () => earlier + (nowMs() - silentSince);
  const answered = () => {
    silentSince = nowMs();
    silentInARow = 0;
  };
  return {
    listen({ outcome, code = '' }) {
      if (outcome !== 'unavailable' || !isSilence(code)) {
        answered();
        return false;
      }
      silentInARow += 1;
      return silentInARow >= DOWN_AFTER || code === ASKED_TO_WAIT;
    },
    advanced() {
      // Silence at the end of a page goes on in the next one.
      if (silentInARow === 0) silentSince = nowMs();
      earlier = 0;
    },
    waited: () => ({ ms: ms(), isPausing: false }),
    over({ code, counts, after, error }) {
      const waited = { ms: ms(), isPausing: true };
      if (waited.ms >= giveUpMs) return { waited, error: gaveUp(code, { ...counts, after }, waited.ms) };
      const message = `HR is unavailable (${code}); waiting for HR`;
      return {
        waited,
        error: error ?? new LifecycleError({ code: 'HR_UNAVAILABLE', message, retryable: true }),
      };
    },
  };
}

function gaveUp(
  code: string,
  had: LookCounts & { readonly after: string | null },
  ms: number,
): LifecycleError {
  const seconds = String(Math.round(ms / 1000));
  // Facts are flat. Nobody misses these: every loss of a run that gave up is held.
  const { holders: _holders, ...facts } = had;
  return new LifecycleError({
    code: HR_GAVE_UP,
    message: `HR was unavailable for ${seconds} s (${code}); this synchronisation goes on without these persons`,
    retryable: false,
    facts,
  });
}
