import { runService, type ServiceStart } from '../run-service.ts';
import { startDeployment } from './start-deployment.ts';

const USAGE = `Runs the account lifecycle's workers until it is told to stop (SIGINT, SIGTERM).

  npm run start:worker -- --config lifecycle.yaml

Every setting is described in lifecycle.example.yaml. Secrets come from the environment.`;

async function serve({ config, folder, logger, stopping }: ServiceStart): Promise<void> {
  const deployment = await startDeployment({ config, folder, env: process.env, logger, signal: stopping });
  try {
    stopping.addEventListener('abort', () => {
      deployment.workers.shutdown();
    });
    if (stopping.aborted) return;
    logger.info({ taskQueue: config.temporal.taskQueuePrefix }, 'the workers run');
    await deployment.workers.run();
  } finally {
    await deployment.close();
  }
}

const exitCode = await runService({
  ...{ usage: USAGE, env: process.env, stopWords: 'stopping: finishing what has begun', serve },
  ...{ print: console.log, printError: console.error },
});
// Everything is closed. A thread of the SDK that lingers must not keep a supervisor from starting us again.
process.exit(exitCode);
