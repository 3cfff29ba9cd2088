import { setTimeout as delay } from 'node:timers/promises';
import type { ActivityDependencies } from '../../activities/dependencies.ts';
import type { Instant } from '../contracts/time.ts';
import { ConfigurationError } from '../errors.ts';
import type { Logger } from '../logger.ts';
import { dateOf } from '../policy/calendar.ts';
import { governing } from '../policy/governing.ts';

const RETRY_MS = 5_000;

/**
 * Checks, when a worker starts, that the fallback owner of service accounts exists and has not left. Waits while HR is
 * unavailable. Throws a `ConfigurationError` that names the setting. Rule: "Service accounts at leaving".
 */
export async function checkFallbackOwner(input: {
  readonly deps: Pick<ActivityDependencies, 'hr'> & {
    readonly settings: Pick<ActivityDependencies['settings'], 'fallbackOwner' | 'policies' | 'timeZone'>;
  };
  readonly now: Instant;
  readonly logger: Pick<Logger, 'warn'>;
  readonly signal: AbortSignal;
  readonly retryMs?: number;
}): Promise<void> {
  const { deps, now, logger, signal, retryMs = RETRY_MS } = input;
  const { fallbackOwner, policies } = deps.settings;
  for (;;) {
    signal.throwIfAborted();
    const answer = await deps.hr.readPerson({ personId: fallbackOwner, signal });
    if (answer.outcome === 'unavailable') {
      logger.warn({ code: answer.code }, `waiting for HR, to check the fallback owner: ${answer.reason}`);
      await delay(retryMs, undefined, { signal });
      continue;
    }
    const remedy = 'Remedy: set fallbackOwner to the person id of somebody with a valid affiliation.';
    if (answer.outcome === 'no-person') {
      throw new ConfigurationError(`HR knows no person ${fallbackOwner}, the fallback owner. ${remedy}`);
    }
    const timeZone = policies.policies.primary?.timeZone ?? deps.settings.timeZone;
    const { ties } = answer.record;
    const observation = { number: 0, personId: fallbackOwner, outcome: 'found', ties, at: now } as const;
    const today = dateOf(now, timeZone);
    const { standing } = governing({ kind: 'primary', experiment: null, observation, today });
    if (standing !== 'member') {
      throw new ConfigurationError(
        `The fallback owner, person ${fallbackOwner}, has no valid affiliation. ${remedy}`,
      );
    }
    return;
  }
}
