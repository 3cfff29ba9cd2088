import { existsSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { loadConfig } from '../config.ts';
import { createLogger } from '../logger.ts';
import type { EmbeddedDirectory } from '../connectors/embedded-directory/embedded-directory.ts';
import { openRegistry } from '../registry/open-registry.ts';
import { bundleWorkflows } from '../worker/bundle-workflows.ts';
import { startDeployment, type Deployment } from '../worker/start-deployment.ts';
import { DEMO_HR_PASSWORD, DEMO_PASSWORD_VARIABLE, REGISTRY_FOLDER } from './demo-config.ts';
import { addAccounts } from './add-accounts.ts';
import { readEverything } from './read-everything.ts';
import type { BeginMessage, FromWorker, Request, ToWorker } from './worker-messages.ts';

/**
 * The demo's worker, a process of its own: it alone opens the registry, and answers for it. It loads its code, says
 * so, and waits: that way a spare one stands by, and a restart costs little of the story's time.
 */

/** After a kill the story must not stand still for long: 1 s at half a second a day is two days. */
const TUNING = {
  startToCloseMs: 5_000,
  heartbeatMs: 2_000,
  retryInitialMs: 200,
  retryMaximumMs: 2_000,
  patienceMs: 5_000,
} as const;
/** Long enough for a replay on a busy machine: a task that times out is put off for longer and longer. */
const WORKFLOW_TASK_TIMEOUT_MS = 5_000;
const BUNDLE_FILE = 'workflows.js';

const stopping = new AbortController();
let running: { deployment: Deployment; directory: EmbeddedDirectory } | null = null;

function send(message: FromWorker): void {
  if (process.connected) process.send?.(message);
}

/** What takes seconds, and is done once: before the story's clock is set. */
async function prepare(folder: string): Promise<void> {
  const bundle = join(folder, BUNDLE_FILE);
  if (!existsSync(bundle)) {
    writeFileSync(`${bundle}.draft`, (await bundleWorkflows()).code);
    renameSync(`${bundle}.draft`, bundle);
  }
  const registry = join(folder, REGISTRY_FOLDER);
  if (existsSync(registry)) return;
  const opened = await openRegistry({ location: { type: 'embedded', folder: registry } });
  await opened.close();
}

/** Written by `prepare`, above. */
function keptBundle(folder: string): { code: string } {
  return { code: readFileSync(join(folder, BUNDLE_FILE), 'utf8') };
}

async function begin(message: BeginMessage): Promise<void> {
  const env = { ...message.env, [DEMO_PASSWORD_VARIABLE]: DEMO_HR_PASSWORD };
  const config = loadConfig({ text: message.config, fileName: 'demo', env });
  const logger = createLogger({ level: config.log.level });
  const deployment = await startDeployment({
    config,
    folder: message.folder,
    env,
    logger,
    signal: stopping.signal,
    clock: message.clock,
    tuning: TUNING,
    workflowTaskTimeoutMs: WORKFLOW_TASK_TIMEOUT_MS,
    workflowBundle: keptBundle(message.folder),
  });
  running = { deployment, directory: deployment.opened.directory('directory') };
  stopping.signal.addEventListener('abort', () => {
    deployment.workers.shutdown();
  });
  try {
    const runs = deployment.workers.run();
    send({ type: 'running' });
    await runs;
  } finally {
    running = null;
    await deployment.close();
  }
}

async function answer(request: Request): Promise<unknown> {
  if (running === null) throw new Error('the worker is not running');
  const { deployment, directory } = running;
  switch (request.ask) {
    case 'accounts':
      return deployment.deps.registry.accounts({});
    case 'everything':
      return readEverything(deployment.deps.registry, deployment.deps.directories[0] ?? directory);
    case 'addAccounts':
      return addAccounts(deployment, request.accounts);
    case 'addGroups':
      for (const { login, groups } of request.groups) {
        for (const group of groups) await directory.addMembership(login, group);
      }
      return null;
  }
}

function describe(error: unknown): string {
  return error instanceof Error ? (error.stack ?? error.message) : String(error);
}

process.on('message', (message: ToWorker) => {
  if (message.type === 'stop') stopping.abort();
  else if (message.type === 'request') {
    const { id } = message;
    answer(message.request).then(
      (value) => {
        send({ type: 'answer', id, value });
      },
      (error: unknown) => {
        send({ type: 'failed', id, message: describe(error) });
      },
    );
  } else {
    begin(message)
      .catch((error: unknown) => {
        if (stopping.signal.aborted) return;
        send({ type: 'failed', id: null, message: describe(error) });
        process.exitCode = 1;
      })
      .finally(() => {
        if (process.connected) process.disconnect();
      });
  }
});
// Ctrl-C reaches the whole group of the terminal: who started us decides when we end.
process.on('SIGINT', () => undefined);
process.on('SIGTERM', () => {
  stopping.abort();
});
process.on('disconnect', () => {
  stopping.abort();
  // A spare one has nothing to finish; a running one gets time to.
  setTimeout(() => process.exit(), running === null ? 0 : 15_000).unref();
});

const [, , demoFolder = '.'] = process.argv;
await prepare(demoFolder);
send({ type: 'loaded' });
