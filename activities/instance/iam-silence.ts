import { IAM_GAVE_UP, type HandledCounts } from '../../src/contracts/instance-handling.ts';
import { IamError, LifecycleError } from '../../src/errors.ts';

/** So many accounts in a row without an answer, and the instance is taken for down. */
export const DOWN_AFTER = 50;
/** The instance named a time before which it wants no request, or answers no more of them. */
const ASKED_TO_WAIT = 'IAM_RATE';
/** What is wrong with one account, not with the instance. */
const OF_ONE_ACCOUNT: ReadonlySet<string> = new Set([
  ...['IAM_NO_ACCOUNT', 'IAM_LABEL_REFUSED', 'IAM_END_TIME_READ_ONLY', 'IAM_BAD_ID', 'IAM_WRONG_SHAPE'],
  ...['IAM_WRONG_ACCOUNT', 'IAM_BODY_TOO_LARGE', 'IAM_NOT_RESTORED'],
]);

/** The code of an error that says that the instance is down, or refuses whoever asks; `null` = it does not. */
export function silenceOf(error: unknown): string | null {
  return error instanceof IamError && !OF_ONE_ACCOUNT.has(error.code) ? error.code : null;
}

/** How long a part has waited for the instance since its last page, over all its attempts: part of its heartbeat. */
export interface Waited {
  /** Real ms. */
  readonly ms: number;
  /** Silence ended the attempt: the pause before the next one is spent waiting as well. */
  readonly isPausing: boolean;
}

/** Listens to the instance during one attempt at a part. */
export interface IamSilence {
  answered(): void;
  /** One account got no answer, for this reason. `true` = the instance is taken for down. */
  failed(code: string): boolean;
  /**
   * The code by which the instance answered nobody in this attempt; `null` = somebody it did, or fewer than two asked: with
   * an unchanged account costing no request, one that is broken may be the only one to ask.
   */
  readonly wholly: () => string | null;
  /** A page is done. */
  advanced(): void;
  readonly waited: () => Waited;
  /** The error to throw: `IAM_UNAVAILABLE` is to be retried, `IAM_GAVE_UP`, once it has lasted for `giveUpMs`, is not. */
  over(input: { readonly code: string; readonly counts: HandledCounts; readonly after: string | null }): {
    readonly waited: Waited;
    readonly error: LifecycleError;
  };
}

/**
 * Counts accounts for which the instance gives no answer, and the time for which that has lasted.
 *
 * @param backoffMs the pause before this attempt, in real ms
 * @param nowMs a clock that only runs forward, in ms
 */
export function createIamSilence(options: {
  readonly before: Waited | null;
  readonly backoffMs: number;
  readonly giveUpMs: number;
  readonly nowMs: () => number;
}): IamSilence {
  const { before, backoffMs, giveUpMs, nowMs } = options;
  let earlier = before === null ? 0 : before.ms + (before.isPausing ? backoffMs : 0);
  let since = nowMs();
  let inARow = 0;
  let hasAnswered = false;
  let lastCode: string | null = null;
  let failures = 0;
  const ms = () => earlier + (nowMs() - since);
  return {
    answered() {
      since = nowMs();
      inARow = 0;
      hasAnswered = true;
    },
    failed(code) {
      inARow += 1;
      failures += 1;
      lastCode = code;
      return inARow >= DOWN_AFTER || code === ASKED_TO_WAIT;
    },
    wholly: () => (hasAnswered || failures < 2 ? null : lastCode),
    advanced() {
      if (inARow > 0) return;
      since = nowMs();
      earlier = 0;
    },
    waited: () => ({ ms: ms(), isPausing: false }),
    over({ code, counts, after }) {
      const waited = { ms: ms(), isPausing: true };
      if (waited.ms < giveUpMs) {
        const message = `the INDIGO IAM instance is unavailable (${code}); waiting for it`;
        const facts = { answer: code };
        return {
          waited,
          error: new LifecycleError({ code: 'IAM_UNAVAILABLE', message, retryable: true, facts }),
        };
      }
      const seconds = String(Math.round(waited.ms / 1000));
      const message = `the INDIGO IAM instance was unavailable for ${seconds} s (${code}); this synchronisation goes on without these accounts`;
      const facts = { ...counts, after, answer: code };
      return { waited, error: new LifecycleError({ code: IAM_GAVE_UP, message, retryable: false, facts }) };
    },
  };
}
