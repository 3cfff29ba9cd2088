import type { Observation, Tie } from '../../src/contracts/affiliation.ts';
import { DAY_MS, type Instant } from '../../src/contracts/time.ts';
import { countSighting, type SightingCount } from '../../src/policy/sightings.ts';
import type { Answer } from '../../checker/life.ts';
import type { Script } from './script.ts';

/** HR as it answers for one person of a script, and the numbers of looks at it. */
export interface Hr {
  /** What HR answers at the moment. */
  readonly answerAt: (at: Instant) => Answer & { readonly ties?: readonly Tie[] };
  /** Takes the next number, and looks; `null` = not usable: no answer, or no such person and that is not confirmed. */
  readonly look: (at: Instant) => Observation | null;
  readonly nextNumber: () => number;
  /** An account hears what a fresh look said, apart from the others: the next run tells all of them again. */
  readonly toldApart: () => void;
  /** One run of the synchronisation: what the accounts are told, if anything. */
  readonly synchronise: (at: Instant) => Observation | null;
  /** The next run that may find something new; `null` = none before HR changes. */
  readonly nextRun: (after: Instant) => Instant | null;
}

const RULE = { count: 3, hours: 72 };

export function createHr(script: Script): Hr {
  const { records, troubles, personId } = script;
  let number = 0;
  let sightings: SightingCount | null = null;
  /** What accounts were told last: its words, to compare. */
  let told: string | null = null;
  let isToldApart = false;
  const nextNumber = () => (number += 1);

  const answerAt = (at: Instant): Answer & { ties?: readonly Tie[] } => {
    if (troubles.some(({ what, from, to }) => what === 'hr' && at >= from && at < to))
      return { outcome: 'unavailable' };
    let current = records[0];
    for (const record of records) if (record.at <= at) current = record;
    if (!current || current.ties === 'unavailable') return { outcome: 'unavailable' };
    return current.ties === null ? { outcome: 'no-person' } : { outcome: 'found', ties: current.ties };
  };
  const observation = (answer: Answer & { ties?: readonly Tie[] }, at: Instant): Observation => ({
    number: nextNumber(),
    personId,
    outcome: answer.outcome === 'found' ? 'found' : 'no-person',
    ties: answer.ties ?? [],
    at,
  });
  const wordsOf = (answer: Answer) => JSON.stringify(answer);
  return {
    answerAt,
    nextNumber,
    look: (at) => {
      const answer = answerAt(at);
      const isUsable =
        answer.outcome === 'found' || (answer.outcome === 'no-person' && told === wordsOf(answer));
      return isUsable ? observation(answer, at) : null;
    },
    toldApart: () => {
      isToldApart = true;
    },
    synchronise: (at) => {
      const answer = answerAt(at);
      const counted = countSighting({ before: sightings, outcome: answer.outcome, at, rule: RULE });
      sightings = counted.sightings;
      const isFact = answer.outcome === 'found' || counted.confirmed;
      if (!isFact || (wordsOf(answer) === told && !isToldApart)) return null;
      isToldApart = false;
      told = wordsOf(answer);
      return observation(answer, at);
    },
    nextRun: (after) => {
      const answer = answerAt(after);
      const changes = [...records.map(({ at }) => at), ...troubles.map(({ to }) => to)].filter(
        (at) => at > after,
      );
      const isOpen =
        wordsOf(answer) !== told || isToldApart || (sightings !== null && answer.outcome === 'found');
      const since = isOpen && answer.outcome !== 'unavailable' ? after : Math.min(...changes);
      if (!Number.isFinite(since)) return null;
      const today = Math.floor(since / DAY_MS) * DAY_MS + script.syncAt;
      return today > since ? today : today + DAY_MS;
    },
  };
}
