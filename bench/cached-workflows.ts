/**
 * A process of its own that measures the memory of cached workflows: started by `account.ts` with `--expose-gc`, it
 * answers one message. Workflows run on its main thread (`debugMode`), in one V8 context that they share, as in
 * production: only so can their heap be collected and counted.
 */
import { Client, Connection } from '@temporalio/client';
import { DefaultLogger, NativeConnection, Runtime, Worker } from '@temporalio/worker';
import { once } from 'node:events';
import { realAnchor } from '../src/clock.ts';
import type { AccountLifecycleInput } from '../src/contracts/workflow-input.ts';
import { PAYLOAD_CONVERTER_PATH } from '../src/worker/bundle-workflows.ts';
import { TUNING } from '../test/support/histories/record-story.ts';
import { account, contract, found, shipped } from '../test/support/histories/story.ts';

const TASK_QUEUE = 'bench-cached';
/** Cached before the first measurement: what comes once, with the first workflows, is not theirs. */
const BEFORE = 50;
const COUNTED = 200;

/** What the process is told: the server, and the workflow bundle. */
interface Request {
  readonly address: string;
  readonly namespace: string;
  readonly code: string;
}

export interface CachedMemory {
  readonly counted: number;
  /** Heap and what hangs on it outside, in MB for each workflow. */
  readonly heapMB: number;
  /** The whole process, native part and slack included, in MB for each workflow. */
  readonly residentMB: number;
}

interface Usage {
  readonly heap: number;
  readonly resident: number;
}

async function settledUsage(): Promise<Usage> {
  for (let round = 0; round < 4; round += 1) {
    globalThis.gc?.();
    await new Promise((resolve) => setImmediate(resolve));
  }
  const { heapUsed, external, rss } = process.memoryUsage();
  return { heap: heapUsed + external, resident: rss };
}

async function cacheWorkflows(client: Client, worker: Worker, from: number, count: number): Promise<void> {
  const startsAt = Date.now();
  const ids = Array.from({ length: count }, (_, index) => `bench-${String(from + index)}`);
  const start = (accountId: string) => {
    const state = account(accountId, startsAt, { observation: found(1, '2026-01-01', contract(null)) });
    const input: AccountLifecycleInput = {
      state,
      policy: shipped('primary'),
      clock: realAnchor(),
      tuning: TUNING,
    };
    return client.workflow.start('accountLifecycle', {
      workflowId: accountId,
      taskQueue: TASK_QUEUE,
      args: [input],
    });
  };
  for (let index = 0; index < ids.length; index += 20) {
    await Promise.all(ids.slice(index, index + 20).map(start));
  }
  // The query is answered by the worker once the workflow has come to rest in its cache.
  for (let index = 0; index < ids.length; index += 20) {
    await Promise.all(
      ids.slice(index, index + 20).map((id) => client.workflow.getHandle(id).query('lifecycleStatus')),
    );
  }
  const { numCachedWorkflows } = worker.getStatus();
  if (numCachedWorkflows < from + count) {
    throw new Error(`only ${String(numCachedWorkflows)} workflows are cached, not ${String(from + count)}`);
  }
}

async function measure({ address, namespace, code }: Request): Promise<CachedMemory> {
  Runtime.install({ logger: new DefaultLogger('ERROR') });
  const connection = await NativeConnection.connect({ address });
  const clientConnection = await Connection.connect({ address });
  const client = new Client({ connection: clientConnection, namespace });
  const worker = await Worker.create({
    connection,
    namespace,
    taskQueue: TASK_QUEUE,
    workflowBundle: { code },
    dataConverter: { payloadConverterPath: PAYLOAD_CONVERTER_PATH },
    maxCachedWorkflows: BEFORE + COUNTED,
    debugMode: true,
  });
  return await worker.runUntil(async () => {
    await cacheWorkflows(client, worker, 0, BEFORE);
    const before = await settledUsage();
    await cacheWorkflows(client, worker, BEFORE, COUNTED);
    const after = await settledUsage();
    const each = (bytes: number) => Math.round((bytes / COUNTED / 1e6) * 1000) / 1000;
    return {
      counted: COUNTED,
      heapMB: each(after.heap - before.heap),
      residentMB: each(after.resident - before.resident),
    };
  });
}

const [request] = (await once(process, 'message')) as [Request];
const memory = await measure(request);
process.send?.(memory, () => process.exit(0));
