import type { LookCounts, SafeguardLimits } from '../contracts/plan.ts';

/** What the safeguard says of a synchronisation. */
export interface Verdict {
  /** Why losses and shortenings wait for a decision, in words; empty = they do not. */
  readonly heldBecause: readonly string[];
  /** HR answers for far fewer people than last time, in words; `null` = it does not. */
  readonly shrunk: string | null;
}

function percentOf(part: number, whole: number): string {
  return whole === 0 ? '100 %' : `${((100 * part) / whole).toFixed(1)} %`;
}

/**
 * Whether losses and shortenings of a synchronisation are applied or held. Rule: "The safeguard".
 *
 * @param losses of this run
 * @param earlierLosses that earlier runs applied within the window of `limits.hours`
 */
export function checkSafeguard(input: {
  readonly losses: number;
  readonly earlierLosses: number;
  readonly looks: LookCounts;
  readonly limits: SafeguardLimits;
}): Verdict {
  const { losses, earlierLosses, looks, limits } = input;
  const { looked, expected, answered } = looks;
  const total = losses + earlierLosses;
  const heldBecause: string[] = [];
  if (losses > 0) {
    const window = earlierLosses > 0 ? `, with those of the last ${limits.hours} hours` : '';
    const share = `${total} losses among ${looked} persons (${percentOf(total, looked)})${window}`;
    if (total > limits.lossMaximum) heldBecause.push(`${share}: more than ${limits.lossMaximum}`);
    else if (total > limits.lossCount && 100 * total > limits.lossPercent * looked) {
      heldBecause.push(`${share}: more than ${limits.lossCount} and more than ${limits.lossPercent} %`);
    }
  }
  const missing = expected - answered;
  const isShrunk = missing >= limits.missingCount && 100 * answered < limits.answeredPercent * expected;
  const shrunk = isShrunk
    ? `HR answers for ${answered} of the ${expected} persons it answered for last time: less than ${limits.answeredPercent} %`
    : null;
  return { heldBecause: shrunk === null ? heldBecause : [...heldBecause, shrunk], shrunk };
}
