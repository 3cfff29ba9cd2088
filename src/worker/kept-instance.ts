import type { KeptInstance } from '../../activities/dependencies.ts';
import type { Config } from '../config.ts';
import { createIndigoIam } from '../connectors/indigo-iam/create-indigo-iam.ts';
import type { Logger } from '../logger.ts';

/** The INDIGO IAM instance that the configuration names; `null` = none is kept. */
export function keptInstance(config: Config, logger: Logger): KeptInstance | null {
  const { indigoIam, sync } = config;
  if (indigoIam === null) return null;
  const iam = createIndigoIam({
    url: indigoIam.url,
    tokenUrl: indigoIam.tokenUrl,
    client: { id: indigoIam.clientId, secret: indigoIam.clientSecret.reveal() },
    // The life of a token is real time, whatever clock the deployment runs on.
    now: () => Date.now(),
    timeoutMs: indigoIam.timeoutSeconds * 1000,
    concurrency: indigoIam.concurrency,
    ratePerSecond: indigoIam.ratePerSecond,
    log: logger,
  });
  const { experiment, personIdLabel, dialect, expiredAccounts, timestamp, concurrency } = indigoIam;
  const { onPersonIdNotFound, onParticipationNotFound } = indigoIam;
  return {
    iam,
    settings: {
      ...{ experiment, personIdLabel, dialect, expiredAccounts, timestamp, concurrency },
      ...{ onPersonIdNotFound, onParticipationNotFound },
      participationSightings: sync.sightings.noParticipation,
    },
  };
}
