import { Connection } from '@temporalio/client';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:net';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';
import { SEARCH_ATTRIBUTES } from '../../src/contracts/search-attributes.ts';
import type { TemporalServer } from '../../src/dev/temporal-server.ts';
import { startTemporalServer } from '../../src/dev/temporal-server.ts';
import { ensureSearchAttributes } from '../../src/worker/ensure-search-attributes.ts';
import { describeOnTemporal, describeOnTimeSkippingServer } from '../support/temporal.ts';

const log = () => undefined;

async function withServer(
  options: Partial<Parameters<typeof startTemporalServer>[0]>,
  look: (server: TemporalServer, connection: Connection) => Promise<void>,
): Promise<void> {
  const server = await startTemporalServer({
    ui: false,
    searchAttributes: SEARCH_ATTRIBUTES,
    log,
    ...options,
  });
  try {
    const connection = await Connection.connect({ address: server.address });
    await look(server, connection).finally(() => connection.close());
  } finally {
    await server.stop();
  }
}

/** Listens on a port, so that nobody else can, until it is freed. */
async function takePort(): Promise<{ port: number; free: () => Promise<void> }> {
  // Whoever hopes for a Temporal server there is sent away at once.
  const other = createServer((socket) => socket.destroy()).listen(0, '127.0.0.1');
  await once(other, 'listening');
  const address = other.address();
  if (typeof address !== 'object' || address === null) throw new Error('The listener has no port.');
  const free = async () => {
    const closed = once(other, 'close');
    other.close();
    await closed;
  };
  return { port: address.port, free };
}

/** Resolves when no process has the number any more. */
async function gone(pid: number): Promise<void> {
  await expect.poll(() => isRunning(pid), { timeout: 20_000 }).toBe(false);
}

function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}

describeOnTemporal('the Temporal server of demo, development and tests', (run) => {
  it('serves when it is handed over, with the search attributes, and ends when stopped', async () => {
    const pids: number[] = [];
    await withServer({ namespace: 'accounts' }, async (server, connection) => {
      if (server.pid !== null) pids.push(server.pid);
      expect(server.uiAddress).toBeNull();
      expect(await ensureSearchAttributes(connection, 'accounts')).toEqual([]);
    });
    expect(pids).toHaveLength(1);
    for (const pid of pids) await gone(pid);
  });

  it('serves Temporal UI when asked to', async () => {
    await withServer({ ui: true }, async ({ uiAddress }) => {
      await expect.poll(async () => (await fetch(uiAddress ?? '')).status, { timeout: 20_000 }).toBe(200);
    });
  });

  it('registers on an existing server what is missing, and refuses another type', async () => {
    await withServer({ searchAttributes: { LastDay: 'Keyword' } }, async (server, connection) => {
      const { LastDay: _, ...others } = SEARCH_ATTRIBUTES;
      const options = { ui: false, log, existingAddress: server.address };
      const used = await startTemporalServer({ ...options, searchAttributes: others });
      expect(used).toMatchObject({ address: server.address, pid: null });
      expect(await ensureSearchAttributes(connection, 'default', others)).toEqual([]);
      await expect(ensureSearchAttributes(connection, 'default')).rejects.toThrow(
        /LastDay .* must have the type Datetime/,
      );
    });
  });

  it('says what is wrong when the port is taken, after it has tried again', async () => {
    const { port, free } = await takePort();
    const told: string[] = [];
    const start = startTemporalServer({
      ui: false,
      searchAttributes: {},
      port,
      log: (line) => told.push(line),
    });
    try {
      await expect(start).rejects.toMatchObject({
        code: 'TEMPORAL_NOT_STARTED',
        message: expect.stringContaining(String(port)),
      });
      expect(told.filter((line) => line.includes('once more'))).toHaveLength(2);
    } finally {
      await free();
    }
  });

  it('starts once more when it ended because another process was faster to take a port', async () => {
    const { port, free } = await takePort();
    let freed: Promise<void> | undefined;
    const log = (line: string) => {
      if (line.includes('once more')) freed ??= free();
    };
    await withServer({ port, log }, async ({ address }) => {
      expect(address).toBe(`127.0.0.1:${String(port)}`);
      expect(freed).toBeDefined();
    });
    await freed;
  });

  it('ends when the process that started it is killed', async () => {
    const module = fileURLToPath(new URL('../../src/dev/temporal-server.ts', import.meta.url));
    const code = `const { startTemporalServer } = await import(${JSON.stringify(module)});
      const server = await startTemporalServer({ ui: false, searchAttributes: {}, log: () => undefined });
      console.log(server.pid);
      setInterval(() => undefined, 1000);`;
    const parent = spawn(process.execPath, ['--import', 'tsx', '--input-type=module', '-e', code], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    const [line] = (await once(createInterface(parent.stdout), 'line')) as [string];
    const pid = Number(line);
    expect(isRunning(pid)).toBe(true);
    parent.kill('SIGKILL');
    await gone(pid);
  });

  it('is one for the whole run', async () => {
    const connection = await Connection.connect({ address: run.address });
    expect(await ensureSearchAttributes(connection, run.namespace)).toEqual([]);
    await connection.close();
  });
});

describeOnTimeSkippingServer('the time-skipping test server', (executable) => {
  it('starts from its program', async () => {
    const { TestWorkflowEnvironment } = await import('@temporalio/testing');
    const environment = await TestWorkflowEnvironment.createTimeSkipping({
      server: { executable: { type: 'existing-path', path: executable } },
    });
    expect(await environment.currentTimeMs()).toBeGreaterThan(0);
    await environment.teardown();
  });
});
