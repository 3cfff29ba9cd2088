import { serveApi, type RunningApi } from '../api/serve-api.ts';
import { createClock } from '../clock.ts';
import type { Config } from '../config.ts';
import type { PolicySet } from '../contracts/policy.ts';
import type { ClockAnchor } from '../contracts/time.ts';
import type { Logger } from '../logger.ts';
import { calendarOf } from '../policies/calendar-of.ts';
import type { Registry } from '../registry/registry.ts';
import type { OpenedLinks } from './open-links.ts';

/**
 * An embedded registry belongs to the worker's process, which so serves the API too; over Postgres it is a process of its
 * own, `src/api/main.ts`. `null` = there is none here.
 */
export async function hostApi(input: {
  readonly config: Config;
  readonly policies: PolicySet;
  readonly registry: Registry;
  readonly clock: ClockAnchor;
  readonly links?: OpenedLinks | null;
  readonly log: Logger;
}): Promise<RunningApi | null> {
  const { config, policies, registry, clock, links = null, log } = input;
  if (config.api === null || config.registry.type === 'postgres') return null;
  const readRealMs = () => Date.now();
  return serveApi({
    ...{ config: config.api, registry, readRealMs, log },
    clock: createClock(clock, readRealMs),
    timeZone: calendarOf(policies, config),
    links: links && { ...links, defaultLanguage: config.languageDefault },
  });
}
