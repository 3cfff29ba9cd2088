import { parseArgs } from 'node:util';
import { ConfigurationError, LifecycleError } from '../errors.ts';
import { createLogger } from '../logger.ts';
import { readConfigFile } from '../read-config-file.ts';
import { folderOf, startDeployment } from './start-deployment.ts';

const USAGE = `Runs the account lifecycle's workers until it is told to stop (SIGINT, SIGTERM).

  npm run start:worker -- --config lifecycle.yaml

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
  const logger = createLogger({ level: config.log.level });
  for (const warning of config.warnings) logger.warn({ file: values.config }, warning);
  const stopping = new AbortController();
  for (const signal of ['SIGINT', 'SIGTERM'] as const) {
    process.once(signal, () => {
      logger.info({ signal }, 'stopping: finishing what has begun');
      stopping.abort();
    });
  }
  const folder = folderOf(values.config);
  const deployment = await startDeployment({
    config,
    folder,
    env: process.env,
    logger,
    signal: stopping.signal,
  });
  try {
    stopping.signal.addEventListener('abort', () => {
      deployment.workers.shutdown();
    });
    if (stopping.signal.aborted) return;
    logger.info({ taskQueue: config.temporal.taskQueuePrefix }, 'the workers run');
    await deployment.workers.run();
  } finally {
    await deployment.close();
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
// Everything is closed. A thread of the SDK that lingers must not keep a supervisor from starting us again.
process.exit(exitCode);
