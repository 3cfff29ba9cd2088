import { readFileSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { createClock, realAnchor } from '../clock.ts';
import { ConfigurationError, LifecycleError } from '../errors.ts';
import { createLogger } from '../logger.ts';
import { readConfigFile } from '../read-config-file.ts';
import { calendarOf } from '../policies/calendar-of.ts';
import { choosePolicySet } from '../policies/choose-policy-set.ts';
import { openRegistry } from '../registry/open-registry.ts';
import { waitForRegistry } from '../registry/wait-for-registry.ts';
import { openLinks } from '../worker/open-links.ts';
import { serveApi } from './serve-api.ts';

const USAGE = `Serves the API from the registry in Postgres until it is told to stop (SIGINT, SIGTERM). An embedded registry
belongs to the worker, which then serves the API itself.

  npm run api -- --config lifecycle.yaml

Every setting is described in lifecycle.example.yaml. Secrets come from the environment.`;

function readArguments() {
  try {
    return parseArgs({
      options: {
        config: { type: 'string', default: 'lifecycle.yaml' },
        help: { type: 'boolean', short: 'h', default: false },
      },
    }).values;
  } catch (error) {
    const problem = error instanceof Error ? error.message : 'the arguments cannot be read';
    throw new ConfigurationError(`${problem}\n\n${USAGE}`);
  }
}

async function main(): Promise<void> {
  const values = readArguments();
  if (values.help) {
    console.log(USAGE);
    return;
  }
  const config = readConfigFile(values.config, process.env);
  const { api, registry } = config;
  if (api === null) {
    throw new ConfigurationError(`${values.config}: there is no block api. Remedy: write its settings.`);
  }
  if (registry.type === 'embedded') {
    throw new ConfigurationError(
      `${values.config}: the registry is embedded and belongs to the worker, which serves the API itself. ` +
        'Remedy: start the worker, or move the registry to Postgres.',
    );
  }
  const folder = dirname(values.config);
  const policies = choosePolicySet(config.policy, (path) => readFileSync(resolve(folder, path), 'utf8'));
  const logger = createLogger({ level: config.log.level });
  for (const warning of config.warnings) logger.warn({ file: values.config }, warning);
  const stopping = new AbortController();
  for (const signal of ['SIGINT', 'SIGTERM'] as const) {
    process.once(signal, () => {
      logger.info({ signal }, 'stopping: answering what has arrived');
      stopping.abort();
    });
  }
  const opened = await waitForRegistry({
    open: () => openRegistry({ location: { type: 'postgres', url: registry.url.reveal() } }),
    signal: stopping.signal,
    onWaiting: ({ error, nextTryInMs }) => {
      logger.warn({ code: error.code, nextTryInMs }, `waiting for the registry: ${error.message}`);
    },
  });
  const readRealMs = () => Date.now();
  const linked = openLinks({ config, env: process.env, registry: opened.registry, log: logger });
  try {
    const running = await serveApi({
      config: api,
      registry: opened.registry,
      clock: createClock(await opened.registry.clock(realAnchor()), readRealMs),
      timeZone: calendarOf(policies, config),
      readRealMs,
      links: linked && { links: linked.links, defaultLanguage: config.languageDefault },
      log: logger,
    });
    await new Promise<void>((stop) => {
      stopping.signal.addEventListener('abort', () => stop());
      if (stopping.signal.aborted) stop();
    });
    await running.close();
  } finally {
    await linked?.close();
    await opened.close();
  }
}

let exitCode = 0;
try {
  await main();
} catch (error) {
  const isStop = error instanceof Error && error.name === 'AbortError';
  if (!isStop) {
    console.error(error instanceof LifecycleError ? error.message : error);
    exitCode = 1;
  }
}
process.exit(exitCode);
