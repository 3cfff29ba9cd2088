import { pino } from 'pino';
import { stringify } from 'yaml';
import { loadConfig, type Config } from '../src/config.ts';
import type { TemporalServer } from '../src/dev/temporal-server.ts';
import { createLogger } from '../src/logger.ts';
import { tuningOf } from '../src/tuning.ts';
import { taskQueues, type TaskQueues } from '../src/contracts/task-queues.ts';
import type { Tuning } from '../src/contracts/workflow-input.ts';
import { startDeployment, type Deployment } from '../src/worker/start-deployment.ts';
import { HR_PASSWORD, HR_USER, IAM_CLIENT, type Doubles } from './doubles.ts';
import { HEAD } from './people.ts';
import { embeddedRegistry, type BenchRegistry } from './registry.ts';

const PASSWORD_VARIABLE = 'BENCH_HR_PASSWORD';
const IAM_SECRET_VARIABLE = 'BENCH_IAM_SECRET';

export interface BenchDeployment extends Deployment {
  readonly config: Config;
  readonly tuning: Tuning;
  readonly queues: TaskQueues;
  /** Ends the workers and closes everything. */
  stop(): Promise<void>;
}

export interface BenchDeploymentOptions {
  /** Of the benchmark's own files. */
  readonly folder: string;
  /** By default an embedded one in the folder. */
  readonly registry?: Pick<BenchRegistry, 'settings' | 'env'>;
  readonly server: Pick<TemporalServer, 'address' | 'namespace'>;
  readonly doubles: Pick<Doubles, 'hrUrl' | 'smtp'>;
  /** Settings of HR that differ from the defaults. */
  readonly hr?: Readonly<Partial<Pick<Config['hr'], 'concurrency' | 'ratePerSecond' | 'list'>>>;
  /** An INDIGO IAM instance, and nothing else, is kept; settings that differ from the defaults. */
  readonly instance?: {
    readonly url: string;
    readonly concurrency: number;
    readonly ratePerSecond: number;
  };
}

function instanceSettings({ instance }: BenchDeploymentOptions) {
  if (!instance) return {};
  const client = { clientId: IAM_CLIENT.id, clientSecretEnv: IAM_SECRET_VARIABLE };
  return {
    policy: 'indigo-iam',
    indigoIam: { ...instance, ...client },
    cern: { 'experiment-name': 'CMS', task: { enabled: false } },
  };
}

/**
 * A whole deployment in this process, as `npm run start:worker` brings it up, over the doubles and a registry
 * of its own. Every setting that is not given is the default; both schedules are paused, so that nothing runs but what is
 * measured.
 */
export async function startBenchDeployment(options: BenchDeploymentOptions): Promise<BenchDeployment> {
  const { folder, server, doubles, hr, registry = embeddedRegistry(folder) } = options;
  const text = stringify({
    ...instanceSettings(options),
    fallbackOwner: String(HEAD),
    admins: ['admins@example.org'],
    serviceDesk: 'service-desk@example.org',
    temporal: { address: server.address, namespace: server.namespace },
    registry: registry.settings,
    hr: { url: doubles.hrUrl, user: HR_USER, passwordEnv: PASSWORD_VARIABLE, ...hr },
    mail: { ...doubles.smtp, tls: 'none', from: 'accounts@example.org' },
    logins: { mailDomain: 'example.org' },
    sync: { enabled: false },
    watchdog: { enabled: false },
    log: { level: 'error' },
  });
  const env = { ...registry.env, [PASSWORD_VARIABLE]: HR_PASSWORD, [IAM_SECRET_VARIABLE]: IAM_CLIENT.secret };
  const config = loadConfig({ text, fileName: 'bench', env });
  // Standard output is for the report.
  const logger = createLogger({
    level: config.log.level,
    destination: pino.destination({ fd: 2, sync: true }),
  });
  const { signal } = new AbortController();
  const deployment = await startDeployment({ config, folder, env, logger, signal });
  const running = deployment.workers.run();
  running.catch((error: unknown) => {
    console.error(error);
  });
  return {
    ...deployment,
    config,
    tuning: tuningOf(config),
    queues: taskQueues(config.temporal.taskQueuePrefix),
    async stop() {
      deployment.workers.shutdown();
      await running;
      await deployment.close();
    },
  };
}
