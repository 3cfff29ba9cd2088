import type { KnownResources } from '../../activities/dependencies.ts';
import type { Config } from '../config.ts';
import type { ResourceCredentials } from '../connectors/resources/create-resource-source.ts';
import { createResourceSource } from '../connectors/resources/create-resource-source.ts';
import type { Logger } from '../logger.ts';

const HOUR_MS = 3_600_000;

function credentialsOf(credentials: NonNullable<Config['resources']>['credentials']): ResourceCredentials {
  if (credentials === null) return null;
  const { user, secret } = credentials;
  return user === null ? { token: secret.reveal() } : { username: user, password: secret.reveal() };
}

/** The source of other official resources that the configuration names; `null` = there is none. */
export function knownResources({ resources }: Config, log: Logger): KnownResources | null {
  if (resources === null) return null;
  const { url, credentials, concurrency, ratePerSecond, timeoutSeconds, patienceHours } = resources;
  const source = createResourceSource({
    baseUrl: url,
    credentials: credentialsOf(credentials),
    timeoutMs: timeoutSeconds * 1000,
    ...{ concurrency, ratePerSecond, log },
  });
  return { source, patienceMs: patienceHours * HOUR_MS };
}
