import { createClock, realAnchor } from '../clock.ts';
import { ConfigurationError } from '../errors.ts';
import { calendarOf } from '../policies/calendar-of.ts';
import { policySetOf } from '../policies/policy-set-of.ts';
import { openPatiently } from '../registry/open-patiently.ts';
import { runService, type ServiceStart } from '../run-service.ts';
import { openLinks, type OpenedLinks } from '../worker/open-links.ts';
import { serveApi } from './serve-api.ts';

const USAGE = `Serves the API from the registry in Postgres until it is told to stop (SIGINT, SIGTERM). An embedded registry
belongs to the worker, which then serves the API itself.

  npm run api -- --config lifecycle.yaml

Every setting is described in lifecycle.example.yaml. Secrets come from the environment.`;

async function serve({ config, file, folder, logger, stopping }: ServiceStart): Promise<void> {
  const { api, registry } = config;
  if (api === null) {
    throw new ConfigurationError(`${file}: there is no block api. Remedy: write its settings.`);
  }
  if (registry.type === 'embedded') {
    throw new ConfigurationError(
      `${file}: the registry is embedded and belongs to the worker, which serves the API itself. ` +
        'Remedy: start the worker, or move the registry to Postgres.',
    );
  }
  const policies = policySetOf(config, folder);
  const opened = await openPatiently({ config, folder, logger, signal: stopping });
  const readRealMs = () => Date.now();
  let linked: OpenedLinks | null = null;
  try {
    const clock = await opened.registry.clock(realAnchor());
    const timeZone = calendarOf(policies, config);
    linked = openLinks({
      ...{ config, env: process.env, registry: opened.registry, clock, timeZone, log: logger },
    });
    const running = await serveApi({
      config: api,
      registry: opened.registry,
      clock: createClock(clock, readRealMs),
      timeZone,
      readRealMs,
      links: linked && { ...linked, defaultLanguage: config.languageDefault },
      log: logger,
    });
    await new Promise<void>((stop) => {
      stopping.addEventListener('abort', () => stop());
      if (stopping.aborted) stop();
    });
    await running.close();
  } finally {
    await linked?.close();
    await opened.close();
  }
}

const exitCode = await runService({
  ...{ usage: USAGE, env: process.env, stopWords: 'stopping: answering what has arrived', serve },
  ...{ print: console.log, printError: console.error },
});
process.exit(exitCode);
