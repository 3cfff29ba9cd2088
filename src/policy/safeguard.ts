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

/** How many people HR answered for last time, and for how many of them it does now. */
interface Answers {
  readonly expected: number;
  readonly answered: number;
  /** Who they are, in words. */
  readonly persons: string;
}

/** Why so few answers are too few, in words; `null` = they are not. */
function missingWords({ expected, answered, persons }: Answers, limits: SafeguardLimits): string | null {
  const isShrunk =
    expected - answered >= limits.missingCount && 100 * answered < limits.answeredPercent * expected;
  return isShrunk
    ? `HR answers for ${answered} of the ${expected} ${persons} it answered for last time: less than ${limits.answeredPercent} %`
    : null;
}

/**
 * Whether losses and shortenings of a synchronisation are applied or held. Rule: "The safeguard".
 *
 * The shares are of those who have an account: whoever HR has ever named grows in number for ever, and a whole site would
 * vanish among them. HR's answers count among all as well.
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
  const holders = looks.holders ?? looks;
  const total = losses + earlierLosses;
  const heldBecause: string[] = [];
  if (losses > 0) {
    const window = earlierLosses > 0 ? `, with those of the last ${limits.hours} hours` : '';
    const share = `${total} losses among ${holders.looked} persons with an account (${percentOf(total, holders.looked)})${window}`;
    if (total > limits.lossMaximum) heldBecause.push(`${share}: more than ${limits.lossMaximum}`);
    else if (total > limits.lossCount && 100 * total > limits.lossPercent * holders.looked) {
      heldBecause.push(`${share}: more than ${limits.lossCount} and more than ${limits.lossPercent} %`);
    }
  }
  const shrunk =
    missingWords({ ...looks, persons: 'persons' }, limits) ??
    missingWords({ ...holders, persons: 'persons with an account' }, limits);
  return { heldBecause: shrunk === null ? heldBecause : [...heldBecause, shrunk], shrunk };
}
