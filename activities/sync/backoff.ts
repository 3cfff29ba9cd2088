/** What Temporal tells an attempt of its activity: the part that is read here. Intervals come as milliseconds. */
interface AttemptInfo {
  readonly attempt: number;
  readonly retryPolicy?: {
    readonly initialInterval?: unknown;
    readonly maximumInterval?: unknown;
    readonly backoffCoefficient?: number;
  };
}

/** What Temporal takes where a retry policy says nothing. */
const COEFFICIENT = 2;

/**
 * The pause that Temporal made before this attempt, in real ms, by the activity's own retry policy. No two clocks are
 * compared, and time spent in the queue is not in it. 0 at the first attempt.
 */
export function backoffBefore({ attempt, retryPolicy = {} }: AttemptInfo): number {
  const { initialInterval, maximumInterval, backoffCoefficient = COEFFICIENT } = retryPolicy;
  if (attempt < 2 || typeof initialInterval !== 'number') return 0;
  const grown = initialInterval * backoffCoefficient ** (attempt - 2);
  return typeof maximumInterval === 'number' ? Math.min(grown, maximumInterval) : grown;
}
